"""Refusals of lessons as files for other systems."""

from ruangaman.site.catalogue import Entry

OF_LESSON_FILES: dict[str, Entry] = {
    "learning.no-such-kind": Entry(
        404,
        "Jenis berkas ini tidak ada. `kinds` menyebut yang ada.",
        "There is no such kind of file. `kinds` names those there are.",
    ),
    "learning.no-sounds": Entry(
        422,
        "Suara tidak bisa ikut. `why` menyebut sebabnya: jenis berkasnya, pembacanya, atau suaranya belum dibuat.",
        "Sounds cannot come along. `why` tells the reason: the kind of file, its readers, or no sounds made yet.",
    ),
    "learning.pack-refused": Entry(
        422,
        "Paket pelajaran ini tidak seperti saat ditandatangani. `why` menyebut sebabnya, `path` berkasnya.",
        "This pack of lessons is not as it was signed. `why` tells the reason, `path` the file.",
    ),
    "learning.signing-key-refused": Entry(
        500,
        "Kunci tanda tangan pelajaran tidak bisa dipakai. `why` menyebut sebabnya.",
        "The key that signs lessons cannot be used. `why` tells the reason.",
    ),
    "learning.file-unwritable": Entry(
        500,
        "Berkas tidak bisa ditulis atau dibaca di tempat itu.",
        "The file cannot be written or read at that place.",
    ),
}
