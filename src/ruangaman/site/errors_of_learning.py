"""Refusals of lessons and what is measured of them."""

from ruangaman.site.catalogue import Entry

OF_LEARNING: dict[str, Entry] = {
    "learning.no-such-lesson": Entry(404, "Pelajaran ini tidak ada.", "There is no such lesson."),
    "learning.lessons-unreadable": Entry(
        500,
        "Berkas pelajaran tidak bisa dibaca. `file` dan `at` menyebut tempatnya.",
        "A file of the lessons cannot be read. `file` and `at` say where.",
    ),
    "learning.not-enough-data": Entry(
        422,
        "Data belum cukup untuk menyimpulkan apa pun.",
        "There is not enough data to say anything.",
    ),
}
