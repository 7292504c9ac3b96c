"""When something learned is looked at again: 2, 7, 28 and 90 days after it was, whatever happened before."""

from datetime import date, timedelta
from typing import Final

DAYS: Final = (2, 7, 28, 90)
DELAYED: Final = (21, 42)
"""Days after a lesson within which the delayed test counts as one."""


def reviews(learned: date) -> tuple[date, ...]:
    """The days on which to look again."""
    return tuple(learned + timedelta(days=after) for after in DAYS)


def due(learned: date, seen: int, today: date) -> bool:
    """Whether the next review is due; `seen` is how many were done."""
    return seen < len(DAYS) and today >= learned + timedelta(days=DAYS[seen])
