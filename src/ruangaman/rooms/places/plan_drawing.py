"""
Plans on the map: what is to be built where, as shapes for the map's script, for the server's picture and for a table.

Only what is built is drawn, never whom it serves: a work and few children together would tell where these live.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from ruangaman.rooms.places import city_files, svg_map
from ruangaman.rooms.places.models import City, Plan
from ruangaman.rooms.places.walk_page import in_language

KINDS: Final = ("place", "gate", "crossing", "pavement", "audit")
SIGNS: Final = {
    "place": "M12 5v14M5 12h14",
    "gate": "M6 20V11a6 6 0 0 1 12 0v9",
    "crossing": "M5 7h14M5 12h14M5 17h14",
    "pavement": "M6 20 10 4M18 20 14 4",
    "audit": "M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M15 15l4.5 4.5",
}
"""Drawn in a square of 24, the same by the server and by the script."""
MOST: Final = 3_000
AROUND: Final = 0.001
"""Degrees beside the works of a plan."""

Feature = dict[str, Any]


def words(kind: str) -> str:
    """What a kind of work is called beside its sign."""
    return {
        "place": _("Taman bermain baru"),
        "gate": _("Pintu masuk"),
        "crossing": _("Tempat menyeberang"),
        "pavement": _("Trotoar"),
        "audit": _("Survei"),
    }.get(kind, kind)


def shown(city: City) -> list[Plan]:
    """The plans that everybody sees on the map: published and not over, the latest first."""
    return list(
        city.plans.filter(published_at__isnull=False, ended_at__isnull=True).order_by("-published_at", "pk")
    )


def features(plans: Iterable[Plan]) -> list[Feature]:
    """The chosen works of plans, in their order: one feature for each sign, one for each line."""
    found: list[Feature] = []
    for plan in plans:
        for work in works(plan):
            told = {name: work[name] for name in ("id", "kind", "name")} | {"plan": plan.title}
            if work["line"]:
                found.append(_feature("LineString", work["line"], told))
            found.append(_feature("Point", [work["lon"], work["lat"]], told))
    return found[: 2 * MOST]


def works(plan: Plan) -> list[dict[str, Any]]:
    """The chosen works of a plan in their order; those without a place on earth are left out."""
    by_id = {one["id"]: one for one in plan.document["actions"]}
    found = []
    for key in plan.document["chosen"][:MOST]:
        one = by_id.get(key, {})
        spot = _spot([one.get("lon"), one.get("lat")])
        if spot is None:
            continue
        line = [each for each in map(_spot, one.get("path") or ()) if each is not None]
        found.append(
            {
                "id": f"{plan.pk.hex[:8]}-{key}", "kind": str(one["kind"]), "what": words(str(one["kind"])),
                "name": in_language(one["name"]), "area": str(one.get("area_name", "")),
                "cost": float(one["cost"]), "lon": spot[0], "lat": spot[1], "line": line if len(line) > 1 else [],
            }
        )  # fmt: skip
    return found


def _spot(told: Sequence[Any]) -> list[float] | None:
    try:
        lon, lat = float(told[0]), float(told[1])
    except (TypeError, ValueError, IndexError):
        return None
    return [lon, lat] if isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 else None


def _feature(kind: str, coordinates: Sequence[Any], told: Mapping[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "properties": dict(told),
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def legend(found: Sequence[Feature]) -> list[dict[str, str]]:
    """The signs that stand on a map, and their words."""
    there = {one["properties"]["kind"] for one in found}
    return [{"kind": kind, "sign": SIGNS[kind], "words": words(kind)} for kind in KINDS if kind in there]


def page(city: City, plan: Plan) -> dict[str, Any]:
    """The map of a plan's own page: picture, data for the script, legend; nothing where the city is not there."""
    streets, drawn = city_files.streets(city.slug), features([plan])
    if streets is None or not drawn:
        return {}
    every = city_files.areas(city.slug)
    names = {
        str(one["properties"].get("code")): {"band": -1, "name": str(one["properties"].get("name") or "")}
        for one in every
        if isinstance(one.get("properties"), dict)
    }
    spots = works(plan)
    lon, lat = [one["lon"] for one in spots], [one["lat"] for one in spots]
    bounds = [min(lon) - AROUND, min(lat) - AROUND, max(lon) + AROUND, max(lat) + AROUND]
    root = reverse("places:map", args=[city.slug])
    profile = plan.document["profile"]
    looks = list(streets.city.streets.looks)
    key = f"{profile['age']}/{profile['light']}/{profile['mobility']}"
    return {
        "picture": svg_map.of_works(streets, every, names, drawn),
        "legend": legend(drawn),
        "data": {
            "bounds": bounds,
            "city": city_files.told(city.slug, "city.json").get("bounds") or bounds,
            "tiles": f"{root}/ubin/{{z}}/{{x}}/{{y}}",
            "areas": reverse("places:map_areas", args=[city.slug]),
            "places": reverse("places:map_places", args=[city.slug]),
            "ground": reverse("places:map_ground", args=[city.slug]),
            "reports": "",
            "plans": {"type": "FeatureCollection", "features": drawn},
            "signs": SIGNS,
            "profile": looks.index(key) if key in looks else 0,
            "walk": {"type": "FeatureCollection", "features": []},
            "start": "",
            "goal": "",
            "worker": reverse("places:map_worker"),
            "scope": reverse("places:cities"),
            "words": {"map": _("Peta %(plan)s") % {"plan": plan.title}, "start": "", "solved": "", "answers": []},
        },
    }  # fmt: skip
