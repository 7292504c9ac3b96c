"""What an engine remembers: numbers of findings by code in room that never grows, and findings by key in two halves."""

from array import array
from typing import Any, TypeAlias

MEMO = 4_096
"""At most twice so many findings of a kind are kept by key: when the young half is full, it becomes the old one."""
MOST_CODES = 4_000_000
"""Up to so many codes there is room for each (two bytes), so that nothing grows and nothing is forgotten."""
MOST_SPARSE = 16_384


class Memory(dict[Any, Any]):
    """Findings by key, in two halves: a look into the young one is a look into a dict, and `again` asks the old one."""

    __slots__ = ("old",)

    def __init__(self) -> None:
        super().__init__()
        self.old: dict[Any, Any] = {}

    def again(self, key: Any) -> Any:
        """What the old half knows, put into the young one; None when it knows nothing."""
        found = self.old.get(key)
        if found is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Any, found: Any) -> None:
        """Put a finding into the young half; a full one becomes the old one first."""
        if len(self) >= MEMO:
            self.old = dict(self)
            self.clear()
        self[key] = found


class Sparse(dict[int, int]):
    """Numbers of findings by code, 0 for none: while nothing was found, and where there are too many codes for room."""

    def __missing__(self, code: int) -> int:
        return 0


Numbers: TypeAlias = "Sparse | array[int]"


def with_room(known: Numbers, size: int) -> Numbers:
    """A memory with room for `size` codes; where that is too much, one that begins anew when it is full."""
    if size > MOST_CODES:
        return known if isinstance(known, Sparse) and len(known) < MOST_SPARSE else Sparse()
    if isinstance(known, Sparse):
        return array("H", bytes(2 * size))
    if size > len(known):
        known.frombytes(bytes(2 * (size - len(known))))
    return known
