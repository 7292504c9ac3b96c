"""What time itself does: lapses, ends, birthdays, late deletions and answers, letters that are due. Idempotent; runs
each second.
"""

from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time

from django.db import transaction
from django.db.models import Q

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families import (
    actions,
    children,
    deletions,
    forgetting,
    lawdesk,
    limits,
    objections,
    outbox,
    supervision,
    tasks,
)
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.events import tell
from ruangaman.rooms.families.models import Child, ConsentRequest, DeletionTask, Settled
from ruangaman.rooms.families.types import ChildRef, ConsentEvent
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

BIRTHDAYS = "birthdays/ID"
TURNS = "turns/ID/"
FORGETTING = "forgetting"
LONGEST_GAP = (
    4000  # days looked back after a standstill; older birthdays are found when the child's page is asked
)


def settle_due(now: datetime) -> int:
    """Write everything that is due at `now`; returns how many facts were written."""
    written = _lapses(now) + _birthdays(now) + _late_deletions(now) + _unanswered(now) + _letters(now)
    return written + _forgetting(now)


def _lapses(now: datetime) -> int:
    due = ConsentRequest.objects.filter(state__in=list(WAITING), due_at__lt=now)
    over = ConsentRequest.objects.filter(state=State.GIVEN, ends_at__lte=now)
    written = 0
    for identity in [*due.values_list("pk", flat=True), *over.values_list("pk", flat=True)]:
        with transaction.atomic():
            written += actions.write_end(actions.locked(identity), now=now)
    return written


def _birthdays(now: datetime) -> int:
    today = children.local_day(now)
    last = Settled.objects.filter(pk=BIRTHDAYS).first()
    if last is None:
        Settled.objects.get_or_create(pk=BIRTHDAYS, defaults={"through": today - timedelta(days=1)})
        _law_of_turns(today - timedelta(days=1))
        return _birthdays(now)
    if last.through >= today:
        return 0
    _law_of_turns(last.through)
    written = 0
    day = max(last.through + timedelta(days=1), today - timedelta(days=LONGEST_GAP))
    while day <= today:
        written += _birthday(day)
        day += timedelta(days=1)
    Settled.objects.filter(pk=BIRTHDAYS, through__lt=today).update(through=today)
    limits.forget_old(now)
    return written


def _law_of_turns(through: date) -> None:
    """When the law came to count other birthdays, find each child's next one anew: the rows hold hashes alone."""
    name = f"{TURNS}{ages.fingerprint()[:24]}"
    if Settled.objects.filter(pk=name).exists():
        return
    for identity in Child.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Child.objects.select_for_update().filter(pk=identity).first()
            if row is None:  # forgotten meanwhile
                continue
            try:
                age = children.profile_of(row, "the next birthday under a changed law").get("age")
            except vault.Forgotten:
                continue
            Child.objects.filter(pk=row.pk).update(band_day=children.turn_hash(age, through))
    Settled.objects.filter(pk__startswith=TURNS).exclude(pk=name).delete()
    Settled.objects.update_or_create(pk=name, defaults={"through": through})


def _birthday(day: date) -> int:
    """Everyone whose band changes on this local day; the fact carries the day's first instant."""
    at = datetime.combine(day, day_time(), tzinfo=lawdesk.zone()).astimezone(UTC)
    written = 0
    for identity in Child.objects.filter(band_day=children.day_hash(day)).values_list("pk", flat=True):
        with transaction.atomic():
            ledger.line_up()
            row = Child.objects.select_for_update().get(pk=identity)
            if row.band_day is None or bytes(row.band_day) != children.day_hash(day):
                continue
            age = children.profile_of(row, "a birthday that changes the band").get("age")
            Child.objects.filter(pk=row.pk).update(band_day=children.turn_hash(age, day))
            ledger.append("child.band-changed", {}, at=at)
            if ages.is_grown(age, day):
                supervision.end_all(row, at=at)
            if children.grown(row.root, at):
                actions.end_waiting(row.root, at=at)
            request = row.requests.order_by("-created_at").first()
            tell(
                ConsentEvent(
                    "child.age_band_changed",
                    None,
                    ChildRef(row.pk),
                    request.service_ref if request else None,
                    at,
                    {},
                )
            )
            written += 1
    return written


def _late_deletions(now: datetime) -> int:
    """Remind a platform once when its deletion is late."""
    written = 0
    passed = Q(due_at__lt=now) | Q(stop_at__lt=now)
    late = DeletionTask.objects.filter(passed, done_at__isnull=True, told_late_at__isnull=True)
    for identity in late.values_list("pk", flat=True):
        with transaction.atomic():
            ledger.line_up()
            task = DeletionTask.objects.select_for_update().get(pk=identity)
            if task.told_late_at is not None or task.done_at is not None:
                continue
            DeletionTask.objects.filter(pk=task.pk).update(told_late_at=now)
            ledger.append("deletion.late", {"reason": task.reason}, at=now)
            deletions.tell(task, "deletion.due", now, late=True)
            written += 1
    return written


def _unanswered(now: datetime) -> int:
    """Objections that no guardian answered in time pass to the officers."""
    return sum(objections.pass_on(one, now=now) for one in objections.unanswered(now))


def _forgetting(now: datetime) -> int:
    """Once each local day: families whose term is over."""
    today = children.local_day(now)
    if Settled.objects.filter(pk=FORGETTING, through__gte=today).exists():
        return 0
    written = forgetting.forget_due(now)
    Settled.objects.update_or_create(pk=FORGETTING, defaults={"through": today})
    return written


def _letters(now: datetime) -> int:
    found = outbox.claim_due(now)
    for letter, tries in found:
        tasks.deliver.enqueue(str(letter), tries)
    return len(found)
