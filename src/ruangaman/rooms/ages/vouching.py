"""
A guardian says the age: asked only of who is proven to be one, by the room above, which alone knows both sides.

This room holds the try and its end; it learns neither who the guardians are nor how they were proven (docs/adr/0088).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from ruangaman.rooms.ages import checks
from ruangaman.rooms.ages.checks import Begun, Proved
from ruangaman.rooms.ages.errors import AskedTooOften, NotFound, WayClosed
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ledger import api as ledger

WAY: Final = "guardian"
LIFE: Final = timedelta(days=3)
"""How long a guardian may take; another way stays open meanwhile."""
A_DAY: Final = 3
"""How often the guardians of one account are asked within a day."""
UNSURE: Final = "unsure"

May = Callable[[UUID, int, datetime], bool]
Ask = Callable[[UUID, int, datetime], None]
_ports: list[tuple[May, Ask]] = []


def vouch_by(may: May, ask: Ask) -> None:
    """
    Hand in, once, what the room above knows (docs/adr/0081).

    Args:
        may: whether this account has a proven guardian whose word about this age could count.
        ask: tell them that somebody waits; inside the transaction of the try.
    """
    if (may, ask) not in _ports:
        _ports.append((may, ask))


def has_ports() -> bool:
    """Whether a room above can ask guardians at all."""
    return bool(_ports)


def possible(row: AgeCheck, now: datetime) -> bool:
    """Whether there is a proven guardian to be asked."""
    years = row.threshold
    return years is not None and any(may(row.ref, years, now) for may, _ in _ports)


@transaction.atomic
def ask(row: AgeCheck, *, now: datetime) -> Begun | None:
    """
    Ask the guardians; None while one question waits already, whoever began it.

    Raises:
        CheckOver, WayClosed; AskedTooOften: three times within a day.
    """
    ledger.line_up()
    row = AgeCheck.objects.select_for_update().get(pk=row.pk)
    checks.way_of(row, WAY, now=now)
    if open_of(row, now) is not None:
        return None
    mine = Attempt.objects.filter(question__ref=row.ref, method=WAY)
    if mine.filter(began_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise AskedTooOften
    if row.threshold is None:
        raise WayClosed(way=WAY)
    begun = checks.begin(row, WAY, life=LIFE, now=now)
    ledger.append("age.guardian-asked", {}, at=now)
    for _, tell in _ports:
        tell(row.ref, row.threshold, now)
    return begun


def open_of(row: AgeCheck, now: datetime) -> Attempt | None:
    """The question to the guardians that waits now."""
    return row.attempts.filter(method=WAY, ended_at__isnull=True, ends_at__gt=now).first()


def was_unsure(row: AgeCheck) -> bool:
    """Whether the last guardian who was asked did not know."""
    last = row.attempts.filter(method=WAY).order_by("began_at").last()
    return last is not None and last.why == UNSURE


@dataclass(frozen=True, slots=True)
class Vouch:
    """A question that waits for a guardian: about which account, which age, since when and until when."""

    id: UUID
    ref: UUID
    years: int
    asked_at: datetime
    ends_at: datetime


def waiting(refs: Sequence[UUID], *, now: datetime) -> list[Vouch]:
    """The questions about these accounts that wait for a guardian."""
    rows = Attempt.objects.select_related("question").filter(
        question__ref__in=refs, method=WAY, ended_at__isnull=True, ends_at__gt=now
    )
    return [
        Vouch(row.pk, row.question.ref, row.question.threshold, row.began_at, row.ends_at)
        for row in rows.order_by("began_at")
        if row.question.threshold is not None
    ]


@transaction.atomic
def answer(identity: UUID, over: bool | None, *, now: datetime) -> None:
    """
    A proven guardian answers; None: does not know, which decides nothing. Who it was is not told here.

    Raises:
        NotFound; AttemptOver, CheckOver: answered, over, or another way was first.
    """
    row = Attempt.objects.select_related("question").filter(pk=identity, method=WAY).first()
    if row is None:
        raise NotFound
    if over is None:
        checks.refuse(row, UNSURE, now=now)
        return
    checks.decide(row, Proved(over, "enhanced"), now=now)
