"""Refusals of helplines and of lessons on a device."""

from ruangaman.site.catalogue import Entry

OF_DEVICE: dict[str, Entry] = {
    "helplines.unreadable": Entry(
        500,
        "Berkas nomor bantuan tidak bisa dibaca. `file` dan `at` menyebut tempatnya.",
        "The file of helplines cannot be read. `file` and `at` say where.",
    ),
    "learning.voice-failed": Entry(
        500,
        "Suara tidak jadi dibuat. `name` dan `why` menyebut yang mana dan mengapa.",
        "A voice could not be made. `name` and `why` say which and why.",
    ),
}
