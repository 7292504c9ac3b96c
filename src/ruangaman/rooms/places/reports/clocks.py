"""What time does to reports: a reminder, lateness, forgetting. Each is noted once, at its due second."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.core.reports import states
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.models import Report, ReportClock
from ruangaman.rooms.places.reports import counting, letters, tables
from ruangaman.rooms.vault import api as vault


def settle_due(now: datetime) -> int:
    """Note what fell due, and forget what was kept long enough. Idempotent; each in a transaction of its own."""
    running = ReportClock.objects.filter(met_at__isnull=True, late_at__isnull=True)
    soon = list(running.filter(remind_at__lte=now, reminded_at__isnull=True).values_list("pk", flat=True))
    remind = sum(_remind(pk, now) for pk in soon)
    late = list(running.filter(due_at__lte=now).values_list("pk", flat=True))
    over = Report.objects.filter(forget_at__lte=now, forgotten_at__isnull=True).values_list("pk", flat=True)
    done = remind + sum(_mark_late(pk, now) for pk in late) + sum(forget(pk, now=now) for pk in list(over))
    counting.forget_old(now)
    return done


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    rows = ReportClock.objects.select_for_update(of=("self",)).select_related("report__city")
    clock = rows.filter(
        pk=pk, remind_at__lte=now, reminded_at__isnull=True, met_at__isnull=True, late_at__isnull=True
    ).first()
    if clock is None:
        return False
    clock.reminded_at = clock.remind_at
    clock.save(update_fields=["reminded_at"])
    if now < clock.due_at:  # else the mail about its end says it all
        letters.write(clock, letters.REMIND, now)
    return True


@transaction.atomic
def _mark_late(pk: int, now: datetime) -> bool:
    ledger.line_up()
    rows = ReportClock.objects.select_for_update(of=("self",)).select_related("report__city")
    clock = rows.filter(pk=pk, due_at__lte=now, met_at__isnull=True, late_at__isnull=True).first()
    if clock is None:
        return False
    _late(clock)
    letters.write(clock, letters.LATE, now)
    return True


def _late(clock: ReportClock) -> None:
    clock.late_at = clock.due_at
    clock.save(update_fields=["late_at"])
    ledger.append("report.late", {"report": clock.report.ledger_name, "clock": clock.what}, at=clock.due_at)


def meet(row: Report, which: Iterable[str], now: datetime) -> None:
    """What these clocks asked for is done; one whose time is over was late, whether or not the job noted it before."""
    for clock in ReportClock.objects.filter(report=row, what__in=list(which), met_at__isnull=True):
        if clock.late_at is None and clock.due_at < now:
            _late(clock)
        clock.met_at = now
        clock.save(update_fields=["met_at"])


def hurry(row: Report, now: datetime) -> None:
    """It became urgent: what still runs ends by the urgent times from now, never later than before."""
    table = tables.clocks(row.city).of
    for clock in ReportClock.objects.filter(report=row, met_at__isnull=True, late_at__isnull=True):
        remind, due = table[clock.what].due(now, urgent=True)
        if due < clock.due_at:
            clock.remind_at, clock.due_at = remind, due
            clock.save(update_fields=["remind_at", "due_at"])


def close(row: Report, now: datetime) -> None:
    """It has ended: from now it is kept so long as the table says, and so are those that were joined to it."""
    for one in (row, *row.joined.all()):
        one.closed_at = one.closed_at or now
        one.forget_at = min(one.forget_at, now + tables.kinds(row.city).keep_after_closed)
        one.save(update_fields=["closed_at", "forget_at"])


@transaction.atomic
def forget(ref: UUID, *, now: datetime) -> bool:
    """
    Forget what was told and shown, and the words for its sender alone. What a moderator wrote for all stays.

    One that nobody had read by then ends with it: nothing is left that could be read.
    """
    ledger.line_up()
    rows = Report.objects.select_for_update(of=("self",)).filter(pk=ref, forgotten_at__isnull=True)
    row = rows.select_related("city").filter(forget_at__lte=now).first()
    if row is None:
        return False
    for family in (row.family, row.answer_family):
        if family is not None:
            vault.forget_family(vault.FamilyRef(family), now=row.forget_at)
    row.family = row.words = row.answer_family = row.answer = None
    row.photo, row.photo_state, row.salt = [], "", b""
    row.steps.exclude(photo=[]).update(photo=[], photo_state="")  # sealed under the same key
    row.forgotten_at = row.forget_at
    if row.state == states.RECEIVED:
        row.state, row.refusal, row.closed_at = states.REFUSED, "unread", row.forget_at
        meet(row, ("moderate",), row.forget_at)
    row.save()
    ledger.append("report.forgotten", {"report": row.ledger_name}, at=row.forget_at)
    return True
