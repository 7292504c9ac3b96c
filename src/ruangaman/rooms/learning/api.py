"""The door of the room: what others may ask it."""

from datetime import datetime
from typing import Any

from ruangaman.rooms.learning import badge_keys, badges, courses
from ruangaman.rooms.learning.packs import keys, kinds


def explaining(reason: str) -> str | None:
    """The address of the screen that explains a reason of the law in two minutes; None when no lesson does."""
    return courses.explained().get(reason)


def pack(kind: str, name: str, language: str, now: datetime) -> tuple[bytes, int]:
    """
    Lessons of an audience (`B3`) or an objective (`B3-2`) as one file for another system, and how many they are.

    Raises:
        NoSuchKind, NoSuchLesson, LessonsUnreadable, SigningKeyRefused
    """
    of, course = kinds.kind(kind), courses.course()
    lessons = kinds.lessons_of(course, name)
    return of.make(course, lessons, language, now), len(lessons)


def pack_keys(*, new: bool = False) -> dict[str, Any]:
    """The public keys of packs, as a JWK set; with `new` a fresh one signs from now on. Raises SigningKeyRefused."""
    if new:
        keys.renew()
    keys.signing()
    return keys.jwks()


def badge_key_set(*, now: datetime, new: bool = False, lost: bool = False) -> dict[str, Any]:
    """
    The public keys of adults' badges, as a JWK set.

    Args:
        new: another key signs from now on. lost: so, and nothing that the old one signed is believed any more.
    """
    if new or lost:
        badge_keys.rotate(lost=lost, now=now)
    return badge_keys.jwks(now)


def stop_badge(token: str, *, now: datetime) -> tuple[str, int]:
    """Stop a badge of this house for ever; gives the address of its list and its place there. Raises BadgeNotOurs."""
    entry = badges.stop(token, now=now)
    return entry.uri, entry.index
