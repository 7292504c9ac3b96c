"""What an engine remembers: numbers of answers by code in room that never grows, and a bounded number of findings."""

from array import array
from typing import Any, TypeAlias, TypeVar

Found = TypeVar("Found")

MEMO = 8_192
"""At most so many findings of a kind are kept by key; then the memory begins anew: finding them again is cheap."""
MOST_BOXES = 16_384
"""At most so many findings that are dear to find: each is judged."""
MOST_CODES = 4_000_000
"""Up to so many codes there is room for each (two bytes), so that nothing grows and nothing is forgotten."""
MOST_SPARSE = 16_384


class Memory(dict[Any, Any]):
    """Findings by key, of which the newest are kept."""

    __slots__ = ("most",)

    def __init__(self, most: int = MEMO) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: Any, found: Found) -> Found:
        """Put a finding into the memory and return it; a full memory begins anew."""
        if len(self) >= self.most:
            self.clear()
        self[key] = found
        return found


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
