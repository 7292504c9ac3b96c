"""Files that were made are kept for whoever asks next: made once a day each, as many as fit into memory."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Final

from django.utils.timezone import localtime

from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning.packs import keys
from ruangaman.rooms.learning.packs.kinds import Kind, lessons_of

MOST_BYTES: Final = 64 << 20
"""Of all files together: eight audiences at least, as all kinds in both languages. The least asked for go first."""

_Key = tuple[int, str, str, str, str, date]
"""Course, kind, lessons, language, the key that signs, day."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent; `digest` is its SHA-256 in hex."""

    content: bytes
    digest: str


_KEPT: OrderedDict[_Key, File] = OrderedDict()
_LOCK: Final = Lock()
_MAKING: Final[dict[_Key, Lock]] = {}


def file(course: Course, kind: Kind, name: str, language: str, now: datetime) -> File:
    """
    The file of a kind for an audience or an objective, made now or earlier on this day.

    What the law says may change from one day of this house to the next, so that a file is made anew each day; and what
    is signed, as soon as another key signs.

    Raises:
        NoSuchLesson, SigningKeyRefused
    """
    lessons = lessons_of(course, name)
    signer = keys.kid() if kind.signed else ""
    key = (id(course), kind.name, name, language, signer, localtime(now).date())
    found = _found(key)
    if found is not None:
        return found
    with _LOCK:
        making = _MAKING.setdefault(key, Lock())
    try:
        with (
            making
        ):  # whoever asks for the same in this moment gets what the first one made; others do not wait
            found = _found(key)
            if found is None:
                content = kind.make(course, lessons, language, now)
                found = File(content, hashlib.sha256(content).hexdigest())
                _keep(key, found)
    finally:
        with _LOCK:
            _MAKING.pop(key, None)
    return found


def forget() -> None:
    """Drop everything that is kept."""
    with _LOCK:
        _KEPT.clear()


def held() -> int:
    """Bytes that are kept."""
    with _LOCK:
        return sum(len(one.content) for one in _KEPT.values())


def _found(key: _Key) -> File | None:
    with _LOCK:
        found = _KEPT.get(key)
        if found is not None:
            _KEPT.move_to_end(key)
        return found


def _keep(key: _Key, made: File) -> None:
    with _LOCK:
        for old in [one for one in _KEPT if one[-1] != key[-1]]:
            del _KEPT[old]
        _KEPT[key] = made
        while len(_KEPT) > 1 and sum(len(one.content) for one in _KEPT.values()) > MOST_BYTES:
            _KEPT.popitem(last=False)
