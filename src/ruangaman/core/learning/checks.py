"""
What must hold before lessons are given to anybody: faults, each with its place.

A fault fails the build of the lessons. What is looked at: every objective has its lesson, its task and its measuring,
in both languages; each wrong answer is tied to what people wrongly hold, with words of its own; forms are parallel and
hold safe cases; texts are as plain as their readers need; what is said of the law is what the law answers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.core.learning import plain
from ruangaman.core.learning.behaviours import ASKED, Behaviours
from ruangaman.core.learning.model import (
    LANGUAGES,
    Audience,
    Course,
    Form,
    Item,
    LawTold,
    Lesson,
    Objective,
    Plain,
    Screen,
    Told,
)

ITEMS, OBSERVATIONS, PRACTICE, MESSAGE = 6, 4, 5, 600
"""Items of a form and observations of a carer, at least; items to practise; characters of a message."""
ORDER: Final = ("scene", "try", "tell", "practise", "task", "end")

_NUMBER: Final = re.compile(r"\+?\d[\d .-]{5,}\d|\b(?:129|110|112|119)\b")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+\b")
_NOT_REAL: Final = re.compile(r"\.(?:example|invalid|test)\b|\.(?:apk|jpg|pdf|exe|zip)\b|^\d")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `at` is objective/file/part."""

    code: str
    at: str
    what: str = ""


Answer = Callable[[dict[str, Any]], tuple[str, str, Any]]
"""What the law answers to a question: its outcome, its reason, and what it states, None when it states nothing."""


def faults(
    course: Course,
    vocabularies: dict[tuple[str, ...], plain.Vocabulary],
    answer: Answer,
    behaviours: Behaviours | None = None,
) -> list[Fault]:
    """
    Everything that is wrong, in the order of the objectives.

    Args:
        behaviours: what is asked on day 28, where it is to be looked at too.
    """
    found = [*_of_scheme(course), *_of_misconceptions(course, vocabularies)]
    found += _of_behaviours(course, behaviours, vocabularies) if behaviours else ()
    for objective in course.scheme.objectives:
        audience = course.scheme.audience(objective.id)
        lesson = course.lessons.get(objective.id)
        if lesson is None:
            found.append(Fault("no-lesson", objective.id))
            continue
        vocabulary = vocabularies[audience.limits.words]
        found += _of_short(f"{objective.id}/can", objective.can, audience, vocabulary)
        found += _of_lesson(course, lesson, audience, sensitive=objective.sensitive)
        found += _of_measuring(course, lesson, audience)
        found += _of_words(lesson, course, audience, vocabulary)
        found += _of_instructions(lesson, audience, vocabulary)
        if lesson.brief is not None:
            leader = course.scheme.leader
            found += _of_brief(lesson, lesson.brief, leader, vocabularies[leader.limits.words])
        found += _of_law(lesson, answer)
        found += _of_norms(course, objective, lesson)
    known = {one.id for one in course.scheme.objectives}
    found += [Fault("unknown-objective", name) for name in course.lessons if name not in known]
    return found


def _of_scheme(course: Course) -> Iterator[Fault]:
    scheme = course.scheme
    ids = [one.id for one in scheme.objectives]
    yield from (Fault("twice", one) for one in {one for one in ids if ids.count(one) > 1})
    for one in scheme.objectives:
        labels = (
            (one.risks, scheme.risks),
            (one.duties, scheme.duties),
            ((one.pillar,), scheme.pillars),
        )
        for given, there in labels:
            yield from (Fault("unknown-label", one.id, label) for label in given if label not in there)
    for audience in scheme.audiences:
        if audience.first is None:
            continue
        reached = {
            risk for one in scheme.objectives if scheme.audience(one.id) == audience for risk in one.risks
        }
        for risk in scheme.risks:
            if (risk in reached) == (risk in audience.unreached):
                yield Fault("risk-not-reached", audience.id, risk)


