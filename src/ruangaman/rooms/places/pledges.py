"""
Who promises which action by when, what was found on the spot, and what really changed beside what was predicted.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from ruangaman.adapters import ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import plan_rules, plan_sums
from ruangaman.rooms.places.errors import FindingRefused, NotFound, PlanRefused, PledgeRefused
from ruangaman.rooms.places.models import Change, City, Finding, Plan, PlanAction, Pledge
from ruangaman.rooms.places.plan_sums import Sums
from ruangaman.rooms.places.roles import Acting

OFFICES: Final = {"bappeda": "Bappeda", "kelurahan": "Kelurahan"}
"""The public name of an office that has no other."""
AT_ONCE: Final = 200


def told_of(action: PlanAction) -> dict[str, Any]:
    """An action as its plan's document tells it."""
    found: dict[str, Any] = action.plan.document["actions"][action.at]
    return found


@transaction.atomic
def make(action: PlanAction, *, promised_on: date, who: Acting, now: datetime) -> Pledge:
    """
    Promise an action by a day.

    Raises:
        PledgeRefused: a day that is over or too far away; the plan is over; the action was found done and safe; this
            organisation pledged it already; a kelurahan pledges in another.
    """
    today = timezone.localtime(now).date()
    if not today <= promised_on <= today + plan_rules.longest_pledge():
        raise PledgeRefused(why="date")
    ledger.line_up()
    if not Plan.objects.filter(
        pk=action.plan_id, published_at__isnull=False, ended_at__isnull=True
    ).exists():  # read in turn: it may have ended since the page was shown
        raise PledgeRefused(why="ended")
    if not who.inside(action.area):
        raise PledgeRefused(why="area")
    organisation = organisation_of(who, action.area)
    if not organisation:
        raise PledgeRefused(why="organisation")
    if outcome(action) is True:
        raise PledgeRefused(why="done")
    if Pledge.objects.filter(action=action, organisation=organisation, withdrawn_at__isnull=True).exists():
        raise PledgeRefused(why="taken")
    told = told_of(action)
    row = Pledge.objects.create(
        id=ids.new(now), action=action, account=who.user, role=who.role, organisation=organisation,
        children=told["children"], low=told["children_low"], high=told["children_high"], promised_on=promised_on,
        due_at=timezone.make_aware(datetime.combine(promised_on + timedelta(days=1), time())), made_at=now,
    )  # fmt: skip
    _log("places.pledged", row, now, by=promised_on.isoformat())
    return row


def organisation_of(who: Acting, area: str) -> str:
    """The public name by which somebody promises something there."""
    return who.organisation or " ".join(filter(None, (OFFICES.get(who.role, ""), who.of(area))))


@transaction.atomic
def withdraw(pledge: Pledge, *, by: User, now: datetime) -> None:
    """Take a pledge of one's own back; one that was kept stays."""
    ledger.line_up()
    mine = Pledge.objects.filter(pk=pledge.pk, account=by, withdrawn_at__isnull=True, kept_at__isnull=True)
    if mine.update(withdrawn_at=now):
        _log("places.pledge-withdrawn", pledge, now)


def _log(kind: str, pledge: Pledge, now: datetime, **more: int | str) -> None:
    told = {
        "city": pledge.action.plan.city.code,
        "action": pledge.action.key,
        "organisation": pledge.organisation,
    }
    ledger.append(kind, {**told, **more}, at=now)


