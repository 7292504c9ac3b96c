"""What platforms hear: each event is written with its act, in one transaction, and goes to the outbox with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from ruangaman.adapters import ids
from ruangaman.rooms.access import deliveries, statuses
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import AccessSession, Event, FeedHead, Service
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger

KINDS: Final = (
    "consent.requested",
    "consent.given",
    "consent.refused",
    "consent.lapsed",
    "consent.withdrawn",
    "permission.changed",
    "child.age_band_changed",
    "deletion.due",
    "deletion.completed",
    "data_request.made",
    "data_request.answered",
    "guardian.changed",
    "determination.published",
    "session.changed",
    "session.forgotten",
    "webhook.disabled",
    "test",
)

STATUS: Final = "status"
"""In a stored event: the id of an entry; in what is told: where it stands, as long as that is known."""
# What a platform may learn of an act. Who the guardian is and how they are related stays in `families`.
TOLD: Final = frozenset(
    {
        *(
            "state",
            "kind",
            "why",
            "feature",
            "managed_by",
            "deletion",
            "reason",
            "due_at",
            "late",
            "endpoint",
        ),
        *("data_request", "right", "decision", "answered_by"),
        *("risk_profile", "determined_by", "determined_at"),
        STATUS,
    }
)

CHANGED: Final = "session.changed"
# Of an account that OpenID Connect began: an act under its own name, with these facts, or just "look again". How a
# guardian is asked, and what an age does, would tell more than the ID token.
OF_OPENID: Final[Mapping[str, frozenset[str]]] = {
    "deletion.due": frozenset({"deletion", "due_at"}),
    "deletion.completed": frozenset({"deletion", "late"}),
    "data_request.made": frozenset({"data_request", "right", "due_at"}),
    "data_request.answered": frozenset({"data_request", "right", "decision", "answered_by"}),
    "session.forgotten": frozenset(),
}
SILENT_OF_OPENID: Final = frozenset({"consent.requested", "guardian.changed", "permission.changed"})


def write(
    kind: str,
    *,
    operator: str,
    service: Service | None,
    session: AccessSession | None,
    sandbox: bool,
    facts: Mapping[str, Any],
    at: datetime,
    to: UUID | None = None,
) -> Event | None:
    """
    Write one event and its deliveries. Call inside the transaction of the act.

    None where nobody is to hear it: of an account that OpenID Connect began and whose platform had no ID token yet.

    INVARIANT: the ledger before the feed, and no lock on an endpoint or a service that shuts out their foreign keys
    (`no_key`). Whoever took the feed first could wait for a guardian's answer that waits for the feed.

    Args:
        to: one endpoint alone, whatever kinds it asked for (a test).
    """
    if session is not None and session.openid:
        told = _of_openid(kind, facts, session)
        if told is None:
            return None
        kind, facts = told
    ledger.line_up()
    head, _ = FeedHead.objects.get_or_create(id=1)
    FeedHead.objects.filter(id=head.id).update(last=F("last") + 1)
    head.refresh_from_db(fields=["last"])
    event = Event.objects.create(
        cursor=head.last,
        id=ids.new(at),
        kind=kind,
        service=service,
        operator=operator,
        session=session,
        sandbox=sandbox,
        at=at,
        data={name: value for name, value in facts.items() if name in TOLD},
    )
    deliveries.plan(event, at=at, to=to)
    return event


def _of_openid(
    kind: str, facts: Mapping[str, Any], session: AccessSession
) -> tuple[str, Mapping[str, Any]] | None:
    """What the platform of such an account hears of an act; None: nothing."""
    if kind in OF_OPENID:
        kept = OF_OPENID[kind]
        return kind, {name: value for name, value in facts.items() if name in kept}
    if session.openid == AccessSession.OPENID_ASKED or kind in SILENT_OF_OPENID:
        return None
    return CHANGED, {}


def write_of(session: AccessSession, kind: str, facts: Mapping[str, Any], *, at: datetime) -> Event | None:
    """As `write`, to whoever holds this session."""
    return write(
        kind,
        operator=session.service.operator,
        service=session.service,
        session=session,
        sandbox=session.sandbox,
        facts=facts,
        at=at,
    )


def hear(event: families.ConsentEvent) -> None:
    """The ear of this room in `families` (docs/adr/0081): called inside the transaction of the change."""
    session = (
        AccessSession.objects.select_related("service")
        .filter(child=event.child)
        .order_by("-created_at")
        .first()
    )
    if session is None:
        return
    rows = AccessSession.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    if list(rows.filter(id=session.id, updated_at__lt=event.at).values_list("id")):
        AccessSession.objects.filter(id=session.id).update(updated_at=event.at)
    with transaction.atomic():
        entry = statuses.hear(session, event.kind, event.request, at=event.at)
        told = {**event.facts, STATUS: str(entry.id)} if entry is not None else event.facts
        write_of(session, event.kind, told, at=event.at)


def tell_forgotten(session: AccessSession, *, at: datetime) -> None:
    """The platform still holds the id of a session whose child was forgotten. Why, and by whose wish, is not told."""
    write_of(session, "session.forgotten", {}, at=at)


def document(event: Event) -> dict[str, Any]:
    """One event as feed and webhook give it."""
    told = dict(event.data)
    entry = told.pop(STATUS, None)
    where = statuses.reference(statuses.find(UUID(entry))) if entry is not None else None
    if where is not None:
        told[STATUS] = where
    return {
        "id": str(event.id),
        "type": event.kind,
        "timestamp": event.at.isoformat(),
        "sandbox": event.sandbox,
        "data": {
            "service": event.service.slug if event.service else None,
            "session": str(event.session_id) if event.session_id else None,
            **told,
        },
    }


def of_caller(caller: Caller) -> Q:
    """The events, sessions or endpoints that a key may see."""
    mine = Q(service_id=caller.service) if caller.service else Q(operator=caller.operator)
    return mine & Q(sandbox=caller.sandbox)


def feed(caller: Caller, *, after: int, limit: int) -> Sequence[Event]:
    """The next events after a cursor, the oldest first."""
    rows = Event.objects.filter(of_caller(caller), cursor__gt=after).select_related("service")
    return list(rows.order_by("cursor")[:limit])
