"""Refusals of a city's build: its areas, codes, places, rules and folder."""

from ruangaman.site.catalogue import Entry

OF_BUILD: dict[str, Entry] = {
    "city.areas-malformed": Entry(
        422,
        "Wilayah di berkas ini tidak bisa dikenali: kolomnya kurang, atau tingkatnya tidak ada. `what` menyebutnya.",
        "The areas of this file cannot be known: a column is missing, or there is no such level. `what` names it.",
    ),
    "city.areas-unreadable": Entry(
        422,
        "Berkas wilayah ini tidak dapat dibaca. `why` menyebut sebabnya.",
        "This file of areas cannot be read. `why` says why.",
    ),
    "city.build-refused": Entry(
        422,
        "Permintaan ini tidak cocok satu sama lain. `what` menyebut yang kurang.",
        "What was asked does not fit together. `what` says what is missing.",
    ),
    "city.build-rules-malformed": Entry(
        422,
        "Tabel jarak dan batas ini salah bentuknya. `at` menyebut tempatnya.",
        "This table of distances and limits has not its form. `at` says where.",
    ),
    "city.codes-malformed": Entry(
        422,
        "Tabel kode wilayah ini salah bentuknya, atau berkasnya kurang. `at` menyebut tempatnya.",
        "This table of area codes has not its form, or a file is missing. `at` says where.",
    ),
    "city.folder-refused": Entry(
        409,
        "Folder ini tidak ditulis: sudah ada isinya. `why` menyebut sebabnya; tidak ada yang diubah.",
        "This folder is not written: something is there. `why` says why; nothing was changed.",
    ),
    "city.places-malformed": Entry(
        422,
        "Ada kolom yang hilang atau nilai yang salah di tabel tempat. `what` dan `row` menyebut tempatnya.",
        "A column is missing or a value is wrong in the table of places. `what` and `row` say where.",
    ),
    "city.places-unreadable": Entry(
        422,
        "Tabel tempat ini tidak dapat dibaca. `why` menyebut sebabnya.",
        "This table of places cannot be read. `why` says why.",
    ),
    "city.public-space-mismatch": Entry(
        422,
        "Angka tentang ruang publik ini tidak cocok satu sama lain.",
        "These numbers about public space do not fit together.",
    ),
}
