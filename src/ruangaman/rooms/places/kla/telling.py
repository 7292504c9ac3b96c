"""Numbers, ranges and refusals of the scorecard as people read them."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.kla.checking import Change
from ruangaman.core.kla.rules import Level
from ruangaman.core.kla.scoring import Range, Told

_CENT: Final = Decimal("0.01")

STANDINGS: Final = {
    "nothing": gettext_noop("belum ada nilai"),
    "missing": gettext_noop("bukti belum ada"),
    "old": gettext_noop("bukti sudah lewat"),
    "unconfirmed": gettext_noop("belum dikonfirmasi orang kedua"),
    "mixed": gettext_noop("sebagian bukti berlaku"),
    "fine": gettext_noop("bukti berlaku"),
}
KINDS: Final = {
    "file": gettext_noop("berkas"),
    "link": gettext_noop("tautan"),
    "result": gettext_noop("hasil rumah ini"),
    "plan": gettext_noop("rencana"),
}
MARKS: Final = {
    "accepted": gettext_noop("diterima"),
    "part": gettext_noop("diterima sebagian"),
    "returned": gettext_noop("dikembalikan"),
}
GAPS: Final = {
    "lower_bound": gettext_noop(
        "Naik setelah batas bawah peringkat berikutnya tercapai (600,5 masih Pratama)"
    ),
    "above": gettext_noop("Naik begitu melewati batas atas (600,5 sudah Madya)"),
    "half_up": gettext_noop("Bulatkan dulu, setengah ke atas (600,5 sudah Madya)"),
}
_REFUSED: Final = {
    # weights
    ("kla.weights-refused", "empty"): gettext_noop("Berkas ini kosong."),
    ("kla.weights-refused", "large"): gettext_noop("Berkas ini terlalu besar."),
    ("kla.weights-refused", "kind"): gettext_noop("Berkas ini bukan CSV, YAML, atau XLSX yang bisa dibaca."),
    ("kla.weights-refused", "xlsx-needs-extra"): gettext_noop(
        "Rumah ini belum bisa membaca XLSX. Simpan sebagai CSV."
    ),
    ("kla.weights-refused", "columns"): gettext_noop("Kolom `no` dan `bobot` tidak ketemu."),
    ("kla.weights-refused", "indicator"): gettext_noop("Baris %(line)s: nomor indikator tidak dikenal."),
    ("kla.weights-refused", "twice"): gettext_noop("Baris %(line)s: indikator ini muncul dua kali."),
    ("kla.weights-refused", "missing"): gettext_noop(
        "Indikator %(indicator)s tidak ada. Tulis ? kalau belum tahu."
    ),
    ("kla.weights-refused", "weight"): gettext_noop(
        "Baris %(line)s: bobot bukan angka. Tulis ? kalau belum tahu."
    ),
    ("kla.weights-refused", "sum"): gettext_noop("Jumlah bobot %(sum)s, seharusnya 1000."),
    ("kla.weights-refused", "sum-above"): gettext_noop("Jumlah bobot %(sum)s, lebih dari 1000."),
    # scores
    ("kla.score-refused", "share"): gettext_noop("Indikator %(indicator)s: persen harus 0 sampai 100."),
    ("kla.score-refused", "points"): gettext_noop("Indikator %(indicator)s: poin lebih dari bobotnya."),
    ("kla.score-refused", "points-together"): gettext_noop(
        "Poin lebih dari sisa bobot yang belum diketahui."
    ),
    ("kla.score-refused", "number"): gettext_noop("Indikator %(indicator)s: ini bukan angka."),
    ("kla.score-refused", "part"): gettext_noop("Bagian yang diterima lebih dari nilainya, atau kosong."),
    ("kla.score-refused", "verdict"): gettext_noop("Pilih satu: diterima, sebagian, atau dikembalikan."),
    # the card
    ("places.kla-refused", "personal"): gettext_noop("Jangan tulis surel, nomor telepon, atau NIK di sini."),
    ("places.kla-refused", "long"): gettext_noop("Teks ini terlalu panjang."),
    ("places.kla-refused", "year"): gettext_noop("Tahun ini tidak bisa dinilai."),
    ("places.kla-refused", "source"): gettext_noop("Tulis dari mana bobot ini."),
    ("places.kla-refused", "gap"): gettext_noop("Pilih aturan di antara dua peringkat."),
    ("places.kla-refused", "months"): gettext_noop("Umur bukti harus 1 sampai 120 bulan."),
    ("places.kla-refused", "last-day"): gettext_noop(
        "Hari batas bukti harus dalam tahun itu atau tahun sesudahnya."
    ),
    ("places.kla-refused", "open"): gettext_noop("Provinsi masih memeriksa kiriman sebelumnya."),
    ("places.kla-refused", "nothing"): gettext_noop("Belum ada nilai yang bisa dikirim."),
    ("places.kla-refused", "finished"): gettext_noop("Pemeriksaan ini sudah selesai."),
    ("places.kla-refused", "no-claim"): gettext_noop("Tidak ada nilai pada indikator ini."),
    ("places.kla-refused", "reason"): gettext_noop("Tulis alasan. Kota berhak membacanya."),
    ("places.kla-refused", "unmarked"): gettext_noop("Indikator %(indicator)s belum diperiksa."),
    # evidence
    ("places.evidence-refused", "empty"): gettext_noop("Pilih satu berkas."),
    ("places.evidence-refused", "large"): gettext_noop("Berkas ini terlalu besar."),
    ("places.evidence-refused", "kind"): gettext_noop("Hanya PDF, JPEG, PNG, XLSX, dan DOCX."),
    ("places.evidence-refused", "broken"): gettext_noop("Berkas ini rusak."),
    ("places.evidence-refused", "mixed"): gettext_noop("Berkas ini berisi hal lain juga."),
    ("places.evidence-refused", "acts"): gettext_noop(
        "Berkas ini menjalankan sesuatu (makro, skrip, lampiran)."
    ),
    ("places.evidence-refused", "full"): gettext_noop("Tempat berkas kota ini sudah penuh."),
    ("places.evidence-refused", "url"): gettext_noop("Tautan harus mulai dengan https://."),
    ("places.evidence-refused", "no-result"): gettext_noop("Hasil ini tidak ada lagi."),
    ("places.evidence-refused", "twice"): gettext_noop("Hasil ini sudah menjadi bukti."),
    ("places.evidence-refused", "day"): gettext_noop("Tanggal ini tidak mungkin."),
    ("places.evidence-refused", "title"): gettext_noop("Tulis judul."),
    ("places.evidence-refused", "many"): gettext_noop("Bukti untuk indikator ini sudah 60."),
    ("places.evidence-refused", "own"): gettext_noop("Bukti dikonfirmasi orang lain, bukan yang membawanya."),
    ("places.evidence-refused", "over"): gettext_noop("Bukti ini sudah dikonfirmasi atau ditarik."),
    ("places.evidence-refused", "reason"): gettext_noop("Tulis alasan."),
    ("places.evidence-refused", "personal"): gettext_noop(
        "Jangan tulis surel, nomor telepon, atau NIK di sini."
    ),
    ("places.evidence-refused", "long"): gettext_noop("Teks ini terlalu panjang."),
}


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "id").startswith("en")


def of(pair: Mapping[str, str]) -> str:
    """The text of a pair in the page's language."""
    return pair.get("en" if english() else "id", pair.get("id", "")) if pair else ""


