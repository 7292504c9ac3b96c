"""What holds a family: accounts in use, and what is still owed to it. Nothing held is forgotten (docs/adr/0047)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from ruangaman.core.consent import WAITING, State
from ruangaman.rooms.families import actions, config, officers
from ruangaman.rooms.families.models import (
    AgeReview,
    Child,
    ConsentRequest,
    DeletionTask,
    Forgotten,
    Guardian,
    Objection,
    Receipt,
    Shown,
)
from ruangaman.rooms.vault import api as vault


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that holds a family. `service` is empty where it is about none; `until` None when no instant is known.

    `kind`: account (open, or a request waits), deletion (not confirmed), objection, age, complaint (not answered),
    unread (an answer that its child had no time to read), guardian (another one is proven).
    """

    kind: str
    service: str = ""
    until: datetime | None = None


def what_holds(rows: Sequence[Child], now: datetime) -> list[Held]:
    """What holds these rows, accounts first; empty when nothing is in use and nothing is owed."""
    return [*_accounts(rows, now), *_duties(rows)]


def _accounts(rows: Sequence[Child], now: datetime) -> Iterable[Held]:
    asked = ConsentRequest.objects.filter(child__in=rows)
    living = {
        row.service_ref: str(row.card["name"])
        for row in asked.filter(state__in=[*WAITING, State.GIVEN])
        if (state := actions.state_of(row, now)) is State.GIVEN or state in WAITING
    }
    for shown in Shown.objects.filter(child__in=rows, child__closed_at__isnull=True):
        answer = vault.reveal(vault.SealedRef(shown.answer), purpose="see whether an account is in use")
        if answer.get("open", True):  # it may be in use, with or without a guardian
            living.setdefault(shown.service_ref, str(shown.card["name"]))
    return [Held("account", name) for name in sorted(living.values())]


def _duties(rows: Sequence[Child]) -> Iterable[Held]:
    for task in DeletionTask.objects.select_related("request").filter(child__in=rows):
        name = str(task.request.card["name"]) if task.request else ""
        if task.confirmed_at is None:
            yield Held("deletion", name, task.due_at)
        if task.complained_at is not None and not officers.answers_to([task.pk]):
            yield Held("complaint", name)
    for objection in Objection.objects.filter(child__in=rows, answered_at__isnull=True):
        yield Held("objection", until=objection.due_at)
    for review in AgeReview.objects.filter(child__in=rows, decided_at__isnull=True):
        yield Held("age", until=review.due_at)


def unread(rows: Sequence[Child], now: datetime) -> list[Held]:
    """Answers to a child that it has not had the whole term to read: no parent's wish takes them away before."""
    term = config.forget_after()
    given = [
        *Objection.objects.filter(child__in=rows, answered_at__gt=now - term).values_list(
            "answered_at", flat=True
        ),
        *AgeReview.objects.filter(child__in=rows, decided_at__gt=now - term).values_list(
            "decided_at", flat=True
        ),
    ]
    return [Held("unread", until=max(at for at in given if at) + term)] if given else []


def quiet_since(rows: Sequence[Child]) -> datetime:
    """The last instant at which anything was written about these children."""
    ids = [row.pk for row in rows]
    told: list[datetime | None] = [at for row in rows for at in (row.created_at, row.closed_at)]
    mine = Q(child__in=ids)
    told += ConsentRequest.objects.filter(mine).values_list("changed_at", flat=True)
    told += DeletionTask.objects.filter(mine).values_list("confirmed_at", flat=True)
    told += Objection.objects.filter(mine).values_list("answered_at", flat=True)
    told += AgeReview.objects.filter(mine).values_list("decided_at", flat=True)
    told += Receipt.objects.filter(mine).values_list("created_at", flat=True)
    told += Shown.objects.filter(mine).values_list("at", flat=True)
    return max(at for at in told if at is not None)


def forgotten_on(rows: Sequence[Child], now: datetime) -> datetime | None:
    """When the term of these children ends as things stand; None while something holds them."""
    return None if not rows or what_holds(rows, now) else _end(rows)


def _ended(row: Child) -> bool:
    """Whether this account is over: closed, or its last permission ended and the platform has proven the deletion."""
    if row.closed_at is not None:
        return True
    newest = row.requests.order_by("created_at").last()
    return newest is not None and newest.deletions.filter(confirmed_at__isnull=False).exists()


def _end(rows: Sequence[Child]) -> datetime:
    closed = all(_ended(row) for row in rows)
    return quiet_since(rows) + (config.forget_after() if closed else config.forget_idle_after())


def due(now: datetime) -> list[UUID]:
    """Families whose term is over, and those in which only guardians are left since the last child went elsewhere."""
    gone = Forgotten.objects.values("family")
    shortest = min(config.forget_after(), config.forget_idle_after())
    young = Child.objects.filter(Q(closed_at__gt=now - shortest) | Q(created_at__gt=now - shortest))
    given = ConsentRequest.objects.filter(state=State.GIVEN, child__closed_at__isnull=True)
    candidates = (
        Child.objects.exclude(family__in=gone)
        .exclude(family__in=young.values("family"))
        .exclude(family__in=given.values("family"))
    )
    left = Guardian.objects.exclude(family__in=gone).exclude(family__in=Child.objects.values("family"))
    return [
        *(family for family in _families(candidates) if is_over(family, now)),
        *_families(left),
    ]


def _families(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by("family").values_list("family", flat=True).distinct())


def is_over(family: UUID, now: datetime) -> bool:
    """Whether the term of this family is over and nothing holds it; what is sealed is opened last."""
    rows = list(Child.objects.filter(family=family))
    return bool(rows) and _end(rows) <= now and not what_holds(rows, now)
