"""
PMTiles 3: all tiles of a map in one file, written whole and read tile by tile.

Source: the PMTiles specification, version 3 (github.com/protomaps/PMTiles, spec/v3/spec.md).
"""

import gzip
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruangaman.adapters import whole_files
from ruangaman.core.errors import RuangAmanError

MAGIC: Final = b"PMTiles\x03"
HEAD: Final = struct.Struct("<8s11Q6B4iB2i")
ROOT_ROOM: Final = 16_384 - HEAD.size
A_LEAF: Final = 4_096
GZIP: Final = 2
VECTOR: Final = 1
MOST_ZOOM: Final = 20
MOST_DIRECTORY: Final = 4 << 20
MOST_TILE: Final = 4 << 20

Tile = tuple[int, int, int]
"""Zoom, column, row."""


class TilesUnreadable(RuangAmanError):
    """The file of tiles is not there, or none; `why` says which."""

    code = "city.tiles-unreadable"


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    offset: int
    length: int
    run: int


def tile_id(zoom: int, column: int, row: int) -> int:
    """The number of a tile: along a Hilbert curve, the lower zooms first.

    >>> [tile_id(*one) for one in ((0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0), (2, 0, 0))]
    [0, 1, 2, 3, 4, 5]
    """
    before = ((1 << 2 * zoom) - 1) // 3
    side, number = 1 << zoom, 0
    x, y, half = column, row, side >> 1
    while half:
        right, below = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ below)
        if not below:
            if right:
                x, y = half - 1 - (x & (half - 1)), half - 1 - (y & (half - 1))
            x, y = y, x
        x, y = x & (half - 1), y & (half - 1)
        half >>= 1
    return before + number


def write(
    file: Path,
    tiles: Mapping[Tile, bytes],
    *,
    bounds: tuple[float, float, float, float],
    told: Mapping[str, Any],
) -> None:
    """
    Write vector tiles, in place of what the file held.

    Args:
        tiles: their content, not compressed. bounds: west, south, east, north, degrees. told: name, layers and so on.
    """
    entries, content = [], bytearray()
    known: dict[bytes, tuple[int, int]] = {}
    for number, tile in sorted((tile_id(*place), tile) for place, tile in tiles.items()):
        if tile not in known:
            packed = gzip.compress(tile, 9, mtime=0)
            known[tile] = (len(content), len(packed))
            content += packed
        entries.append(_Entry(number, *known[tile], 1))
    root, leaves = _directories(entries)
    metadata = gzip.compress(json.dumps(told, ensure_ascii=False).encode(), 9, mtime=0)
    zooms = [zoom for zoom, _, _ in tiles] or [0]
    at = [HEAD.size, HEAD.size + len(root), HEAD.size + len(root) + len(metadata)]
    at.append(at[2] + len(leaves))
    west, south, east, north = (round(one * 10_000_000) for one in bounds)
    head = HEAD.pack(
        MAGIC, at[0], len(root), at[1], len(metadata), at[2], len(leaves), at[3], len(content),
        len(entries), len(entries), len(known), 1, GZIP, GZIP, VECTOR, min(zooms), max(zooms),
        west, south, east, north, min(max(zooms), 14), (west + east) // 2, (south + north) // 2,
    )  # fmt: skip
    whole_files.write(file, b"".join((head, root, metadata, leaves, bytes(content))))


def _directories(entries: list[_Entry]) -> tuple[bytes, bytes]:
    """The root, and leaves where the root alone would be too long."""
    root = _packed(entries)
    if len(root) <= ROOT_ROOM:
        return root, b""
    a_leaf, leaves, pointers = A_LEAF, bytearray(), list[_Entry]()
    while True:
        for begin in range(0, len(entries), a_leaf):
            leaf = _packed(entries[begin : begin + a_leaf])
            pointers.append(_Entry(entries[begin].id, len(leaves), len(leaf), 0))
            leaves += leaf
        root = _packed(pointers)
        if len(root) <= ROOT_ROOM:
            return root, bytes(leaves)
        a_leaf, leaves, pointers = a_leaf * 2, bytearray(), []


def _packed(entries: Iterable[_Entry]) -> bytes:
    rows = list(entries)
    out = bytearray(_varint(len(rows)))
    last = 0
    for one in rows:
        out += _varint(one.id - last)
        last = one.id
    for one in rows:
        out += _varint(one.run)
    for one in rows:
        out += _varint(one.length)
    for at, one in enumerate(rows):
        follows = at > 0 and one.offset == rows[at - 1].offset + rows[at - 1].length
        out += _varint(0 if follows else one.offset + 1)
    return gzip.compress(bytes(out), 9, mtime=0)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read(file: Path, zoom: int, column: int, row: int) -> bytes | None:
    """
    One tile, still compressed by gzip; None where there is none.

    Raises:
        TilesUnreadable.
    """
    if not (0 <= zoom <= MOST_ZOOM and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom):
        return None
    try:
        with file.open("rb") as opened:
            head = HEAD.unpack(opened.read(HEAD.size))
            if head[0] != MAGIC or head[13] != GZIP or head[14] != GZIP:
                raise TilesUnreadable(why="no such file of tiles")
            wanted = tile_id(zoom, column, row)
            offset, length = head[1], head[2]
            for _ in range(4):  # the specification allows few levels of leaves
                found = _found(_entries(_part(opened, offset, length, MOST_DIRECTORY)), wanted)
                if found is None:
                    return None
                if found.run:
                    return _part(opened, head[7] + found.offset, found.length, MOST_TILE)
                offset, length = head[5] + found.offset, found.length
        return None
    except FileNotFoundError:
        raise TilesUnreadable(why="not there") from None
    except (OSError, ValueError, struct.error, EOFError, IndexError) as wrong:
        raise TilesUnreadable(why=type(wrong).__name__) from None


def _part(opened: Any, offset: int, length: int, most: int) -> bytes:
    if length > most:
        raise ValueError("too long")
    opened.seek(offset)
    return bytes(opened.read(length))


def _found(entries: list[_Entry], wanted: int) -> _Entry | None:
    """The last entry that begins at the tile or before it, if it holds it or leads to it."""
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) // 2
        if entries[middle].id <= wanted:
            low = middle + 1
        else:
            high = middle
    if not low:
        return None
    one = entries[low - 1]
    return one if not one.run or wanted < one.id + one.run else None


def inflated(packed: bytes, most: int = MOST_TILE) -> bytes:
    """
    What gzip packed, of limited size.

    Raises:
        ValueError: it is larger, or no gzip.
    """
    opened = zlib.decompressobj(wbits=31)
    try:
        content = opened.decompress(packed, most)
    except zlib.error:
        raise ValueError("no gzip") from None
    if opened.unconsumed_tail or not opened.eof:
        raise ValueError("too long, or cut off")
    return content


def _entries(packed: bytes) -> list[_Entry]:
    content = inflated(packed, MOST_DIRECTORY)
    at = 0

    def number() -> int:
        nonlocal at
        found = shift = 0
        while True:
            byte = content[at]
            at += 1
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7

    count = number()
    if count > len(content):
        raise ValueError("more entries than bytes")
    ids, last = [], 0
    for _ in range(count):
        last += number()
        ids.append(last)
    runs = [number() for _ in range(count)]
    lengths = [number() for _ in range(count)]
    offsets: list[int] = []
    for one in range(count):
        told = number()
        offsets.append(told - 1 if told else offsets[one - 1] + lengths[one - 1])
    return [_Entry(*row) for row in zip(ids, offsets, lengths, runs, strict=True)]
