"""
Status lists (Token Status List): of cards, and of consents. Whose an entry is stands sealed, and never here.

An entry is given out by chance and never again. Decoys belong to nobody: some are set from the first day, some more are
set beside each real one, so that a list does not count what was stopped. All platforms have their entries in the same
lists, so that fetching one tells nothing.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.urls import reverse

from ruangaman.core.credentials import jose, status_list, status_list_build, status_token
from ruangaman.core.credentials.status_list import INVALID, SUSPENDED, VALID
from ruangaman.rooms.ages import card_keys, config
from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import CardKey, StatusList


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    What a list is for. `first`: the lowest index that is given out.

    The lists of consents stand where platforms call, those of cards where their issuer is; each has keys of its own.
    """

    name: str
    key: str
    bits: int
    entries: int
    decoys: int
    first: int = 0

    def base(self) -> str:
        return config.issuer_url() if self.key == card_keys.CARDS else config.base_url()

    def ttl(self) -> timedelta:
        return config.status_ttl() if self.key == card_keys.CARDS else config.consent_ttl()


CARDS: Final = Purpose("cards", card_keys.CARDS, 1, config.STATUS_ENTRIES, config.STATUS_DECOYS)
_CONSENTS: Final = (2, config.CONSENT_ENTRIES, config.CONSENT_DECOYS, config.CONSENT_FIRST)
CONSENTS: Final = Purpose("consents", card_keys.CONSENTS, *_CONSENTS)
SANDBOX: Final = Purpose("sandbox", card_keys.CONSENTS, *_CONSENTS)
"""Of consents that nobody gave: who tries the door out fills no list of real ones."""
_PURPOSES: Final = {one.name: one for one in (CARDS, CONSENTS, SANDBOX)}
FULL: Final = (3, 4)
"""The part of a list that is given out before another is opened."""
JWT: Final = "application/statuslist+jwt"
CWT: Final = "application/statuslist+cwt"
MOST_KEPT: Final = 32
_DECOYS_TURN: Final = {INVALID: VALID, SUSPENDED: VALID, VALID: SUSPENDED}
"""Beside entries that get a status, decoys turn to it from this one."""


def uri(number: int, purpose: Purpose = CARDS) -> str:
    """The address of a list, which is also its name."""
    return purpose.base() + reverse("ages:status", args=[number])


def take(count: int, *, now: datetime, purpose: Purpose = CARDS) -> tuple[int, list[int]]:
    """
    `count` entries of one list that nobody has, each unused one as likely as any other. Call inside a transaction.

    Returns the list's number and the entries.
    """
    row = _open_list(count, purpose, now)
    taken = bytearray(row.taken)
    found: list[int] = []
    for _ in range(count):
        index = status_list_build.unused_index(
            row.entries,
            lambda one: bool(taken[one >> 3] >> (one & 7) & 1),
            secrets.token_bytes,
            purpose.first,
        )
        taken[index >> 3] |= 1 << (index & 7)
        found.append(index)
    row.taken, row.used = bytes(taken), row.used + count
    row.save(update_fields=["taken", "used"])
    return row.number, found


def _open_list(count: int, purpose: Purpose, now: datetime) -> StatusList:
    """The list that gives out entries, locked; another one when this one is full."""
    rows = StatusList.objects.defer("statuses", "decoys").filter(purpose=purpose.name, open=True)
    while True:
        row = rows.select_for_update().first()
        given_out = purpose.entries - purpose.first
        if row is not None and (row.used + count) * FULL[1] <= given_out * FULL[0]:
            return row
        if row is not None:
            row.open = False
            row.save(update_fields=["open"])
        try:
            with transaction.atomic():
                _make(purpose, now)
        except IntegrityError:  # another process opened one in this moment
            continue


