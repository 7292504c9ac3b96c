"""What goes to an officer: told to the room above, read there for a purpose, and the answer shown here (docs/adr/0056).

The words stand sealed in this room. Who answers, by when, and what was answered stands above; pages here show it by the
port `answers_from`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from ruangaman.core.due_times import DueTime
from ruangaman.rooms.families import events
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import AgeReview, Child, ConsentRequest, DeletionTask, Objection, Shown
from ruangaman.rooms.families.types import ChildRef, ConsentEvent, OfficerAnswer
from ruangaman.rooms.vault import api as vault

RAISED = "matter.raised"
RIGHTS = ("copy", "delete")

Reader = Callable[[Sequence[UUID]], Sequence[OfficerAnswer]]
_readers: list[Reader] = []


def answers_from(reader: Reader) -> None:
    """Add a reader once; it is asked with the ids of what was raised here."""
    if reader not in _readers:
        _readers.append(reader)


def answers_to(refs: Sequence[UUID]) -> list[OfficerAnswer]:
    """What was answered to these, the newest first."""
    found = [one for reader in _readers for one in reader(refs)] if refs else []
    return sorted(found, key=lambda one: one.at, reverse=True)


def raise_matter(
    kind: str,
    ref: UUID,
    child: Child,
    *,
    service_ref: UUID | None,
    due: DueTime,
    by: str = "child",
    said: str = "",
    has_words: bool,
    at: datetime,
) -> None:
    """Tell the room above that somebody waits for an officer. Call inside the transaction of the act.

    Args:
        kind: objection, age, complaint, copy or delete.
        said: a word of a closed list (a feeling, a direction); never what somebody wrote.
    """
    events.tell(
        ConsentEvent(
            RAISED,
            None,
            ChildRef(child.pk),
            service_ref,
            at,
            {
                "matter": kind,
                "ref": str(ref),
                "by": by,
                "said": said,
                "has_words": has_words,
                "due_at": due.due_at.isoformat() if due.due_at else None,
                "safe_at": due.safe_at.isoformat() if due.safe_at else None,
                "articles": list(due.articles),
                "doubt": dict(due.doubt),
            },
        )
    )


def words(kind: str, ref: UUID, *, purpose: str) -> str:
    """What was written, opened for a purpose; empty when nothing was. Raises NotFound."""
    if kind == "age":
        found = list(AgeReview.objects.filter(pk=ref).values_list("words", flat=True))
    elif kind == "complaint":
        found = list(DeletionTask.objects.filter(pk=ref).values_list("complaint", flat=True))
    else:
        found = list(Objection.objects.filter(pk=ref).values_list("words", flat=True))
    if not found:
        raise NotFound
    sealed = found[0]
    return str(vault.reveal(vault.SealedRef(sealed), purpose=purpose)) if sealed else ""


def answered(kind: str, ref: UUID, *, now: datetime) -> None:
    """Note that it waits no longer; the answer itself stands above. Of a complaint a letter tells the guardian."""
    if kind == "complaint":
        _write_home(DeletionTask.objects.select_related("child__person").get(pk=ref), now)
    elif kind == "age":
        AgeReview.objects.filter(pk=ref, decided_at__isnull=True).update(decided_at=now)
    else:
        Objection.objects.filter(pk=ref, answered_at__isnull=True).update(answered_at=now)


def _write_home(task: DeletionTask, now: datetime) -> None:
    """To guardians with a known address, while the child is one: that there is an answer, and no word of it."""
    from ruangaman.rooms.families import children, outbox

    if not children.grown(task.child.root, now):
        outbox.to_guardians(task.child.root, "answered", deletion=task, now=now)


def rows_of_person(child: UUID) -> list[UUID]:
    """All rows of the person that this row is about."""
    from ruangaman.rooms.families import children

    return [row.pk for row in children.everyone(children.get(child).root)]


def services_of(rows: Sequence[Child]) -> list[tuple[Child, UUID, str]]:
    """The services that hold data of this person: the newest row there, the service, its name; by name."""
    told: list[ConsentRequest | Shown] = [
        *ConsentRequest.objects.select_related("child").filter(child__in=rows),
        *Shown.objects.select_related("child").filter(child__in=rows),
    ]
    told.sort(key=lambda one: one.child.created_at)
    newest = {one.service_ref: (one.child, one.service_ref, str(one.card["name"])) for one in told}
    return sorted(newest.values(), key=lambda one: one[2])
