"""Cities beside each other for their province: what is public of each, and what is not known said as such."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from ruangaman.core.reports import states
from ruangaman.rooms.places import area_page, city_files
from ruangaman.rooms.places.models import Audit, Certificate, City, Plan
from ruangaman.rooms.places.reports import telling

SHOWN: Final = ("6-12", "day", "foot", "play")
"""Age, light, mobility and reach of the share that is compared: the same of every city."""


@dataclass(frozen=True, slots=True)
class Beside:
    """
    One city as the province sees it.

    Attributes:
        walk, space: words, "no data yet" included. reports, late, plans, certificates: counts; None where the city
            has nothing of the kind yet, since that is no zero.
    """

    city: City
    walk: str
    space: str
    reports: int | None
    late: int | None
    plans: int | None
    certificates: int | None


def of(cities: Sequence[City], now: datetime) -> list[Beside]:
    """Each city, in the order given."""
    return [_one(city, now) for city in cities]


def _one(city: City, now: datetime) -> Beside:
    every = city_files.rows(city.slug, *SHOWN)
    row = next((one for one in every.values() if one.level == "city"), None)
    told = telling.public(city)
    has_reports, waiting = told.exists(), told.filter(state__in=states.OPEN)
    plans = Plan.objects.filter(city=city, published_at__isnull=False)
    given = Certificate.objects.filter(
        space__city=city, revoked_at__isnull=True, ended_at__isnull=True, valid_until__gt=now
    )
    return Beside(
        city=city,
        walk=area_page.share_words(row),
        space=_space(city),
        reports=waiting.count() if has_reports else None,
        late=sum(bool(getattr(one, "late", 0)) for one in waiting) if has_reports else None,
        plans=plans.filter(ended_at__isnull=True).count() if plans.exists() else None,
        certificates=given.count() if Audit.objects.filter(space__city=city).exists() else None,
    )


def _space(city: City) -> str:
    """SDG 11.7.1 b: people who have open space near."""
    part = city_files.told(city.slug, "results/sdg.json").get("part_b")
    value = part.get("value") if isinstance(part, dict) else None
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if value is None or not known or not 0 <= value <= 1:
        return _("belum ada data")
    return _("%(share)s dari 100 orang") % {"share": area_page.percent(value)}
