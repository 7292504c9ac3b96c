"""What becomes of a report: an answer, a plan, an end. In plain words, in both languages, by a clock."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from ruangaman.core.reports import states
from ruangaman.rooms.places.models import City, Report
from ruangaman.rooms.places.report_errors import ReportRefused
from ruangaman.rooms.places.reports import clocks, desk, tables
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


@transaction.atomic
def answer(
    city: City,
    who: Acting,
    ref: UUID,
    *,
    what: str,
    said: Mapping[str, str],
    reason: str = "",
    planned_on: date | None = None,
    now: datetime,
) -> Report:
    """
    Say what becomes of a report.

    Args:
        what: answered, planned, solved or not_solved. reason: why not, for not_solved. planned_on: for planned.

    Raises:
        NotFound; ReportOver: it has ended. ReportRefused: no such answer, words, reason or day.
    """
    if what not in ANSWERS:
        raise ReportRefused(why="answer")
    row = desk.locked(city, who, ref, what)
    rules = tables.kinds(city)
    found = desk.plain_words(city, said, rules.limits.answer)
    if what == states.NOT_SOLVED and reason not in rules.not_solved:
        raise ReportRefused(why="reason")
    if what == states.PLANNED and (planned_on is None or planned_on < timezone.localdate(now)):
        raise ReportRefused(why="planned")
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
    )
    return row
