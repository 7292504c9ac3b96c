"""What a sandbox key sees instead of a guardian: the same states and windows, and nobody behind them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core import tegel
from ruangaman.core.consent import LAW_STATE, WAITING, Event, State, after, effective
from ruangaman.rooms.access import config, events, statuses
from ruangaman.rooms.access.errors import NotFound, NotSimulated
from ruangaman.rooms.access.models import AccessSession, GuardianAsk, SandboxConsent
from ruangaman.rooms.families import api as families

TOLD = {
    State.GIVEN: "consent.given",
    State.REFUSED: "consent.refused",
    State.LAPSED: "consent.lapsed",
    State.WITHDRAWN: "consent.withdrawn",
    State.INVALIDATED: "consent.lapsed",
}


def ask(
    session: AccessSession,
    *,
    kind: str,
    due_at: datetime | None,
    follows: UUID | None,
    now: datetime,
) -> UUID:
    """Begin a simulated request; one that waits is replaced, and so is a yes that has become void."""
    for old in SandboxConsent.objects.filter(ask__session=session, state__in=sorted({*WAITING, State.GIVEN})):
        if not settle(old, now=now):
            _step(old, Event.REPLACE, at=now)
            statuses.end(old.ask_id, now=now)
    request = ids.new(now)
    row = GuardianAsk.objects.create(
        request=request, session=session, kind=kind, asked_at=now, follows_id=follows
    )
    SandboxConsent.objects.create(ask=row, created_at=now, changed_at=now, due_at=due_at)
    _tell(session, "consent.requested", request, now, {"state": "requested", "kind": kind})
    return request


def view(request: UUID, *, now: datetime) -> families.ConsentView:
    """Where it stands, in the form that a real one has."""
    row = SandboxConsent.objects.select_related("ask__session").get(ask_id=request)
    state = effective(State(row.state), row.due_at, now)
    if row.ask.kind == "confirmation" and (state in WAITING or state is State.GIVEN):
        law: dict[str, str | bool] = {
            "state": "granted",
            "by": "child",
            "parent_notified": True,
            "parent_confirmed": state is State.GIVEN,
        }
    else:
        law = {"state": LAW_STATE[state], "by": "parent"}
    return families.ConsentView(
        request=families.RequestRef(row.ask_id),
        child=families.ChildRef(row.ask.session.child),
        service_ref=row.ask.session.service_id,
        kind=row.ask.kind,
        state=state,
        law=law,
        changed_at=(row.due_at or row.changed_at) if state.value != row.state else row.changed_at,
        due_at=row.due_at,
        ends_at=None,
    )


def address(session: AccessSession) -> str:
    """Where the simulation stands instead of any page."""
    return f"{config.base_url()}/v1/sandbox/sessions/{session.id}/guardian"


def invitation(session: AccessSession, request: UUID) -> families.Invitation:
    """Addresses that lead nowhere but to the simulation, and a tile drawn from the request."""
    mark = tegel.mark(hashlib.sha256(request.bytes).digest())
    url = address(session)
    row = SandboxConsent.objects.get(ask_id=request)
    return families.Invitation(
        request=families.RequestRef(request),
        page_url=url,
        find_url=url,
        short_code="SAND-BOXX",
        short_code_until=None,
        tile=families.TileMark(mark.code, mark.words, tegel.mark_svg(mark)),
        due_at=row.due_at,
        child_url=url,
    )


@transaction.atomic
def answer(session: AccessSession, said: str, *, now: datetime) -> None:
    """
    Pretend that the guardian answered, or that the window closed.

    Raises:
        NotSimulated: no request, or one that stands where this answer does not fit.
    """
    row = (
        SandboxConsent.objects.select_for_update(of=("self",))
        .select_related("ask")
        .filter(ask_id=session.request)
        .first()
    )
    if row is None:
        raise NotSimulated(state="none", answer=said)
    state = effective(State(row.state), row.due_at, now)
    fits = state is State.GIVEN if said == "withdrawn" else state in WAITING
    if not fits:
        raise NotSimulated(state=state.value, answer=said)
    if said == "lapsed":
        row.due_at = now
        _step(row, Event.LAPSE, at=now)
    elif said == "withdrawn":
        _step(row, Event.WITHDRAW, at=now)
    else:
        _step(row, Event.VERIFY, at=now)
        _step(row, Event.GIVE if said == "granted" else Event.REFUSE, at=now)
    row.save(update_fields=["due_at"])
    _tell(session, TOLD[State(row.state)], row.ask_id, now, {"state": row.state, "kind": row.ask.kind})
    if said in ("refused", "withdrawn"):
        _begin_deletion(session, row, said, now)


def close(session: AccessSession, *, now: datetime) -> UUID | None:
    """The account is closed: what waits or lives ends, and a simulated deletion begins."""
    row = SandboxConsent.objects.filter(ask_id=session.request).select_related("ask").first()
    if row is None:
        return None
    if not settle(row, now=now) and State(row.state) in {*WAITING, State.GIVEN}:
        _step(row, Event.INVALIDATE, at=now)
        _tell(session, "consent.lapsed", row.ask_id, now, {"state": row.state, "kind": row.ask.kind})
    if row.deletion is None:
        _begin_deletion(session, row, "closed", now)
    return row.deletion if row.deletion_done_at is None else None


def _begin_deletion(session: AccessSession, row: SandboxConsent, reason: str, now: datetime) -> None:
    row.deletion, row.deletion_reason, row.deletion_started_at = ids.new(now), reason, now
    row.save(update_fields=["deletion", "deletion_reason", "deletion_started_at"])
    facts = {"deletion": str(row.deletion), "reason": reason, "due_at": None}
    _tell(session, "deletion.due", row.ask_id, now, facts)


def deletion(ref: UUID) -> SandboxConsent:
    """The row that holds a simulated deletion; raises NotFound."""
    row = (
        SandboxConsent.objects.select_related("ask__session__service")
        .filter(deletion=ref, ask__session__sandbox=True)
        .first()
    )
    if row is None:
        raise NotFound(what="deletion")
    return row


@transaction.atomic
def confirm_deletion(row: SandboxConsent, *, done_at: datetime, now: datetime) -> UUID:
    """The platform confirms; twice gives the same receipt number. No receipt document belongs to it."""
    if row.receipt is None:
        row.deletion_done_at, row.receipt = done_at, ids.new(now)
        row.save(update_fields=["deletion_done_at", "receipt"])
        facts = {"deletion": str(row.deletion), "reason": row.deletion_reason}
        _tell(row.ask.session, "deletion.completed", row.ask_id, now, facts)
    return row.receipt


def settle(row: SandboxConsent, *, now: datetime) -> bool:
    """Write the lapse at its due instant; False when it has not lapsed or was written before."""
    if effective(State(row.state), row.due_at, now) is not State.LAPSED or row.state == State.LAPSED.value:
        return False
    assert row.due_at is not None
    _step(row, Event.LAPSE, at=row.due_at)
    session = row.ask.session
    _tell(session, "consent.lapsed", row.ask_id, row.due_at, {"state": "lapsed", "kind": row.ask.kind})
    return True


def settle_due(now: datetime) -> int:
    """Lapses of simulated requests whose window closed. Returns how many were written."""
    late = SandboxConsent.objects.filter(state__in=sorted(WAITING), due_at__lt=now).values_list(
        "pk", flat=True
    )
    written = 0
    for pk in list(late[:200]):
        with transaction.atomic():
            row = SandboxConsent.objects.select_for_update().get(pk=pk)
            written += settle(row, now=now)
    return written


def _step(row: SandboxConsent, event: Event, *, at: datetime) -> None:
    row.state, row.changed_at = after(State(row.state), event).value, at
    row.save(update_fields=["state", "changed_at"])


def _tell(
    session: AccessSession, kind: str, request: UUID, at: datetime, facts: Mapping[str, str | None]
) -> None:
    events.hear(
        families.ConsentEvent(
            kind,
            families.RequestRef(request),
            families.ChildRef(session.child),
            session.service_id,
            at,
            facts,
        )
    )
