"""What a release needs of lessons that no program can do: target readers who read them aloud, and cloze tests."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ruangaman.core.learning.checks import Fault
from ruangaman.core.learning.model import Course, Line, ObjectiveId, Version
from ruangaman.core.learning.why import ENOUGH

READERS: Final = 5
"""Target readers who read a lesson aloud before it is released, and who fill in a band's cloze test, at least."""

People = Annotated[int, Meta(ge=1, le=10_000)]


class ReadAloud(Struct, frozen=True, forbid_unknown_fields=True):
    """
    A lesson was read aloud by people for whom it is written.

    Attributes:
        version: of the lesson; words that were changed afterwards must be read again. readers: how many; none is named.
        led_by: whoever sat with them, by office and place. found: what they stumbled over, and what was changed.
    """

    objective: ObjectiveId
    version: Version
    on: date
    readers: People
    led_by: Line
    found: Line


class ClozeTest(Struct, frozen=True, forbid_unknown_fields=True):
    """Readers filled in the gaps of a lesson (`ruangaman learn cloze`); `right`: the share of all gaps, in percent."""

    objective: ObjectiveId
    version: Version
    on: date
    readers: People
    right: Annotated[int, Meta(ge=0, le=100)]
    led_by: Line


class Readings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that was read with readers."""

    format: Literal[1]
    read_aloud: tuple[ReadAloud, ...]
    cloze: tuple[ClozeTest, ...]


def lacking(course: Course, readings: Readings) -> Iterator[Fault]:
    """
    What keeps lessons from being released, in the order of the scheme.

    A reading counts for the version that was read. Those who are observed and not tested do not read by themselves:
    carers read their lessons aloud, and no cloze test is asked of them.
    """
    for aim in course.scheme.objectives:
        lesson = course.lessons.get(aim.id)
        version = lesson.version if lesson else 0
        readers = sum(
            one.readers for one in readings.read_aloud if (one.objective, one.version) == (aim.id, version)
        )
        if readers < READERS:
            yield Fault("not-read-aloud", aim.id, f"{readers} of {READERS} readers")
        forms = [course.forms.get((aim.id, letter)) for letter in ("A", "B")]
        if any(one is not None and one.reviewed_by is None for one in (lesson, *forms)):
            yield Fault("no-second-reader", aim.id)
    for audience in course.scheme.audiences:
        if audience.measured == "observations":
            continue
        told = [one for one in readings.cloze if _holds(course, one) and _of(one) == audience.id]
        readers = sum(one.readers for one in told)
        if readers < READERS:
            yield Fault("no-cloze", audience.id, f"{readers} of {READERS} readers")
            continue
        right = sum(one.right * one.readers for one in told) / readers / 100
        if right < ENOUGH:
            yield Fault("cloze-below", audience.id, f"{right:.0%} of {ENOUGH:.0%}")


def unknown(course: Course, readings: Readings) -> Iterator[Fault]:
    """Readings of lessons that are not there."""
    told = [(one.objective, one.on) for one in readings.read_aloud]
    told += [(one.objective, one.on) for one in readings.cloze]
    yield from (Fault("unknown-objective", at, on.isoformat()) for at, on in told if at not in course.lessons)


def _of(one: ClozeTest) -> str:
    return one.objective.partition("-")[0]


def _holds(course: Course, one: ClozeTest) -> bool:
    lesson = course.lessons.get(one.objective)
    return lesson is not None and lesson.version == one.version
