"""
How large a WebP picture unfolds and where it ends, told from its chunks alone and never decoded.

Source: RFC 9649 sections 2.3 to 2.7 (the container), RFC 6386 section 9.1 (the header of a VP8 frame).
"""

import struct
from dataclasses import dataclass
from typing import Final

from ruangaman.core.shown_files import FileRefused

MOST_CHUNKS: Final = 10_000
_IMAGES: Final = (b"VP8 ", b"VP8L", b"VP8X")


@dataclass(frozen=True, slots=True)
class Header:
    """Width and height in pixels; `size`: bytes from the first to the last that belongs to the picture."""

    width: int
    height: int
    size: int


def read(data: bytes) -> Header:
    """
    The header of a WebP picture.

    Raises:
        FileRefused: `kind` (no WebP), `broken` (a chunk is cut off, or none tells the size).
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise FileRefused(why="kind")
    size = 8 + int(struct.unpack("<I", data[4:8])[0])
    if size > len(data):
        raise FileRefused(why="broken")
    width, height, at = 0, 0, 12
    for number in range(MOST_CHUNKS):
        if at + 8 > size:
            break
        name, length = struct.unpack("<4sI", data[at : at + 8])
        after = at + 8 + length + length % 2
        if after > size:
            raise FileRefused(why="broken")
        if number == 0:
            if name not in _IMAGES:
                raise FileRefused(why="broken")
            width, height = _measured(name, data[at + 8 : at + 8 + length])
        at = after
    if at != size or not width or not height:
        raise FileRefused(why="broken")
    return Header(width, height, size)


def _measured(name: bytes, told: bytes) -> tuple[int, int]:
    """Of the canvas, or of the one frame; (0, 0) where it does not say."""
    if name == b"VP8X" and len(told) >= 10:
        return 1 + int.from_bytes(told[4:7], "little"), 1 + int.from_bytes(told[7:10], "little")
    if name == b"VP8L" and len(told) >= 5 and told[0] == 0x2F:
        bits = int.from_bytes(told[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 " and told[3:6] == b"\x9d\x01\x2a" and len(told) >= 10:
        width, height = struct.unpack("<HH", told[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
