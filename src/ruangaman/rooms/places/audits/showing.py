"""What pages of audits say: dates, agreement, results heading by heading, ranks and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.core.audits.form import NO, UNSEEN, YES, Form
from ruangaman.core.audits.limits import Limit
from ruangaman.core.audits.rules import word_for
from ruangaman.rooms.places.audits.reading import form_of, limits_of, plain, rules_of
from ruangaman.rooms.places.models import Audit, Certificate


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "id").startswith("en")


def say(pair: Mapping[str, str]) -> str:
    """The reader's side of a text in both languages."""
    return pair["en" if english() else "id"]


def day(at: datetime | None) -> str:
    """`25 November 2026`."""
    return date_format(timezone.localtime(at), "j F Y") if at else ""


def decimal(text: str) -> str:
    """A number with the reader's sign between whole and parts."""
    return text if english() else text.replace(".", ",")


def answer_word(answer: str) -> str:
    """An answer as its button says it."""
    return {YES: _("Ya"), NO: _("Tidak"), UNSEEN: _("Tidak bisa dilihat")}[answer]


def limit_words(limit: Limit | None, unit: str) -> str:
    """`paling sedikit 90 cm`; empty without a limit."""
    if limit is None:
        return ""
    told = []
    if limit.least is not None:
        told.append(
            _("paling sedikit %(value)s %(unit)s") % {"value": decimal(plain(limit.least)), "unit": unit}
        )
    if limit.most is not None:
        told.append(
            _("paling banyak %(value)s %(unit)s") % {"value": decimal(plain(limit.most)), "unit": unit}
        )
    return ", ".join(told)


def given_words(answer: str, measure: Decimal | None, unit: str) -> str:
    """`Ya, 85 cm`."""
    told = answer_word(answer)
    return told if measure is None else f"{told}, {decimal(plain(measure))} {unit}"


def agreement(audit: Audit) -> str:
    """How far the two agree, with kappa and its word, or why there is none; empty before both are done."""
    found = audit.agreement
    if not found:
        return ""
    told = _("%(same)s dari %(items)s jawaban sama.") % {"same": found["same"], "items": found["items"]}
    if not found["kappa"]:
        return f"{told} " + _("Kappa tidak bisa dihitung: keduanya memberi satu jawaban yang sama terus.")
    value = Fraction(*found["kappa"])
    word = say(word_for(value, rules_of(audit.form).kappa_words))
    return f"{told} " + _("Kappa %(value)s: %(word)s.") % {
        "value": decimal(f"{float(value):.2f}"),
        "word": word,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A heading or a principle with its counts; `percent` is None where nothing was judged."""

    name: str
    well: int
    judged: int
    unseen: int
    percent: int | None


def lines(audit: Audit, what: str = "headings") -> list[Line]:
    """The result of a decided audit, heading by heading or principle by principle."""
    form, counted = form_of(audit.form), (audit.result or {}).get(what, {})
    names = {one.id: one.name for one in form.headings} if what == "headings" else form.principles
    return [_line(say(name), counted[key]) for key, name in names.items() if key in counted]


def _line(name: str, counts: list[int]) -> Line:
    well, broken, unseen = counts
    judged = well + broken
    return Line(name, well, judged, unseen, 100 * well // judged if judged else None)


def rank_name(audit: Audit) -> str:
    """The name of a rank; empty for none."""
    rank = rules_of(audit.form).rank(audit.rank)
    return say(rank.name) if rank else ""


def why(audit: Audit) -> str:
    """Why there is no rank, or none higher."""
    words = {
        "incomplete": _("Belum ada peringkat: jawabannya belum lengkap."),
        "unseen": _("Belum ada peringkat: terlalu banyak yang tidak bisa dilihat."),
        "critical-unseen": _("Belum ada peringkat: hal yang bisa melukai anak belum dilihat."),
        "heading-unknown": _("Belum ada peringkat: ada bagian yang sama sekali tidak bisa dilihat."),
        "below": _("Belum ada peringkat: masih terlalu banyak yang harus diperbaiki."),
        "critical": _("Peringkat dibatasi: ada yang bisa melukai anak hari ini."),
    }
    return words.get(audit.why, "")


def over_words(row: Certificate, state: str) -> str:
    """Why a certificate no longer holds."""
    if state == "expired":
        return _("Masa berlakunya habis pada %(day)s.") % {"day": day(row.ended_at or row.valid_until)}
    if row.revoked_why == "critical":
        return _("Dicabut pada %(day)s, karena ditemukan hal yang bisa melukai anak.") % {
            "day": day(row.revoked_at)
        }
    return _("Diganti sertifikat yang lebih baru pada %(day)s.") % {"day": day(row.revoked_at)}


def phone_form(form: Form) -> dict[str, Any]:
    """The form as a phone keeps it, in both languages."""
    return {
        "version": form.version,
        "headings": [
            {
                "id": heading.id,
                "name": dict(heading.name),
                "items": [
                    {
                        "id": item.id,
                        "ask": dict(item.ask),
                        "measure": {
                            "key": item.measure.key,
                            "unit": item.measure.unit,
                            "label": dict(item.measure.label),
                        }
                        if item.measure
                        else None,
                    }
                    for item in heading.items
                ],
            }
            for heading in form.headings
        ],
    }


def phone_limits(audit: Audit) -> dict[str, dict[str, str]]:
    """The limits of an audit, by key, worded in both languages by the phone."""
    found = limits_of(audit.limits, form_of(audit.form))
    return {
        key: {
            "least": "" if one.least is None else plain(one.least),
            "most": "" if one.most is None else plain(one.most),
        }
        for key, one in found.items()
    }