def _make(purpose: Purpose, now: datetime) -> None:
    statuses, decoys = status_list_build.new_list(
        purpose.entries, purpose.decoys, secrets.token_bytes, purpose.first
    )
    marks = bytearray(purpose.entries)
    for one in decoys:
        marks[one] = 1
    packed = status_list_build.pack(marks, 1)
    StatusList.objects.create(
        purpose=purpose.name,
        bits=purpose.bits,
        entries=purpose.entries,
        statuses=status_list_build.pack(statuses, purpose.bits),
        taken=packed,
        decoys=packed,
        used=len(decoys),
        changed_at=now,
    )


def change(entries: Mapping[int, Sequence[int]], to: int, *, now: datetime) -> None:
    """
    Set these entries (list -> indexes) to a status, and as many decoys beside them while there are any. Call inside a
    transaction. What is INVALID stays so.
    """
    for number in sorted(entries):  # in one order everywhere, so that two who stop never wait for each other
        row = StatusList.objects.select_for_update().defer("taken").get(pk=number)
        statuses = status_list_build.unpack(bytes(row.statuses), row.bits)
        turned = [one for one in entries[number] if statuses[one] not in (INVALID, to)]
        for index in turned:
            statuses[index] = to
        decoys = status_list_build.marked(bytes(row.decoys))
        before = _DECOYS_TURN[to]
        status_list_build.turn_decoys(statuses, decoys, len(turned), secrets.token_bytes, before, to)
        row.statuses = status_list_build.pack(statuses, row.bits)
        row.version, row.changed_at = row.version + 1, now
        row.save(update_fields=["statuses", "version", "changed_at"])


def invalidate(entries: Mapping[int, Sequence[int]], *, now: datetime) -> None:
    """Set these entries INVALID, for ever; as `change`."""
    change(entries, INVALID, now=now)


@dataclass(frozen=True, slots=True)
class Told:
    """A status token ready to send, and its tag for caches."""

    body: bytes
    tag: str
    ttl: int


def token(number: int, kind: str, *, now: datetime) -> Told:
    """
    The signed list as JWT or CWT. All who ask within one `ttl` get the same bytes, unless an entry changed.

    Raises:
        NotFound
    """
    row = StatusList.objects.defer("taken", "decoys", "statuses").filter(pk=number).first()
    if row is None:
        raise NotFound
    purpose = _PURPOSES[row.purpose]
    key = card_keys.signing(now, purpose.key)
    ttl = int(purpose.ttl().total_seconds())
    begins = int(now.timestamp()) // ttl * ttl
    place = (number, row.version, row.changed_at, begins, ttl, kind, key.kid, uri(number, purpose))
    found = _TOLD.get(place)
    if found is None:
        body = _sign(row, key, kind, begins, ttl)
        found = Told(body, hashlib.sha256(body).hexdigest()[:32], ttl)
        while len(_TOLD) >= MOST_KEPT:
            _TOLD.pop(next(iter(_TOLD)), None)
        _TOLD[place] = found
    return found


_TOLD: dict[tuple[object, ...], Told] = {}


def _sign(row: StatusList, key: CardKey, kind: str, begins: int, ttl: int) -> bytes:
    told = status_list.StatusList(row.bits, bytes(row.statuses))
    changed = int(row.changed_at.astimezone(UTC).timestamp())
    sign: Callable[[bytes], bytes] = lambda signed: jose.es256(signed, card_keys.private(key))  # noqa: E731
    sub, iat, exp = uri(row.number, _PURPOSES[row.purpose]), max(begins, changed), begins + 2 * ttl
    if kind == CWT:
        return status_token.status_cwt(
            told, sub=sub, iat=iat, exp=exp, ttl=ttl, alg=jose.ES256, kid=key.kid.encode("ascii"), sign=sign
        )
    jwt = status_token.status_jwt(
        told, sub=sub, iat=iat, exp=exp, ttl=ttl, alg=jose.ES256, kid=key.kid, sign=sign
    )
    return jwt.encode("ascii")
