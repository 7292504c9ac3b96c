"""Drawings of the lessons as bytes, for files that carry them along."""

from ruangaman.rooms.learning import config


def read(name: str) -> bytes:
    """An SVG by the name that a lesson gives it; the lessons' checks refuse a name without a drawing."""
    return (config.folder() / "pictures" / f"{name}.svg").read_bytes()
