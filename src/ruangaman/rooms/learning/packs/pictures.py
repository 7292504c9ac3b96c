"""Drawings of the lessons as bytes, for files that carry them along."""

from functools import cache

from ruangaman.rooms.learning import config


@cache
def read(name: str) -> bytes:
    """An SVG by the name that a lesson gives it; the lessons' checks refuse a name without a drawing."""
    return (config.folder() / "pictures" / f"{name}.svg").read_bytes()
