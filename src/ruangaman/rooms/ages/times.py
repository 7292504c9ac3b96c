"""Moments as people read them on the pages of a contest."""

from datetime import datetime
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


def moment(at: datetime | None) -> str:
    """`Rabu, 25 November, pukul 09.30 WIB` / `Wednesday 25 November, 09:30 WIB`; empty for none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    english = (get_language() or "id").startswith("en")
    zone = ZONES.get(getattr(local.tzinfo, "key", "")) or local.tzname() or ""
    clock = f"{local:%H:%M} {zone}" if english else f"{local:%H.%M} {zone}"
    day = date_format(local, "l j F" if english else "l, j F")
    return _("%(day)s, pukul %(clock)s") % {"day": day, "clock": clock}
