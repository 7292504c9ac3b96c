"""The consent state machine as one table, and what each state means to the law.

A request waits (requested, delivered, opened, guardian_verified, undeliverable) until it is answered, denied or
lapsed; a denial by a slip may be taken back for some minutes. Nothing but `given` opens a feature. A yes ends by
withdrawal, expiry, invalidation or replacement.

The due instant itself is still in time: 24 hours begun at 08.00.00 end with 08.00.00 of the next day, and the
request is late from the first microsecond after it. CON-001 (one second before: granted) and CON-003 (one
second after: lapsed) stand on both sides; the instant between is our reading (a reply one second late is
late, so one that is not late is in time). Source: PP 17/2025 Art. 9, window as a pack value; docs/adr/0040.
"""

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ruangaman.core.errors import RuangAmanError


class State(StrEnum):
    """Where one request, or the consent that came of it, stands."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    OPENED = "opened"
    GUARDIAN_VERIFIED = "guardian_verified"
    UNDELIVERABLE = "undeliverable"
    GIVEN = "given"
    REFUSED = "refused"
    LAPSED = "lapsed"
    NOT_MY_CHILD = "not_my_child"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    REPLACED = "replaced"


class Event(StrEnum):
    """What can happen to a request or a consent."""

    DELIVER = "deliver"
    FAIL_DELIVERY = "fail_delivery"
    OPEN = "open"
    VERIFY = "verify"
    GIVE = "give"
    REFUSE = "refuse"
    DENY_CHILD = "deny_child"
    OWN_CHILD = "own_child"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    INVALIDATE = "invalidate"
    REPLACE = "replace"


class NotPossible(RuangAmanError):
    """This event cannot happen in this state; `facts` name both."""

    code = "consent.not-possible"


S, E = State, Event
WAITING: Final = frozenset({S.REQUESTED, S.DELIVERED, S.OPENED, S.GUARDIAN_VERIFIED, S.UNDELIVERABLE})
ENDED: Final = frozenset(State) - WAITING - {S.GIVEN}

# A failed delivery is no answer: another lane may still reach the guardian, so `undeliverable` goes on.
# Opening and proving do not go back: a second e-mail that arrives later leaves `opened` as it is.
TABLE: Final = MappingProxyType(
    {
        (S.REQUESTED, E.DELIVER): S.DELIVERED,
        (S.REQUESTED, E.FAIL_DELIVERY): S.UNDELIVERABLE,
        (S.REQUESTED, E.OPEN): S.OPENED,
        (S.REQUESTED, E.VERIFY): S.GUARDIAN_VERIFIED,
        (S.REQUESTED, E.DENY_CHILD): S.NOT_MY_CHILD,
        (S.REQUESTED, E.LAPSE): S.LAPSED,
        (S.REQUESTED, E.REPLACE): S.REPLACED,
        (S.REQUESTED, E.INVALIDATE): S.INVALIDATED,
        (S.DELIVERED, E.DELIVER): S.DELIVERED,
        (S.DELIVERED, E.FAIL_DELIVERY): S.UNDELIVERABLE,
        (S.DELIVERED, E.OPEN): S.OPENED,
        (S.DELIVERED, E.VERIFY): S.GUARDIAN_VERIFIED,
        (S.DELIVERED, E.DENY_CHILD): S.NOT_MY_CHILD,
        (S.DELIVERED, E.LAPSE): S.LAPSED,
        (S.DELIVERED, E.REPLACE): S.REPLACED,
        (S.DELIVERED, E.INVALIDATE): S.INVALIDATED,
        (S.UNDELIVERABLE, E.DELIVER): S.DELIVERED,
        (S.UNDELIVERABLE, E.FAIL_DELIVERY): S.UNDELIVERABLE,
        (S.UNDELIVERABLE, E.OPEN): S.OPENED,
        (S.UNDELIVERABLE, E.VERIFY): S.GUARDIAN_VERIFIED,
        (S.UNDELIVERABLE, E.DENY_CHILD): S.NOT_MY_CHILD,
        (S.UNDELIVERABLE, E.LAPSE): S.LAPSED,
        (S.UNDELIVERABLE, E.REPLACE): S.REPLACED,
        (S.UNDELIVERABLE, E.INVALIDATE): S.INVALIDATED,
        (S.OPENED, E.DELIVER): S.OPENED,
        (S.OPENED, E.FAIL_DELIVERY): S.OPENED,
        (S.OPENED, E.OPEN): S.OPENED,
        (S.OPENED, E.VERIFY): S.GUARDIAN_VERIFIED,
        (S.OPENED, E.DENY_CHILD): S.NOT_MY_CHILD,
        (S.OPENED, E.LAPSE): S.LAPSED,
        (S.OPENED, E.REPLACE): S.REPLACED,
        (S.OPENED, E.INVALIDATE): S.INVALIDATED,
        (S.GUARDIAN_VERIFIED, E.DELIVER): S.GUARDIAN_VERIFIED,
        (S.GUARDIAN_VERIFIED, E.FAIL_DELIVERY): S.GUARDIAN_VERIFIED,
        (S.GUARDIAN_VERIFIED, E.OPEN): S.GUARDIAN_VERIFIED,
        (S.GUARDIAN_VERIFIED, E.VERIFY): S.GUARDIAN_VERIFIED,
        (S.GUARDIAN_VERIFIED, E.GIVE): S.GIVEN,
        (S.GUARDIAN_VERIFIED, E.REFUSE): S.REFUSED,
        (S.GUARDIAN_VERIFIED, E.DENY_CHILD): S.NOT_MY_CHILD,
        (S.GUARDIAN_VERIFIED, E.LAPSE): S.LAPSED,
        (S.GUARDIAN_VERIFIED, E.REPLACE): S.REPLACED,
        (S.GUARDIAN_VERIFIED, E.INVALIDATE): S.INVALIDATED,
        (S.NOT_MY_CHILD, E.OWN_CHILD): S.OPENED,
        (S.GIVEN, E.WITHDRAW): S.WITHDRAWN,
        (S.GIVEN, E.EXPIRE): S.EXPIRED,
        (S.GIVEN, E.INVALIDATE): S.INVALIDATED,
        (S.GIVEN, E.REPLACE): S.REPLACED,
    }
)

# The consent states of the law's facts (docs/guides: "the question"); only `given` is granted.
LAW_STATE: Final = MappingProxyType(
    {
        S.REQUESTED: "pending",
        S.DELIVERED: "pending",
        S.OPENED: "pending",
        S.GUARDIAN_VERIFIED: "pending",
        S.UNDELIVERABLE: "lapsed",
        S.GIVEN: "granted",
        S.REFUSED: "refused",
        S.LAPSED: "lapsed",
        S.NOT_MY_CHILD: "lapsed",
        S.WITHDRAWN: "withdrawn",
        S.EXPIRED: "lapsed",
        S.INVALIDATED: "lapsed",
        S.REPLACED: "lapsed",
    }
)


def after(state: State, event: Event) -> State:
    """The state after `event`; raises NotPossible when the table has no such step."""
    try:
        return TABLE[state, event]
    except KeyError:
        raise NotPossible(state=state.value, event=event.value) from None


def is_late(due_at: datetime | None, now: datetime) -> bool:
    """Whether the window has closed. The due instant itself is in time; no due instant is never late."""
    return due_at is not None and now > due_at


def effective(state: State, due_at: datetime | None, now: datetime, ends_at: datetime | None = None) -> State:
    """
    The state that holds at `now`, whatever a job runner did: a waiting request past its due instant has
    lapsed, and a consent that reached its end has expired (the end instant itself no longer belongs to it).

    >>> from datetime import UTC, timedelta
    >>> due = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
    >>> effective(State.OPENED, due, due), effective(State.OPENED, due, due + timedelta(microseconds=1))
    (<State.OPENED: 'opened'>, <State.LAPSED: 'lapsed'>)
    """
    if state in WAITING and is_late(due_at, now):
        return State.LAPSED
    if state is State.GIVEN and ends_at is not None and now >= ends_at:
        return State.EXPIRED
    return state
