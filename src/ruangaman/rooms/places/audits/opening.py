"""Places that are audited, the city's limits, and the beginning of an audit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from ruangaman.adapters import audit_tables, ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import config, roles
from ruangaman.rooms.places.audits import forms
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import as_rows, canonical, form_of
from ruangaman.rooms.places.models import Audit, AuditLimits, AuditSeat, City, Role, Space

MOST_FILE: Final = 20 << 20
"""Bytes of a city's `places.json`."""
MOST_SPACES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """A place that may be audited, as the city's results or we name it."""

    key: str
    name: str
    kind: str
    area: str


def known(city: City) -> list[Known]:
    """The places of the city's results and those that were added here, by name; what cannot be read is left out."""
    found = {one.key: one for one in _of_results(city)}
    for row in Space.objects.filter(city=city):
        found[row.key] = Known(row.key, row.name, row.kind, row.area)
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.key))


def _of_results(city: City) -> list[Known]:
    path = config.folder(city.slug) / "results" / "places.json"
    try:
        if path.stat().st_size > MOST_FILE:
            return []
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    rows = told.get("places", []) if isinstance(told, dict) else told
    return [one for row in rows[:MOST_SPACES] if (one := _known(row))] if isinstance(rows, list) else []


def _known(row: Any) -> Known | None:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
        return None
    key, name = str(row["id"]), row.get("name")
    kind, area = row.get("kind"), row.get("area")
    shown = name.strip() if isinstance(name, str) and name.strip() else f"{kind or ''} {key}".strip()
    texts = [one if isinstance(one, str) else "" for one in (kind, area)]
    return Known(key, shown[:120], texts[0][:40], texts[1][:40]) if 0 < len(key) <= 80 else None


def space(city: City, key: str, *, now: datetime) -> Space:
    """
    The row of a place that is known, made when it is first needed.

    Raises:
        AuditRefused: no such place.
    """
    row = Space.objects.filter(city=city, key=key).first()
    if row is not None:
        return row
    one = next((one for one in _of_results(city) if one.key == key), None)
    if one is None:
        raise AuditRefused(why="place")
    return Space.objects.create(
        id=ids.new(now), city=city, key=key, name=one.name, kind=one.kind, area=one.area, made_at=now
    )


def add_space(city: City, name: str, area: str, *, now: datetime) -> Space:
    """
    A place that no map knows yet.

    Raises:
        AuditRefused: no name, an area outside the city, or too many places.
    """
    name, area = name.strip(), area.strip()
    if not 0 < len(name) <= 120:
        raise AuditRefused(why="name")
    if area and (len(area) > 40 or not area.startswith(city.code)):
        raise AuditRefused(why="area")
    if Space.objects.filter(city=city).count() >= MOST_SPACES:
        raise AuditRefused(why="many")
    identity = ids.new(now)
    return Space.objects.create(
        id=identity, city=city, key=f"own:{identity}", name=name, kind="", area=area, made_at=now
    )


def auditors(city: City, area: str = "") -> Sequence[User]:
    """Accounts that may fill a form for a place there."""
    acts = [role for role, acts in roles.ACTS.items() if "audit" in acts]
    rows = Role.objects.filter(city=city, role__in=acts, ended_at__isnull=True)
    users = User.objects.filter(pk__in=rows.values("user"), is_active=True, is_staff=True).order_by(
        "username"
    )
    return [one for one in users if may_audit(one, city, area)]


def may_audit(user: User, city: City, area: str) -> bool:
    """Whether this account may audit a place of this area."""
    who = roles.acting(user, city, "audit")
    return who is not None and who.inside(area)


