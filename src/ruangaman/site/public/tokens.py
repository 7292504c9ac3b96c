"""The colour tokens as the style sheet holds them, and the contrast between two of them (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SHEET = Path(__file__).resolve().parents[1] / "static" / "tegel" / "tegel.css"
TOKEN = re.compile(r"--([a-z-]+):(#[0-9A-Fa-f]{6})\b")


@cache
def tokens() -> Mapping[str, Mapping[str, str]]:
    """`{"light": {"kapur": "#EFF4F1", ...}, "dark": {...}}`, read from the style sheet itself."""
    text = SHEET.read_text(encoding="utf-8")
    light = text[text.index(":root,.lit{") : text.index("@media screen and (prefers-color-scheme:dark)")]
    dark = text[text.index(":root:not(.lit){") : text.index("color-scheme:dark}")]
    return {"light": dict(TOKEN.findall(light)), "dark": dict(TOKEN.findall(dark))}


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 black to 1 white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, 1 to 21.

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def dimmed(colour: str, part: float = 0.88) -> str:
    """The colour as `filter: brightness()` shows it on child grounds in dark mode."""
    return "#" + "".join(f"{round(int(colour[start : start + 2], 16) * part):02X}" for start in (1, 3, 5))
