"""
The keys of forms: which answers an item has, and which is right; under one id they never change.

Sheets keep the ids of what was chosen, and results score them by the key of the day on which they are told. An item
that is kept (`lessons/keys.lock`) therefore keeps its key for as long as anybody may have answered it, also after it
left its form; what asks something else is another item, with an id of its own.
"""

from collections.abc import Iterator, Mapping

from ruangaman.core.learning.checks import Fault
from ruangaman.core.learning.model import Course, Item

Key = tuple[str, ...]
"""Id of the right answer, then those of the others by their names."""


def of(course: Course) -> dict[str, Key]:
    """Item -> key, of all forms; an item without just one right answer has none, and is a fault of its own."""
    return {item.id: key for form in course.forms.values() for item in form.items if (key := _key(item))}


def _key(item: Item) -> Key:
    right = [one.id for one in item.options if one.right]
    if len(right) != 1:
        return ()
    return right[0], *sorted(one.id for one in item.options if not one.right)


def faults(course: Course, kept: Mapping[str, Key]) -> Iterator[Fault]:
    """Items whose key is another than the one that is kept, and those of which none is."""
    for (objective, letter), form in course.forms.items():
        for item in form.items:
            key, at = _key(item), f"{objective}/{letter}/{item.id}"
            if not key:
                continue
            if item.id not in kept:
                yield Fault("key-not-kept", at, "write it down: ruangaman learn lock")
            elif key != kept[item.id]:
                yield Fault("key-changed", at, f"was {' '.join(kept[item.id])}; give the item a new id")


def text(keys: Mapping[str, Key]) -> str:
    """
    One item a line, in the order of their names.

    >>> text({"b": ("yes", "no"), "a": ("two", "one", "three")})
    'a two one three\\nb yes no\\n'
    """
    return "".join(f"{name} {' '.join(keys[name])}\n" for name in sorted(keys))


def read(lines: str) -> dict[str, Key]:
    """
    What `text` wrote; lines that begin with # are words to the reader. Raises ValueError: a line is none, or twice.

    >>> read("# kept\\nb yes no\\n")
    {'b': ('yes', 'no')}
    """
    found: dict[str, Key] = {}
    for line in lines.splitlines():
        if not line or line.startswith("#"):
            continue
        name, *key = line.split(" ")
        if len(key) < 2 or not all((name, *key)) or name in found:
            raise ValueError(line[:80])
        found[name] = tuple(key)
    return found
