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
    data_requested: Sequence[Mapping[str, Any]]
    handling: Mapping[str, Any]
    contact: str
    features: Sequence[Mapping[str, Any]]


def _pair(indonesian: str, english: str) -> Pair:
    return {"id": indonesian, "en": english}


def _feature(name: str, indonesian: str, english: str, *, watch: bool = False) -> Mapping[str, Any]:
    return {"name": name, "title": _pair(indonesian, english), "on": True, "watch": watch}


def _asked(indonesian: str, english: str, *, optional: bool = False) -> Mapping[str, Any]:
    return {
        **_pair(indonesian, english),
        "pii_optional": optional,
        "sensitive_pii_category": True,  # what is asked of a child is specific data (UU PDP Art. 4(2))
        "special_pii_category": False,
    }


_NICKNAME, _AGE_GROUP = _asked("Nama panggilan", "Nickname"), _asked("Kelompok umur", "Age group")
_JAKARTA = _pair("Jakarta, Indonesia", "Jakarta, Indonesia")
_BY_SERVICE = _pair(
    "otomatis oleh aplikasi, tanpa dinilai orang", "automatically by the app, nobody judges it"
)
_FROM_CHILD = _pair("anak mengisinya saat mendaftar", "the child enters it when signing up")

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
        "data_requested": (_NICKNAME, _AGE_GROUP),
        "handling": {
            "storage_locations": [_JAKARTA],
            "processing_locations": [_JAKARTA],
            "geographic_restrictions": [_pair("tidak keluar Indonesia", "does not leave Indonesia")],
            "recipient_third_parties": [],
            "retention_period": _pair(
                "selama akun dipakai, lalu dihapus", "while the account is in use, then deleted"
            ),
            "collection_method": _FROM_CHILD,
            "processing_method": _BY_SERVICE,
            "party_address": "Jalan Contoh 1, Jakarta 10110",
        },
        "contact": "pelindungan-data@dongeng.example",
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
            _NICKNAME,
            _AGE_GROUP,
            _asked("Daftar teman", "List of friends", optional=True),
        ),
        "handling": {
            "storage_locations": [_JAKARTA, _pair("Singapura", "Singapore")],
            "processing_locations": [_JAKARTA],
            "geographic_restrictions": [
                _pair("hanya Indonesia dan Singapura", "Indonesia and Singapore alone")
            ],
            "recipient_third_parties": [
                _pair("PT Awan Contoh, penyimpan data", "PT Awan Contoh, data centre")
            ],
            "retention_period": _pair(
                "pesan 90 hari, yang lain selama akun dipakai",
                "messages 90 days, the rest while the account is in use",
            ),
            "collection_method": _FROM_CHILD,
            "processing_method": _BY_SERVICE,
            "party_address": "Jalan Contoh 2, Bandung 40111",
        },
        "contact": "pelindungan-data@obrol.example",
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
            _NICKNAME,
            _AGE_GROUP,
            _asked("Foto yang dibagikan", "Pictures that are shared", optional=True),
        ),
        "handling": {  # its operator states little, and the pages say so
            "storage_locations": [_pair("Singapura", "Singapore")],
        },
        "contact": "pelindungan-data@ramai.example",
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
