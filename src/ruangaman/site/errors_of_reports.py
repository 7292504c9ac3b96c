"""Refusals about reports, ideas and votes of a city."""

from ruangaman.site.catalogue import Entry

OF_REPORTS: dict[str, Entry] = {
    "places.report-refused": Entry(
        422,
        "Laporan atau jawaban ini belum lengkap, atau tidak boleh begitu. `why` menyebut sebabnya.",
        "This report or answer is not complete, or may not be so. `why` says why.",
    ),
    "places.report-over": Entry(
        409,
        "Laporan ini sudah diputuskan, atau dibuka orang lain. Tidak ada yang berubah.",
        "This report was decided, or another person has it. Nothing was changed.",
    ),
    "places.too-many-reports": Entry(
        429,
        "Terlalu banyak dari jaringan ini. Tunggu sebanyak detik di `wait_s`.",
        "Too many from this network. Wait the seconds given in `wait_s`.",
    ),
    "places.no-cell": Entry(
        422,
        "Kotak ini tidak ada di peta.",
        "There is no such square on the map.",
    ),
    "places.report-rules-malformed": Entry(
        422,
        "Tabel laporan ini tidak sesuai bentuknya. `at` menyebut tempatnya.",
        "This table of reports is not in its form. `at` names the place.",
    ),
    "places.vote-refused": Entry(
        409,
        "Pemungutan suara ini tidak bisa begitu. `why` menyebut sebabnya.",
        "This vote cannot be taken so. `why` says why.",
    ),
    "places.ballot-refused": Entry(
        422,
        "Surat suara ini tidak sesuai aturan. `why` menyebut kalimat mana.",
        "The rule does not allow this ballot. `why` says which sentence.",
    ),
}
