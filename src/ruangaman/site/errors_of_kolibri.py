"""Refusals of lessons as a Kolibri channel."""

from ruangaman.site.catalogue import Entry

OF_KOLIBRI: dict[str, Entry] = {
    "learning.channel-unreadable": Entry(
        422,
        "Kanal yang ada di folder itu tidak bisa dibaca. Pilih folder lain, atau pindahkan kanal itu.",
        "The channel in that folder cannot be read. Choose another folder, or move that channel away.",
    ),
}
