"""Cities are described here once; their numbers come from their folders."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.errors import CityRefused, NotFound
from ruangaman.rooms.places.models import City

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{2}(\.[0-9]{2})?", re.ASCII)


@transaction.atomic
def add(slug: str, code: str, name: str, *, now: datetime) -> City:
    """
    Describe a city; the same once more only renames it.

    Args:
        slug: as in its addresses, at most 40 characters. code: Kemendagri's, `31.71` or `31`.

    Raises:
        CityRefused: a part is missing or malformed, or the slug or the code belongs to another city.
    """
    name = name.strip()
    if not _SLUG.fullmatch(slug) or len(slug) > 40:
        raise CityRefused(why="slug")
    if not _CODE.fullmatch(code):
        raise CityRefused(why="code")
    if not 0 < len(name) <= 80:
        raise CityRefused(why="name")
    ledger.line_up()
    known = City.objects.filter(slug=slug).first()
    if City.objects.filter(code=code).exclude(slug=slug).exists() or (known and known.code != code):
        raise CityRefused(why="taken")
    if known:
        known.name = name
        known.save(update_fields=["name"])
        return known
    ledger.append("places.city-added", {"city": code}, at=now)
    return City.objects.create(id=ids.new(now), slug=slug, code=code, name=name, made_at=now)


def get(slug: str) -> City:
    """One city; raises NotFound."""
    found = City.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(what=slug)
    return found


def every(province: str = "") -> Sequence[City]:
    """All cities by name, or those of a province (two digits)."""
    rows = City.objects.order_by("name")
    return list(rows.filter(code__startswith=province) if province else rows)
