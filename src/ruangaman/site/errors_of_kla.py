"""Refusals of the KLA scorecard."""

from ruangaman.site.catalogue import Entry

OF_KLA: dict[str, Entry] = {
    "kla.data-malformed": Entry(
        500,
        "Berkas data KLA tidak dapat dibaca. `at` menyebut tempatnya.",
        "A data file of KLA cannot be read. `at` says where.",
    ),
    "kla.weights-refused": Entry(
        422,
        "Berkas bobot ini tidak bisa dipakai. `why`, `line`, dan `indicator` menyebut sebab dan tempatnya.",
        "This file of weights cannot be used. `why`, `line` and `indicator` say why and where.",
    ),
    "kla.score-refused": Entry(
        422,
        "Nilai ini tidak mungkin untuk indikatornya. `why` dan `indicator` menyebut sebabnya.",
        "This score is not possible for its indicator. `why` and `indicator` say why.",
    ),
    "places.kla-refused": Entry(
        422,
        "Ini tidak bisa dilakukan pada kartu KLA. `why` menyebut sebabnya.",
        "This cannot be done with the KLA scorecard. `why` says why.",
    ),
    "places.evidence-refused": Entry(
        422,
        "Bukti ini tidak bisa disimpan. `why` menyebut sebabnya.",
        "This evidence cannot be kept. `why` says why.",
    ),
}
