"""
Photos that people send, drawn anew: what the file said of place, phone and time does not come along.

Only JPEG, PNG and WebP are read, their size is known before a pixel is, and what is kept is a new JPEG.
"""

import warnings
from io import BytesIO
from typing import Final

from ruangaman.core.errors import RuangAmanError

FORMATS: Final = ("JPEG", "PNG", "WEBP")
QUALITY: Final = 80


class PictureRefused(RuangAmanError):
    """No photo that can be taken; `why`: empty, kind, large or broken."""

    code = "places.picture-refused"


def drawn_anew(data: bytes, *, most_bytes: int, most_pixels: int, side: int) -> bytes:
    """
    The same picture as a new JPEG without anything beside it, upright, at most `side` pixels long.

    Args:
        most_pixels: of the picture as it came; a file that unfolds further is refused unseen.

    Raises:
        PictureRefused
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if not data:
        raise PictureRefused(why="empty")
    if len(data) > most_bytes:
        raise PictureRefused(why="large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is measured below
            found = Image.open(BytesIO(data), formats=FORMATS)
            if found.width * found.height > most_pixels:
                raise PictureRefused(why="large")
            found.draft("RGB", (side * 2, side * 2))  # a large JPEG is decoded small
            found.load()
            upright = ImageOps.exif_transpose(found)
            fresh = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA") if upright.mode in ("P", "LA", "RGBA") else upright.convert("RGB")
            fresh.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused(why="kind") from None
    except Image.DecompressionBombError:
        raise PictureRefused(why="large") from None
    except Exception:  # a decoder meets hostile bytes: whatever it raises, the file is broken
        raise PictureRefused(why="broken") from None
    fresh.thumbnail((side, side))
    out = BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
