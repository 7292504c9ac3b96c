"""What one sheet must be before it is kept; the same for what comes online and from paper."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from django.utils import timezone
from msgspec import Meta, Struct

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import answering, seats, times
from ruangaman.core.learning.behaviours import Behaviours
from ruangaman.core.learning.model import Name
from ruangaman.rooms.learning import config, courses
from ruangaman.rooms.learning.group_errors import (
    SheetDid,
    SheetItems,
    SheetNotOpen,
    SheetOfAnotherTest,
    SheetOption,
    SheetVersionUnknown,
)
from ruangaman.rooms.learning.models import Group

MOST_ITEMS: Final = 40
AHEAD: Final = timedelta(days=1)
"""A device's day may be one ahead of the house's: its clock or its zone is another."""

Said = Annotated[str, Meta(max_length=40)]
Answered = Annotated[list[Said | bool | None], Meta(min_length=2, max_length=3)]


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """One sheet as a device sends it; `id` was drawn by the device, `word` came when the code was opened."""

    id: UUID
    code: Annotated[str, Meta(max_length=20)]
    objective: Annotated[str, Meta(max_length=6)]
    time: Literal["pre", "post", "delayed"]
    form: Literal["", "A", "B"]
    version: Annotated[int, Meta(ge=1, le=9999)]
    language: Literal["id", "en"]
    answers: Annotated[list[Answered], Meta(max_length=MOST_ITEMS)]
    taken_on: date
    did: Annotated[list[Name], Meta(max_length=20)] = []
    word: Annotated[str, Meta(max_length=200)] = ""


@cache
def behaviours() -> Behaviours:
    """What is asked on day 28 beside the test."""
    return lesson_files.behaviours(config.folder())


def check(
    group: Group,
    number: int,
    *,
    objective: str,
    time: str,
    form: str,
    version: int,
    answers: Sequence[Sequence[Any]],
    did: Sequence[str],
    taken_on: date,
    now: datetime,
) -> None:
    """
    Whether a sheet of a seat counts here.

    Raises:
        SheetNotOpen, SheetOfAnotherTest, SheetVersionUnknown, SheetItems, SheetOption, SheetDid
    """
    course = courses.course()
    if objective not in group.objectives or objective not in course.lessons:
        raise SheetOfAnotherTest
    today = timezone.localdate(now)
    made = timezone.localdate(group.made_at)
    if group.forgotten_at is not None or not made - AHEAD <= taken_on <= today + AHEAD:
        raise SheetNotOpen
    if not times.counts(time, group.taught_on, taken_on):
        raise SheetNotOpen
    audience = course.scheme.audience(objective)
    observed = audience.measured == "observations"
    if form != ("" if observed else seats.form(number, time)):
        raise SheetOfAnotherTest
    if observed:
        lesson = course.lessons[objective]
        if version > lesson.version:
            raise SheetVersionUnknown
        if not answering.observed(lesson, answers):
            raise SheetItems
    else:
        asked = course.forms[objective, form]
        if version > asked.version:
            raise SheetVersionUnknown
        wrong = answering.unanswered(asked, answers)
        if wrong == "items":
            # An older version whose items are the same still counts: a lesson is finished as it was begun.
            raise SheetVersionUnknown if version < asked.version else SheetItems
        if wrong or not answering.sureness_fits(audience, answers):
            raise SheetOption
    offered = {one.id for one in behaviours().of(objective, time)}
    if not set(did) <= offered or len(set(did)) != len(did):
        raise SheetDid


def readable(raw: bytes | msgspec.Raw) -> Told:
    """One sheet of a sending. Raises msgspec.ValidationError, msgspec.DecodeError, RecursionError."""
    return msgspec.json.decode(raw, type=Told)
