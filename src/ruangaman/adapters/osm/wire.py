"""
Compiled loops over the wire format of protocol buffers.

Every length is held against the end of its message before it is followed; what does not fit raises ValueError. Packed
fields must be packed, as every writer of `.osm.pbf` has them. Numbers are signed 64-bit throughout.

Source: protobuf.dev/programming-guides/encoding.
"""

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import kept

Bytes = NDArray[np.uint8]

_LOW_63 = 0x7FFFFFFFFFFFFFFF


@kept
def varint(block: Bytes, at: int, end: int) -> tuple[int, int]:
    """A number and the place behind it."""
    value = 0
    shift = 0
    while True:
        if at >= end or shift > 63:
            raise ValueError("a number is cut")
        byte = block[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


@kept
def zigzag(value: int) -> int:
    return ((value >> 1) & _LOW_63) ^ -(value & 1)


@kept
def span(block: Bytes, at: int, end: int) -> tuple[int, int]:
    """Begin and end of the bytes of a field."""
    length, at = varint(block, at, end)
    if length < 0 or length > end - at:
        raise ValueError("a field reaches beyond its message")
    return at, at + length


@kept
def skip(block: Bytes, at: int, end: int, kind: int) -> int:
    """The place behind a field that nobody reads."""
    if kind == 0:
        _, at = varint(block, at, end)
        return at
    if kind == 2:
        _, at = span(block, at, end)
        return at
    if kind != 1 and kind != 5:
        raise ValueError("wire type")
    at += 8 if kind == 1 else 4
    if at > end:
        raise ValueError("a field reaches beyond its message")
    return at


@kept
def varints_in(block: Bytes, at: int, end: int) -> int:
    """How many numbers a packed field has."""
    found = 0
    for place in range(at, end):
        found += block[place] < 0x80
    return found
