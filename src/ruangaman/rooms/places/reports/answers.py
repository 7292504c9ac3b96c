"""What becomes of a report: an answer, a plan, an end. In plain words, in both languages, by a clock."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from ruangaman.core.reports import states
from ruangaman.rooms.places.models import City, Report, ReportStep
from ruangaman.rooms.places.report_errors import ReportRefused
from ruangaman.rooms.places.reports import clocks, desk, sending, tables
from ruangaman.rooms.places.roles import Acting

ANSWERS: Final = (states.ANSWERED, states.PLANNED, states.SOLVED, states.NOT_SOLVED)
_MET: Final[Mapping[str, tuple[str, ...]]] = {
    states.ANSWERED: ("answer", "vote"),
    states.PLANNED: ("answer", "vote"),
    states.SOLVED: ("answer", "vote", "solve"),
    states.NOT_SOLVED: ("answer", "vote", "solve"),
}


def waiting(city: City, who: Acting) -> QuerySet[Report]:
    """What is accepted and has not ended: danger first, then what is due first."""
    rows = desk.mine(city, who).filter(state__in=states.OPEN)
    due = Min("clocks__due_at", filter=Q(clocks__met_at__isnull=True))
    return rows.annotate(due=due).order_by("-danger", "-urgent", "due", "id")


def over(city: City, who: Acting) -> QuerySet[Report]:
    """What has ended, the last first."""
    return desk.mine(city, who).filter(state__in=states.CLOSED, serial__isnull=False).order_by("-closed_at")


def answer(
    city: City,
    who: Acting,
    ref: UUID,
    *,
    what: str,
    said: Mapping[str, str],
    reason: str = "",
    planned_on: date | None = None,
    done_on: date | None = None,
    photo: bytes = b"",
    now: datetime,
) -> Report:
    """
    Say what becomes of a report.

    Args:
        what: answered, planned, solved or not_solved. reason: why not, for not_solved. planned_on: for planned.
        done_on, photo: when it was done, and what it looks like now; for solved. Nobody sees the photo before an
            adult looked at it.

    Raises:
        NotFound; ReportOver: it has ended. ReportRefused: no such answer, words, reason, day or photo.
        PhotoRefused.
    """
    if what not in ANSWERS:
        raise ReportRefused(why="answer")
    if photo and what != states.SOLVED:
        raise ReportRefused(why="photo-when")
    picture = sending.drawn(city, photo) if photo else b""  # before anything is locked: it takes a while
    return _answer(city, who, ref, what, said, reason, planned_on, done_on, picture, now)


@transaction.atomic
def _answer(
    city: City,
    who: Acting,
    ref: UUID,
    what: str,
    said: Mapping[str, str],
    reason: str,
    planned_on: date | None,
    done_on: date | None,
    picture: bytes,
    now: datetime,
) -> Report:
    row = desk.locked(city, who, ref, what)
    rules = tables.kinds(city)
    found = desk.plain_words(city, said, rules.limits.answer)
    if what == states.NOT_SOLVED and reason not in rules.not_solved:
        raise ReportRefused(why="reason")
    if what == states.PLANNED and (planned_on is None or planned_on < timezone.localdate(now)):
        raise ReportRefused(why="planned")
    if done_on is not None and not _possible(row, done_on, now):
        raise ReportRefused(why="done")
    if picture and row.family is None:
        raise ReportRefused(why="photo-old")
    waiting_photos = ReportStep.objects.filter(report__city=city, photo_state="waiting")
    if picture and waiting_photos.count() >= rules.limits.photos_waiting:
        raise ReportRefused(why="full")
    row.state = what
    row.save(update_fields=["state"])
    clocks.meet(row, _MET[what], now)
    if what in states.CLOSED:
        clocks.close(row, now)
    desk.step(
        row,
        who,
        what,
        now,
        said=found,
        reason=reason if what == states.NOT_SOLVED else "",
        planned_on=planned_on if what == states.PLANNED else None,
        done_on=done_on if what == states.SOLVED else None,
        photo=sending.sealed_photo(row, picture, now) if picture else (),
    )
    return row


def _possible(row: Report, day: date, now: datetime) -> bool:
    """Whether it can have been done on that day: not after today, not before it was told."""
    return timezone.localdate(row.raised_at) <= day <= timezone.localdate(now)
