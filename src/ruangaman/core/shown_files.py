"""
Files that somebody shows to an officer: told by their content, never by their name, and never decoded.

Taken are photos (JPEG, PNG), documents (PDF) and audio notes (MP4/3GP, Ogg, WebM, MP3, WAV). What the file says of the
place and the phone (Exif, XMP, comments) is taken out of photos: a child's place is nobody's business. Of a photo the
header alone is read, so that a picture that would unfold to gigabytes is refused unseen.

Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition sections 5 and 11, ISO 32000-2 section 7.5 (PDF), RFC 3533 and
7845 (Ogg Opus), ISO/IEC 14496-12 (MP4), RFC 8794 (EBML).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ruangaman.core.errors import RuangAmanError

MOST_SIDE: Final = 12_000  # pixels
MOST_PIXELS: Final = 60_000_000
_TAIL: Final = 65_557  # bytes in which the end of a ZIP directory stands
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xFE
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_TOLD: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|script|svg|\?xml)", re.IGNORECASE)
_PDF_ACTS: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_VIDEO: Final = re.compile(rb"hdlr.{8}vide|V_(?:VP[89]|AV1|MPEG)", re.DOTALL)
_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"iso5", b"iso6", b"dash"})


class FileRefused(RuangAmanError):
    """The file is none that an officer is shown; `facts["why"]`: empty, kind, broken, large, mixed or acts."""

    code = "ages.file-refused"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as it is kept: its kind, its media type, and its bytes without what was said of place and phone."""

    kind: str
    media_type: str
    data: bytes


def read(data: bytes) -> ShownFile:
    """
    What a file is, by its content.

    Raises:
        FileRefused: it is empty; of no kind that is taken; broken; a picture that unfolds too far; something else as
            well (a web page or an archive inside); or a document that acts.
    """
    if not data:
        raise FileRefused(why="empty")
    found = _read(data)
    if mixed(data):
        raise FileRefused(why="mixed")
    return found


def mixed(data: bytes) -> bool:
    """Whether a file is something else as well: a web page at its beginning, an archive at its end."""
    return _MARKUP.search(data[:1024]) is not None or b"PK\x05\x06" in data[-_TAIL:]


def _read(data: bytes) -> ShownFile:
    if data[:3] == b"\xff\xd8\xff":
        return ShownFile("jpeg", "image/jpeg", _jpeg(data))
    if data.startswith(_PNG):
        return ShownFile("png", "image/png", _png(data))
    if data[:5] == b"%PDF-":
        return _pdf(data)
    return _audio(data)


def _fits(width: int, height: int) -> None:
    if not width or not height:
        raise FileRefused(why="broken")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise FileRefused(why="large")


def _jpeg(data: bytes) -> bytes:
    kept, orientation, measured, at = bytearray(), 1, False, 2
    for marker, segment, after in _segments(data):
        at = after
        if marker in _FRAMES:
            if len(segment) < 9:
                raise FileRefused(why="broken")
            height, width = struct.unpack(">HH", segment[5:9])
            _fits(width, height)
            measured = True
        if marker == _APP1:
            orientation = _orientation(segment[4:]) or orientation
        if marker == _SOS or not _tells(marker, segment):
            kept += segment
    end = data.rfind(b"\xff\xd9")
    if not measured or end < at:
        raise FileRefused(why="broken")
    turned = _turned(orientation) if orientation != 1 else b""
    # Whatever stands after the picture's end (previews, second pictures) is left behind.
    return b"\xff\xd8" + turned + bytes(kept) + data[at : _first_end(data, at)]


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(marker, whole segment, where the next begins) up to the first scan."""
    at = 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise FileRefused(why="broken")
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        after = at + 2 + length
        if length < 2 or after > len(data) or marker in (_SOI, _EOI, 0, 1) or 0xD0 <= marker <= 0xD7:
            raise FileRefused(why="broken")
        yield marker, data[at:after], after
        if marker == _SOS:
            return
        at = after


def _first_end(data: bytes, at: int) -> int:
    """Past the end marker of the picture whose first scan begins at `at`; inside scans 0xFF is stuffed."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise FileRefused(why="broken")
        marker = data[at + 1]
        if marker == _EOI:
            return at + 2
        if marker == 0xFF:
            at += 1
        elif marker in (0, 1) or 0xD0 <= marker <= 0xD7:
            at += 2
        else:  # tables between the scans of a progressive picture
            if at + 4 > len(data):
                raise FileRefused(why="broken")
            at += 2 + max(2, struct.unpack(">H", data[at + 2 : at + 4])[0])


