"""The door of the room: what others may ask it."""

from datetime import datetime

from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.groups import forgetting


def explaining(reason: str) -> str | None:
    """The address of the screen that explains a reason of the law in two minutes; None when no lesson does."""
    return courses.explained().get(reason)


def settle_due(now: datetime) -> int:
    """Forget the sheets of groups whose time is over; gives how many groups."""
    return forgetting.settle(now)
