"""What `ruangaman learn` does: lessons are checked, and explained sentence by sentence."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruangaman.adapters import clock, lesson_files, packs
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import checks, plain
from ruangaman.core.learning.model import Course
from ruangaman.site.commands._django import refuse


def check(args: argparse.Namespace) -> int:
    """0 without faults, 1 with one, told one a line; the last line counts."""
    folder = args.folder or lesson_files.folder()
    try:
        course = lesson_files.course(folder)
        found = checks.faults(
            course, _vocabularies(course, folder), _law(course.scheme.jurisdiction, args.on)
        )
    except RuangAmanError as error:
        return refuse(error)
    found = [one for one in found if not args.only or one.at.partition("/")[0] in args.only]
    for one in found:
        print(f"{one.code}: {one.at}" + (f": {one.what}" if one.what else ""))
    items = sum(len(lesson.practice) for lesson in course.lessons.values())
    items += sum(len(form.items) for form in course.forms.values())
    read = [one.reviewed_by for one in course.lessons.values()]
    read += [one.reviewed_by for one in course.forms.values()]
    if None in read:
        print(f"{read.count(None)} lessons and forms without a second reader")
    print(
        f"{len(course.scheme.objectives)} objectives, {len(course.lessons)} lessons, {items} items, {len(found)} faults"
    )
    return 1 if found else 0


def explain(args: argparse.Namespace) -> int:
    """Each sentence that is hard, with why; then the text in numbers. Always 0: the writer weighs it."""
    folder = args.folder or lesson_files.folder()
    try:
        course = lesson_files.course(folder)
        lesson = course.lessons.get(args.objective)
        if lesson is None:
            print(f"ruangaman learn plain: no lesson {args.objective}", file=sys.stderr)
            return 2
        audience = course.scheme.audience(args.objective)
        vocabulary = lesson_files.vocabulary(folder, audience.limits.words)
    except RuangAmanError as error:
        return refuse(error)
    told = plain.measure(checks.spoken(course, lesson), audience.limits, vocabulary)
    for one in told.findings:
        print(f"{one.code}{f' [{one.word}]' if one.word else ''}: {one.sentence}".rstrip(": "))
    print(
        f"{told.sentences} sentences, {told.words} words, {told.mean:.1f} a sentence (at most {told.most}), "
        f"{told.long:.1%} long, {told.unknown:.1%} unknown"
    )
    return 0


def _vocabularies(course: Course, folder: Path) -> dict[tuple[str, ...], plain.Vocabulary]:
    return {
        one.limits.words: lesson_files.vocabulary(folder, one.limits.words) for one in course.scheme.audiences
    }


def _law(jurisdiction: str, on: datetime | None) -> checks.Answer:
    pack, now = packs.load(jurisdiction), clock.now()
    day = (on or now).astimezone(UTC) if on is None or on.tzinfo else on.replace(tzinfo=UTC)

    def answer(facts: dict[str, Any]) -> tuple[str, str]:
        told = pack.ask({"on": day.date().isoformat()} | facts, now=now)
        return str(told.outcome), str(told.reason)

    return answer
