"""
A status list for those who issue: packing, indexes by chance, decoys.

Randomness comes as `draw(n)`, which returns n random bytes. Source: draft-ietf-oauth-status-list sections 4.1, 12 and
13: indexes that tell nothing of when or beside whom a token was issued, and entries that are set for nobody.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.credentials.status_list import INVALID, VALID, StatusList
from ruangaman.core.credentials.status_list_errors import StatusListFull

Draw = Callable[[int], bytes]

# A list of fewer entries than this hides nobody: which one was looked up would say too much.
LEAST_ENTRIES = 100_000
# Above half full, chance still finds an unused index in a few tries; above nine tenths it would be a search.
_TRIES = 128


def pack(statuses: bytes | bytearray | NDArray[np.uint8], bits: int) -> bytes:
    """
    The byte array of section 4.1: entry 0 in the lowest bits of the first byte; unused bits of the last byte are 0.

    Args:
        statuses: one byte an entry, each below 2**bits.
        bits: 1, 2, 4 or 8.

    Raises:
        ValueError: another number of bits, or a value that does not fit.

    >>> pack(bytes([1, 2, 0, 3]), 2).hex()
    'c9'
    """
    if bits not in (1, 2, 4, 8):
        raise ValueError("an entry has 1, 2, 4 or 8 bits")
    values = np.frombuffer(statuses, dtype=np.uint8)
    if len(values) and int(values.max()) >> bits:
        raise ValueError("a status does not fit into its bits")
    if bits == 8:
        return values.tobytes()
    if bits == 1:
        return np.packbits(values, bitorder="little").tobytes()
    each = 8 // bits
    if rest := len(values) % each:
        values = np.concatenate([values, np.zeros(each - rest, dtype=np.uint8)])
    packed = values[0::each].copy()
    for place in range(1, each):
        packed |= values[place::each] << np.uint8(place * bits)
    return packed.tobytes()


def unpack(packed: bytes, bits: int = 1) -> bytearray:
    """One byte an entry of a list of 1, 2, 4 or 8 bits an entry; `pack` takes it back."""
    told = np.frombuffer(packed, dtype=np.uint8)
    if bits == 1:
        return bytearray(np.unpackbits(told, bitorder="little").tobytes())
    places = np.arange(0, 8, bits, dtype=np.uint8)
    return bytearray(((told[:, None] >> places) & np.uint8((1 << bits) - 1)).tobytes())


def marked(packed: bytes) -> frozenset[int]:
    """The indexes that a bitmap has set."""
    told = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), bitorder="little")
    return frozenset(np.flatnonzero(told).tolist())


def status_list(
    statuses: bytes | bytearray | NDArray[np.uint8], bits: int, aggregation_uri: str | None = None
) -> StatusList:
    """A list of one byte an entry, packed. Raises ValueError as `pack` does."""
    return StatusList(bits, pack(statuses, bits), aggregation_uri)


def new_list(entries: int, decoys: int, draw: Draw, first: int = 0) -> tuple[bytearray, frozenset[int]]:
    """
    A list with all its entries from the first day, and the indexes of its decoys.

    Every entry is VALID but for half of the decoys, which are INVALID; `turn_decoys` turns the others later, beside
    real withdrawals. INVARIANT: a decoy is never given to a token, so an INVALID never becomes VALID again.

    Args:
        entries: at least 100,000; the length never changes afterwards, so it tells nothing of how many were issued.
        decoys: how many entries belong to nobody, at most half of them.
        first: the lowest index that is given out, and that a decoy may have.

    Returns:
        One byte an entry, and the decoys' indexes.

    Raises:
        ValueError: too few entries, or too many decoys.
    """
    if entries - first < LEAST_ENTRIES or first < 0 or not 0 <= decoys <= (entries - first) // 2:
        raise ValueError("a list has 100,000 entries or more, and at most half of them are decoys")
    chosen: dict[int, None] = {}
    while len(chosen) < decoys:
        for index in _indexes(entries - first, decoys - len(chosen), draw):
            chosen[first + index] = None
    statuses = bytearray(entries)
    for index in list(chosen)[: (decoys + 1) // 2]:
        statuses[index] = INVALID
    return statuses, frozenset(chosen)


def turn_decoys(
    statuses: bytearray,
    decoys: frozenset[int],
    count: int,
    draw: Draw,
    before: int = VALID,
    after: int = INVALID,
) -> int:
    """Set up to `count` decoys from one status to another, by chance; returns how many there were to turn."""
    left = sorted(index for index in decoys if statuses[index] == before)
    turned = 0
    while left and turned < count:
        place = _indexes(len(left), 1, draw)[0]
        left[place], left[-1] = left[-1], left[place]
        statuses[left.pop()] = after
        turned += 1
    return turned


def unused_index(entries: int, is_used: Callable[[int], bool], draw: Draw, first: int = 0) -> int:
    """
    An index from `first` on, by chance that no token and no decoy has: each unused one is as likely as any other.

    The caller reserves it atomically (a unique constraint) and asks again when another was quicker. Open another list
    when one is half full.

    Raises:
        StatusListFull: 128 draws met used ones alone; that happens by chance only when nearly all are used.
    """
    for _ in range(_TRIES):
        index = first + _indexes(entries - first, 1, draw)[0]
        if not is_used(index):
            return index
    raise StatusListFull(entries=entries)


def _indexes(below: int, count: int, draw: Draw) -> list[int]:
    """`count` numbers from 0 to `below` - 1, all equally likely: draws that would favour low ones are thrown away."""
    fair = 2**32 - 2**32 % below
    found: list[int] = []
    while len(found) < count:
        drawn = np.frombuffer(draw(4 * (count - len(found))), dtype="<u4").astype(np.int64)
        found += (drawn[drawn < fair] % below).tolist()
    return found
