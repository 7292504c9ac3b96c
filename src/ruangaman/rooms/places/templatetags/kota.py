"""Small drawings and names of the pages of a city."""

from collections.abc import Sequence
from typing import Any

from django import template

from ruangaman.rooms.places import provinces

register = template.Library()
KINDS = ("safe", "unknown", "unsafe")


@register.filter
def province(code: str) -> str:
    """What a province is called."""
    return provinces.name(code)


@register.inclusion_tag("places/_batang.html")
def bar(parts: Sequence[float]) -> dict[str, Any]:
    """Safe, not known, not safe, side by side; the numbers stand beside it as text."""
    whole = sum(parts) or 1
    x, bars = 0.0, []
    for part, kind in zip(parts, KINDS, strict=True):
        width = 100 * part / whole
        bars.append((f"{x:.2f}", f"{width:.2f}", kind))
        x += width
    return {"bars": bars}