def settle_due(now: datetime) -> int:
    """Remind of promised days that come near, and say of those that are over that they are late."""
    from ruangaman.rooms.places import plan_letters

    live = Pledge.objects.filter(withdrawn_at__isnull=True, kept_at__isnull=True)
    near = live.filter(
        reminded_at__isnull=True, late_at__isnull=True, due_at__lte=now + plan_rules.remind_before(),
        made_at__lte=now - timedelta(days=1),
    )  # fmt: skip
    settled = 0
    for pk in list(near.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            ledger.line_up()
            row = (
                live.select_for_update().filter(pk=pk, reminded_at__isnull=True, late_at__isnull=True).first()
            )
            if row is not None:
                row.reminded_at = now
                row.save(update_fields=["reminded_at"])
                _log("places.pledge-reminded", row, now)
                plan_letters.write(row)
                settled += 1
    for pk in list(live.filter(late_at__isnull=True, due_at__lte=now).values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            ledger.line_up()
            row = live.select_for_update().filter(pk=pk, late_at__isnull=True).first()
            if row is not None:
                row.late_at = row.due_at  # the due time is the time of the fact, however late it is looked at
                row.save(update_fields=["late_at"])
                _log("places.pledge-late", row, row.due_at)
                settled += 1
    return settled


@transaction.atomic
def find(action: PlanAction, *, safe: bool, found_on: date, note: str, who: Acting, now: datetime) -> Finding:
    """
    Write down what somebody saw on the spot. If it is safe, the pledges of the action are kept.

    Raises:
        FindingRefused: a day to come or before the plan, or too long a note.
    """
    note = " ".join(note.split())
    published = action.plan.published_at
    if (
        published is None
        or not timezone.localtime(published).date() <= found_on <= timezone.localtime(now).date()
    ):
        raise FindingRefused(why="date")
    if len(note) > 300:
        raise FindingRefused(why="note")
    if not who.inside(action.area):
        raise FindingRefused(why="area")
    ledger.line_up()
    row = Finding.objects.create(
        id=ids.new(now), action=action, account=who.user, found_on=found_on, safe=safe, note=note, made_at=now
    )
    city, key = action.plan.city.code, action.key
    told: dict[str, str | bool] = {"city": city, "action": key, "safe": safe, "on": found_on.isoformat()}
    ledger.append("places.action-reaudited", told, at=now)
    if outcome(action):
        for pledge in action.pledges.filter(withdrawn_at__isnull=True, kept_at__isnull=True):
            kept = Pledge.objects.filter(pk=pledge.pk, withdrawn_at__isnull=True, kept_at__isnull=True)
            if kept.update(kept_at=now):
                _log("places.pledge-kept", pledge, now)
    return row


def outcome(action: PlanAction) -> bool | None:
    """What the latest re-audit says; None without one."""
    last = action.findings.order_by("found_on", "made_at").last()
    return None if last is None else last.safe


@dataclass(frozen=True, slots=True)
class Progress:
    """
    A plan so far.

    Attributes:
        actions, pledged, found: how many there are, are pledged, were found done and safe.
        predicted: what the whole plan was to serve. promised: what the pledged actions would. real: what those serve
            that were found done and safe; an action that was found unsafe counts nothing.
        foreseen: what was predicted of those that were looked at.
    """

    actions: int
    pledged: int
    found: int
    looked_at: int
    predicted: Sums
    promised: Sums
    foreseen: Sums
    real: Sums


def progress(plan: Plan) -> Progress:
    """What was promised and what really came of it, by the plan's own sums and what re-audits found."""
    pool = plan_sums.pool(plan.document)
    rows = list(plan.actions.prefetch_related("findings", "pledges"))
    outcomes: dict[int, bool] = {}
    pledged = set[int]()
    for row in rows:
        found = sorted(row.findings.all(), key=lambda one: (one.found_on, one.made_at))
        if found:
            outcomes[row.at] = found[-1].safe
        if any(one.withdrawn_at is None for one in row.pledges.all()):
            pledged.add(row.at)
    done = {at for at, safe in outcomes.items() if safe}
    return Progress(
        len(rows), len(pledged), len(done), len(outcomes),
        plan_sums.sums(pool, {row.at for row in rows}),
        plan_sums.sums(pool, pledged),
        plan_sums.sums(pool, outcomes.keys()),
        plan_sums.sums(pool, done, outcomes),
    )  # fmt: skip


@transaction.atomic
def keep_change(city: City, told: Mapping[str, Any], *, now: datetime) -> Change:
    """
    Keep what two builds of the city show, beside the published plan whose file it was compared with.

    Raises:
        NotFound: no such published plan. PlanRefused: no comparison of this city.
    """
    try:
        if told["format"] != 1 or told["city"]["code"] != city.code or not told["plan"] or not told["all"]:
            raise PlanRefused(why="change")
        name, whole = str(told["plan"]["id"]), told["all"]
        float(whole["change"])
    except (KeyError, TypeError, ValueError):
        raise PlanRefused(why="change") from None
    plan = next(
        (
            one
            for one in Plan.objects.filter(city=city, published_at__isnull=False)
            if one.document["id"] == name
        ),
        None,
    )
    if plan is None:
        raise NotFound(what="plan")
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    ledger.line_up()
    row, made = Change.objects.get_or_create(
        plan=plan, digest=digest, defaults={"id": ids.new(now), "document": dict(told), "made_at": now}
    )
    if made:
        facts: dict[str, str] = {
            "city": city.code,
            "plan": plan.digest,
            "change": digest,
        }
        ledger.append("places.change-measured", facts, at=now)
    return row
