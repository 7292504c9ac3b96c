"""Refusals of the street graph: its arrays, searches in it, and the folder in which it is kept."""

from ruangaman.site.catalogue import Entry

OF_REACH: dict[str, Entry] = {
    "reach.sizes-differ": Entry(
        422,
        "Larik yang seharusnya sama panjang berbeda panjangnya. `array` menyebut yang mana.",
        "Arrays that belong together have different lengths. `array` names the one that does not fit.",
    ),
    "reach.index-out-of-range": Entry(
        422,
        "Sebuah nomor simpul atau ruas tidak ada. `array` dan `at` menyebut tempatnya.",
        "A number of a node or edge does not exist. `array` and `at` say where it stands.",
    ),
    "reach.not-a-number": Entry(
        422,
        "Sebuah nilai bukan bilangan, atau tak terhingga. `array` dan `at` menyebut tempatnya.",
        "A value is not a number, or is infinite. `array` and `at` say where it stands.",
    ),
    "reach.negative-length": Entry(
        422,
        "Sebuah panjang atau jarak kurang dari 0. `array` dan `at` menyebut tempatnya.",
        "A length or distance is below 0. `array` and `at` say where it stands.",
    ),
    "reach.graph-too-large": Entry(
        413,
        "Jaringan jalan ini terlalu besar: paling banyak satu miliar simpul atau ruas.",
        "This graph of streets is too large: a billion nodes or edges at most.",
    ),
    "reach.outside-the-earth": Entry(
        422,
        "Sebuah koordinat di luar bumi. `array` dan `at` menyebut tempatnya.",
        "A coordinate lies outside the earth. `array` and `at` say where it stands.",
    ),
    "reach.no-path": Entry(
        404,
        "Tidak ada tempat yang terjangkau dari titik ini.",
        "No place is within reach of this point.",
    ),
    "reach.file-unreadable": Entry(
        422,
        "Berkas jaringan jalan tidak ada, rusak, atau belum selesai ditulis. `file` menyebut yang mana.",
        "A file of the street graph is missing, damaged or not finished. `file` names it.",
    ),
    "reach.file-of-another-version": Entry(
        422,
        "Jaringan jalan ini ditulis oleh versi lain. Bangun ulang dari data asalnya.",
        "This street graph was written by another version. Build it again from its source.",
    ),
}