def number(value: Decimal) -> str:
    """`588,40` in Indonesian, `588.40` in English; a whole number without decimals; two decimals otherwise."""
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    text = f"{rounded:f}"
    if rounded == rounded.to_integral_value():
        text = f"{rounded.to_integral_value():f}"
    return text if english() else text.replace(".", ",")


def span(found: Range | Change) -> str:
    """`588,40`, or `antara 500 dan 1000`."""
    if found.low == found.high:
        return number(found.low)
    return _("%(low)s sampai %(high)s") % {"low": number(found.low), "high": number(found.high)}


def difference(found: Change) -> str:
    """`+12`, `-132,60`, `0`, or a range of them."""
    if found.exact:
        return ("+" if found.low > 0 else "") + number(found.low)
    return span(found)


def levels(found: tuple[Level, Level]) -> str:
    """`Pratama`, or `Pratama sampai KLA (Paripurna)`."""
    low, high = found
    if low == high:
        return of(low.name)
    return _("%(low)s sampai %(high)s") % {"low": of(low.name), "high": of(high.name)}


def told(one: Told) -> str:
    """`72%`, `95 poin`, or a dash."""
    if one.share is not None:
        return f"{number(one.share * 100)}%"
    if one.points is not None:
        return _("%(n)s poin") % {"n": number(one.points)}
    return "-"


def refused(error: RuangAmanError) -> str:
    """What was wrong, in a sentence; the code where there is no sentence for it."""
    text = _REFUSED.get((error.code, str(error.facts.get("why", ""))))
    return _(text) % error.facts if text else error.code
