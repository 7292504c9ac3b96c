"""
Photos that people send, drawn anew: what is kept has never been in a camera, so nothing of place, phone or maker comes
along, and nothing that stood behind or inside the picture.

The file's structure is read first (`core.shown_files`, `core.webp`), so that what would unfold to gigabytes is refused
unseen. Every part of the house has its own limits; the way is one.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from ruangaman.core import shown_files, webp
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.shown_files import ShownFile

MOST_PIXELS: Final = 30_000_000
MOST_BYTES: Final = 3_000_000
QUALITY: Final = 80
CAMERA: Final = ("jpeg", "png")
ANY: Final = ("jpeg", "png", "webp")


class PhotoRefused(RuangAmanError):
    """No photo that can be taken; `why`: empty, kind, broken, large, mixed, and of a plan also date, many or own."""

    code = "photos.refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a part of the house takes, and what it keeps.

    Attributes:
        most_side: pixels of the longer side, as kept. most_bytes, most_pixels: of the file as it came.
        kinds: of jpeg, png and webp. quality: of the JPEG that is kept, 1 to 95.
        at_scale: a JPEG is measured at the scale at which it is read, so that a scan of a hall's plan may be large.
        png_stays: a PNG is kept as one, with what is clear in it, for papers and drawings.
    """

    most_side: int
    most_bytes: int = MOST_BYTES
    most_pixels: int = MOST_PIXELS
    kinds: tuple[str, ...] = CAMERA
    quality: int = QUALITY
    at_scale: bool = False
    png_stays: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture without any metadata; `kind` jpeg or png, width and height in pixels, upright."""

    data: bytes
    width: int
    height: int
    kind: str = "jpeg"


def redraw(data: bytes, limits: Limits) -> Drawn:
    """
    A picture, turned upright, scaled so that no side is longer than the limits allow, and written anew.

    Raises:
        PhotoRefused: it is no picture that these limits take, is broken, too large, or something else as well.
    """
    if len(data) > limits.most_bytes:
        raise PhotoRefused(why="large")
    try:
        shown = _shown(data, limits)
    except shown_files.FileRefused as refused:
        raise PhotoRefused(why=str(refused.facts["why"])) from None
    if shown.kind not in limits.kinds:
        raise PhotoRefused(why="kind")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # measured here, by our own limit
            return _read(shown, limits)
    except PhotoRefused:
        raise
    except Exception:  # a decoder meets hostile bytes: whatever it raises, the file is broken
        raise PhotoRefused(why="broken") from None


def _shown(data: bytes, limits: Limits) -> ShownFile:
    if data[:4] != b"RIFF" or "webp" not in limits.kinds:
        return shown_files.read(data)
    header = webp.read(data)  # libwebp takes the room for the whole canvas as soon as it is asked
    if header.width * header.height > limits.most_pixels:
        raise PhotoRefused(why="large")
    if shown_files.mixed(data):
        raise PhotoRefused(why="mixed")
    return ShownFile("webp", "image/webp", data[: header.size])


def _read(shown: ShownFile, limits: Limits) -> Drawn:
    with Image.open(BytesIO(shown.data), formats=[shown.kind.upper()]) as opened:
        if not limits.at_scale and opened.width * opened.height > limits.most_pixels:
            raise PhotoRefused(why="large")
        opened.draft("RGB", (limits.most_side, limits.most_side))  # a JPEG is read at a fraction of its size
        if opened.width * opened.height > limits.most_pixels:
            raise PhotoRefused(why="large")
        return _drawn(ImageOps.exif_transpose(opened), shown.kind, limits)


def _drawn(read: Image.Image, kind: str, limits: Limits) -> Drawn:
    out, side = BytesIO(), (limits.most_side, limits.most_side)
    if kind == "png" and limits.png_stays:
        clear = Image.new("RGBA", read.size)
        clear.paste(read.convert("RGBA"))
        clear.thumbnail(side)
        clear.save(out, "PNG", optimize=True)
        return Drawn(out.getvalue(), clear.width, clear.height, "png")
    plain = Image.new("RGB", read.size, "white")
    if "A" in read.getbands() or "transparency" in read.info:
        layer = read.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain.paste(read.convert("RGB"))
    plain.thumbnail(side)
    plain.save(out, "JPEG", quality=limits.quality, optimize=True)
    return Drawn(out.getvalue(), plain.width, plain.height)
