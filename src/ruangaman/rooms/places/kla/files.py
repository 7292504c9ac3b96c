"""
Files that are brought as evidence: told by their content, and kept without what they say of people and cameras.

Taken are PDF, JPEG, PNG, XLSX and DOCX. Pictures are drawn anew, so nothing of the camera comes with them; of office
files the properties (author, company) are emptied and macros refused. A file is never shown by this house, only handed
out as a download.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Final

from ruangaman.adapters import photos
from ruangaman.core import shown_files
from ruangaman.core.shown_files import FileRefused
from ruangaman.rooms.places.errors import EvidenceRefused

MOST_BYTES: Final = 8_000_000
PICTURES: Final = photos.Limits(
    most_side=3_000, most_bytes=MOST_BYTES, most_pixels=25_000_000, quality=85, at_scale=True, png_stays=True
)
MOST_UNFOLDED: Final = 40_000_000
MOST_PARTS: Final = 3_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFICE: Final = {
    "xl/workbook.xml": ("xlsx", XLSX),
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
_EMPTIED: Final = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_ACTS: Final = ("vbaproject.bin", "/embeddings/", "/activex/", "/externallinks/")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is kept."""

    media: str
    extension: str
    data: bytes


def read(data: bytes) -> KeptFile:
    """
    What a file is, by its content, and what of it is kept.

    Raises:
        EvidenceRefused: empty, large, of no kind that is taken, broken, something else as well, or it acts by itself.
    """
    if not data:
        raise EvidenceRefused(why="empty")
    if len(data) > MOST_BYTES:
        raise EvidenceRefused(why="large")
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    try:
        found = shown_files.read(data)
    except FileRefused as refused:
        raise EvidenceRefused(why=str(refused.facts.get("why", "kind"))) from None
    if found.kind == "pdf":
        return KeptFile(found.media_type, "pdf", data)
    if found.kind in ("jpeg", "png"):
        return _picture(data)
    raise EvidenceRefused(why="kind")


def _picture(data: bytes) -> KeptFile:
    try:
        drawn = photos.redraw(data, PICTURES)
    except photos.PhotoRefused as refused:
        raise EvidenceRefused(why=str(refused.facts["why"])) from None
    return KeptFile(f"image/{drawn.kind}", "jpg" if drawn.kind == "jpeg" else "png", drawn.data)


def _office(data: bytes) -> KeptFile:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folded:
            parts = folded.infolist()
            names = [one.filename for one in parts]
            kind = next((found for name, found in _OFFICE.items() if name in names), None)
            if kind is None or "[Content_Types].xml" not in names:
                raise EvidenceRefused(why="kind")
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNFOLDED:
                raise EvidenceRefused(why="large")
            if any(sign in f"/{name.lower()}" for name in names for sign in _ACTS):
                raise EvidenceRefused(why="acts")
            if len(set(names)) != len(names) or any(one.flag_bits & 1 for one in parts):
                raise EvidenceRefused(why="broken")
            extension, media = kind
            return KeptFile(media, extension, _without_properties(folded, parts))
    except EvidenceRefused:
        raise
    except Exception as wrong:  # a reader of foreign bytes may fail in any way
        raise EvidenceRefused(why="broken") from wrong


def _without_properties(folded: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in parts:
            clean = zipfile.ZipInfo(one.filename)  # of 1980: the hour at which somebody worked is not told
            clean.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(clean, _EMPTIED.get(one.filename) or folded.read(one))
    return out.getvalue()
