"""The codes of law packs: why `ruangaman law check` refuses one, and every process that would answer by it."""

from ruangaman.site.catalogue import Entry

OF_PACKS: dict[str, Entry] = {
    "clock.calendar-ends": Entry(
        422,
        "Hari libur sesudah tanggal itu belum diketahui, jadi hari kerja tidak dapat dihitung.",
        "Holidays beyond that date are not known yet, so working days cannot be counted.",
    ),
    "pack.abstract": Entry(
        500,
        "Paket ini hanya untuk diperluas paket lain.",
        "This pack is only there to be extended by others.",
    ),
    "pack.anchor": Entry(500, "Jangkar dan alias YAML ditolak.", "YAML anchors and aliases are refused."),
    "pack.bad-age-by": Entry(
        500,
        "`age_by` harus menyebut tabel tanpa umur dengan tiga hasil yang ditentukan.",
        "`age_by` must name a table without age that has the three given outcomes.",
    ),
    "pack.bad-condition": Entry(
        500,
        "Syarat ini tidak dapat dibaca atau tidak pernah terpenuhi.",
        "The condition cannot be read, or never holds.",
    ),
    "pack.bad-confidence": Entry(
        500, "`confidence` harus >=2, one, atau unclear.", "`confidence` must be >=2, one or unclear."
    ),
    "pack.bad-date": Entry(
        500, "Tanggal ditulis TTTT-BB-HH dan harus ada.", "A date is written YYYY-MM-DD and must exist."
    ),
    "pack.bad-doubt": Entry(
        500,
        "Keraguan punya dua bacaan atau lebih, atau tidak sama sekali.",
        "A doubt has two readings or more, or none.",
    ),
    "pack.bad-id": Entry(500, "Nama ini tidak sah di sini.", "This name is not allowed here."),
    "pack.bad-number": Entry(500, "Angkanya tidak dapat dibaca.", "The number cannot be read."),
    "pack.bad-outcomes": Entry(
        500,
        "Semua hasil dari paket dasar harus ada dengan urutan yang sama.",
        "All outcomes of the extended pack must stand in the same order.",
    ),
    "pack.bad-status": Entry(
        500, "Baris status berurutan menurut tanggal.", "Status rows stand in order of their dates."
    ),
    "pack.conflict": Entry(
        500,
        "Dua norma dengan hasil yang sama saling bertentangan.",
        "Two norms with the same outcome contradict each other.",
    ),
    "pack.doubt-changes-nothing": Entry(
        500,
        "Kedua bacaan keraguan ini sama di semua sel.",
        "The readings of this doubt are the same in every cell.",
    ),
    "pack.doubt-more-open": Entry(
        500,
        "Bacaan yang dipakai lebih terbuka daripada bacaan lain.",
        "The applied reading is more open than another.",
    ),
    "pack.duplicate-id": Entry(500, "Satu nama dipakai dua kali.", "A name is used twice."),
    "pack.duplicate-key": Entry(500, "Satu kunci YAML muncul dua kali.", "A YAML key stands twice."),
    "pack.extends-cycle": Entry(
        500, "Paket-paket ini saling memperluas dalam lingkaran.", "The packs extend each other in a circle."
    ),
    "pack.extends-missing": Entry(
        500, "Paket yang diperluas tidak ditemukan.", "The pack to be extended is not there."
    ),
    "pack.from-after-until": Entry(500, "Berakhir sebelum mulai.", "It ends before it begins."),
    "pack.gap": Entry(500, "Ada sel tanpa norma yang memutuskan.", "A cell has no norm that decides it."),
    "pack.law-broken": Entry(
        500,
        "Sifat yang dinyatakan paket tidak berlaku di sel ini.",
        "A law that the pack declares does not hold in this cell.",
    ),
    "pack.lifts-cycle": Entry(
        500, "Norma saling mengesampingkan dalam lingkaran.", "Norms lift each other in a circle."
    ),
    "pack.lifts-nothing": Entry(
        500, "`lifts` ini tidak mengesampingkan apa pun.", "This `lifts` sets nothing aside."
    ),
    "pack.missing-file": Entry(500, "Berkas paket tidak lengkap.", "A file of the pack is missing."),
    "pack.missing-key": Entry(500, "Kunci yang wajib tidak ada.", "A key that is needed is missing."),
    "pack.no-source": Entry(500, "Tidak ada sumber hukumnya.", "The legal source is missing."),
    "pack.no-such-pack": Entry(
        404, "Belum ada paket hukum untuk negara ini.", "There is no law pack for this jurisdiction yet."
    ),
    "pack.norm-never-counts": Entry(
        500,
        "Norma ini tidak pernah memutuskan atau menambah apa pun.",
        "This norm never decides or adds anything.",
    ),
    "pack.not-utf8": Entry(500, "Berkas paket bukan UTF-8.", "A file of the pack is not UTF-8."),
    "pack.not-yaml": Entry(500, "Berkas paket bukan YAML.", "A file of the pack is not YAML."),
    "pack.readings-differ": Entry(
        500,
        "Tabel dan bacaan kedua tidak sama; mesinnya salah.",
        "The table and the second reading differ; the engine is wrong.",
    ),
    "pack.rows-overlap": Entry(
        500, "Dua baris nilai mulai pada hari yang sama.", "Two rows of a value begin on the same day."
    ),
    "pack.tag": Entry(500, "Tag YAML ditolak.", "YAML tags are refused."),
    "pack.text-missing": Entry(
        500, "Kalimat harus ada dalam dua bahasa.", "A sentence must stand in both languages."
    ),
    "pack.too-deep": Entry(500, "Berkas paket terlalu dalam.", "A file of the pack is nested too deep."),
    "pack.too-large": Entry(
        500,
        "Berkas paket terlalu besar atau terlalu banyak.",
        "The files of the pack are too large or too many.",
    ),
    "pack.too-many-cells": Entry(
        500, "Pertanyaan ini punya terlalu banyak sel.", "The question has too many cells."
    ),
    "pack.too-many-readings": Entry(
        500, "Terlalu banyak keraguan dalam satu skor.", "Too many doubts in one score."
    ),
    "pack.undecided-open": Entry(
        500,
        "Hasil untuk fakta yang belum diketahui harus tertutup.",
        "The outcome for unknown facts must be closed.",
    ),
    "pack.unknown-doubt": Entry(
        500, "Keraguan atau bacaan ini tidak dinyatakan.", "This doubt or reading is not declared."
    ),
    "pack.unknown-fact": Entry(
        500, "Fakta ini tidak dinyatakan di pack.yaml.", "This fact is not declared in pack.yaml."
    ),
    "pack.unknown-file": Entry(500, "Berkas ini bukan bagian dari paket.", "This file is no part of a pack."),
    "pack.unknown-instrument": Entry(
        500, "Peraturan ini tidak dinyatakan di pack.yaml.", "This instrument is not declared in pack.yaml."
    ),
    "pack.unknown-key": Entry(500, "Kunci ini tidak dikenal.", "This key is not known."),
    "pack.unknown-law": Entry(500, "Sifat ini tidak dikenal.", "This law is not known."),
    "pack.unknown-norm": Entry(
        500, "Norma yang dikesampingkan tidak ada.", "The norm to be lifted does not exist."
    ),
    "pack.unknown-outcome": Entry(500, "Hasil ini tidak dinyatakan.", "This outcome is not declared."),
    "pack.unknown-reader": Entry(
        500,
        "Pembaca ini tidak ada, atau angkanya tidak lengkap.",
        "There is no such reader, or its numbers are incomplete.",
    ),
    "pack.unknown-value": Entry(
        500, "Kata ini bukan nilai yang dinyatakan.", "This word is no declared value."
    ),
    "pack.value-missing": Entry(
        500, "Nilai bertanggal ini tidak ada untuk hari itu.", "This dated value has no row for that day."
    ),
    "pack.word-missing": Entry(500, "Kata ini belum ada di texts.yaml.", "This word is not in texts.yaml."),
    "pack.wrong-type": Entry(500, "Bentuk isian paket salah.", "A part of the pack has the wrong form."),
}
