"""Who learns what by signing in here, in plain words; shown before the act."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ruangaman.rooms.access.models import OpenIdFlow
from ruangaman.rooms.access.oidc import flows


@dataclass(frozen=True, slots=True)
class Learns:
    """One line of the table: who, and all that it learns, a sentence each."""

    who: str
    what: tuple[str, ...]


def learns(row: OpenIdFlow) -> list[Learns]:
    """Everybody who learns something by this visit; whoever is not named learns nothing."""
    asked = flows.asked_of(row)
    service = {"service": row.platform.service.name}
    age = (_("“%(years)s tahun ke atas”: ya, atau tidak ada jawaban.") % {"years": asked.age},)
    return [
        Learns(
            row.platform.service.name,
            (
                *(age if asked.age is not None else ()),
                _("Apakah akunmu boleh dibuka, sekarang dan nanti."),
                _("Nomor acak untukmu, yang hanya dikenal di sana."),
            ),
        ),
        Learns(
            "Ruang Aman",
            (_("Kamu memakai %(service)s. Juga hasil cek umur dan waktunya. Tanpa namamu.") % service,),
        ),
        Learns(
            _("Orang tuamu"),
            (_("Kamu mau memakai %(service)s, hanya kalau izinnya perlu.") % service,),
        ),
    ]
