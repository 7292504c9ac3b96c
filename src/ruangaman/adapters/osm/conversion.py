"""Files of OpenStreetMap in other forms, put into `.osm.pbf` by pyosmium, so that one reader reads all of them."""

import bz2
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from ruangaman.adapters.osm.errors import (
    ExtraMissing,
    FileBroken,
    FileEmpty,
    FileTooLarge,
    NotOneState,
    NotOsm,
)

_PIECE = 1 << 20
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
_DELETED = (b' visible="false"', b" visible='false'", b' action="delete"', b" action='delete'")
"""What histories and editors say of elements that are there no longer; osmium would hand them on."""
_HEAD = 1 << 16  # characters in which the first element of an XML file stands; notes may stand before it
_O5M, _O5M_CHANGE = b"\xff\xe0\x04o5m2", b"\xff\xe0\x04o5c2"
_OPL = re.compile(rb"(?:#[^\n]*\n|\n)*[nwr]-?[0-9]+[ \n]")
_OPL_DELETED = b" dD"


def inflated(content: bytes, *, at_most: int) -> bytes:
    """
    The bytes behind gzip or bzip2, or the bytes themselves.

    Raises:
        FileBroken, FileTooLarge.
    """
    if not content.startswith((_GZIP, _BZIP2)):
        return content
    pieces, size = [], 0
    try:
        for piece in _pieces(content):
            size += len(piece)
            if size > at_most:
                raise FileTooLarge(what="inflated", at_most=at_most)
            pieces.append(piece)
    except (zlib.error, OSError, EOFError, ValueError):
        raise FileBroken(why="gzip or bzip2") from None
    return b"".join(pieces)


def _pieces(content: bytes) -> Iterator[bytes]:
    """What inflates, piece by piece; both forms may have several streams in a row."""
    gzip = content.startswith(_GZIP)
    while content:
        inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if gzip else bz2.BZ2Decompressor()
        while not inflater.eof:
            piece = inflater.decompress(content, _PIECE)
            content = inflater.unconsumed_tail if gzip else b""  # type: ignore[union-attr]
            yield piece
            if not piece and not inflater.eof and (gzip or inflater.needs_input):  # type: ignore[union-attr]
                raise EOFError
        content = inflater.unused_data.lstrip(b"\0")  # tapes are filled up with zeros
        if content and not content.startswith(_GZIP if gzip else _BZIP2):
            raise EOFError


def to_pbf(content: bytes, *, kind: str | None = None) -> bytes:
    """
    The same map as `.osm.pbf`.

    Args:
        content: inflated.
        kind: pyosmium's name of the form; None: XML, o5m or OPL, as its first bytes say.

    Raises:
        ExtraMissing, FileBroken, FileEmpty, NotOneState, NotOsm.
    """
    kind = kind or _kind(content)
    try:
        import osmium
    except ImportError:
        raise ExtraMissing(package="osmium") from None
    with tempfile.TemporaryDirectory(prefix="ruangaman-osm-") as folder:
        target = Path(folder) / "map.osm.pbf"
        try:
            # no index is kept and no object becomes one of Python's: reader and writer are both C++
            with (
                osmium.io.Reader(osmium.io.FileBuffer(content, kind)) as reader,
                osmium.SimpleWriter(osmium.io.File(str(target), "pbf,add_metadata=false")) as writer,
            ):
                osmium.apply(reader, writer)
        except (RuntimeError, ValueError, MemoryError, osmium.InvalidLocationError) as wrong:
            raise FileBroken(why=" ".join(str(wrong).split())[:200]) from None
        return target.read_bytes()


def _kind(content: bytes) -> str:
    """What pyosmium calls the form; raises FileEmpty, NotOneState, NotOsm."""
    if content.startswith(_O5M_CHANGE):
        raise NotOneState(what="change")
    if content.startswith(_O5M):
        return "o5m"
    if _OPL.match(content):
        if _OPL_DELETED in content:
            raise NotOneState(what="history")
        return "opl"
    _check_xml(content)
    return "osm"


def _check_xml(content: bytes) -> None:
    if not content.strip(b" \t\r\n\0"):
        raise FileEmpty()
    head = content[:_HEAD].decode("latin-1")
    if "<osmChange" in head:
        raise NotOneState(what="change")
    if not head.lstrip("\xef\xbb\xbf \t\r\n").startswith("<") or "<osm" not in head:
        raise NotOsm()
    if any(mark in content for mark in _DELETED):
        raise NotOneState(what="history")
