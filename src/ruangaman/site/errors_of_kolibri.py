"""Refusals of lessons as QTI and as a Kolibri channel."""

from ruangaman.site.catalogue import Entry

OF_KOLIBRI: dict[str, Entry] = {
    "learning.no-questions": Entry(
        422,
        "Pelajaran ini tidak punya soal. Untuk anak 3 sampai 5 tahun, pendamping yang mengamati.",
        "These lessons have no questions. For ages 3 to 5, a carer ticks what was seen.",
    ),
    "learning.channel-unreadable": Entry(
        422,
        "Kanal yang ada di folder itu tidak bisa dibaca. Pilih folder lain, atau pindahkan kanal itu.",
        "The channel in that folder cannot be read. Choose another folder, or move that channel away.",
    ),
}
