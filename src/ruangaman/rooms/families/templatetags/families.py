"""Moments, persons and QR pictures in this room's pages."""

from datetime import datetime

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from ruangaman.rooms.families import times

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """`Rabu, 25 November, pukul 09.30 WIB`."""
    return times.moment(at)


@register.filter
def day(at: datetime | None) -> str:
    """`Senin, 2 November 2026`."""
    return times.day(at) if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """`09.30 WIB`."""
    return times.clock(at) if at else ""


@register.filter
def near(at: datetime | None, now: datetime) -> str:
    """`besok, 09.30 WIB`."""
    return times.near(at, now)


@register.simple_tag
def qr(url: str, size: int = 200) -> SafeString:
    """A QR code as inline SVG, always dark on white; `url` is one of our own links."""
    code = segno.make(url, error="m", micro=False)
    scale = size / code.symbol_size(border=3)[0]
    return mark_safe(  # noqa: S308  (drawn by us from a link that we made)
        code.svg_inline(
            scale=round(scale, 3), border=3, dark="#14242A", light="#FFFFFF", svgclass="qr", lineclass=None
        )
    )
