"""Who learns what by each way, in plain words. Shown before the act; a test compares it with what is sent."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from ruangaman.rooms.ages.models import AgeCheck, Institution


@dataclass(frozen=True, slots=True)
class Learns:
    """One line of the table: who, and all that it learns."""

    who: str
    what: str


def title(name: str, institution: Institution | None = None, language: str = "id") -> str:
    """What a way is called."""
    if institution is not None:
        return _("Tanya %(institution)s") % {"institution": named(institution, language)}
    return {
        "declared": _("Aku menyatakan sendiri"),
        "token": _("Pakai kartu umur di Dompet"),
        "guardian": _("Orang tua menyatakan umurku"),
        "wallet": _("Identitas digital di HP"),
        "face": _("Perkiraan dari kamera, di HP ini saja"),
        "institution": _("Sekolah atau kantor yang ditanya"),  # which one is forgotten with the result
    }[name]


def act(name: str, institution: Institution | None = None, language: str = "id") -> str:
    """What the button of a way says: the act, by its name."""
    if institution is not None:
        return _("Lanjut tanya %(institution)s") % {"institution": named(institution, language)}
    return {
        "declared": _("Lanjut menyatakan sendiri"),
        "token": _("Lanjut pakai kartu umur"),
        "guardian": _("Lanjut minta orang tua"),
        "wallet": _("Lanjut pakai identitas digital"),
        "face": _("Lanjut dengan kamera"),
    }[name]


def named(institution: Institution, language: str) -> str:
    """The institution's name in the reader's language."""
    return str(institution.name.get(language) or institution.name["id"])


def learns(
    row: AgeCheck, name: str, institution: Institution | None = None, language: str = "id"
) -> list[Learns]:
    """Everybody who learns something by this way, and what; whoever is not named learns nothing."""
    years = {"years": row.threshold}
    if name == "face":
        return [
            Learns(
                row.card["name"],
                _("“%(years)s tahun ke atas”: ya, dan bahwa ini perkiraan yang bisa dipalsukan.") % years,
            ),
            Learns(_("HP ini"), _("Gambarmu. Dihitung di sini, lalu dibuang.")),
            Learns(
                "Ruang Aman",
                _("Hasil, cara, dan waktu. Tanpa namamu. Gambar dan angkanya tidak pernah sampai ke sini."),
            ),
        ]
    table = [Learns(row.card["name"], _("“%(years)s tahun ke atas”: ya atau tidak.") % years)]
    if institution is not None:
        table.append(
            Learns(
                named(institution, language),
                _("Ada yang bertanya apakah kamu %(years)s tahun ke atas. Aplikasi mana, tidak tahu.")
                % years,
            )
        )
    if name == "guardian":
        table.append(
            Learns(
                _("Orang tua atau walimu"),
                _("Ada yang bertanya apakah kamu %(years)s tahun ke atas. Aplikasi mana, tidak ditulis.")
                % years,
            )
        )
    if name == "wallet":
        table.append(
            Learns(_("Dompet identitas di HP"), _("Ruang Aman bertanya. Aplikasi mana, tidak tahu."))
        )
        table.append(
            Learns(
                _("Penerbit identitas"),
                _("Paling banyak: Ruang Aman mengambil daftar statusnya. Tentang siapa, tidak tahu."),
            )
        )
    if name == "token":
        table.append(
            Learns(
                "Ruang Aman", _("Hasil, cara, dan waktu. Tanpa namamu. Kartunya tidak menyebut dompet siapa.")
            )
        )
        return table
    table.append(Learns("Ruang Aman", _("Hasil, cara, dan waktu. Tanpa namamu.")))
    return table


def ranges(bounds: list[int]) -> list[tuple[int, str]]:
    """The ranges between which somebody chooses, the youngest first: the bound from below (0: none) and its words."""
    found = [(0, _("Belum %(years)s tahun") % {"years": bounds[0]})]
    for low, above in pairwise(bounds):
        if above - low == 1:
            words = _("%(years)s tahun") % {"years": low}
        else:
            words = _("%(low)s sampai %(high)s tahun") % {"low": low, "high": above - 1}
        found.append((low, words))
    return [*found, (bounds[-1], _("%(years)s tahun ke atas") % {"years": bounds[-1]})]
