"""The door of the room: what others may ask it."""

from ruangaman.rooms.learning import courses


def explaining(reason: str) -> str | None:
    """The address of the screen that explains a reason of the law in two minutes; None when no lesson does."""
    return courses.explained().get(reason)
