"""The duty to delete after a refusal, a withdrawal or a closed account, until the platform's confirmation."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.rooms.families import events, lawdesk, receipts
from ruangaman.rooms.families.errors import DeletionRefused, NotFound
from ruangaman.rooms.families.models import Child, ConsentRequest, DeletionTask
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, DeletionRef, ReceiptRef, RequestRef
from ruangaman.rooms.ledger import api as ledger

TOLERANCE = timedelta(minutes=5)  # of the platform's clock


def start(child: Child, request: ConsentRequest | None, reason: str, *, at: datetime) -> DeletionTask:
    """Begin the task at `at` and tell the platform; call inside the transaction of the act."""
    if request is None:
        raise DeletionRefused(why="request")
    due = lawdesk.deletion_due(request.card["jurisdiction"], at)
    task = DeletionTask.objects.create(
        id=ids.new(at),
        family=child.family,
        child=child,
        request=request,
        service_ref=request.service_ref,
        reason=reason,
        started_at=at,
        due_at=due.due_at,
        safe_at=due.safe_at,
        doubt=dict(due.doubt),
        articles=list(due.articles),
    )
    ledger.append("deletion.started", {"service": request.card["slug"], "reason": reason}, at=at)
    tell(task, "deletion.due", at, late=False)
    return task


def tell(task: DeletionTask, kind: str, at: datetime, **facts: str | bool | None) -> None:
    """Say what happened to a task, to whom it concerns above."""
    events.tell(
        ConsentEvent(
            kind,
            RequestRef(task.request_id) if task.request_id else None,
            ChildRef(task.child_id),
            task.service_ref,
            at,
            {
                "deletion": str(task.pk),
                "reason": task.reason,
                "due_at": task.due_at.isoformat() if task.due_at else None,
                **facts,
            },
        )
    )


@transaction.atomic
def confirm(
    ref: DeletionRef,
    *,
    systems: Sequence[str],
    counts: Mapping[str, int],
    done_at: datetime,
    by: str,
    exceptions: Sequence[Mapping[str, str]] = (),
    now: datetime,
) -> ReceiptRef:
    """The platform's confirmation, once; then the same receipt again."""
    task = DeletionTask.objects.select_for_update().filter(pk=ref).first()
    if task is None:
        raise NotFound
    if task.confirmed_at is not None:
        return ReceiptRef(task.receipts.get(kind="deletion").pk)
    if not systems or not all(isinstance(name, str) and 0 < len(name) <= 80 for name in systems):
        raise DeletionRefused(why="systems")
    if any(type(number) is not int or number < 0 for number in counts.values()):
        raise DeletionRefused(why="counts")
    if not 0 < len(by) <= 80 or "@" in by:
        raise DeletionRefused(why="by")
    if any(not one.get("what") or not one.get("ground") for one in exceptions):
        raise DeletionRefused(why="exceptions")
    if not task.started_at <= done_at <= now + TOLERANCE:
        raise DeletionRefused(why="done_at")
    task.systems, task.counts, task.by = list(systems), dict(counts), by
    task.exceptions = [dict(one) for one in exceptions]
    task.done_at, task.confirmed_at = done_at, now
    task.save(update_fields=["systems", "counts", "by", "exceptions", "done_at", "confirmed_at"])
    facts = {
        "systems": task.systems,
        "counts": task.counts,
        "done_at": done_at.isoformat(),
        "confirmed_at": now.isoformat(),
        "by": by,
        "exceptions": task.exceptions,
        "reason": task.reason,
        "started_at": task.started_at.isoformat(),
        "due_at": task.due_at.isoformat() if task.due_at else None,
        "in_time": None if task.due_at is None else done_at <= task.due_at,
    }
    receipt = receipts.make("deletion", task.child, task.request, deletion=task, facts=facts, now=now)
    tell(task, "deletion.completed", now, receipt_sha256=bytes(receipt.digest).hex())
    from ruangaman.rooms.families import outbox

    outbox.to_guardians(task.child.root, "deletion_done", request=task.request, deletion=task, now=now)
    return ReceiptRef(receipt.pk)
