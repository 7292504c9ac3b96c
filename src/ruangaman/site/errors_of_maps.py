"""Refusals of the files that a city's map and walks are shown from."""

from ruangaman.site.catalogue import Entry

OF_MAPS: dict[str, Entry] = {
    "city.tiles-unreadable": Entry(
        500,
        "Berkas petak peta kota ini tidak ada atau rusak. Jalankan lagi `ruangaman city build`.",
        "The tiles of this city's map are missing or broken. Run `ruangaman city build` again.",
    ),
    "city.walk-files-unreadable": Entry(
        500,
        "Berkas jalan anak kota ini tidak ada, rusak, atau dari versi lain. Jalankan lagi `ruangaman city build`.",
        "The files for walks of this city are missing, broken, or of another version. Run `ruangaman city build`.",
    ),
}
