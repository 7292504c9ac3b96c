"""The notice that a guardian is shown: composed from the service's card alone, without any person in it,
and kept.
"""

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ruangaman.rooms.families import handling

VERSION = "3"


def risk_words(profile: str) -> str:
    """The risk profile in words."""
    return {
        "low": _("Risikonya rendah"),
        "high": _("Risikonya tinggi"),
    }.get(profile, _("Risikonya belum dinilai"))


def compose(card: dict[str, Any], kind: str, language: str) -> str:
    """The very text of the notice, one fact a line; the pages show the same facts from the same card."""
    with override(language):
        return "\n".join(
            [
                _("Pemberitahuan versi %(version)s") % {"version": VERSION},
                _("Aplikasi: %(name)s, dikelola %(operator)s")
                % {"name": card["name"], "operator": card["operator"]},
                _("Yang diminta: konfirmasi orang tua")
                if kind == "confirmation"
                else _("Yang diminta: izin orang tua"),
                _("Untuk apa: %(purpose)s") % {"purpose": card["purpose"][language]},
                risk_words(card["risk_profile"]) + ".",
                _("Data yang diminta: %(data)s")
                % {"data": "; ".join(text[language] for text in card["data_requested"]) or "-"},
                *(f"{word}: {value}" for word, value in handling.lines(card)),
                *(_("Terbuka: %(what)s") % {"what": text[language]} for text in card["opens"]),
                *_closed(card, language),
                _("Anda bisa cabut izin kapan saja. Kalau dicabut, data anak di sana wajib dihapus."),
            ]
        )


def _closed(card: dict[str, Any], language: str) -> list[str]:
    """What stays closed: by law, or off and who may turn it on; by the service's own words if it has no switches."""
    features = card.get("features") or ()
    if not features:
        return [_("Tetap tertutup: %(what)s") % {"what": text[language]} for text in card["stays_closed"]]
    sentences = {
        "nobody": _("Ditutup aturan: %(what)s"),
        "child": _("Mati, anak bisa menyalakannya: %(what)s"),
    }
    return [
        sentences.get(one["managed_by"], _("Mati, orang tua bisa menyalakannya: %(what)s"))
        % {"what": one["title"][language]}
        for one in features
        if one["managed_by"] == "nobody" or one["state"] != "on" or one["watch"]
    ]


def digest(notice: str) -> str:
    """SHA-256 of the text, lower-case hex."""
    return hashlib.sha256(notice.encode()).hexdigest()
