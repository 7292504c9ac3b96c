"""
A guardian is asked how old a child is: the question and its end stand in a room above this one's sight (docs/adr/0088).

Here is who may be asked and who may answer: a guardian whose relation to this child is proven and has not expired.
Nothing of the question or the answer is stored here; a letter says no more than that a question waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from ruangaman.rooms.families import children, guardians, lawdesk, outbox
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import Child, Guardian, Relation
from ruangaman.rooms.families.types import ChildRef


@dataclass(frozen=True, slots=True)
class AgeQuestion:
    """A question about a child's age: `years` or over? It waits from `asked_at` to `ends_at`."""

    id: UUID
    child: ChildRef
    years: int
    asked_at: datetime
    ends_at: datetime


Reader = Callable[[Sequence[UUID], datetime], Sequence[AgeQuestion]]
Answer = Callable[[UUID, bool | None, datetime], bool]
_ports: list[tuple[Reader, Answer]] = []


def age_questions_from(reader: Reader, answer: Answer) -> None:
    """
    Hand in, once, what the room above knows (docs/adr/0081).

    Args:
        reader: the questions that wait about these rows of children.
        answer: takes a guardian's word, None when not sure; False when the question is over.
    """
    if (reader, answer) not in _ports:
        _ports.append((reader, answer))


def may_vouch(child: ChildRef, years: int, *, now: datetime) -> bool:
    """Whether somebody is proven to be a guardian who decides about this child, who is no grown-up by that word."""
    root = children.get(child).root
    if years >= lawdesk.grown_from() or children.grown(root, now):
        return False
    return _deciding(root, now).exists()


def _deciding(root: Child, now: datetime) -> QuerySet[Relation]:
    return Relation.objects.filter(
        child=root, level__gte=lawdesk.RELATION, authority="full", valid_from__lte=now
    ).exclude(valid_to__lte=now)


def ask(child: ChildRef, *, now: datetime) -> int:
    """Write to the proven guardians that a question waits; returns to how many. The others find it at home."""
    return outbox.to_guardians(children.get(child).root, "age", now=now)


def waiting(who: Guardian, *, now: datetime) -> list[tuple[Child, AgeQuestion]]:
    """The questions that this guardian may answer now, each with the person it is about."""
    found = []
    for child, _here, relation in guardians.children_of(who, now=now):
        if relation.authority != "full" or children.grown(child, now):
            continue
        rows = [row.pk for row in children.everyone(child)]
        found += [(child, one) for reader, _ in _ports for one in reader(rows, now)]
    return found


def answer(who: Guardian, question: UUID, over: bool | None, *, now: datetime) -> bool:
    """
    This guardian's word about a question that waits for her. False when it ended meanwhile.

    Raises:
        NotFound: no such question, or about somebody else's child.
    """
    if question not in [one.id for _child, one in waiting(who, now=now)]:
        raise NotFound
    return any(take(question, over, now) for _, take in _ports)
