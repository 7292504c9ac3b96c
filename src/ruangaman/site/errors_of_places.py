"""Refusals of the room `places`."""

from ruangaman.site.catalogue import Entry

OF_PLACES: dict[str, Entry] = {
    "places.not-found": Entry(
        404,
        "Ini tidak ada di kota itu. `what` menyebutnya.",
        "There is no such thing in that city. `what` names it.",
    ),
    "places.city-refused": Entry(
        422,
        "Keterangan kota ini belum lengkap, atau sudah dipakai. `why` menyebut sebabnya.",
        "The description of this city is not complete, or is taken. `why` says why.",
    ),
    "places.role-refused": Entry(
        422,
        "Tugas ini tidak ada, atau belum lengkap. `why` menyebut yang kurang.",
        "There is no such role, or it is not complete. `why` says what is missing.",
    ),
}
