"""
Certificates: a public document with a rank, its SHA-256 in the ledger, valid for a time.

Anyone can check one without us: the document's SHA-256 stands in an entry, the entry's hash leads by a path to the root
of the ledger. No name of an auditor stands in it.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import audit_tables, ids
from ruangaman.core import chain
from ruangaman.core.audits.rules import Rules
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits import letters
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import canonical, rules_of
from ruangaman.rooms.places.models import Audit, Certificate, City, Defect, Space

VALID, REVOKED, EXPIRED = "valid", "revoked", "expired"
HOW: Final = (
    "sha256 is SHA-256 of `certificate` as canonical JSON (RFC 8785): keys sorted, no spaces, UTF-8.",
    "`ledger.given.entry` is a line of the ledger, kind places.certificate-given; it holds this sha256.",
    "leaf = SHA-256(0x00 || entry in UTF-8). Follow `path` as in RFC 9162 section 2.1.3.2, with `index` and `size`: "
    "the result is `ledger.root`.",
    "`ledger.over` is the line that ended it (revoked or expired), if any; its path leads to the same root.",
)


@transaction.atomic
def give(audit: Audit, *, by: User, now: datetime) -> Certificate:
    """
    Give the certificate of a decided audit; an older one of the place ends.

    Raises:
        AuditRefused: `not-decided`, `rank` (none, or one for which there is no certificate), `critical` (a critical
            defect is open), `certifier` (one of the two auditors gives it), `given` (it was), `newer` (the place was
            audited again since), `late` (its time would be over).
    """
    ledger.line_up()
    audit = Audit.objects.select_related("form", "limits", "space__city").get(pk=audit.pk)
    rules = rules_of(audit.form)
    _demand(audit.decided_at is not None, "not-decided")
    assert audit.decided_at is not None
    _demand(audit.rank in rules.certificate_ranks, "rank")
    _demand(not audit.seats.filter(user=by).exists(), "certifier")
    _demand(not Certificate.objects.filter(audit=audit).exists(), "given")
    _demand(not Audit.objects.filter(space=audit.space, decided_at__gt=audit.decided_at).exists(), "newer")
    _demand(open_critical(audit.space) <= rules.open_critical, "critical")
    until = audit.decided_at + timedelta(days=rules.certificate_days)
    _demand(until > now, "late")
    for old in Certificate.objects.filter(space=audit.space, revoked_at__isnull=True, ended_at__isnull=True):
        _revoke(old, "superseded", now)
    identity = ids.new(now)
    body = _body(identity, audit, rules, now, until)
    digest = audit_tables.sha256(canonical(body))
    entry = ledger.append(
        "places.certificate-given",
        {"certificate": str(identity), "city": audit.space.city.code, "rank": audit.rank, "sha256": digest},
        at=now,
    )
    return Certificate.objects.create(
        id=identity, audit=audit, space=audit.space, rank=audit.rank, body=body, digest=bytes.fromhex(digest),
        ledger_index=entry.index, valid_from=now, valid_until=until, given_by=by,
        remind_at=next_reminder(rules, until, now),
    )  # fmt: skip


def next_reminder(rules: Rules, until: datetime, after: datetime) -> datetime | None:
    """When the city is reminded next, after this moment, that a certificate ends; None for no more."""
    days = rules.remind_days
    if days is None:  # rules that were written before there were reminders
        days = audit_tables.shipped_rules().remind_days or ()
    return min((at for one in days if (at := until - timedelta(days=one)) > after), default=None)


@transaction.atomic
def remind(row: Certificate, now: datetime) -> bool:
    """
    Remind the city that a certificate ends soon, once for each of the days before; of several that fell due together
    once. False when there is nothing to say: it is over, or its reminder was only to be worked out.
    """
    ledger.line_up()
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("space__city", "audit__form")
    found = rows.filter(
        pk=row.pk, remind_at__lte=now, revoked_at__isnull=True, ended_at__isnull=True, valid_until__gt=now
    ).first()
    if found is None:
        return False
    rules = rules_of(found.audit.form)
    found.remind_at = next_reminder(rules, found.valid_until, now)
    found.save(update_fields=["remind_at"])
    if not _soon(found, now):
        return False
    left = (found.valid_until - now).days
    told: dict[str, str | int | bool | None] = {"certificate": str(found.pk), "days": left}
    ledger.append("places.certificate-reminded", told, at=now)
    letters.write(found, now)
    return True


def _body(identity: UUID, audit: Audit, rules: Rules, now: datetime, until: datetime) -> dict[str, Any]:
    assert audit.decided_at is not None
    rank = rules.rank(audit.rank)
    assert rank is not None
    agreement = audit.agreement or {}
    return {
        "format": 1,
        "certificate": str(identity),
        "city": {"code": audit.space.city.code, "name": audit.space.city.name},
        "place": {"key": audit.space.key, "name": audit.space.name, "area": audit.space.area},
        "rank": audit.rank,
        "rank_name": dict(rank.name),
        "valid_from": chain.instant(now),
        "valid_until": chain.instant(until),
        "audit": {
            "id": str(audit.pk),
            "decided": chain.instant(audit.decided_at),
            "auditors": 2,
            "items": agreement["items"],
            "same": agreement["same"],
            "kappa": as_text(agreement),
            "result": (audit.result or {})["headings"],
        },
        "form": {"version": audit.form.version, "sha256": audit.form.sha256},
        "limits": {"number": audit.limits.number, "sha256": audit.limits.sha256} if audit.limits else None,
    }


def as_text(agreement: dict[str, Any]) -> str | None:
    """Kappa to three decimals; None where there is none."""
    return f"{float(Fraction(*agreement['kappa'])):.3f}" if agreement.get("kappa") else None


def open_critical(place: Space) -> int:
    """How many critical defects of a place wait to be repaired and looked at."""
    return Defect.objects.filter(space=place, critical=True, checked_at__isnull=True).count()


def standing(place: Space) -> Certificate | None:
    """The certificate of a place that holds, whether or not its time was over a moment ago."""
    return Certificate.objects.filter(space=place, revoked_at__isnull=True, ended_at__isnull=True).first()


def ending(city: City, now: datetime) -> list[tuple[Certificate, bool]]:
    """
    Certificates of which the city was reminded, or whose time is over (True), the first to end first: each asks for an
    audit again. One whose place is looked at again, or was since, asks for none.
    """
    rows = Certificate.objects.filter(space__city=city, revoked_at__isnull=True)
    rows = rows.select_related("space__city", "audit__form").order_by("valid_until")
    over = [(row, state(row, now) == EXPIRED) for row in rows]
    busy = set(
        Audit.objects.filter(
            space__city=city, decided_at__isnull=True, cancelled_at__isnull=True
        ).values_list("space", flat=True)
    )
    last = dict(
        Audit.objects.filter(space__city=city, decided_at__isnull=False)
        .order_by("decided_at")
        .values_list("space", "pk")
    )
    return [
        (row, is_over)
        for row, is_over in over
        if row.space_id not in busy
        and last.get(row.space_id) == row.audit_id
        and (is_over or _soon(row, now))
    ]


def _soon(row: Certificate, now: datetime) -> bool:
    first = next_reminder(rules_of(row.audit.form), row.valid_until, row.valid_from)
    return first is not None and first <= now


def state(row: Certificate, now: datetime) -> str:
    """valid, revoked or expired; a time that is over is over whether or not the clock has struck."""
    if row.revoked_at:
        return REVOKED
    return EXPIRED if row.ended_at or now >= row.valid_until else VALID


def revoke_for_defects(place: Space, rules: Rules, *, now: datetime) -> None:
    """End the certificate of a place with more open critical defects than the rules bear; inside a transaction."""
    row = standing(place)
    if row is not None and open_critical(place) > rules.open_critical:
        _revoke(row, "critical", now)


def _revoke(row: Certificate, why: str, now: datetime) -> None:
    entry = ledger.append("places.certificate-revoked", {"certificate": str(row.pk), "why": why}, at=now)
    row.revoked_at, row.revoked_why, row.over_index = now, why, entry.index
    row.save(update_fields=["revoked_at", "revoked_why", "over_index"])


@transaction.atomic
def expire(row: Certificate) -> bool:
    """Write that its time is over, as of that time; False when it was over already."""
    ledger.line_up()
    row.refresh_from_db()
    if row.revoked_at or row.ended_at:
        return False
    entry = ledger.append("places.certificate-expired", {"certificate": str(row.pk)}, at=row.valid_until)
    row.ended_at, row.over_index = row.valid_until, entry.index
    row.save(update_fields=["ended_at", "over_index"])
    return True


def proof(row: Certificate, now: datetime) -> dict[str, Any]:
    """
    The certificate with all that is needed to check it. It is proved in the tree that ends with its own entry, or with
    the one that ended it, so that a proof is the same for everybody and tells nothing of what else is written there.
    """
    size = (row.ledger_index if row.over_index is None else row.over_index) + 1
    return {
        "certificate": row.body,
        "sha256": bytes(row.digest).hex(),
        "state": state(row, now),
        "ledger": {
            "size": size,
            "root": ledger.root(size).hex(),
            "given": _line(row.ledger_index, size),
            "over": None if row.over_index is None else _line(row.over_index, size),
        },
        "how": list(HOW),
    }


def _line(index: int, size: int) -> dict[str, Any]:
    path = [one.hex() for one in ledger.inclusion(index, size)]
    return {"index": index, "entry": ledger.entry(index).entry.decode(), "path": path}


def _demand(holds: bool, why: str) -> None:
    if not holds:
        raise AuditRefused(why=why)
