"""
Status lists of cards (Token Status List): which entry is whose stands sealed with the wallet's own key alone.

An entry is given out by chance and never again. Decoys belong to nobody: some are set from the first day, some more are
set beside each real one, so that a list does not count what was stopped.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.urls import reverse

from ruangaman.core.credentials import jose, status_list, status_list_build, status_token
from ruangaman.core.credentials.status_list import INVALID
from ruangaman.rooms.ages import card_keys, config
from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import CardKey, StatusList

CARDS: Final = "cards"
FULL: Final = (3, 4)
"""The part of a list that is given out before another is opened."""
JWT: Final = "application/statuslist+jwt"
CWT: Final = "application/statuslist+cwt"
MOST_KEPT: Final = 32


def uri(number: int) -> str:
    """The address of a list, which is also its name."""
    return config.issuer_url() + reverse("ages:status", args=[number])


def take(count: int, *, now: datetime) -> tuple[int, list[int]]:
    """
    `count` entries of one list that nobody has, each unused one as likely as any other. Call inside a transaction.

    Returns the list's number and the entries.
    """
    row = _open_list(count, now)
    taken = bytearray(row.taken)
    found: list[int] = []
    for _ in range(count):
        index = status_list_build.unused_index(
            row.entries, lambda one: bool(taken[one >> 3] >> (one & 7) & 1), secrets.token_bytes
        )
        taken[index >> 3] |= 1 << (index & 7)
        found.append(index)
    row.taken, row.used = bytes(taken), row.used + count
    row.save(update_fields=["taken", "used"])
    return row.number, found


def _open_list(count: int, now: datetime) -> StatusList:
    """The list that gives out entries, locked; another one when this one is full."""
    while True:
        row = StatusList.objects.select_for_update().filter(purpose=CARDS, open=True).first()
        if row is not None and (row.used + count) * FULL[1] <= row.entries * FULL[0]:
            return row
        if row is not None:
            row.open = False
            row.save(update_fields=["open"])
        try:
            with transaction.atomic():
                _make(now)
        except IntegrityError:  # another process opened one in this moment
            continue


def _make(now: datetime) -> None:
    statuses, decoys = status_list_build.new_list(
        config.STATUS_ENTRIES, config.STATUS_DECOYS, secrets.token_bytes
    )
    marks = bytearray(config.STATUS_ENTRIES)
    for one in decoys:
        marks[one] = 1
    packed = status_list_build.pack(marks, 1)
    StatusList.objects.create(
        purpose=CARDS,
        entries=config.STATUS_ENTRIES,
        statuses=status_list_build.pack(statuses, 1),
        taken=packed,
        decoys=packed,
        used=len(decoys),
        changed_at=now,
    )


def invalidate(entries: Mapping[int, Sequence[int]], *, now: datetime) -> None:
    """
    Set these entries (list -> indexes) INVALID, and as many decoys beside them while there are any. Call inside a
    transaction. What is INVALID stays so.
    """
    for number in sorted(entries):  # in one order everywhere, so that two who stop never wait for each other
        row = StatusList.objects.select_for_update().get(pk=number)
        statuses = status_list_build.unpack(bytes(row.statuses))
        for index in entries[number]:
            statuses[index] = INVALID
        marks = status_list_build.unpack(bytes(row.decoys))
        decoys = frozenset(index for index, mark in enumerate(marks) if mark)
        status_list_build.turn_decoys(statuses, decoys, len(entries[number]), secrets.token_bytes)
        row.statuses = status_list_build.pack(statuses, 1)
        row.version, row.changed_at = row.version + 1, now
        row.save(update_fields=["statuses", "version", "changed_at"])


@dataclass(frozen=True, slots=True)
class Told:
    """A status token ready to send, and its tag for caches."""

    body: bytes
    tag: str


def token(number: int, kind: str, *, now: datetime) -> Told:
    """
    The signed list as JWT or CWT. All who ask within one `ttl` get the same bytes, unless an entry changed.

    Raises:
        NotFound
    """
    row = StatusList.objects.defer("taken", "decoys", "statuses").filter(pk=number).first()
    if row is None:
        raise NotFound
    key = card_keys.signing(now)
    ttl = int(config.status_ttl().total_seconds())
    begins = int(now.timestamp()) // ttl * ttl
    place = (number, row.version, row.changed_at, begins, ttl, kind, key.kid, uri(number))
    found = _TOLD.get(place)
    if found is None:
        body = _sign(row, key, kind, begins, ttl)
        found = Told(body, hashlib.sha256(body).hexdigest()[:32])
        while len(_TOLD) >= MOST_KEPT:
            _TOLD.pop(next(iter(_TOLD)), None)
        _TOLD[place] = found
    return found


_TOLD: dict[tuple[object, ...], Told] = {}


def _sign(row: StatusList, key: CardKey, kind: str, begins: int, ttl: int) -> bytes:
    told = status_list.StatusList(1, bytes(row.statuses))
    changed = int(row.changed_at.astimezone(UTC).timestamp())
    sign: Callable[[bytes], bytes] = lambda signed: jose.es256(signed, card_keys.private(key))  # noqa: E731
    sub, iat, exp = uri(row.number), max(begins, changed), begins + 2 * ttl
    if kind == CWT:
        return status_token.status_cwt(
            told, sub=sub, iat=iat, exp=exp, ttl=ttl, alg=jose.ES256, kid=key.kid.encode("ascii"), sign=sign
        )
    jwt = status_token.status_jwt(
        told, sub=sub, iat=iat, exp=exp, ttl=ttl, alg=jose.ES256, kid=key.kid, sign=sign
    )
    return jwt.encode("ascii")
