"""Refusals of the folder of a city, as others read it."""

from ruangaman.site.catalogue import Entry

OF_BRIEF: dict[str, Entry] = {
    "city.folder-unreadable": Entry(
        422,
        "Folder kota ini tidak dapat dibaca. `file` dan `why` menyebut sebabnya.",
        "The folder of this city cannot be read. `file` and `why` say why.",
    ),
}
