"""
Photos that people send, drawn anew: what is kept has never been in a camera, so nothing of place, phone or maker comes
along, and nothing that stood behind or inside the picture.

The file's structure is read first (`core.shown_files`), so that what would unfold to gigabytes is refused unseen.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from ruangaman.core import shown_files
from ruangaman.core.errors import RuangAmanError

MOST_PIXELS: Final = 30_000_000
MOST_BYTES: Final = 3_000_000
QUALITY: Final = 80


class PhotoRefused(RuangAmanError):
    """No photo that can be drawn anew; `why`: empty, kind, broken, large or mixed."""

    code = "photos.refused"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A JPEG without any metadata; width and height in pixels, upright."""

    data: bytes
    width: int
    height: int


def redraw(data: bytes, *, most_side: int) -> Drawn:
    """
    A JPEG or PNG, turned upright, scaled so that no side is longer than `most_side` pixels, and written anew.

    Raises:
        PhotoRefused: it is no such picture, is broken, or has more than 30 million pixels or 3 MB.
    """
    if len(data) > MOST_BYTES:
        raise PhotoRefused(why="large")
    try:
        shown = shown_files.read(data)
    except shown_files.FileRefused as refused:
        raise PhotoRefused(why=str(refused.facts["why"])) from None
    if shown.kind not in ("jpeg", "png"):
        raise PhotoRefused(why="kind")
    try:
        with Image.open(BytesIO(shown.data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PhotoRefused(why="large")
            opened.draft("RGB", (most_side, most_side))  # a JPEG is read at a fraction of its size
            return _drawn(ImageOps.exif_transpose(opened), most_side)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise PhotoRefused(why="broken") from None


def _drawn(read: Image.Image, most_side: int) -> Drawn:
    plain = Image.new("RGB", read.size, "white")
    if "A" in read.getbands() or "transparency" in read.info:
        layer = read.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain.paste(read.convert("RGB"))
    plain.thumbnail((most_side, most_side))
    out = BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Drawn(out.getvalue(), plain.width, plain.height)
