"""
Which entry of a status list an account has: it says whether a permission still stands, to whoever kept it elsewhere.

A guardian's yes gets an entry in its own transaction, and the transaction that ends it sets the entry INVALID; while a
contest holds the age of the account, it is SUSPENDED. Where a client of the OpenID Provider is told that somebody may
use a service whom no guardian had to be asked for, that account has an entry too: an ID token must not show, by having
one or not, who is a child.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ruangaman.adapters import ids
from ruangaman.core.credentials.status_list import INVALID, SUSPENDED, VALID
from ruangaman.rooms.access.models import AccessSession, StatusEntry
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

KIND: Final = "access.status-entry"
GIVEN: Final = "consent.given"
ENDING: Final = frozenset({"consent.withdrawn", "consent.lapsed", "consent.refused"})


def hear(session: AccessSession, kind: str, request: UUID | None, *, at: datetime) -> StatusEntry | None:
    """What a yes, or its end, means for its entry; the entry, where there is one. Inside the transaction of the act."""
    if request is None or kind not in {GIVEN, *ENDING}:
        return None
    if kind == GIVEN:
        return _of(request) or _give(session, request, at)
    row = _of(request)
    if row is not None:
        _set([row], INVALID, at)
    return row


def end(request: UUID, *, now: datetime) -> None:
    """A yes ended of which no event is told (a simulated one that was replaced). Call inside a transaction."""
    row = _of(request)
    if row is not None:
        _set([row], INVALID, now)


def end_all(session: AccessSession, *, now: datetime) -> None:
    """The account is closed or forgotten. Call inside the transaction of that."""
    _set(_living(session), INVALID, now)


def follow(
    session: AccessSession, state: str, *, held: Callable[[AccessSession], bool], now: datetime
) -> None:
    """
    Set the entries as the account now stands (`open`, `waiting`, `closed`). Call inside the transaction of the change.

    An entry without a guardian's yes says that none was needed: it ends with that.

    Args:
        held: whether a contest holds the age of the account; asked when there is anything to set.
    """
    rows = _living(session)
    if not rows:
        return
    suspended = held(session)
    kept = [row for row in rows if row.request is not None or state == "open" or suspended]
    _set(kept, SUSPENDED if suspended else VALID, now)
    _set([row for row in rows if row not in kept], INVALID, now)
    # What is known of the account is another: when the law's answer may change next is asked by `following`.
    living = StatusEntry.objects.filter(session=session, request__isnull=True).exclude(law="")
    living.exclude(status=INVALID).update(law="")


def ensure(session: AccessSession, *, now: datetime) -> None:
    """See to it that an account that is open has an entry to tell. Call inside a transaction."""
    if _told(session) is None:
        _give(session, None, now)


def of_consent(session: AccessSession) -> dict[str, Any] | None:
    """The `status` of the latest question to a guardian, once it was answered by a yes; None before and without."""
    return reference(_of(session.request)) if session.request is not None else None


def of_account(session: AccessSession) -> dict[str, Any] | None:
    """The `status` that an ID token carries, of the same length for everybody; None when no entry stands."""
    return reference(_told(session))


def reference(row: StatusEntry | None) -> dict[str, Any] | None:
    """As a token refers to its entry (Token Status List 6): {"status_list": {"idx", "uri"}}; None once forgotten."""
    if row is None:
        return None
    try:
        number, index = _place(row, "tell a platform where the status of a permission stands")
    except vault.Forgotten:
        return None
    return {"status_list": {"idx": index, "uri": ages.consent_list(number)}}


def find(ref: UUID) -> StatusEntry | None:
    """An entry by its own id; None once it was forgotten."""
    return StatusEntry.objects.filter(id=ref).first()


def forget(session: AccessSession) -> None:
    """Nobody knows from now on whose these entries were."""
    StatusEntry.objects.filter(session=session).delete()


def _of(request: UUID) -> StatusEntry | None:
    return StatusEntry.objects.filter(request=request).first()


def _living(session: AccessSession) -> list[StatusEntry]:
    return list(StatusEntry.objects.filter(session=session).exclude(status=INVALID).order_by("id"))


def _told(session: AccessSession) -> StatusEntry | None:
    """The entry of the present yes, else the one of an account that needs none."""
    rows = StatusEntry.objects.filter(session=session, status=VALID)
    found = rows.filter(request=session.request).first() if session.request is not None else None
    return found or rows.filter(request__isnull=True).first()


def _place(row: StatusEntry, purpose: str) -> tuple[int, int]:
    told = vault.reveal(vault.SealedRef(row.sealed), purpose=purpose)
    return int(told["list"]), int(told["idx"])


def _give(session: AccessSession, request: UUID | None, now: datetime) -> StatusEntry:
    ledger.line_up()
    number, index = ages.consent_entry(sandbox=session.sandbox, now=now)
    family = vault.FamilyRef(session.family)
    return StatusEntry.objects.create(
        id=ids.new(now),
        session=session,
        request=request,
        sealed=vault.seal(family, KIND, {"list": number, "idx": index}, now=now),
    )


def _set(rows: Iterable[StatusEntry], status: int, now: datetime) -> None:
    turned: dict[int, list[int]] = {}
    for row in rows:
        if row.status in (INVALID, status):
            continue
        if not turned:
            ledger.line_up()
        number, index = _place(row, "set the status of a permission")
        turned.setdefault(number, []).append(index)
        row.status = status
        row.save(update_fields=["status"])
    if turned:
        ages.set_consent_entries(turned, status, now=now)
