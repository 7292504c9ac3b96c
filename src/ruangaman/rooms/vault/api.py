"""
The door of the vault: the only place where personal data stand, and there only sealed.

Each family has a key of its own, wrapped by the master key. A field is bound to its family, kind and id, so a
ciphertext that is moved by hand no longer opens. Forgetting a family destroys its key; forgetting a field deletes its
row. Equal values are found by a keyed hash, never by their text.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NewType
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from ruangaman.adapters import ids, keystore
from ruangaman.core import sealing
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.sealing import MasterKeys, SealBroken
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault.models import Key, Sealed

__all__ = [
    "FamilyRef",
    "Forgotten",
    "SealBroken",
    "SealedRef",
    "TooLarge",
    "family_of",
    "find",
    "forget",
    "forget_family",
    "lookup",
    "move",
    "open_family",
    "reseal",
    "reveal",
    "rewrap",
    "seal",
]

FamilyRef = NewType("FamilyRef", UUID)
SealedRef = NewType("SealedRef", UUID)

Json = Any
"""Anything that JSON can say: str, int, float, bool, None, list, dict."""

_MOST_BYTES = 65_536


class Forgotten(RuangAmanError):
    """The field or its family's key is gone; nobody can read it again."""

    code = "vault.forgotten"


class TooLarge(RuangAmanError):
    """A value above 64 KiB; the vault holds fields, not files."""

    code = "vault.too-large"


def open_family(*, now: datetime) -> FamilyRef:
    """A new family with a key of its own."""
    family = ids.new(now)
    Key.objects.create(id=family, use="family", wrapped=_fresh_wrapped(family), created_at=now)
    return FamilyRef(family)


def seal(
    family: FamilyRef, kind: str, value: Json, *, now: datetime, searchable: str | None = None
) -> SealedRef:
    """Seal a JSON value (at most 64 KiB) under the family's key, and give its reference.

    Args:
        kind: `room.what`; part of the seal, and the name space of `find`.
        searchable: the text by which `find` may meet it again; stored as a keyed hash only.

    Raises:
        Forgotten: the family's key was destroyed.
        TooLarge
    """
    ref = ids.new(now)
    Sealed.objects.create(
        id=ref,
        family_id=family,
        kind=kind,
        sealed=_sealed(_family_key(family), family, kind, ref, value),
        lookup=None if searchable is None else lookup(kind, searchable),
        sealed_at=now,
    )
    return SealedRef(ref)


def reveal(ref: SealedRef, *, purpose: str) -> Json:
    """The value again, for a purpose that the caller names in the code (purpose limitation: no read without one).

    Raises:
        Forgotten: the row or the family's key is gone.
        SealBroken: the row was changed.
    """
    if not purpose:
        raise ValueError("say what the value is opened for")
    row = _row(ref)
    return json.loads(_opened(row))


def reseal(ref: SealedRef, value: Json, *, now: datetime, searchable: str | None = None) -> None:
    """Replace the value; the reference stays. `searchable` replaces the old look-up, None ends it.

    Raises:
        Forgotten, TooLarge
    """
    row = _row(ref)
    Sealed.objects.filter(pk=ref).update(
        sealed=_sealed(_unwrapped(row.family), row.family_id, row.kind, row.pk, value),
        lookup=None if searchable is None else lookup(row.kind, searchable),
        sealed_at=now,
    )


def find(kind: str, value: str) -> list[SealedRef]:
    """References of this kind that were sealed as `searchable=value`, oldest first."""
    rows = Sealed.objects.filter(kind=kind, lookup=lookup(kind, value), family__destroyed_at__isnull=True)
    return [SealedRef(pk) for pk in rows.order_by("sealed_at", "pk").values_list("pk", flat=True)]


def family_of(ref: SealedRef) -> FamilyRef:
    """The family whose key seals this field.

    Raises:
        Forgotten
    """
    return FamilyRef(_row(ref).family_id)


@transaction.atomic
def move(refs: Iterable[SealedRef], to: FamilyRef, *, now: datetime) -> None:
    """Seal these fields anew under another family's key; references and look-ups stay.

    Raises:
        Forgotten: one of them, or the other family, is gone; then none is moved.
    """
    key = _family_key(to)
    for ref in refs:
        row = _row(ref)
        value = _opened(row)
        place = _place(to, row.kind, row.pk)
        Sealed.objects.filter(pk=ref).update(
            family_id=to, sealed=sealing.seal(key, _nonce(), value, place), sealed_at=now
        )


@transaction.atomic
def forget(ref: SealedRef, *, now: datetime) -> None:
    """Delete one field. A field that is gone already is no error."""
    if Sealed.objects.filter(pk=ref).delete()[0]:
        ledger.append("vault.field-forgotten", {}, at=now)