def _tells(marker: int, segment: bytes) -> bool:
    """Whether a segment says something beside the picture: all but the colour's own."""
    if marker in (_COMMENT, _APP1, 0xEF) or _APP2 < marker <= 0xED:
        return True
    return marker == _APP2 and not segment[4:].startswith(b"ICC_PROFILE\x00")


def _orientation(exif: bytes) -> int | None:
    """The way in which the phone was held (Exif tag 0x0112), 1 to 8; None when it does not say."""
    if not exif.startswith(b"Exif\x00\x00"):
        return None
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return None
        first = struct.unpack(order + "I", tiff[4:8])[0]
        count = struct.unpack(order + "H", tiff[first : first + 2])[0]
        for index in range(min(count, 64)):
            entry = tiff[first + 2 + 12 * index : first + 14 + 12 * index]
            tag, _kind, _count, value = struct.unpack(order + "HHIH", entry[:10])
            if tag == 0x0112:
                return value if 1 <= value <= 8 else None
    except struct.error:
        return None
    return None


def _tiff(orientation: int) -> bytes:
    return b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def _turned(orientation: int) -> bytes:
    """An Exif segment that says the orientation and nothing else."""
    body = b"Exif\x00\x00" + _tiff(orientation)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept, at, first, orientation = bytearray(_PNG), len(_PNG), True, 1
    while True:
        head = data[at : at + 8]
        if len(head) < 8:
            raise FileRefused(why="broken")
        length, kind = struct.unpack(">I4s", head)
        after = at + 12 + length
        if after > len(data) or first != (kind == b"IHDR") or (first and length != 13):
            raise FileRefused(why="broken")
        if first:
            _fits(*struct.unpack(">II", data[at + 8 : at + 16]))
            first = False
        if kind == b"eXIf":
            orientation = _orientation(b"Exif\x00\x00" + data[at + 8 : after - 4]) or orientation
        if kind == b"IEND" and orientation != 1:
            told = b"eXIf" + _tiff(orientation)
            kept += struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
        if kind not in _PNG_TOLD:
            if zlib.crc32(data[at + 4 : after - 4]) != struct.unpack(">I", data[after - 4 : after])[0]:
                raise FileRefused(why="broken")
            kept += data[at:after]
        at = after
        if kind == b"IEND":
            return bytes(kept)


def _pdf(data: bytes) -> ShownFile:
    if b"%%EOF" not in data[-1024:]:
        raise FileRefused(why="broken")
    if any(one in data for one in _PDF_ACTS):
        raise FileRefused(why="acts")
    return ShownFile("pdf", "application/pdf", data)


def _audio(data: bytes) -> ShownFile:
    if _VIDEO.search(data):
        raise FileRefused(why="kind")
    if data[4:8] == b"ftyp" and (data[8:12] in _BRANDS or data[8:11] == b"3gp"):
        return ShownFile("mp4", "audio/mp4", data)
    if data[:4] == b"OggS" and (b"OpusHead" in data[:64] or b"\x01vorbis" in data[:64]):
        return ShownFile("ogg", "audio/ogg", data)
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64]:
        return ShownFile("webm", "audio/webm", data)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return ShownFile("wav", "audio/wav", data)
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa")):
        return ShownFile("mp3", "audio/mpeg", data)
    raise FileRefused(why="kind")
