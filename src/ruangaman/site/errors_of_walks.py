"""Refusals of what is safe to walk: a city's table of rules, and counts by area."""

from ruangaman.site.catalogue import Entry

OF_WALKS: dict[str, Entry] = {
    "city.coverage-mismatch": Entry(
        422,
        "Angka per wilayah tidak cocok satu sama lain, atau bukan angka.",
        "Counts by area do not fit each other, or are no numbers.",
    ),
    "city.walk-rules-malformed": Entry(
        422,
        "Tabel aturan jalan aman salah bentuk. `at` menyebut tempatnya.",
        "The table of rules for safe walks is malformed. `at` names the place.",
    ),
}
