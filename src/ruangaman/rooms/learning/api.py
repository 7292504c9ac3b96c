"""The door of the room: what others may ask it."""

from ruangaman.rooms.learning import courses


def explaining(reason: str, who: str | None = None) -> str | None:
    """
    The address of the screen that explains a reason of the law in two minutes; None when no lesson does.

    Args:
        who: an audience. Its own lesson goes first; then for children what younger and older ones read, never what is
            written for adults, and for adults what is written for any of them, then for children.
    """
    found = courses.explained().get(reason, {})
    return next((found[one] for one in courses.readable(who) if one in found), None)
