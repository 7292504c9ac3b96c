"""Tegel in templates: icons, doors, tiles, portraits, pills, blocks. Guide: docs/guides/tegel.md."""

from collections.abc import Mapping
from typing import Any, Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ruangaman.core import tegel as marks
from ruangaman.site.templatetags import drawings

register = template.Library()

# State of a door -> (class of the pill, icon, shape of the door, colour of its leaf). The page words it.
STATES: dict[str, tuple[str, str, str, str]] = {
    "open": ("open", "door-open", "open", "tosca"),
    "closed": ("closed", "door-closed", "closed", "genteng"),
    "later": ("closed", "door-closed", "closed", "nila"),
    "asks": ("asks", "door-chained", "chained", "tosca"),
    "waiting": ("waiting", "clock", "waiting", "tosca"),
    "watched": ("watched", "eye", "closed", "nila"),
    "unknown": ("unknown", "help", "closed", "abu"),
}


@register.simple_tag
def icon(name: str, size: int = 24, colour: str = "") -> SafeString:
    """A line icon, hidden from screen readers: a word always stands beside it. `colour`: a token."""
    shapes = drawings.ICONS[name]
    css = f"icon c-{colour}" if colour else "icon"
    return mark_safe(  # noqa: S308  (our own shapes; the arguments are template literals)
        f'<svg class="{css}" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true">{shapes}</svg>'
    )


@register.simple_tag
def door(state: str = "closed", colour: str = "", size: int = 56, opens: bool = False) -> SafeString:
    """A door, `size` px high. `state` is a shape (open, closed, chained, waiting) or a state of STATES."""
    shape, leaf = state, colour or "tosca"
    if state in STATES:
        shape = STATES[state][2]
        leaf = colour or STATES[state][3]
    css = "door opens" if opens else "door"
    return mark_safe(  # noqa: S308
        f'<svg class="{css}" width="{size * 3 // 4}" height="{size}" viewBox="0 0 60 80" aria-hidden="true">'
        f"{drawings.door(shape, leaf)}</svg>"
    )


@register.simple_tag
def portrait(name: str = "neutral", size: int = 48) -> SafeString:
    """One of our drawn people; the name stands beside it, so it is hidden from screen readers."""
    return mark_safe(  # noqa: S308
        f'<svg class="portrait" width="{size}" height="{size}" viewBox="0 0 48 48" aria-hidden="true">'
        f"{drawings.portrait(str(name).lower())}</svg>"
    )


class Shown(Protocol):
    """What a tile is shown by: a core Mark, or what a room kept of one (then with its own picture, `svg`)."""

    @property
    def code(self) -> str: ...
    @property
    def words(self) -> Mapping[str, tuple[str, ...]]: ...


def _mark(value: bytes | Shown) -> Shown:
    return marks.mark(bytes(value)) if isinstance(value, bytes | bytearray | memoryview) else value


@register.simple_tag
def tile(value: bytes | Shown, size: int = 84) -> SafeString:
    """The tile mark of a digest (32 bytes) or a Mark: colours on screens, black and hatch in print."""
    one = _mark(value)
    if not isinstance(one, marks.Mark):
        return mark_safe(getattr(one, "svg", ""))  # noqa: S308  (drawn by core.tegel)
    screen = marks.mark_svg(one, size=size, css_class="tile screen")
    paper = marks.mark_svg(one, size=size, css_class="tile print-only", style="print")
    return mark_safe(screen + paper)  # noqa: S308


@register.simple_tag
def tile_code(value: bytes | Shown) -> str:
    """The match code of a tile, as shown: 7K4-2MP."""
    return _mark(value).code


@register.simple_tag
def tile_words(value: bytes | Shown) -> str:
    """The three spoken words of a tile in the reader's language: padi, perahu, lampu."""
    return ", ".join(_mark(value).words["en" if (get_language() or "id").startswith("en") else "id"])


@register.simple_tag
def pill(state: str, word: str) -> SafeString:
    """State = shape + word + colour, never colour alone. `state` is one of STATES."""
    css, picture, _, _ = STATES[state]
    return format_html('<span class="pill {}">{}<span>{}</span></span>', css, icon(picture, 20), word)


@register.filter
def in_language(pair: Any) -> str:
    """The sentence of a pair in the reader's language; it holds them by name (`pair.id`) or is a mapping."""
    if not pair:
        return ""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    if not isinstance(pair, Mapping):
        return str(getattr(pair, language))
    return str(pair.get(language) or pair.get("id") or "")


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, css: str = "") -> SafeString:
    """{% card title="..." %}...{% endcard %}: a surface with a one pixel line."""
    heading = format_html("<h{0}>{1}</h{0}>", level, title) if title else ""
    return format_html('<section class="card {}">{}{}</section>', css, heading, content)


@register.simple_block_tag
def notice(
    content: str, tint: str = "kunyit", symbol: str = "", colour: str = "", role: str = ""
) -> SafeString:
    """{% notice "kunyit" symbol="clock" %}...{% endnotice %}. `tint`: a token, or plain."""
    css = "plain" if tint == "plain" else f"tint-{tint}"
    if tint == "genteng":
        css += " changes"
    picture = icon(symbol, 24, colour or ("kunyit" if tint == "plain" else tint)) if symbol else ""
    spoken = format_html(' role="{}"', role) if role else ""
    return format_html(
        '<div class="notice {}"{}>{}<div class="grow">{}</div></div>', css, spoken, picture, content
    )


@register.simple_block_tag
def more(content: str, summary: str) -> SafeString:
    """{% more summary="Kenapa saya ditanya?" %}...{% endmore %}: closed details that work without scripts."""
    return format_html("<details><summary>{}</summary><div>{}</div></details>", summary, content)


@register.simple_block_tag
def item(content: str, symbol: str, colour: str = "") -> SafeString:
    """One line of a list with icons: <ul class="icons">{% item "check" "pandan" %}...{% enditem %}</ul>."""
    return format_html('<li>{}<div class="grow">{}</div></li>', icon(symbol, 24, colour), content)


@register.simple_tag(takes_context=True)
def language_link(context: template.Context) -> SafeString:
    """The switch: a plain link to this page in the other language; the middleware keeps it in a cookie.

    A page that answers a POST names in `here` the address under which it can be read again.
    """
    current = "en" if (get_language() or "id").startswith("en") else "id"
    code, short, long = ("id", "ID", "Bahasa Indonesia") if current == "en" else ("en", "EN", "English")
    request = context.get("request")
    address = f"?bahasa={code}"
    if request is not None:
        query = request.GET.copy()
        query["bahasa"] = code
        here = context.get("here", "") if request.method == "POST" else ""
        address = f"{here}?{query.urlencode()}"
    return format_html(
        '<a class="lang" href="{}" hreflang="{}" lang="{}" rel="nofollow" aria-label="{}">{}</a>',
        address,
        code,
        code,
        f"{short}, {long}",
        short,
    )
