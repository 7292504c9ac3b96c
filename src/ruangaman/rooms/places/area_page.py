"""What a page says of areas: how many children walk safely, between which bounds, and what to survey first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from ruangaman.adapters import walk_files
from ruangaman.rooms.places import children_told, city_files
from ruangaman.rooms.places.children_told import count, fewer
from ruangaman.rooms.places.city_files import Row, Streets
from ruangaman.rooms.places.walk_page import Choice, metres, who

MOST_ROWS: Final = 600
SURVEY: Final = 12
DISABLED: Final = "disabled"
"""In the rows of a city's folder the children with a disability."""
LEVEL_WORDS: Final = ("kecamatan", "kelurahan", "rw")


def percent(share: float) -> int:
    return round(share * 100)


def share_words(row: Row | None) -> str:
    """How many of a hundred children walk safely there."""
    if row is not None and row.kept_back:
        return _("terlalu sedikit anak untuk ditampilkan")
    if row is None or (row.of == "not_told" and row.share_low is None):
        return _("belum ada data")
    if row.share_low is None or row.share_high is None:
        return _("tidak ada anak menurut data")
    low, high = percent(row.share_low), percent(row.share_high)
    if row.of == "not_told":
        return _("antara %(low)s dan %(high)s dari 100 anak, seandainya semua memakai kursi roda") % {
            "low": low,
            "high": high,
        }
    if row.of == "people":
        return _("antara %(low)s dan %(high)s dari 100 orang") % {"low": low, "high": high}
    if low == high:
        return _("%(share)s dari 100 anak") % {"share": low}
    return _("antara %(low)s dan %(high)s dari 100 anak") % {"low": low, "high": high}


def band(row: Row | None) -> int:
    """How densely an area is hatched: -1 without data, 0 where nearly all walk safely, more where fewer do."""
    if row is None or row.share_low is None:
        return -1
    bands = walk_files.goals().bands
    return len(bands) - sum(row.share_low >= one for one in bands)


def told(row: Row, least: float, disabled: Row | None = None) -> dict[str, Any]:
    """An area as a table shows it, beside its children with a disability; counts below `least` are not told."""
    hidden = row.kept_back or row.children is None
    low, high = children_told.between(row.low or 0.0, row.high or 0.0, least)
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": row.parent,
        "children": fewer(least)
        if row.kept_back
        else "–"
        if row.children is None
        else count(row.children, least),
        "between": "–"
        if hidden or row.low is None or row.high is None
        else low
        if low == high
        else _("%(low)s sampai %(high)s") % {"low": low, "high": high},
        "share": share_words(row),
        "band": band(row),
        "disabled": share_words(disabled) if disabled else "",
        "how_not_told": bool(disabled and disabled.how_not_told),
    }


def rows(slug: str, asked: Choice) -> dict[str, Row]:
    """The numbers of every area for what was chosen."""
    return city_files.rows(slug, asked.age.id, asked.light, asked.mobility, asked.reach)


def rows_of_disabled(slug: str, asked: Choice) -> dict[str, Row]:
    """The same of children with a disability, each as they move, whichever way was chosen; none where nobody tells."""
    return city_files.rows(slug, asked.age.id, asked.light, DISABLED, asked.reach)


def below(
    every: Mapping[str, Row], parent: str, level: str, least: float, disabled: Mapping[str, Row]
) -> list[dict[str, Any]]:
    """Areas of a level, all or those of one parent."""
    found = [one for one in every.values() if one.level == level and (not parent or one.parent == parent)]
    ordered = sorted(found, key=lambda one: (one.name, one.code))[:MOST_ROWS]
    return [told(one, least, disabled.get(one.code)) for one in ordered]


def city_title(every: Mapping[str, Row], name: str) -> str:
    """The answer for a whole city."""
    row = next((one for one in every.values() if one.level == "city"), None)
    if row is None or row.share_low is None:
        return _("Bisakah anak jalan aman di %(city)s?") % {"city": name}
    return _("Di %(city)s, %(share)s bisa jalan aman ke tempat anak.") % {
        "city": name,
        "share": share_words(row),
    }


def city_lead(asked: Choice) -> str:
    return _("%(who)s, paling jauh %(metres)s meter. Yang belum diketahui membuat angka ini rentang.") % {
        "who": who(asked, ""),
        "metres": metres(asked.limit),
    }


def survey(slug: str, area: str) -> list[dict[str, Any]]:
    """Streets to survey first."""
    found, least = [], city_files.least(slug)
    for one in city_files.survey_first(slug, area, most=SURVEY):
        found.append(
            {
                "name": str(one.get("name") or _("jalan tanpa nama"))[:80],
                "metres": metres(length) if (length := float(one.get("metres") or 0)) >= 1 else "",
                "children": count(float(one["children"]), least) if one.get("children") is not None else "",
            }
        )
    return found


def inside(streets: Streets, features: Sequence[Mapping[str, Any]], code: str) -> list[int] | None:
    """Corners within an area, None where there is no such area."""
    shape = next((one for one in features if (one.get("properties") or {}).get("code") == code), None)
    if shape is None:
        return None
    polygons = list(_polygons(shape.get("geometry") or {}))
    if not polygons:
        return None
    every = [spot for rings in polygons for spot in rings[0]]
    west, east = min(one[0] for one in every), max(one[0] for one in every)
    south, north = min(one[1] for one in every), max(one[1] for one in every)
    lon, lat = streets.city.streets.lon, streets.city.streets.lat
    return [
        vertex
        for vertex in streets.city.starts
        if west <= lon[vertex] <= east
        and south <= lat[vertex] <= north
        and any(_holds(rings, lon[vertex], lat[vertex]) for rings in polygons)
    ]


Ring = Sequence[Sequence[float]]


def _polygons(geometry: Mapping[str, Any]) -> Iterator[Sequence[Ring]]:
    if geometry.get("type") == "Polygon":
        yield geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        yield from geometry["coordinates"]


def _holds(rings: Sequence[Ring], lon: float, lat: float) -> bool:
    return sum(_within(ring, lon, lat) for ring in rings) % 2 == 1


def _within(ring: Ring, lon: float, lat: float) -> bool:
    found = False
    before = ring[-1]
    for spot in ring:
        if (spot[1] > lat) != (before[1] > lat) and lon < (before[0] - spot[0]) * (lat - spot[1]) / (
            before[1] - spot[1]
        ) + spot[0]:
            found = not found
        before = spot
    return found


def bounds(features: Sequence[Mapping[str, Any]], code: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of an area."""
    shape = next((one for one in features if (one.get("properties") or {}).get("code") == code), None)
    every = [spot for rings in _polygons((shape or {}).get("geometry") or {}) for spot in rings[0]]
    if not every:
        return None
    return (
        min(one[0] for one in every), min(one[1] for one in every),
        max(one[0] for one in every), max(one[1] for one in every),
    )  # fmt: skip
