"""Moments as people read them: `Rabu, 25 November, pukul 09.30 WIB`; never a ticking countdown."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def _english() -> bool:
    return (get_language() or "id").startswith("en")


def clock(at: datetime) -> str:
    """`09.30 WIB`, in English `09:30 WIB`."""
    local = timezone.localtime(at)
    name = getattr(local.tzinfo, "key", "")
    zone = ZONES.get(name) or local.tzname() or ""
    return f"{local:%H:%M} {zone}" if _english() else f"{local:%H.%M} {zone}"


def day(at: datetime, *, year: bool = True) -> str:
    """`Rabu, 25 November 2026`."""
    local = timezone.localtime(at)
    if _english():
        return date_format(local, "l j F Y" if year else "l j F")
    return date_format(local, "l, j F Y" if year else "l, j F")


def moment(at: datetime | None, *, year: bool = False) -> str:
    """`Rabu, 25 November, pukul 09.30 WIB` / `Wednesday 25 November, 09:30 WIB`."""
    if at is None:
        return ""
    return _("%(day)s, pukul %(clock)s") % {"day": day(at, year=year), "clock": clock(at)}


def near(at: datetime | None, now: datetime) -> str:
    """`hari ini, pukul 09.30`, `besok, 09.30 WIB`, else the day and the time."""
    if at is None:
        return ""
    gap = (timezone.localtime(at).date() - timezone.localtime(now).date()).days
    words = {0: _("hari ini"), 1: _("besok"), -1: _("kemarin")}.get(gap)
    return f"{words}, {clock(at)}" if words else moment(at)