def _of_misconceptions(
    course: Course, vocabularies: dict[tuple[str, ...], plain.Vocabulary]
) -> Iterator[Fault]:
    """They are told to whoever was sure of a wrong answer, so each of those readers must be able to read them."""
    practised, tested = _held(course)
    for one in course.scheme.misconceptions:
        for audience in _readers(course, practised.get(one.id, ())):
            if not audience.voice:
                at = f"{one.id}/{audience.id}"
                yield from _of_short(at, one.text, audience, vocabularies[audience.limits.words])
        if len(course.lessons) < len(course.scheme.objectives):
            continue
        if one.id not in practised:
            yield Fault("misconception-unused", one.id, "practice")
        if one.id not in tested:
            yield Fault("misconception-unused", one.id, "forms")


def _readers(course: Course, objectives: Iterable[str]) -> list[Audience]:
    """Who learns some objectives, each once, in the order of the scheme."""
    names = {one.partition("-")[0] for one in objectives}
    return [one for one in course.scheme.audiences if one.id in names]


def _held(course: Course) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Of each misconception, the objectives in whose practice it is held, and in whose forms."""
    practised: dict[str, set[str]] = {}
    tested: dict[str, set[str]] = {}
    told = [(practised, lesson.objective, lesson.practice) for lesson in course.lessons.values()]
    told += [(tested, form.objective, form.items) for form in course.forms.values()]
    known = {one.id for one in course.scheme.objectives}
    for held, objective, items in told:
        for option in (option for item in items for option in item.options):
            if option.misconception is not None and objective in known:
                held.setdefault(option.misconception, set()).add(objective)
    return practised, tested


def _of_behaviours(
    course: Course, behaviours: Behaviours, vocabularies: dict[tuple[str, ...], plain.Vocabulary]
) -> Iterator[Fault]:
    """Each is asked in the words of whoever is asked; an objective has one, or a reason to have none."""
    known = {one.id for one in course.scheme.objectives}
    for one in behaviours.behaviours:
        yield from (Fault("unknown-objective", f"{one.id}/{at}") for at in one.objectives if at not in known)
        for audience in _readers(course, one.objectives):
            at = f"{one.id}/{audience.id}"
            yield from _of_short(at, one.text, audience, vocabularies[audience.limits.words])
    for aim in course.scheme.objectives:
        if aim.id.partition("-")[0] not in ASKED:
            continue
        asked = any(aim.id in one.objectives for one in behaviours.behaviours)
        silent = aim.sensitive or aim.id in behaviours.none
        if asked == silent:
            yield Fault(
                "behaviour", aim.id, "asked and not to be asked" if asked else "none, and no reason why"
            )


def _of_lesson(course: Course, lesson: Lesson, audience: Audience, *, sensitive: bool) -> Iterator[Fault]:
    at = lesson.objective
    kinds = [screen.kind for screen in lesson.screens]
    wanted = [kind for kind in ORDER if kind != "practise" or audience.measured == "forms"]
    if list(dict.fromkeys(kinds)) != wanted or kinds.count("try") != 1:
        yield Fault("order-of-screens", at, " ".join(kinds))
    if not audience.minutes[0] <= lesson.minutes <= audience.minutes[1]:
        yield Fault("minutes", at, str(lesson.minutes))
    if {lesson.note is not None, lesson.brief is not None} != {sensitive}:
        yield Fault("note-and-brief", at)
    names = [screen.id for screen in lesson.screens] + [item.id for item in lesson.practice]
    yield from (Fault("twice", f"{at}/{one}") for one in {one for one in names if names.count(one) > 1})
    for screen in lesson.screens:
        yield from _of_screen(course, screen, f"{at}/{screen.id}", audience)
    for language in LANGUAGES:
        size = len(getattr(lesson.paper.message, language))
        if size > MESSAGE:
            yield Fault("message-too-long", f"{at}/message/{language}", str(size))


def _of_screen(course: Course, screen: Screen, at: str, audience: Audience) -> Iterator[Fault]:
    fits = {"try": (1, 1), "practise": (PRACTICE, PRACTICE)}.get(screen.kind, (0, 0))
    if not fits[0] <= len(screen.items) <= fits[1]:
        yield Fault("items-of-screen", at, str(len(screen.items)))
    if screen.kind not in ("try", "practise") and screen.text is None:
        yield Fault("no-text", at)
    if screen.picture is not None and screen.picture not in course.pictures:
        yield Fault("no-picture", at, screen.picture)
    for item in screen.items:
        yield from _of_item(course, item, f"{at}/{item.id}", audience)
        if screen.kind == "practise" and len(item.hints) < 2:
            yield Fault("hints", f"{at}/{item.id}")


def _of_item(course: Course, item: Item, at: str, audience: Audience) -> Iterator[Fault]:
    known = {one.id for one in course.scheme.misconceptions}
    if not 2 <= len(item.options) <= audience.options:
        yield Fault("options", at, str(len(item.options)))
    if sum(one.right for one in item.options) != 1:
        yield Fault("one-right-answer", at)
    for part in ("id", "text", "feedback"):
        told = [getattr(one, part) for one in item.options]
        if len(set(told)) < len(told):
            yield Fault("options-alike", at, part)
    if item.safe and not item.recognise:
        yield Fault("safe-without-recognising", at)
    if item.picture is not None and item.picture not in course.pictures:
        yield Fault("no-picture", at, item.picture)
    if audience.voice and audience.measured == "forms" and item.picture is None:
        yield Fault("item-without-picture", at)
    for one in item.options:
        if one.picture is not None and one.picture not in course.pictures:
            yield Fault("no-picture", f"{at}/{one.id}", one.picture)
        if audience.measured == "observations" and one.picture is None:
            yield Fault("option-without-picture", f"{at}/{one.id}")
        if one.right != (one.misconception is None) or (one.right and one.partly):
            yield Fault("misconception", f"{at}/{one.id}")
        elif one.misconception is not None and one.misconception not in known:
            yield Fault("unknown-misconception", f"{at}/{one.id}", one.misconception)


def _of_measuring(course: Course, lesson: Lesson, audience: Audience) -> Iterator[Fault]:
    at = lesson.objective
    if audience.measured == "observations":
        if len(lesson.observations) != OBSERVATIONS:
            yield Fault("observations", at, str(len(lesson.observations)))
        return
    both = [course.forms.get((at, letter)) for letter in ("A", "B")]
    for letter, form in zip("AB", both, strict=True):
        if form is None:
            yield Fault("no-form", f"{at}/{letter}")
        else:
            yield from _of_form(course, form, audience)
    one, other = both
    if one is not None and other is not None:
        yield from _parallel(at, one, other)
        yield from _said_twice(at, [*lesson.practice, *one.items, *other.items])


def _of_form(course: Course, form: Form, audience: Audience) -> Iterator[Fault]:
    at = f"{form.objective}/{form.form}"
    if len(form.items) < ITEMS:
        yield Fault("too-few-items", at, str(len(form.items)))
    told = [item for item in form.items if item.recognise]
    safe = sum(item.safe for item in told)
    if not safe or abs(2 * safe - len(told)) > 1:
        yield Fault("safe-cases", at, f"{safe} of {len(told)}")
    for item in form.items:
        yield from _of_item(course, item, f"{at}/{item.id}", audience)
    longest = sum(
        all(len(one.text.id) < len(right.text.id) for one in item.options if not one.right)
        for item in form.items
        for right in item.options
        if right.right
    )
    if 2 * longest > len(form.items) + 1:
        yield Fault("right-is-longest", at, f"{longest} of {len(form.items)}")


def _parallel(at: str, one: Form, other: Form) -> Iterator[Fault]:
    if len(one.items) != len(other.items):
        yield Fault("not-parallel", at)
        return
    for number, (a, b) in enumerate(zip(one.items, other.items, strict=True), start=1):
        if (a.recognise, a.safe, len(a.options)) != (b.recognise, b.safe, len(b.options)):
            yield Fault("not-parallel", at, str(number))


def _said_twice(at: str, items: list[Item]) -> Iterator[Fault]:
    names = [item.id for item in items]
    yield from (Fault("twice", f"{at}/{one}") for one in {one for one in names if names.count(one) > 1})
    seen: dict[tuple[str, str], str] = {}
    for item in items:
        what = (item.stem.id, item.shown.id if item.shown else "")
        if what in seen:
            yield Fault("asked-twice", f"{at}/{item.id}", seen[what])
        seen[what] = item.id


def texts(lesson: Lesson) -> Iterator[tuple[str, Plain | Told]]:
    """Every text of a lesson with its place, its items left out."""
    yield "title", lesson.title
    for screen in lesson.screens:
        yield f"{screen.id}/title", screen.title
        if screen.text is not None:
            yield f"{screen.id}/text", screen.text
    yield "sheet", lesson.paper.sheet
    yield "message", lesson.paper.message
    for one in lesson.observations:
        yield one.id, one.text
    if lesson.note is not None:
        yield "note", lesson.note


def texts_of_item(item: Item) -> Iterator[tuple[str, Plain | Told]]:
    """Every text of an item with its place."""
    if item.shown is not None:
        yield f"{item.id}/shown", item.shown
    yield f"{item.id}/stem", item.stem
    for one in item.options:
        yield f"{item.id}/{one.id}", one.text
        yield f"{item.id}/{one.id}/feedback", one.feedback
    for number, hint in enumerate(item.hints, start=1):
        yield f"{item.id}/hint-{number}", hint


def spoken(course: Course, lesson: Lesson) -> str:
    """What readers must understand of a lesson and its forms, in Indonesian; messages that are shown are left out."""
    return "\n\n".join(text.id for place, text in _every(course, lesson) if not place.endswith("/shown"))


def instructions(lesson: Lesson) -> Iterator[tuple[str, Told]]:
    """Texts that tell somebody what to do: the task, and the sheet that is kept."""
    for screen in lesson.screens:
        if screen.kind == "task" and screen.text is not None:
            yield f"{screen.id}/text", screen.text
    yield "sheet", lesson.paper.sheet


def _every(course: Course, lesson: Lesson) -> list[tuple[str, Plain | Told]]:
    forms = [course.forms.get((lesson.objective, letter)) for letter in ("A", "B")]
    items = [*lesson.practice, *(item for form in forms if form for item in form.items)]
    return [*texts(lesson), *(text for item in items for text in texts_of_item(item))]


def _of_words(
    lesson: Lesson, course: Course, audience: Audience, vocabulary: plain.Vocabulary
) -> Iterator[Fault]:
    for place, text in _every(course, lesson):
        at = f"{lesson.objective}/{place}"
        for language in LANGUAGES:
            told = getattr(text, language)
            if found := _NUMBER.search(told):
                yield Fault("number-in-text", f"{at}/{language}", found.group())
            for address in _ADDRESS.findall(told):
                if not _NOT_REAL.search(address):
                    yield Fault("address-in-text", f"{at}/{language}", address)
        if text.id == text.en and len(plain.words(text.id)) > 3:
            yield Fault("same-in-both", at)
        yield from _of_english(at, text, audience)
    told = [
        len(plain.words(sentence))
        for place, text in _every(course, lesson)
        if not place.endswith("/shown")
        for sentence in plain.sentences(text.en)
    ]
    if sum(told) > audience.limits.mean * len(told):
        yield Fault("mean", f"{lesson.objective}/en", f"{sum(told) / len(told):.1f}")
    for one in plain.measure(spoken(course, lesson), audience.limits, vocabulary).findings:
        if one.code in HARD:
            yield Fault(
                one.code, lesson.objective, " ".join(part for part in (one.word, one.sentence) if part)
            )


def _of_english(at: str, text: Plain | Told, audience: Audience) -> Iterator[Fault]:
    for sentence in plain.sentences(text.en):
        if len(plain.words(sentence)) > audience.limits.most_english:
            yield Fault("long-sentence", f"{at}/en", sentence)


def _of_short(at: str, text: Plain, audience: Audience, vocabulary: plain.Vocabulary) -> Iterator[Fault]:
    """A line that stands alone: shares and means say nothing of it, so no word of it may be unknown."""
    for one in plain.measure(text.id, audience.limits, vocabulary).findings:
        if one.code in SHORT:
            yield Fault(one.code, at, " ".join(part for part in (one.word, one.sentence) if part))
    yield from _of_english(at, text, audience)


def _of_instructions(lesson: Lesson, audience: Audience, vocabulary: plain.Vocabulary) -> Iterator[Fault]:
    for place, text in instructions(lesson):
        told = plain.measure(text.id, audience.limits, vocabulary, instructs=True)
        for one in told.findings:
            if one.code == "passive-share":
                yield Fault(one.code, f"{lesson.objective}/{place}", one.word)


def _of_brief(lesson: Lesson, brief: Told, leader: Audience, vocabulary: plain.Vocabulary) -> Iterator[Fault]:
    """Read by adults, whoever learns; a sentence to be said to a child stands in quotation marks and says `kamu`."""
    at = f"{lesson.objective}/brief"
    found = list(plain.measure(brief.id, leader.limits, vocabulary).findings)
    said = plain.measure(plain.unquoted(brief.id), leader.limits, vocabulary).findings
    found = [one for one in found if one.code != "you"] + [one for one in said if one.code == "you"]
    for one in found:
        if one.code in HARD:
            yield Fault(one.code, at, " ".join(part for part in (one.word, one.sentence) if part))
    yield from _of_english(at, brief, leader)


HARD: Final = (
    "long-sentence",
    "mean",
    "unknown-share",
    "long-share",
    "stacked",
    "yang",
    "term",
    "acronym",
    "you",
    "only-dont",
)
"""What fails a lesson; the rest is told by `ruangaman learn plain` for the writer to weigh."""
SHORT: Final = frozenset(HARD) - {"mean", "unknown-share", "long-share"} | {"unknown", "number"}
"""What fails a line that stands alone."""


def _of_law(lesson: Lesson, answer: Answer) -> Iterator[Fault]:
    for screen in lesson.screens:
        for told in screen.law:
            yield from _of_answer(told, f"{lesson.objective}/{screen.id}", answer)


def _of_answer(told: LawTold, at: str, answer: Answer) -> Iterator[Fault]:
    outcome, reason, value = answer(told.facts)
    if told.holds(outcome, reason, value):
        return
    was = f"{told.outcome} {told.reason}" + (f" {told.value}" if told.value is not None else "")
    yield Fault(
        "law-changed", at, f"{was} -> {outcome} {reason}" + (f" {value}" if value is not None else "")
    )


def _of_norms(course: Course, objective: Objective, lesson: Lesson) -> Iterator[Fault]:
    """
    A text that tells the law names a norm, so that a change of the pack flags it.

    What a screen tells rests on that screen's own norms; what is asked, printed, sent or told beside them on any of the
    lesson's. Law outside the pack rests on the objective's `source`. Messages that are shown may claim what they like.
    """
    if objective.source is not None:
        return
    words = {one: _any_of(getattr(course.scheme.law_words, one)) for one in LANGUAGES}
    tells = {one.id: bool(one.law) for one in lesson.screens if one.kind == "tell"}
    told = [("can", objective.can), *_every(course, lesson)]
    told += [("brief", lesson.brief)] if lesson.brief is not None else []
    for place, text in told:
        if place.endswith("/shown") or tells.get(place.partition("/")[0], any(map(_has_law, lesson.screens))):
            continue
        for language in LANGUAGES:
            if (wanted := words[language]) and (found := wanted.search(getattr(text, language))):
                yield Fault("law-without-norm", f"{lesson.objective}/{place}/{language}", found.group())


def _has_law(screen: Screen) -> bool:
    return bool(screen.law)


def _any_of(words: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE) if words else None
