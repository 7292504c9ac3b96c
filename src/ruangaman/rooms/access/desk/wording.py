"""What waits, in an officer's words: roles and services, never a name."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ruangaman.core.law import citing
from ruangaman.rooms.access.models import Matter

HOUR = 3600.0  # seconds
DAY = 24 * HOUR
IN_HOURS = 3 * DAY  # ours: nearer than this, hours are read more easily than days


def in_language(text: dict[str, str]) -> str:
    """The text of the reader's language; the Indonesian one where there is no other."""
    return (text.get("en", "") if english() else "") or text.get("id", "")


def english() -> bool:
    """Whether the reader chose English."""
    return (get_language() or "id").startswith("en")


def line(row: Matter, now: datetime) -> dict[str, Any]:
    """One row of a table, and the facts at the top of its page."""
    cited = citing.cited(row.articles)
    return {
        "row": row,
        "title": title(row.kind),
        "by": _("Orang tua atau wali") if row.by == "guardian" else _("Anak"),
        "service": row.session.service.name,
        "operator": row.session.service.operator,
        "turn": row.session.service.name if row.of_platform else _("Kita"),
        "articles": "; ".join(cited["en" if english() else "id"]),
        "left": left(row.due_at, now),
        "late": row.due_at is not None and row.due_at < now,
        "doubt": in_language(row.doubt),
        "decision": decision(row.decision),
        "who": _who(row),
    }


def title(kind: str) -> str:
    """What is asked."""
    return {
        "objection": _("Keberatan"),
        "age": _("Umur salah"),
        "complaint": _("Aduan penghapusan terlambat"),
        "copy": _("Salinan data"),
        "delete": _("Penghapusan data"),
    }[kind]


def decision(word: str) -> str:
    """Yes or no."""
    return {"granted": _("Diterima"), "declined": _("Tidak diterima")}.get(word, "")


def said(row: Matter) -> str:
    """The word of a list that came with it."""
    return {
        "like": _("Memilih kartu: aku suka"),
        "dislike": _("Memilih kartu: aku tidak suka"),
        "afraid": _("Memilih kartu: takut"),
        "older": _("Katanya: umurku lebih tua"),
        "younger": _("Katanya: umurku lebih muda"),
        "never": _("Katanya: aku tidak pernah cek"),
    }.get(row.said, "")


def _who(row: Matter) -> str:
    if row.answered_at is None:
        return ""
    if row.officer is not None:
        return _("Petugas %(name)s") % {"name": row.officer.get_username()}
    return f"{row.session.service.name} ({row.role})"


def left(due_at: datetime | None, now: datetime) -> str:
    """How long until the due time, in whole hours under three days, else in whole days; empty without one."""
    if due_at is None:
        return ""
    seconds = (due_at - now).total_seconds()
    whole = int(abs(seconds) // HOUR)
    if abs(seconds) < IN_HOURS:
        if seconds < 0:
            return ngettext("lewat %(n)d jam", "lewat %(n)d jam", whole) % {"n": whole}
        return ngettext("%(n)d jam lagi", "%(n)d jam lagi", whole) % {"n": whole}
    days = int(abs(seconds) // DAY)
    if seconds < 0:
        return ngettext("lewat %(n)d hari", "lewat %(n)d hari", days) % {"n": days}
    return ngettext("%(n)d hari lagi", "%(n)d hari lagi", days) % {"n": days}


def _years(low: int | None, high: int | None) -> str:
    if low is None:
        return _("paling tua %(years)s tahun") % {"years": high}
    if high is None:
        return _("%(years)s tahun ke atas") % {"years": low}
    if low == high:
        return _("%(years)s tahun") % {"years": low}
    return _("%(low)s sampai %(high)s tahun") % {"low": low, "high": high}


def age(known: dict[str, Any] | None) -> str:
    """The age that is recorded, and what it rests on."""
    if not known:
        return _("Tidak ada umur yang tercatat.")
    what = known["age"]
    if "birth_date" in what:
        told = _("lahir %(day)s") % {"day": date_format(date.fromisoformat(what["birth_date"]), "j F Y")}
    else:
        low, high = what.get("at_least"), what.get("at_most")
        told = _years(low, high)
    evidence = {
        "self_declared": _("pernyataan anak sendiri"),
        "guardian_attested": _("pernyataan orang tua atau wali"),
        "verified": _("bukti yang diperiksa"),
        "estimated": _("perkiraan"),
        "signal": _("isyarat dari perangkat"),
    }.get(str(known.get("evidence")), _("tanpa bukti"))
    return _("Tercatat: %(age)s (%(evidence)s).") % {"age": told, "evidence": evidence}
