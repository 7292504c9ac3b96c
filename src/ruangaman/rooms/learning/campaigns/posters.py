"""What an organiser prints and sends: a poster in black and white, its address as a picture, how plain a text is."""

import io
from datetime import datetime
from pathlib import Path
from typing import Final

import segno
from django.utils.translation import gettext as _

from ruangaman.adapters import lesson_files, pdf
from ruangaman.core.learning import plain, why
from ruangaman.core.learning.model import Told
from ruangaman.rooms.learning import config, courses
from ruangaman.rooms.learning.models import Wording

TEMPLATE: Final = Path(__file__).parent.parent / "templates/learning/pdf/poster.typ"
MOST_POINTS: Final = 3
SCALE: Final = 8
"""Pixels of a module of the PNG: sharp at 4 cm in print."""
QUIET: Final = 4
"""Modules around the code (ISO/IEC 18004 6.3.8)."""


def points(told: Told, language: str) -> list[str]:
    """Three points of a lesson's sheet: its list, else its first sentences."""
    text = told.said(language)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    listed = [line[2:] for line in lines if line.startswith("- ")]
    rest = [one for line in lines[1:] if not line.startswith("- ") for one in plain.sentences(line)]
    return (listed + rest)[:MOST_POINTS]


def poster(wording: Wording, language: str, address: str, at: datetime) -> bytes:
    """A4 to hang up, for readers of one language; a tagged PDF/A that a screen reader can tell."""
    campaign = wording.campaign
    aim, lesson = courses.lesson(campaign.objectives[0])
    data = {
        "language": language,
        "title": wording.headline_en if language == "en" else wording.headline_id,
        "points": points(lesson.paper.sheet, language),
        "scan": _("Pelajarannya gratis, tanpa akun. Pindai, atau buka:"),
        "address": address.removeprefix("https://").removeprefix("http://"),
        "qr": qr_svg(address),
        "by": campaign.organiser.name,
        "help": _("Butuh bantuan? Telepon SAPA 129, siang dan malam."),
        "aim": aim.can.said(language),
    }
    return pdf.render(TEMPLATE.read_text("utf-8"), data, at=at, read_aloud=True)


def qr_svg(address: str) -> str:
    """A picture of an address, to print at any size."""
    kept = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        kept, kind="svg", border=QUIET, scale=SCALE, xmldecl=False
    )
    return kept.getvalue().decode()


def qr_png(address: str) -> bytes:
    """The same for who sends pictures."""
    kept = io.BytesIO()
    segno.make(address, error="m", micro=False).save(kept, kind="png", border=QUIET, scale=SCALE)
    return kept.getvalue()


def plainness(wording: Wording, language: str) -> tuple[plain.Measured, dict[str, list[str]]]:
    """
    How plain its Indonesian message is for whom the campaign is; the organiser weighs it.

    Returns:
        The message in numbers; and under each hard sentence, or "" for all of it, what to do, told in `language`.
    """
    who = courses.audience(wording.campaign.audience)
    known = lesson_files.vocabulary(config.folder(), who.limits.words)
    found = plain.measure(wording.text_id, who.limits, known)
    hard: dict[str, list[str]] = {}
    for one in dict.fromkeys(found.findings):
        told = why.why(one, who.limits, known, plain.syllables(one.word))
        hard.setdefault(one.sentence, []).append(told.said(language))
    return found, hard
