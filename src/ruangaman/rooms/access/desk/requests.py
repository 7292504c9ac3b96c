"""Requests for a copy or deletion, as the platform that holds the data sees them: never what the child wrote."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ruangaman.adapters import ids
from ruangaman.core.law import citing
from ruangaman.rooms.access import sessions, showing
from ruangaman.rooms.access.desk import matters
from ruangaman.rooms.access.errors import FieldRefused, NotFound, SessionClosed
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import Matter
from ruangaman.rooms.access.models.desk import OF_PLATFORM
from ruangaman.rooms.access.wire import DataAnswer

CLOCKS: Final = {"copy": "data_access", "delete": "data_deletion"}  # of the pack, for what is simulated


def _mine(caller: Caller) -> QuerySet[Matter]:
    rows = Matter.objects.filter(kind__in=OF_PLATFORM, session__sandbox=caller.sandbox)
    if caller.service:
        return rows.filter(session__service_id=caller.service)
    return rows.filter(session__service__operator=caller.operator)


def open_for(caller: Caller) -> list[dict[str, Any]]:
    """What this key's services must answer, the earliest due first."""
    waiting = _mine(caller).filter(answered_at__isnull=True, forgotten_at__isnull=True)
    return [_document(row) for row in matters.in_order(waiting)]


def one(caller: Caller, ref: UUID) -> dict[str, Any]:
    """One request; raises NotFound, also for another platform's."""
    row = _mine(caller).select_related("session__service").filter(pk=ref).first()
    if row is None:
        raise NotFound(what="data request")
    return _document(row)


def answer(caller: Caller, ref: UUID, said: DataAnswer, *, now: datetime) -> dict[str, Any]:
    """The platform's word. Raises NotFound; MatterAnswered; FieldRefused: `by` is an address, `reason` has no words."""
    if "@" in said.by:
        raise FieldRefused(field="by", why="a role, never a person")
    if not said.reason.id.strip():
        raise FieldRefused(field="reason.id", why="empty")
    if not _mine(caller).filter(pk=ref).exists():
        raise NotFound(what="data request")
    reason = {"id": said.reason.id, "en": said.reason.en}
    return _document(
        matters.answer_by_platform(ref, decision=said.decision, reason=reason, role=said.by, now=now)
    )


@transaction.atomic
def simulate(caller: Caller, session: UUID, right: str, *, now: datetime) -> dict[str, Any]:
    """Pretend that the child of a sandbox session asked; no officer sees it. Raises NotFound; SessionClosed."""
    row = sessions.for_caller(caller, session)
    if row.closed_at is not None:
        raise SessionClosed
    due = sessions.pack_for(row.country).due(CLOCKS[right], now, facts=None)
    made = Matter.objects.create(
        id=ids.new(now),
        kind=right,
        ref=ids.new(now),
        session=row,
        by="child",
        raised_at=now,
        due_at=due.due_at,
        articles=list(due.articles),
    )
    matters.tell_made(made, now)
    return _document(made)


def _document(row: Matter) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "session": str(row.session_id),
        "subject": showing.subject_of(row.session),
        "service": row.session.service.slug,
        "right": row.kind,
        "made_at": row.raised_at,
        "due_at": row.due_at,
        "articles": citing.cited(row.articles),
        "doubt": row.doubt.get("en") or None,
        "answered_at": row.answered_at,
        "decision": row.decision or None,
        "answered_by": None if row.answered_at is None else "house" if row.officer_id else "platform",
    }
