"""The three services of the story, as their operators describe them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

Pair = Mapping[str, str]


class Described(TypedDict):
    """The fields of `access.api.create_service` that the story fills; texts are {"id", "en"}."""

    slug: str
    operator: str
    name: str
    type: str
    risk_profile: str
    designed_for_children: bool
    purpose: Pair
    opens: Sequence[Pair]
    stays_closed: Sequence[Pair]
    data_requested: Sequence[Pair]
    features: Sequence[Mapping[str, Any]]


def _pair(indonesian: str, english: str) -> Pair:
    return {"id": indonesian, "en": english}


def _feature(name: str, indonesian: str, english: str, *, watch: bool = False) -> Mapping[str, Any]:
    return {"name": name, "title": _pair(indonesian, english), "on": True, "watch": watch}


_SUPERVISION = _feature("parental_supervision", "Lama pakai per hari", "Time of use each day", watch=True)
_BLOCK = _feature("block_and_report", "Blokir dan lapor", "Block and report")
_LOCATION = _feature("precise_location", "Lokasi tepat", "Precise location")
_ADS = _feature("personalised_ads", "Iklan sesuai minat", "Targeted ads")

SERVICES: tuple[Described, ...] = (
    {
        "slug": "dongeng-kita",
        "operator": "PT Dongeng Contoh",
        "name": "Dongeng Kita",
        "type": "stories",
        "risk_profile": "low",
        "designed_for_children": True,
        "purpose": _pair(
            "Baca dan dengar cerita anak dalam bahasa Indonesia.", "Read and hear children's stories."
        ),
        "opens": (
            _pair("Baca dan dengar cerita.", "Read and hear stories."),
            _pair("Simpan cerita kesukaan.", "Keep favourite stories."),
        ),
        "stays_closed": (
            _pair("Kirim pesan ke orang lain.", "Send messages to others."),
            _pair("Iklan dan lokasi.", "Ads and location."),
        ),
        "data_requested": (_pair("Nama panggilan", "Nickname"), _pair("Kelompok umur", "Age group")),
        "features": (
            _SUPERVISION,
            _BLOCK,
            _feature("direct_messages", "Pesan pribadi", "Direct messages"),
            _LOCATION,
            _ADS,
        ),
    },
    {
        "slug": "obrol",
        "operator": "PT Obrol Contoh",
        "name": "Obrol",
        "type": "chat",
        "risk_profile": "low",
        "designed_for_children": False,
        "purpose": _pair("Ngobrol dengan teman yang sudah dikenal.", "Chat with friends one already knows."),
        "opens": (
            _pair("Lihat daftar teman yang sudah dikenal.", "See the list of friends one already knows."),
            _pair("Blokir dan laporkan orang.", "Block and report people."),
        ),
        "stays_closed": (
            _pair(
                "Grup dan pesan pribadi, sampai orang tua membukanya.",
                "Groups and direct messages, until a parent opens them.",
            ),
            _pair("Kontak dari orang tak dikenal.", "Contact from unknown people."),
            _pair("Iklan sesuai minat dan lokasi.", "Targeted ads and location."),
        ),
        "data_requested": (
            _pair("Nama panggilan", "Nickname"),
            _pair("Kelompok umur", "Age group"),
            _pair("Daftar teman", "List of friends"),
        ),
        "features": (
            _SUPERVISION,
            _BLOCK,
            _feature("groups", "Grup", "Groups"),
            _feature("direct_messages", "Pesan pribadi", "Direct messages"),
            _feature("stranger_contact", "Kontak dari orang tak dikenal", "Contact from unknown people"),
            _LOCATION,
            _ADS,
        ),
    },
    {
        "slug": "ramai",
        "operator": "PT Ramai Contoh",
        "name": "Ramai",
        "type": "social_media",
        "risk_profile": "high",
        "designed_for_children": False,
        "purpose": _pair(
            "Berbagi foto dan cerita dengan semua orang.", "Share pictures and stories with everybody."
        ),
        "opens": (_pair("Membaca dan mengirim cerita.", "Read and post stories."),),
        "stays_closed": (
            _pair(
                "Profil terbuka dan siaran langsung, sampai orang tua membukanya.",
                "A public profile and live streams, until a parent opens them.",
            ),
            _pair("Saran dari riwayat anak.", "Suggestions from the child's history."),
            _pair("Iklan sesuai minat dan lokasi.", "Targeted ads and location."),
        ),
        "data_requested": (
            _pair("Nama panggilan", "Nickname"),
            _pair("Kelompok umur", "Age group"),
            _pair("Foto yang dibagikan", "Pictures that are shared"),
        ),
        "features": (
            _SUPERVISION,
            _BLOCK,
            _feature("public_profile", "Profil terbuka", "Public profile"),
            _feature("profiling_recommender", "Saran dari riwayat", "Suggestions from history"),
            _feature("livestream", "Siaran langsung", "Live streams"),
            _LOCATION,
            _ADS,
        ),
    },
)
