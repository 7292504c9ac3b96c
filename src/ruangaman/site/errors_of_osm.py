"""Refusals of files of OpenStreetMap."""

from ruangaman.site.catalogue import Entry

OF_OSM: dict[str, Entry] = {
    "city.extra-missing": Entry(
        501,
        "Bagian kota belum terpasang. Jalankan `pip install ruangaman[city]`.",
        "What a city needs is not installed. Run `pip install ruangaman[city]`.",
    ),
    "city.osm-broken": Entry(
        422,
        "Berkas OpenStreetMap ini terpotong atau rusak; `why` menyebut tempatnya. Unduh lagi.",
        "This file of OpenStreetMap is cut short or broken; `why` says where. Download it again.",
    ),
    "city.osm-empty": Entry(
        422,
        "Berkas ini kosong: tidak ada titik, garis, atau relasi di dalamnya.",
        "This file is empty: no node, way or relation is in it.",
    ),
    "city.osm-feature-unknown": Entry(
        422,
        "Berkas ini memakai fitur PBF yang belum kami kenal. `feature` menyebutnya.",
        "This file demands a feature of PBF that we do not know yet. `feature` names it.",
    ),
    "city.osm-not-one-state": Entry(
        422,
        "Berkas ini berisi riwayat atau perubahan, bukan satu keadaan peta. Pakai ekstrak biasa.",
        "This file tells a history or a change, and no single state of the map. Take an ordinary extract.",
    ),
    "city.osm-table-refused": Entry(
        422,
        "Tabel tag dan jenis tempat salah bentuk. `where` menyebut bagiannya.",
        "The table of tags and kinds of places is malformed. `where` names the entry.",
    ),
    "city.osm-too-large": Entry(
        413,
        "Berkas ini, atau isinya, melewati batas. `what` menyebut batas yang mana.",
        "This file, or what is in it, is above the limit. `what` says which limit.",
    ),
    "city.osm-unknown-kind": Entry(
        422,
        "Ini bukan berkas OpenStreetMap. Yang dibaca: .osm.pbf, .osm, .o5m, .opl, juga dalam .gz atau .bz2.",
        "This is no file of OpenStreetMap. We read .osm.pbf, .osm, .o5m and .opl, also in .gz or .bz2.",
    ),
    "city.osm-unreadable": Entry(
        404,
        "Berkas ini tidak ada atau tidak boleh dibaca.",
        "This file is not there, or may not be read.",
    ),
}
