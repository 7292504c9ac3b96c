"""
A Merkle tree over the leaves of a log: one root for all of it, and short proofs that an entry stands in it.

Hashes are SHA-256: a leaf is that of 00 and the entry (`chain.leaf`), a node that of 01 and its two children. Ranges
of leaves are named [begin, end). Source: RFC 9162 section 2.1 (the same tree as RFC 6962 section 2.1).
"""

import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Range = Callable[[int, int], bytes]
"""The root over the leaves [begin, end) of a log, at least one."""


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """
    The root over leaf hashes (32 bytes each). RFC 9162 2.1.1.

    The roots over blocks of equal length, a power of two, may stand for their leaves; the last one may cover fewer.
    """
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        paired = [node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]  # one without a neighbour goes up as it is
    return level[0]


def split(size: int) -> int:
    """The largest power of two below `size` (2 or more): where a tree parts in two."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(index: int, size: int, of: Range) -> list[bytes]:
    """
    The path from leaf `index` to the root of the first `size` leaves, the lowest first. RFC 9162 2.1.3.1.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    begin, end, found = 0, size, []
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            found.append(of(middle, end))
            end = middle
        else:
            found.append(of(begin, middle))
            begin = middle
    return found[::-1]


def consistency(old: int, size: int, of: Range) -> list[bytes]:
    """
    The proof that the first `old` leaves begin the tree of `size`. RFC 9162 2.1.4.1. Empty when the two are one.

    Raises:
        ValueError: `old` is 0 or above `size`.
    """
    if not 0 < old <= size:
        raise ValueError("no such tree")
    begin, end, whole, found = 0, size, True, list[bytes]()
    while old != end:
        middle = begin + split(end - begin)
        if old <= middle:
            found.append(of(middle, end))
            end = middle
        else:
            found.append(of(begin, middle))
            begin, whole = middle, False
    return found[::-1] if whole else [of(begin, end), *found[::-1]]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """Whether `path` leads from the leaf's hash to the root `top`. RFC 9162 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(one, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == top


def extends(old: int, old_top: bytes, size: int, top: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `size` begins with that of `old` leaves. RFC 9162 2.1.4.2."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_top == top
    path = list(proof) if old & (old - 1) else [old_top, *proof]
    if not path:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(one, before), node(one, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_top and after == top
