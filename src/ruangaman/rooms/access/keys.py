"""API keys: `ra_live_<key id>_<secret>` or `ra_test_...`. The secret has 256 bits and is shown once."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ruangaman.adapters import ids
from ruangaman.rooms.access.errors import KeyChoiceRefused, KeyMissing, KeyRefused, NotFound
from ruangaman.rooms.access.models import ApiKey, Service
from ruangaman.rooms.ledger import api as ledger

SCOPES: Final = ("ask", "sessions", "events", "webhooks", "deletions")
SHAPE: Final = re.compile(r"ra_(live|test)_([a-z2-7]{13})_([a-z2-7]{52})")
LONGEST_OVERLAP: Final = timedelta(days=30)
NAMED_AT_ONCE: Final = 20
USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: what a checked key may do and for whom."""

    key: UUID
    key_id: str
    sandbox: bool
    operator: str
    service: UUID | None
    scopes: frozenset[str]
    expires_at: datetime | None

    @property
    def owner(self) -> str:
        """Names the caller where keys come and go: two keys of one service share it."""
        lane = "test" if self.sandbox else "live"
        return f"{lane}|service|{self.service}" if self.service else f"{lane}|operator|{self.operator}"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once. `text` is the secret."""

    key: UUID
    key_id: str
    text: str
    expires_at: datetime | None


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def digest(text: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def looks_like_a_key(text: str) -> bool:
    """Whether this has the form of a key, before anything is looked up."""
    return SHAPE.fullmatch(text) is not None


def bearer(header: str | None) -> str:
    """The key in an Authorization header (RFC 6750 2.1)."""
    if not header:
        raise KeyMissing
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not looks_like_a_key(text):
        raise KeyRefused
    return text


def _caller(key: ApiKey) -> Caller:
    return Caller(
        key=key.id,
        key_id=key.key_id,
        sandbox=key.sandbox,
        operator=key.operator,
        service=key.service_id,
        scopes=frozenset(key.scopes),
        expires_at=key.expires_at,
    )


def check(text: str, *, now: datetime) -> Caller:
    """
    Who calls with this key.

    Raises:
        KeyRefused: unknown, expired or revoked.
    """
    given = digest(text)
    alive = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    key = ApiKey.objects.filter(alive, digest=given).first()
    if key is None or not hmac.compare_digest(bytes(key.digest), given):
        raise KeyRefused
    if key.last_used_at is None or now - key.last_used_at >= USED_EVERY:
        used_many([key.key_id], now=now)
    return _caller(key)


def used_many(key_ids: Sequence[str], *, now: datetime) -> None:
    """Note that keys were used; to the minute, so that reading stays reading."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USED_EVERY)
    ApiKey.objects.filter(stale, key_id__in=key_ids).update(last_used_at=now)


def living(*, now: datetime) -> Mapping[bytes, Caller]:
    """Every key that may be used at `now`, by digest: for the lane, which asks no database while it answers."""
    alive = Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    return {bytes(key.digest): _caller(key) for key in ApiKey.objects.filter(alive)}


def _living(field: str) -> str:
    """The slugs or operators of living services, for whoever mistyped one; the first of many."""
    rows = (
        Service.objects.filter(retired_at__isnull=True)
        .order_by(field)
        .values_list(field, flat=True)
        .distinct()
    )
    names = list(rows[: NAMED_AT_ONCE + 1])
    more = ["..."] if len(names) > NAMED_AT_ONCE else []
    return ", ".join([*names[:NAMED_AT_ONCE], *more]) or "none yet; see `ruangaman services add`"


@transaction.atomic
def create(
    *,
    service: str | None = None,
    operator: str | None = None,
    scopes: tuple[str, ...] = SCOPES,
    sandbox: bool = False,
    label: str = "",
    lifetime: timedelta | None = None,
    now: datetime,
) -> NewKey:
    """
    A key for one service, or for an operator and all its services.

    Raises:
        KeyChoiceRefused: neither or both given, an unknown operator, an unknown scope, no lifetime left.
        NotFound: no such service; `known` names those that there are.
    """
    if (service is None) == (operator is None):
        raise KeyChoiceRefused(why="one of service and operator")
    if not scopes or set(scopes) - set(SCOPES):
        raise KeyChoiceRefused(why="scope")
    if lifetime is not None and lifetime <= timedelta(0):
        raise KeyChoiceRefused(why="lifetime")
    found = None
    if service is not None:
        found = Service.objects.filter(slug=service, retired_at__isnull=True).first()
        if found is None:
            raise NotFound(what="service", named=service[:60], known=_living("slug"))
    elif not Service.objects.filter(operator=operator, retired_at__isnull=True).exists():
        raise KeyChoiceRefused(why="operator", named=str(operator)[:120], known=_living("operator"))
    return _write(
        service=found,
        operator=found.operator if found else str(operator),
        scopes=sorted(scopes),
        sandbox=sandbox,
        label=label,
        expires_at=now + lifetime if lifetime else None,
        replaces=None,
        now=now,
    )


def _write(
    *,
    service: Service | None,
    operator: str,
    scopes: list[str],
    sandbox: bool,
    label: str,
    expires_at: datetime | None,
    replaces: ApiKey | None,
    now: datetime,
) -> NewKey:
    key_id = _base32(secrets.token_bytes(8))
    text = f"ra_{'test' if sandbox else 'live'}_{key_id}_{_base32(secrets.token_bytes(32))}"
    key = ApiKey.objects.create(
        id=ids.new(now),
        key_id=key_id,
        digest=digest(text),
        label=label[:80],
        sandbox=sandbox,
        operator=operator,
        service=service,
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
        replaces=replaces,
    )
    ledger.append(
        "access.key-rotated" if replaces else "access.key-created",
        {
            "key": key_id,
            "service": service.slug if service else None,
            "operator": operator,
            "sandbox": sandbox,
            "scopes": " ".join(scopes),
            "replaces": replaces.key_id if replaces else None,
        },
        at=now,
    )
    return NewKey(key.id, key_id, text, expires_at)


@transaction.atomic
def rotate(key_id: str, *, overlap: timedelta = timedelta(days=1), now: datetime) -> NewKey:
    """
    A new secret with the same rights; the old key goes on for `overlap`, so that no call fails meanwhile.

    Raises:
        NotFound: no such living key, or one that was rotated already.
        KeyChoiceRefused: an overlap below zero or over 30 days.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise KeyChoiceRefused(why="overlap")
    old = ApiKey.objects.select_for_update().filter(key_id=key_id, revoked_at__isnull=True).first()
    if old is None or ApiKey.objects.filter(replaces=old).exists():
        raise NotFound(what="key")
    if old.expires_at is not None and old.expires_at <= now:
        raise NotFound(what="key")
    lifetime = old.expires_at - old.created_at if old.expires_at else None
    ends = now + overlap
    ApiKey.objects.filter(id=old.id).update(expires_at=min(ends, old.expires_at or ends))
    return _write(
        service=old.service,
        operator=old.operator,
        scopes=old.scopes,
        sandbox=old.sandbox,
        label=old.label,
        expires_at=now + lifetime if lifetime else None,
        replaces=old,
        now=now,
    )


@transaction.atomic
def revoke(key_id: str, *, now: datetime) -> None:
    """End a key at once. The lane learns of it within seconds. Raises NotFound."""
    if not ApiKey.objects.filter(key_id=key_id, revoked_at__isnull=True).update(revoked_at=now):
        raise NotFound(what="key")
    ledger.append("access.key-revoked", {"key": key_id}, at=now)
