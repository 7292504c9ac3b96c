"""What `ruangaman learn` does: lessons are checked, and explained sentence by sentence."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ruangaman.adapters import clock, lesson_files, packs
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import answer_keys, checks, plain, why
from ruangaman.core.learning import readings as read
from ruangaman.core.learning.model import Audience, Course, Lesson
from ruangaman.site.commands._django import refuse


def check(args: argparse.Namespace) -> int:
    """0 without faults, 1 with one, told one a line; the last line counts."""
    folder = args.folder or lesson_files.folder()
    try:
        course, kept = lesson_files.course(folder), lesson_files.keys(folder)
        found = checks.faults(
            course,
            _vocabularies(course, folder),
            _law(course.scheme.jurisdiction, args.on),
            lesson_files.behaviours(folder),
        )
        found += answer_keys.faults(course, kept)
    except RuangAmanError as error:
        return refuse(error)
    found = [one for one in found if not args.only or one.at.partition("/")[0] in args.only]
    for one in found:
        print(f"{one.code}: {one.at}" + (f": {one.what}" if one.what else ""))
    items = sum(len(lesson.practice) for lesson in course.lessons.values())
    items += sum(len(form.items) for form in course.forms.values())
    reviewed = [one.reviewed_by for one in course.lessons.values()]
    reviewed += [one.reviewed_by for one in course.forms.values()]
    if None in reviewed:
        print(f"{reviewed.count(None)} lessons and forms without a second reader")
    print(
        f"{len(course.scheme.objectives)} objectives, {len(course.lessons)} lessons, {items} items, {len(found)} faults"
    )
    return 1 if found else 0


def lock(args: argparse.Namespace) -> int:
    """The keys of new items are written down; 1, and nothing is written, while one that is kept was changed."""
    folder = args.folder or lesson_files.folder()
    try:
        course, kept = lesson_files.course(folder), lesson_files.keys(folder)
    except RuangAmanError as error:
        return refuse(error)
    changed = [one for one in answer_keys.faults(course, kept) if one.code == "key-changed"]
    for one in changed:
        print(f"{one.code}: {one.at}: {one.what}")
    fresh = {name: key for name, key in answer_keys.of(course).items() if name not in kept}
    if fresh and not changed:
        lesson_files.keep_keys(folder, kept | fresh)
    print(f"{len(kept)} keys kept, {0 if changed else len(fresh)} new, {len(changed)} changed")
    return 1 if changed else 0


def readings(args: argparse.Namespace) -> int:
    """Each lesson and audience that readers have not tried, one a line; the last line counts. 1 while one lacks."""
    folder = args.folder or lesson_files.folder()
    try:
        course, told = lesson_files.course(folder), lesson_files.readings(folder)
    except RuangAmanError as error:
        return refuse(error)
    found = [*read.unknown(course, told), *read.lacking(course, told)]
    for one in found:
        print(f"{one.code}: {one.at}" + (f": {one.what}" if one.what else ""))
    print(f"{len(told.read_aloud)} readings, {len(told.cloze)} cloze tests, {len(found)} lacking")
    return 1 if found else 0


def explain(args: argparse.Namespace) -> int:
    """Each sentence; under a hard one why, and what to do; then the text in numbers. 0: the writer weighs it."""
    folder = args.folder or lesson_files.folder()
    try:
        course = lesson_files.course(folder)
        found = _own_text(args, course) if args.text else _lessons_text(args.objective, course)
        if isinstance(found, str):
            print(f"ruangaman learn plain: {found}", file=sys.stderr)
            return 2
        text, audience = found
        vocabulary = lesson_files.vocabulary(folder, audience.limits.words)
    except RuangAmanError as error:
        return refuse(error)
    told = plain.measure(text, audience.limits, vocabulary)
    passive = [] if args.text else _passive(course.lessons[args.objective], audience, vocabulary)
    for number, sentence in enumerate(dict.fromkeys(plain.sentences(text)), start=1):
        print(f"{number}. {sentence}")
        found_here = [one for one in (*told.findings, *passive) if one.sentence == sentence]
        _tell(found_here, audience, vocabulary, args.language)
    _tell([one for one in told.findings if not one.sentence], audience, vocabulary, args.language)
    print(
        f"{told.sentences} sentences, {told.words} words, {told.mean:.1f} a sentence (the longest {told.most}), "
        f"{told.long:.1%} long, {told.unknown:.1%} unknown"
    )
    return 0


def _passive(lesson: Lesson, audience: Audience, vocabulary: plain.Vocabulary) -> list[plain.Finding]:
    """What is passive where a lesson tells somebody what to do."""
    return [
        one
        for _place, text in checks.instructions(lesson)
        for one in plain.measure(text.id, audience.limits, vocabulary, instructs=True).findings
        if one.code == "passive"
    ]


def _tell(
    findings: list[plain.Finding], audience: Audience, vocabulary: plain.Vocabulary, language: str
) -> None:
    for one in dict.fromkeys(findings):
        told = why.why(one, audience.limits, vocabulary, plain.syllables(one.word))
        print(f"   {one.code}: {getattr(told, language)}")


LONGEST_TEXT: Final = 100_000
"""Bytes of a text that is brought along."""


def _own_text(args: argparse.Namespace, course: Course) -> tuple[str, Audience] | str:
    audience = next((one for one in course.scheme.audiences if one.id == args.audience), None)
    if audience is None:
        return f"--audience is one of {', '.join(one.id for one in course.scheme.audiences)}"
    try:
        with sys.stdin.buffer if str(args.text) == "-" else args.text.open("rb") as file:
            data = file.read(LONGEST_TEXT + 1)
        if len(data) > LONGEST_TEXT:
            return f"{args.text} is longer than {LONGEST_TEXT} bytes"
        return data.decode("utf-8-sig"), audience
    except (OSError, UnicodeDecodeError) as error:
        return f"{args.text}: {error}"


def _lessons_text(objective: str | None, course: Course) -> tuple[str, Audience] | str:
    lesson = course.lessons.get(objective or "")
    if lesson is None:
        return f"no lesson {objective}" if objective else "name a lesson, or a text with --text"
    return checks.spoken(course, lesson), course.scheme.audience(lesson.objective)


def take_out(args: argparse.Namespace) -> int:
    """The told screens of a lesson with gaps, then the words that belong there."""
    try:
        course = lesson_files.course(args.folder or lesson_files.folder())
    except RuangAmanError as error:
        return refuse(error)
    lesson = course.lessons.get(args.objective)
    if lesson is None:
        print(f"ruangaman learn cloze: no lesson {args.objective}", file=sys.stderr)
        return 2
    text = "\n\n".join(screen.text.id.strip() for screen in lesson.screens if screen.text is not None)
    told = why.cloze(text)
    print(told.text)
    print()
    print(", ".join(f"{number} {word}" for number, word in enumerate(told.key, start=1)))
    print(f"{len(told.key)} gaps; {why.ENOUGH:.0%} right is reading alone")
    return 0


def _vocabularies(course: Course, folder: Path) -> dict[tuple[str, ...], plain.Vocabulary]:
    return {
        one.limits.words: lesson_files.vocabulary(folder, one.limits.words) for one in course.scheme.audiences
    }


def _law(jurisdiction: str, on: datetime | None) -> checks.Answer:
    pack, now = packs.load(jurisdiction), clock.now()
    day = (on or now).astimezone(UTC) if on is None or on.tzinfo else on.replace(tzinfo=UTC)

    def answer(facts: dict[str, Any]) -> tuple[str, str, Any]:
        told = pack.ask({"on": day.date().isoformat()} | facts, now=now)
        return str(told.outcome), str(told.reason), told.value

    return answer
