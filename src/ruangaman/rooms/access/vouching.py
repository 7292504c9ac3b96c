"""Between who asks an age and who may say it: an account here, its child in `families`, its check in `ages` (0088)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ruangaman.rooms.access.age_checks import VERIFIED
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families


def may(ref: UUID, years: int, now: datetime) -> bool:
    """Whether a proven guardian's word could count: not where an age is verified, since less never changes that."""
    session = _living(ref)
    if session is None:
        return False
    child = families.ChildRef(session.child)
    known = families.child_age(child) or {}
    return known.get("evidence") != VERIFIED and families.may_vouch(child, years, now=now)


def ask(ref: UUID, _years: int, now: datetime) -> None:
    """Tell the guardians that a question waits; the letter names neither the age nor the app."""
    session = _living(ref)
    if session is not None:
        families.ask_age(families.ChildRef(session.child), now=now)


def waiting(children: Sequence[UUID], now: datetime) -> list[families.AgeQuestion]:
    """The questions that wait about these rows of children."""
    rows = AccessSession.objects.filter(child__in=children, closed_at__isnull=True, sandbox=False)
    child_of = dict(rows.values_list("id", "child"))
    return [
        families.AgeQuestion(
            one.id, families.ChildRef(child_of[one.ref]), one.years, one.asked_at, one.ends_at
        )
        for one in ages.vouches(list(child_of), now=now)
    ]


def answer(question: UUID, over: bool | None, now: datetime) -> bool:
    """Take a guardian's word; False when the question ended meanwhile."""
    try:
        ages.vouch(question, over, now=now)
    except (ages.NotFound, ages.AttemptOver, ages.CheckOver):
        return False
    return True


def _living(ref: UUID) -> AccessSession | None:
    return AccessSession.objects.filter(id=ref, closed_at__isnull=True, sandbox=False).first()
