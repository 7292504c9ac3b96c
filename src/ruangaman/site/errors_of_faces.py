"""Refusals of estimates from a face: the model's package, its measured error, and what a browser sends."""

from ruangaman.site.catalogue import Entry

OF_FACES: dict[str, Entry] = {
    "ages.face-package-refused": Entry(
        422,
        "Paket model wajah ini tidak dipasang. `why` menyebut sebabnya.",
        "This package with a model of faces is not taken. `why` says what is wrong.",
    ),
    "ages.face-error-refused": Entry(
        422,
        "Kesalahan model yang terukur tidak ada atau tidak bisa dipakai. `why` menyebut sebabnya.",
        "The model's measured error is missing or cannot be used. `why` says what is wrong.",
    ),
    "ages.face-tries-used": Entry(
        429,
        "Kamera sudah dicoba sebanyak yang boleh hari ini. Pilih cara lain.",
        "The camera was tried as often as it may be today. Choose another way.",
    ),
    "ages.face-answer-refused": Entry(
        400,
        "Jawaban dari kamera tidak bisa dipakai.",
        "The answer is not the one yes of this try.",
    ),
}
