"""What a platform must delete, for real children (in `families`) and for simulated ones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ruangaman.rooms.access import sandbox, sessions, showing
from ruangaman.rooms.access.errors import FieldRefused, NotFound
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import AccessSession, SandboxConsent, Service
from ruangaman.rooms.access.wire import Confirmation
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger


def _services(caller: Caller) -> list[UUID]:
    if caller.service:
        return [caller.service]
    return list(Service.objects.filter(operator=caller.operator).values_list("id", flat=True))


def open_for(caller: Caller) -> list[dict[str, Any]]:
    """All that is still to be deleted, the earliest due first, those without a known due instant last."""
    services = _services(caller)
    if caller.sandbox:
        rows = SandboxConsent.objects.filter(
            deletion__isnull=False,
            deletion_done_at__isnull=True,
            ask__session__service__in=services,
            ask__session__sandbox=True,
        ).select_related("ask__session__service")
        return [_simulated(row) for row in rows.order_by("deletion_started_at")]
    found = [one for service in services for one in families.open_deletions(service)]
    found.sort(key=lambda one: (one.due_at is None, one.due_at or one.started_at))
    by_child = _by_child([one.child for one in found])
    return [_real(one, by_child.get(one.child)) for one in found]


def _by_child(children: list[Any]) -> dict[UUID, AccessSession]:
    rows = AccessSession.objects.filter(child__in=children, sandbox=False).select_related("service")
    return {row.child: row for row in rows}


def _real(one: families.DeletionView, session: AccessSession | None) -> dict[str, Any]:
    return {
        "id": str(one.deletion),
        "session": str(session.id) if session else None,
        "subject": showing.subject_of(session) if session else None,
        "service": session.service.slug if session else None,
        # Of an account of OpenID Connect it is never told whose no it was (docs/guides/oidc.md).
        "reason": "closed" if session and session.openid else one.reason,
        "started_at": one.started_at,
        "due_at": one.due_at,
        "doubt": one.doubt or None,
        "done_at": one.done_at,
        "receipt": str(one.receipt) if one.receipt else None,
    }


def _simulated(row: SandboxConsent) -> dict[str, Any]:
    session = row.ask.session
    return {
        "id": str(row.deletion),
        "session": str(session.id),
        "subject": showing.subject_of(session),
        "service": session.service.slug,
        "reason": row.deletion_reason,
        "started_at": row.deletion_started_at,
        "due_at": None,
        "doubt": None,
        "done_at": row.deletion_done_at,
        "receipt": str(row.receipt) if row.receipt else None,
    }


def _found(caller: Caller, ref: UUID) -> families.DeletionView | SandboxConsent:
    services = _services(caller)
    if caller.sandbox:
        row = sandbox.deletion(ref)
        if row.ask.session.service_id not in services:
            raise NotFound(what="deletion")
        return row
    try:
        one = families.deletion(families.DeletionRef(ref))
    except families.NotFound:
        raise NotFound(what="deletion") from None
    if one.service_ref not in services:
        raise NotFound(what="deletion")
    return one


def receipt(caller: Caller, ref: UUID) -> dict[str, Any]:
    """One duty as it stands, with its receipt when it is done."""
    found = _found(caller, ref)
    if isinstance(found, SandboxConsent):
        return _simulated(found)
    return _real(found, _by_child([found.child]).get(found.child))


@transaction.atomic
def confirm(caller: Caller, ref: UUID, said: Confirmation, *, now: datetime) -> dict[str, Any]:
    """
    The platform's word that it deleted. A second word changes nothing and gets the same receipt.

    Raises:
        NotFound: also for another platform's. FieldRefused: a time without offset.
        families.DeletionRefused: incomplete or impossible.
    """
    if said.done_at.tzinfo is None:
        raise FieldRefused(field="done_at", why="needs an offset")
    found = _found(caller, ref)
    exceptions = [{"what": one.what, "ground": one.ground} for one in said.exceptions]
    if isinstance(found, SandboxConsent):
        if found.receipt is None:
            assert found.deletion_started_at is not None
            families.check_confirmation(
                systems=said.systems,
                counts=said.counts,
                started_at=found.deletion_started_at,
                done_at=said.done_at,
                by=said.by,
                exceptions=exceptions,
                now=now,
            )
        session: AccessSession | None = found.ask.session
        sandbox.confirm_deletion(found, done_at=said.done_at, now=now)
    else:
        session = _by_child([found.child]).get(found.child)
        families.confirm_deletion(
            found.deletion,
            systems=said.systems,
            counts=said.counts,
            done_at=said.done_at,
            by=said.by,
            exceptions=exceptions,
            now=now,
        )
    told = receipt(caller, ref)
    if session is not None and session.closed_at is not None and told["subject"] is not None:
        sessions.forget_subject(session, now=now)
        ledger.append("access.subject-forgotten", {"session": session.ledger_name}, at=now)
    return told
