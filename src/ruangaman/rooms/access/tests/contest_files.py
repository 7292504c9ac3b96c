"""Files that people show, and others that only look like them."""

import struct
import zlib

EXIF = (
    b"Exif\x00\x00MM\x00*\x00\x00\x00\x08"
    + struct.pack(">H", 2)
    + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    + struct.pack(">HHII", 0x8825, 4, 1, 38)
    + struct.pack(">I", 0)
    + b"GPS-6.2088,106.8456"
)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(
    mark: bytes = b"", *, width: int = 640, height: int = 480, exif: bytes = EXIF, tail: bytes = b""
) -> bytes:
    """A photo by its form: header, Exif, frame, one scan that holds `mark`."""
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")
        + (segment(0xE1, exif) if exif else b"")
        + segment(0xFE, b"a comment with a name")
        + segment(0xDB, bytes(65))
        + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + mark.replace(b"\xff", b"\xff\x00")
        + b"\xff\xd9"
        + tail
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(mark: bytes = b"", *, width: int = 4, height: int = 4) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"tEXt", b"Author\x00Sari")
        + chunk(b"IDAT", zlib.compress(bytes((width + 1) * height)) if width < 100 else mark or b"x")
        + chunk(b"IEND", b"")
    )


def pdf(mark: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n" + mark + b"\ntrailer <<>>\n%%EOF\n"


def voice(mark: bytes = b"") -> bytes:
    return b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01\x01" + mark
