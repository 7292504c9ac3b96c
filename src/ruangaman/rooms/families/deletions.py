"""The duty to delete after a refusal, a withdrawal or a closed account, until the platform's confirmation."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.due_times import UNKNOWN_TIME
from ruangaman.rooms.families import events, lawdesk, officers, receipts
from ruangaman.rooms.families.errors import DeletionRefused, NotFound
from ruangaman.rooms.families.models import Child, ConsentRequest, DeletionTask
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, DeletionRef, ReceiptRef, RequestRef
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

LONGEST = 1000  # characters of a complaint
TOLERANCE = timedelta(minutes=5)  # of the platform's clock


def start(child: Child, request: ConsentRequest | None, reason: str, *, at: datetime) -> DeletionTask:
    """Begin the task at `at` and tell the platform; call inside the transaction of the act."""
    if request is None:
        raise DeletionRefused(why="request")
    due = lawdesk.deletion_due(request.card["jurisdiction"], at)
    withdrawn = reason == "withdrawn"
    stop = lawdesk.stop_due(request.card["jurisdiction"], at) if withdrawn else UNKNOWN_TIME
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
        stop_at=stop.due_at or stop.safe_at,
        stop_doubt=dict(stop.doubt) if withdrawn else {},
        articles=list(due.articles),
    )
    ledger.append("deletion.started", {"service": request.card["slug"], "reason": reason}, at=at)
    tell(task, "deletion.due", at, late=False)
    return task


def late_since(task: DeletionTask, now: datetime) -> datetime | None:
    """The first instant of the law that the platform let pass without its proof; None when it is in time."""
    passed = [at for at in (task.stop_at, task.due_at) if at is not None and at < now]
    return min(passed) if passed and task.done_at is None else None


@transaction.atomic
def complain(ref: UUID, *, words: str, now: datetime) -> bool:
    """A guardian complains about a late deletion, once: kept, in the ledger, told to the platform. False when
    it is not late, or when a complaint is kept already.
    """
    ledger.line_up()
    task = DeletionTask.objects.select_for_update(of=("self",)).select_related("request").get(pk=ref)
    if task.complained_at is not None or late_since(task, now) is None:
        return False
    text = " ".join(words.split())[:LONGEST]
    task.complained_at = now
    family = vault.FamilyRef(task.family)
    task.complaint = vault.seal(family, "families.complaint", text, now=now) if text else None
    task.save(update_fields=["complained_at", "complaint"])
    service = task.request.card["slug"] if task.request else ""
    ledger.append("deletion.complaint", {"service": service, "reason": task.reason}, at=now)
    tell(task, "deletion.due", now, late=True, complaint=True)
    jurisdiction = task.request.card["jurisdiction"] if task.request else "ID"
    officers.raise_matter(
        "complaint",
        task.pk,
        task.child,
        service_ref=task.service_ref,
        due=lawdesk.matter_due("complaint", jurisdiction, now),
        by="guardian",
        has_words=task.complaint is not None,
        at=now,
    )
    return True


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


def check(
    *,
    systems: Sequence[str],
    counts: Mapping[str, int],
    started_at: datetime,
    done_at: datetime,
    by: str,
    exceptions: Sequence[Mapping[str, str]],
    now: datetime,
) -> None:
    """Refuse a confirmation that is incomplete or impossible. Raises DeletionRefused."""
    if not systems or not all(isinstance(name, str) and 0 < len(name) <= 80 for name in systems):
        raise DeletionRefused(why="systems")
    if any(type(number) is not int or number < 0 for number in counts.values()):
        raise DeletionRefused(why="counts")
    if not 0 < len(by) <= 80 or "@" in by:
        raise DeletionRefused(why="by")
    if any(not one.get("what") or not one.get("ground") for one in exceptions):
        raise DeletionRefused(why="exceptions")
    if not started_at <= done_at <= now + TOLERANCE:
        raise DeletionRefused(why="done_at")


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
    ledger.line_up()
    task = DeletionTask.objects.select_for_update().filter(pk=ref).first()
    if task is None:
        raise NotFound
    if task.confirmed_at is not None:
        return ReceiptRef(task.receipts.get(kind="deletion").pk)
    check(
        systems=systems,
        counts=counts,
        started_at=task.started_at,
        done_at=done_at,
        by=by,
        exceptions=exceptions,
        now=now,
    )
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
