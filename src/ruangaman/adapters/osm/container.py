"""
The container of `.osm.pbf`: a row of blobs, each inflated within a limit.

Source: wiki.openstreetmap.org/wiki/PBF_Format (fileformat.proto, osmformat.proto).
"""

import zlib
from collections.abc import Iterator

from ruangaman.adapters.osm.errors import FeatureUnknown, FileBroken, FileEmpty, FileTooLarge, NotOneState

MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
"""The format's own limits of one blob's header, and of one blob, packed or inflated."""

_KNOWN = frozenset({"OsmSchema-V0.6", "DenseNodes"})
_HISTORY = "HistoricalInformation"
_LENGTH = 4  # bytes of big-endian length before each blob's header
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5  # wire types


class OtherCompression(Exception):
    """A blob is packed by something else than zlib; another reader may know it."""


def looks_like_pbf(head: bytes) -> bool:
    """Whether a file that begins so is a PBF file: a length, and a header whose type is OSMHeader."""
    return b"OSMHeader" in head[_LENGTH : _LENGTH + 32] and head[:2] == b"\0\0"


def blocks(content: bytes, *, max_inflated: int) -> Iterator[bytes]:
    """
    The inflated data blocks of a file, its header checked first.

    Args:
        content: the file's bytes.
        max_inflated: bytes of all blocks together.

    Raises:
        FileBroken, FileEmpty, FileTooLarge, FeatureUnknown, NotOneState; OtherCompression.
    """
    seen_header = False
    inflated = 0
    at, end = 0, len(content)
    view = memoryview(content)
    while at < end:
        kind, at, until = _blob_span(view, at, end)
        if kind not in (b"OSMHeader", b"OSMData"):
            at = until  # the format asks readers to skip what they do not know
            continue
        block = _inflate(view[at:until], at)
        inflated += len(block)
        if inflated > max_inflated:
            raise FileTooLarge(what="inflated", at_most=max_inflated)
        at = until
        if kind == b"OSMHeader":
            _check_header(block)
            seen_header = True
        elif not seen_header:
            raise FileBroken(why="data before the header")
        else:
            yield block
    if not seen_header:
        raise FileEmpty()


def _blob_span(view: memoryview, at: int, end: int) -> tuple[bytes, int, int]:
    """Type of the next blob, and where it begins and ends."""
    if end - at < _LENGTH:
        raise FileBroken(why="cut in a length", at=at)
    length = int.from_bytes(view[at : at + _LENGTH], "big")
    at += _LENGTH
    if not 0 < length <= MAX_HEADER_BYTES:
        raise FileBroken(why="length of a header", at=at)
    if length > end - at:
        raise FileBroken(why="cut in a header", at=at)
    kind, size = b"", -1
    for field, value in _fields(view[at : at + length], at):
        if field == 1 and not isinstance(value, int):
            kind = bytes(value)
        elif field == 3 and isinstance(value, int):
            size = value
    at += length
    if not 0 <= size <= MAX_BLOB_BYTES:
        raise FileBroken(why="size of a blob", at=at)
    if size > end - at:
        raise FileBroken(why="cut in a blob", at=at)
    return kind, at, at + size


def _inflate(blob: memoryview, at: int) -> bytes:
    size = -1
    for field, value in _fields(blob, at):
        if field == 1 and not isinstance(value, int):
            return bytes(value)
        if field == 2 and isinstance(value, int):
            size = value
        elif field == 3 and not isinstance(value, int):
            packed = value
            break
        elif field in (4, 5, 6, 7):
            raise OtherCompression
    else:
        raise FileBroken(why="a blob without data", at=at)
    if size < 0:  # the size may stand behind the data
        size = next((v for f, v in _fields(blob, at) if f == 2 and isinstance(v, int)), -1)
    if not 0 <= size <= MAX_BLOB_BYTES:
        raise FileBroken(why="inflated size of a blob", at=at)
    inflater = zlib.decompressobj()
    try:
        block = inflater.decompress(packed, size + 1)
    except zlib.error:
        raise FileBroken(why="zlib", at=at) from None
    if len(block) != size or not inflater.eof:
        raise FileBroken(why="inflated size of a blob", at=at)
    return block


def _check_header(block: bytes) -> None:
    for field, value in _fields(memoryview(block), 0):
        if field != 4 or isinstance(value, int):
            continue
        feature = bytes(value).decode("utf-8", "replace")
        if feature == _HISTORY:
            raise NotOneState(what="history")
        if feature not in _KNOWN:
            raise FeatureUnknown(feature=feature[:60])


def _fields(message: memoryview, at: int) -> Iterator[tuple[int, int | memoryview]]:
    """Field number and value of a protobuf message: an int for numbers, a view for bytes."""
    place, end = 0, len(message)
    while place < end:
        key, place = _varint(message, place, at)
        kind = key & 7
        if kind == _VARINT:
            value, place = _varint(message, place, at)
            yield key >> 3, value
        elif kind == _BYTES:
            length, place = _varint(message, place, at)
            if length > end - place:
                raise FileBroken(why="a field reaches beyond its message", at=at)
            yield key >> 3, message[place : place + length]
            place += length
        elif kind in (_FIXED_64, _FIXED_32):
            place += 8 if kind == _FIXED_64 else 4
            if place > end:
                raise FileBroken(why="a field reaches beyond its message", at=at)
        else:
            raise FileBroken(why="wire type", at=at)


def _varint(message: memoryview, place: int, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(message) or shift > 63:
            raise FileBroken(why="a number is cut", at=at)
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place
        shift += 7