@transaction.atomic
def forget_family(family: FamilyRef, *, now: datetime) -> None:
    """Destroy the family's key: nothing that it sealed can be read again, in no backup of this database either
    unless the key is in that backup. A family that is gone already is no error."""
    gone = Key.objects.filter(pk=family, use="family", destroyed_at__isnull=True).update(
        wrapped=None, destroyed_at=now
    )
    if gone:
        Sealed.objects.filter(family_id=family).delete()
        ledger.append("vault.family-forgotten", {}, at=now)


def lookup(kind: str, value: str) -> bytes:
    """The keyed hash of a value within its kind, 32 bytes; the same value gives the same hash on this installation."""
    return sealing.keyed_hash(_lookup_key(), kind, value)


def rewrap(*, now: datetime, batch: int = 500) -> int:
    """Wrap every key anew that an older master key wraps; return how many. The sealed fields stay untouched.

    Works in transactions of `batch` keys, so that a house in use is not held up; when it is interrupted, a second
    call goes on. A key that is destroyed meanwhile stays destroyed.

    Raises:
        sealing.MasterKeyUnknown: the key store no longer holds the key that wrapped one of them.
    """
    total, after = 0, UUID(int=0)
    while True:
        rows = Key.objects.filter(wrapped__isnull=False, pk__gt=after).order_by("pk")
        page = list(rows.values_list("pk", "wrapped")[:batch])
        if not page:
            return total
        after = page[-1][0]
        with transaction.atomic():
            count = sum(_rewrapped(pk, bytes(wrapped or b"")) for pk, wrapped in page)
            if count:
                ledger.append("vault.keys-rewrapped", {"count": count}, at=now)
        total += count


def _rewrapped(pk: UUID, wrapped: bytes) -> int:
    master = _master()
    if sealing.wrapped_with(wrapped) == master.current:
        return 0
    fresh = sealing.wrap(master, _nonce(), sealing.unwrap(master, wrapped, pk.bytes), pk.bytes)
    return Key.objects.filter(pk=pk, wrapped=wrapped).update(wrapped=fresh)


def _master() -> MasterKeys:
    return keystore.master_keys(settings.MASTER_KEY, Path(settings.MASTER_KEY_FILE))


def _nonce() -> bytes:
    return secrets.token_bytes(sealing.NONCE_BYTES)


def _fresh_wrapped(key: UUID) -> bytes:
    return sealing.wrap(_master(), _nonce(), secrets.token_bytes(sealing.KEY_BYTES), key.bytes)


def _family_key(family: UUID) -> bytes:
    key = Key.objects.filter(pk=family, use="family").first()
    if key is None:
        raise Forgotten
    return _unwrapped(key)


def _unwrapped(key: Key) -> bytes:
    if key.wrapped is None:
        raise Forgotten
    return sealing.unwrap(_master(), bytes(key.wrapped), key.pk.bytes)


def _opened(row: Sealed) -> bytes:
    return sealing.unseal(_unwrapped(row.family), bytes(row.sealed), _place(row.family_id, row.kind, row.pk))


_lookup_keys: dict[str, bytes] = {}


def _lookup_key() -> bytes:
    """
    The key of all look-ups; it never changes, so a process keeps it, by database, once it is known to be stored.

    INVARIANT: a key whose row may still be rolled back is not kept, or two processes would hash with two keys.
    """
    database = str(connection.settings_dict["NAME"])
    kept = _lookup_keys.get(database)
    if kept is None:
        kept = _stored_lookup_key()
        transaction.on_commit(partial(_lookup_keys.__setitem__, database, kept))
    return kept


def _stored_lookup_key() -> bytes:
    row = Key.objects.filter(use="lookup").first()
    if row is None:
        fresh = uuid4()
        try:
            with transaction.atomic():
                row = Key.objects.create(
                    id=fresh, use="lookup", wrapped=_fresh_wrapped(fresh), created_at=Now()
                )
        except IntegrityError:  # another process was first; its key is the key
            row = Key.objects.get(use="lookup")
    return sealing.unwrap(_master(), bytes(row.wrapped or b""), row.pk.bytes)


def _row(ref: UUID) -> Sealed:
    try:
        return Sealed.objects.select_related("family").get(pk=ref)
    except Sealed.DoesNotExist:
        raise Forgotten from None


def _place(family: UUID, kind: str, ref: UUID) -> bytes:
    return family.bytes + ref.bytes + kind.encode()


def _sealed(key: bytes, family: UUID, kind: str, ref: UUID, value: Json) -> bytes:
    plain = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    if len(plain) > _MOST_BYTES:
        raise TooLarge(bytes=len(plain))
    return sealing.seal(key, _nonce(), plain, _place(family, kind, ref))
