"""Refusals of where people live: rasters, layers and tables of a city."""

from ruangaman.site.catalogue import Entry

OF_PEOPLE: dict[str, Entry] = {
    "city.people-malformed": Entry(
        422,
        "Ada kolom yang hilang atau angka yang salah di data penduduk. `what` dan `row` menyebut tempatnya.",
        "A column is missing or a number is wrong in the data about people. `what` and `row` say where.",
    ),
    "city.people-unreadable": Entry(
        422,
        "Berkas penduduk ini tidak dapat dibaca. `why` menyebut sebabnya.",
        "This file about people cannot be read. `why` says why.",
    ),
}
