"""Reads worth a name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ruangaman.core.consent import LAW_STATE, WAITING, State, effective
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import ConsentRequest, DeletionTask, Permission
from ruangaman.rooms.families.types import (
    ChildRef,
    ConsentView,
    DeletionRef,
    DeletionView,
    PermissionView,
    ReceiptRef,
    RequestRef,
)


def consent_of(request: UUID, *, now: datetime) -> ConsentView:
    """Where one request stands."""
    row = ConsentRequest.objects.filter(pk=request).first()
    if row is None:
        raise NotFound
    return view(row, now)


def view(row: ConsentRequest, now: datetime) -> ConsentView:
    """The row as a value, with what time has done to it."""
    state = effective(State(row.state), row.due_at, now, row.ends_at)
    changed = row.changed_at
    if state.value != row.state:
        changed = (row.due_at if state is State.LAPSED else row.ends_at) or changed
    return ConsentView(
        request=RequestRef(row.pk),
        child=ChildRef(row.child_id),
        service_ref=row.service_ref,
        kind=row.kind,
        state=state,
        law=law_facts(row, state),
        changed_at=changed,
        due_at=row.due_at,
        ends_at=row.ends_at,
    )


def law_facts(row: ConsentRequest, state: State) -> dict[str, str | bool]:
    """The `consent` fact. A confirmation rests on the child's own yes: it stays the child's until a parent
    acts.
    """
    if row.kind == "confirmation" and (state in WAITING or state is State.GIVEN):
        return {
            "state": "granted",
            "by": "child",
            "parent_notified": row.delivered_at is not None
            or row.answered_at is not None
            or state is State.OPENED,
            "parent_confirmed": state is State.GIVEN,
        }
    return {"state": LAW_STATE[state], "by": "parent"}


def requests_of(child: UUID, *, now: datetime) -> Sequence[ConsentView]:
    """All requests of one row of a child, the newest first."""
    return [view(row, now) for row in ConsentRequest.objects.filter(child_id=child).order_by("-created_at")]


def permissions_of(request: UUID) -> Sequence[PermissionView]:
    """The switches of one request."""
    return [
        PermissionView(row.feature, row.state, row.managed_by, row.article, row.watch, row.changed_at)
        for row in Permission.objects.filter(request_id=request)
    ]


def deletion(ref: DeletionRef) -> DeletionView:
    """One task; raises NotFound."""
    row = DeletionTask.objects.filter(pk=ref).first()
    if row is None:
        raise NotFound
    return _deletion(row)


def open_deletions(service_ref: UUID) -> Sequence[DeletionView]:
    """What a service still has to delete."""
    rows = DeletionTask.objects.filter(service_ref=service_ref, done_at__isnull=True)
    return sorted(map(_deletion, rows), key=lambda one: (one.due_at is None, one.due_at or one.started_at))


def coming_due(*, now: datetime) -> Sequence[tuple[str, datetime]]:
    """The next window that closes and the next deletion that falls due, the earlier first."""
    waiting = ConsentRequest.objects.filter(state__in=sorted(WAITING), due_at__gt=now)
    deleting = DeletionTask.objects.filter(done_at__isnull=True, due_at__gt=now)
    found = [
        ("request", waiting.order_by("due_at").values_list("due_at", flat=True).first()),
        ("deletion", deleting.order_by("due_at").values_list("due_at", flat=True).first()),
    ]
    return sorted(((what, at) for what, at in found if at is not None), key=lambda one: one[1])


def _deletion(row: DeletionTask) -> DeletionView:
    receipt = row.receipts.filter(kind="deletion").first()
    return DeletionView(
        deletion=DeletionRef(row.pk),
        child=ChildRef(row.child_id),
        request=RequestRef(row.request_id) if row.request_id else None,
        service_ref=row.service_ref,
        reason=row.reason,
        started_at=row.started_at,
        due_at=row.due_at,
        doubt=str((row.doubt or {}).get("en", "")),
        done_at=row.done_at,
        receipt=ReceiptRef(receipt.pk) if receipt else None,
    )
