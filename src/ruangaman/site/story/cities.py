"""The story's cities: Kota Melati, which is drawn and shipped, and Jakarta, where its data are at hand."""

import os
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from ruangaman.adapters import city_brief, clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.places import api as places
from ruangaman.site.files import make_private
from ruangaman.site.story.run import CITY_FILES

DRAWN: Final = Path(__file__).resolve().parent / "city"
MELATI: Final = ("kota-melati", "99.71", "Kota Melati")
JAKARTA: Final = ("jakarta", "31", "DKI Jakarta")
MAP, AREAS, PEOPLE, _CODES = CITY_FILES
STAFF: Final = {
    "bappeda": {"role": "bappeda"},
    "pppa": {"role": "pppa"},
    "kelurahan": {"role": "kelurahan", "area": "99.71.01.1001"},
    "dinas-pu": {"role": "body", "body": "pu"},
    "lsm": {"role": "ngo", "organisation": "Yayasan Jalan Anak (rekaan)"},
    "perusahaan": {"role": "company", "organisation": "PT Contoh APSAI (rekaan)"},
    "forum-anak": {"role": "forum_anak"},
    "auditor": {"role": "auditor"},
    "provinsi": {"role": "province"},
}
"""Accounts by the name to sign in with, and what each does in Kota Melati (the last one, in its province)."""


def fill(password: str, *, with_jakarta: bool, now: datetime) -> None:
    """Describe the cities, lay Kota Melati's folder down, and make accounts for its people."""
    cities = {slug: places.add_city(slug, code, name, now=now) for slug, code, name in (MELATI,)}
    if with_jakarta:
        places.add_city(*JAKARTA, now=now)
    folder = Path(settings.CITIES_DIR) / MELATI[0]
    _lay(folder)
    city_brief.write(folder, at=now)
    hashed = make_password(password)  # once: each takes as long as a guess should
    for name, told in STAFF.items():
        access.add_staff(name, now=now)
        account = User.objects.get(username=name)
        account.password = hashed
        account.save(update_fields=["password"])
        where = {"province": "99"} if told["role"] == "province" else {"city": cities[MELATI[0]]}
        places.give_role(account, **told, **where, now=now)  # type: ignore[arg-type]


def _lay(folder: Path) -> None:
    """Copy what is shipped; plans that people made in the folder stay."""
    make_private(folder.parent)
    fresh = folder.with_name(f".{folder.name}.baru")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(DRAWN / "built", fresh)
    if (folder / "plans").is_dir():
        shutil.copytree(folder / "plans", fresh / "plans", dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def build_jakarta(data: Path, *, made_on: date, say: Callable[[str], object] = print) -> bool:
    """
    Build Jakarta into its folder, once; False when it is there already. Pages say meanwhile that it is being computed.

    Its data tell of no child: shares by age are assumed (`city/jakarta-anak.csv`), and its map has few playgrounds, so
    schools stand in for them; both are named in the folder.

    Raises:
        RuangAmanError: a step of the build refused.
    """
    from ruangaman.adapters.city_build import run
    from ruangaman.adapters.city_build.request import Request

    out = Path(settings.CITIES_DIR) / JAKARTA[0]
    if (out / "city.json").is_file():
        return False
    make_private(out.parent)
    mark = out.with_name(f"{out.name}.sedang-dihitung")
    mark.touch()
    try:
        run.build(
            Request(
                osm=data / MAP,
                out=out,
                areas=(("rw", data / AREAS),),
                codes=data,
                city=JAKARTA[1],
                name=JAKARTA[2],
                population=data / PEOPLE,
                children=DRAWN / "jakarta-anak.csv",
                kinds=("school", "playground", "park", "pitch"),
                replace=out.exists(),
                origins={
                    PEOPLE: "HKV (M. Hartman), sensus 2010",
                    "jakarta-anak.csv": "Anggapan untuk cerita, bukan data",
                },
                dates={MAP: "2012"},
            ),
            made_on=made_on,
            say=lambda step: say(f"Jakarta: {step}"),
        )
        city_brief.write(out, at=clock.now())
    finally:
        mark.unlink(missing_ok=True)
    return True


def be_kind() -> None:
    """Let the house go first: a build takes all of a processor."""
    os.nice(10)