@transaction.atomic
def load_limits(city: City, data: bytes, name: str, *, by: User, now: datetime) -> AuditLimits:
    """
    Load the city's limits, of measures that its form asks for, as its next version; the same once more changes nothing.

    Raises:
        LimitsRefused
    """
    found = audit_tables.limits_of(data, name, form_of(forms.current(city, now=now)))
    body = as_rows(found)
    digest = audit_tables.sha256(canonical(body))
    ledger.line_up()
    last = latest_limits(city)
    if last is not None and last.sha256 == digest:
        return last
    number = last.number + 1 if last else 1
    entry = ledger.append(
        "places.limits-loaded",
        {"city": city.code, "number": number, "sha256": digest, "rows": len(body)},
        at=now,
    )
    return AuditLimits.objects.create(
        id=ids.new(now), city=city, number=number, sha256=digest, body=body, loaded_by=by, loaded_at=now,
        ledger_index=entry.index,
    )  # fmt: skip


def latest_limits(city: City) -> AuditLimits | None:
    """The limits that a new audit begins with."""
    return AuditLimits.objects.filter(city=city).order_by("-number").first()


@transaction.atomic
def begin(place: Space, first: User, second: User, *, by: User, now: datetime) -> Audit:
    """
    Begin an audit of a place with two auditors.

    Raises:
        AuditRefused: `auditors` (the same twice, or one who may not audit there), `running` (one runs already).
    """
    if first == second or not all(may_audit(one, place.city, place.area) for one in (first, second)):
        raise AuditRefused(why="auditors")
    ledger.line_up()
    if running(place) is not None:
        raise AuditRefused(why="running")
    audit = Audit.objects.create(
        id=ids.new(now), space=place, form=forms.current(place.city, now=now),
        limits=latest_limits(place.city), opened_by=by, opened_at=now,
    )  # fmt: skip
    for number, user in enumerate((first, second), 1):
        AuditSeat.objects.create(id=ids.new(now), audit=audit, user=user, number=number, given_at=now)
    told: dict[str, str | int | bool | None] = {
        "audit": str(audit.pk), "city": place.city.code, "place": place.key, "form": audit.form.sha256,
        "limits": audit.limits.sha256 if audit.limits else None,
    }  # fmt: skip
    ledger.append("places.audit-begun", told, at=now)
    return audit


@transaction.atomic
def begin_at(
    city: City,
    key: str,
    name: str,
    area: str,
    pair: tuple[User | None, User | None],
    *,
    by: User,
    now: datetime,
) -> Audit:
    """
    Begin an audit of a place that is known (`key`), or of a new one (`name`, `area`); refused, no place is left over.

    Raises:
        AuditRefused
    """
    place = add_space(city, name, area, now=now) if name.strip() else space(city, key, now=now)
    first, second = pair
    if first is None or second is None:
        raise AuditRefused(why="auditors")
    return begin(place, first, second, by=by, now=now)


def running(place: Space) -> Audit | None:
    """The audit of a place that is not over."""
    return Audit.objects.filter(space=place, decided_at__isnull=True, cancelled_at__isnull=True).first()


@transaction.atomic
def cancel(audit: Audit, *, now: datetime) -> None:
    """
    End an audit without a result; its answers and photos are deleted.

    Raises:
        AuditRefused: it is over.
    """
    ledger.line_up()
    ended = Audit.objects.filter(pk=audit.pk, decided_at__isnull=True, cancelled_at__isnull=True)
    if not ended.update(cancelled_at=now):
        raise AuditRefused(why="over")
    from ruangaman.rooms.places.audits import photos

    for seat in audit.seats.all():
        seat.answers.all().delete()
        seat.sendings.all().delete()
    for photo in audit.space.photos.filter(seat__audit=audit, destroyed_at__isnull=True):
        photos.destroy(photo, now=now)
    ledger.append("places.audit-cancelled", {"audit": str(audit.pk)}, at=now)


def open_seats(user: User, city: City) -> Sequence[AuditSeat]:
    """What this account still has to look at in this city, oldest first."""
    rows = AuditSeat.objects.filter(Q(user=user, audit__space__city=city, audit__cancelled_at__isnull=True))
    return list(
        rows.filter(audit__decided_at__isnull=True)
        .select_related("audit__space__city", "audit__form", "audit__limits")
        .order_by("given_at", "number")
    )
