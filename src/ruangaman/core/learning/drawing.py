"""
Which classes are taught first, drawn so that anybody can draw it again.

Classes stand in a published order in which neighbours are alike (by region, then by size). Two by two they are split by
a hash of the published seed: one of each two is taught, the other waits. So arms are as large and as far apart as can
be, and nobody could choose.
"""

import hashlib
from collections.abc import Sequence


def arms(ordered: Sequence[str], seed: str, first: str, second: str) -> dict[str, str]:
    """
    An arm for each class; the same seed and order always give the same.

    Args:
        ordered: ids of classes, neighbours alike; none twice. seed: published. first, second: names of the arms.

    >>> arms(["a", "b", "c"], "1", "teach", "wait")
    {'a': 'wait', 'b': 'teach', 'c': 'teach'}
    """
    told = {}
    for begin in range(0, len(ordered), 2):
        pair = ordered[begin : begin + 2]
        heads = _digest(seed, pair[0])[0] % 2 == 0
        for place, one in enumerate(pair):
            told[one] = first if heads == (place == 0) else second
    return told


def _digest(seed: str, name: str) -> bytes:
    """SHA-256 of `seed|id` in UTF-8; its first byte, even or odd, decides for the first of two."""
    return hashlib.sha256(f"{seed}|{name}".encode()).digest()
