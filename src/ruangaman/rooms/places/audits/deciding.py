"""A third person decides where two auditors differ; a rank follows by the rules, and what must be repaired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.audits import rules
from ruangaman.core.audits.agreement import compare
from ruangaman.core.audits.form import Item
from ruangaman.core.audits.scoring import Given, Score, Verdict
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits import certificates
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import (
    as_json,
    form_of,
    given,
    limits_of,
    rules_of,
    score_of,
)
from ruangaman.rooms.places.models import Audit, AuditForm, Defect, Space


@dataclass(frozen=True, slots=True)
class Open:
    """One difference that waits for the third: the item and the answers of both."""

    item: Item
    first: Given
    second: Given
    by_measure: bool


def differences(audit: Audit) -> list[Open]:
    """Where the two differ; nothing before both are done."""
    if audit.both_at is None:
        return []
    form = form_of(audit.form)
    first, second = (given(seat.answers.all()) for seat in audit.seats.order_by("number"))
    found = compare(form, first, second, limits_of(audit.limits, form))
    return [Open(form.items[one.item], one.first, one.second, one.by_measure) for one in found.differences]


@transaction.atomic
def decide(audit: Audit, chosen: Mapping[str, int], *, by: User, now: datetime) -> Audit:
    """
    End an audit.

    Args:
        chosen: for each item on which the two differ, whose answer holds: 1 or 2.

    Raises:
        AuditRefused: `not-done` (both are not done), `over`, `certifier` (one of the two decides), `differences` (not
            each of them, or another item, is chosen).
    """
    ledger.line_up()
    audit = (
        Audit.objects.select_for_update(of=("self",))
        .select_related("form", "limits", "space__city")
        .get(pk=audit.pk)
    )
    if audit.both_at is None:
        raise AuditRefused(why="not-done")
    if audit.decided_at or audit.cancelled_at:
        raise AuditRefused(why="over")
    if audit.seats.filter(user=by).exists():
        raise AuditRefused(why="certifier")
    form = form_of(audit.form)
    first, second = (given(seat.answers.all()) for seat in audit.seats.order_by("number"))
    found = compare(form, first, second, limits_of(audit.limits, form))
    open_ones = {one.item: one for one in found.differences}
    if set(chosen) != set(open_ones) or not set(chosen.values()) <= {1, 2}:
        raise AuditRefused(why="differences")
    answers = dict(found.agreed) | {
        name: open_ones[name].first if seat == 1 else open_ones[name].second for name, seat in chosen.items()
    }
    audit.answers, audit.decided_by, audit.decided_at = as_json(answers), by, now
    score = score_of(audit)
    ranked = rules.rank(form, score, rules_of(audit.form))
    audit.rank, audit.why, audit.result = ranked.rank, ranked.why, _told(score, ranked)
    audit.save(update_fields=["answers", "decided_by", "decided_at", "rank", "why", "result"])
    told: dict[str, str | int | bool | None] = {
        "audit": str(audit.pk), "rank": ranked.rank, "why": ranked.why, "well": score.whole.well,
        "not_well": score.whole.not_well, "unseen": score.whole.unseen, "decided": len(chosen),
    }  # fmt: skip
    ledger.append("places.audit-decided", told, at=now)
    _defects(audit, score, now)
    return audit


def _told(score: Score, ranked: rules.Ranked) -> dict[str, Any]:
    return {
        "whole": _counts(score.whole),
        "headings": {name: _counts(one) for name, one in score.headings.items()},
        "principles": {name: _counts(one) for name, one in score.principles.items()},
        "by_measure": sorted(score.by_measure),
        "items": list(ranked.items),
        "weak": list(ranked.headings),
    }


def _counts(one: Any) -> list[int]:
    return [one.well, one.not_well, one.unseen]


def _defects(audit: Audit, score: Score, now: datetime) -> None:
    """What is not well is open from now; what is well again was repaired. A critical one ends the certificate."""
    form = form_of(audit.form)
    for one in rules.repairs(form, score, rules_of(audit.form)):
        found(audit.space, audit.form, one, audit=audit, now=now)
    well = score.items(Verdict.WELL)
    for row in Defect.objects.filter(space=audit.space, checked_at__isnull=True, item__in=well):
        row.fixed_at, row.checked_at = row.fixed_at or now, now
        row.save(update_fields=["fixed_at", "checked_at"])
        _defect_entry("places.defect-checked", row, now)


def found(place: Space, form: AuditForm, one: rules.Repair, *, audit: Audit | None, now: datetime) -> Defect:
    """A defect of a place; one that is open already stays as it is, and what was said to be repaired is open again."""
    row = Defect.objects.filter(space=place, item=one.item, checked_at__isnull=True).first()
    if row is None:
        row = Defect.objects.create(
            id=ids.new(now), space=place, form=form, audit=audit, item=one.item, severity=one.severity,
            critical=one.critical, found_at=now, due_at=now + timedelta(days=one.days),
        )  # fmt: skip
        _defect_entry("places.defect-found", row, now)
    elif row.fixed_at is not None:
        row.fixed_at = row.fixed_by = None
        row.save(update_fields=["fixed_at", "fixed_by"])
        _defect_entry("places.defect-again", row, now)
    certificates.revoke_for_defects(place, rules_of(form), now=now)
    return row


def _defect_entry(kind: str, row: Defect, now: datetime) -> None:
    told: dict[str, str | int | bool | None] = {
        "defect": str(row.pk), "city": row.space.city.code, "item": row.item, "critical": row.critical
    }  # fmt: skip
    ledger.append(kind, told, at=now)
