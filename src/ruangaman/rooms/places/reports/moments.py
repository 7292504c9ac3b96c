"""Moments and days as people read them on the pages of reports."""

from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ZONES: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "id").startswith("en")


def moment(at: datetime | None) -> str:
    """`Rabu, 25 November 2026, pukul 09.30 WIB`; empty for none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    zone = ZONES.get(getattr(local.tzinfo, "key", "")) or local.tzname() or ""
    clock = f"{local:%H:%M} {zone}" if english() else f"{local:%H.%M} {zone}"
    return _("%(day)s, pukul %(clock)s") % {
        "day": date_format(local, "l j F Y" if english() else "l, j F Y"),
        "clock": clock,
    }


def day(at: datetime | date | None) -> str:
    """`25 November 2026`; empty for none."""
    if at is None:
        return ""
    return date_format(timezone.localtime(at) if isinstance(at, datetime) else at, "j F Y")


def in_language(pair: object) -> str:
    """The sentence of an {id, en} pair in the reader's language."""
    if not isinstance(pair, dict):
        return ""
    return str(pair.get("en" if english() else "id") or pair.get("id") or "")
