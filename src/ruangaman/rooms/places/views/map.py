"""The map of a city, one child's walk on it, and the same as a table."""

from typing import Any, Final
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ruangaman.adapters import walk_files
from ruangaman.rooms.places import area_page, city_files, plan_drawing, roles, svg_map, walk_page
from ruangaman.rooms.places.city_files import Streets
from ruangaman.rooms.places.models import City, Plan
from ruangaman.rooms.places.walk_page import Choice, Told

MOST_IN_PICTURE: Final = 60
MOST_LISTED: Final = 20
"""Works of one plan beside the map; the table has all."""
AROUND: Final = 0.004
"""Degrees around a corner from which no way is known."""


@require_GET
def map_(request: HttpRequest, slug: str) -> HttpResponse:
    """`/kota/<slug>/peta`: the city's own walk, the walk that was asked for, or the city and its areas."""
    return _page(request, slug, "places/peta.html", with_story=True)


@require_GET
def walk(request: HttpRequest, slug: str) -> HttpResponse:
    """`/kota/<slug>/jalan`: choose a corner, a goal and a child; then the walk."""
    return _page(request, slug, "places/jalan.html", with_story=False)


@require_GET
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """`/kota/<slug>/tabel`: all that the map shows, for whoever reads tables better."""
    return _page(request, slug, "places/tabel.html", with_story=True, whole=True)


def _page(
    request: HttpRequest, slug: str, template: str, *, with_story: bool, whole: bool = False
) -> HttpResponse:
    city = roles.city_of(slug)
    streets = city_files.streets(slug)
    if streets is None:
        told = {"city": city, "being_built": city_files.being_built(slug)}
        return render(request, "places/belum_dihitung.html", told)
    return render(request, template, _context(request, city, streets, with_story=with_story, whole=whole))


def _context(
    request: HttpRequest, city: City, streets: Streets, *, with_story: bool, whole: bool
) -> dict[str, Any]:
    story = city_files.told(city.slug, "story.json")
    asked = walk_page.choice(streets, request.GET, story=story if with_story else {})
    child = ""
    area = str(request.GET.get("wilayah", ""))[:24]
    if with_story and story and not request.GET.get("dari") and not area:
        start = walk_page.story_start(streets, story)
        asked = walk_page.choice(streets, _with(request.GET, "dari", str(start)), story=story)
        child = str(story.get("child", ""))[:40] if asked.start >= 0 else ""
    features = city_files.areas(city.slug)
    every = area_page.rows(city.slug, asked)
    if area and area not in every and area_page.bounds(features, area) is None:
        area = ""
    found = walk_page.told(city.slug, streets, asked, child=child) if asked.start >= 0 else None
    levels = [one for one in area_page.LEVEL_WORDS if any(row.level == one for row in every.values())]
    told = {
        "city": city,
        "asked": asked,
        "child": child,
        "walk": found,
        "rough_costs": found is not None and not city_files.costs(city.slug).own,
        "story": bool(story),
        "fields": _fields(streets, asked),
        "asked_pairs": list(parse_qsl(asked.query())),
        "query": asked.query(wilayah=area),
        "query_of_city": asked.query(dari=None),
        "attribution": city_files.told(city.slug, "city.json").get("attribution") or [],
        "made_on": city_files.told(city.slug, "city.json").get("made_on", ""),
        **_areas(city, asked, every, features, levels, area),
        **_starts(request, streets, features, area),
    }
    plans = plan_drawing.shown(city) if with_story else []
    works = plan_drawing.features(plans)
    told |= {"legend": plan_drawing.legend(works), "plan_works": _works(plans, whole=whole)}
    return told | {
        "picture": _picture(city, streets, found, features, every, levels, works),
        "data": _data(city, streets, asked, found, features, area, with_plans=with_story),
    }


def _with(told: Any, name: str, value: str) -> Any:
    found = told.copy()
    found[name] = value
    return found


def _fields(streets: Streets, asked: Choice) -> list[tuple[str, dict[str, Any]]]:
    """What may be chosen: name, label, and for each value its words and whether it is chosen."""
    lights = {"day": _("siang"), "dusk": _("senja")}
    ways = {"foot": _("jalan kaki"), "wheelchair": _("kursi roda")}
    city = streets.city
    kinds = {place.kind for place in city.places}
    goals = [one for one in walk_files.goals().goals if one.kinds & kinds] or [asked.goal]
    ages = {
        one.id: _("%(ages)s tahun, bersama orang dewasa") % {"ages": f"{one.first}–{one.last}"}
        if one.with_adult
        else _("%(ages)s tahun") % {"ages": f"{one.first}–{one.last}"}
        for one in city.ages
    }
    rows = {
        "umur": (_("Umur anak"), [(one, words, one == asked.age.id) for one, words in ages.items()]),
        "ke": (
            _("Mau ke mana"),
            [(one.id, walk_page.in_language(one.name), one.id == asked.goal.id) for one in goals],
        ),
        "cahaya": (_("Kapan"), [(one, lights.get(one, one), one == asked.light) for one in city.lights]),
        "cara": (
            _("Dengan apa"),
            [(one, ways.get(one, one), one == asked.mobility) for one in city.mobility],
        ),
    }
    return [(name, {"label": label, "options": options}) for name, (label, options) in rows.items()]


def _areas(
    city: City, asked: Choice, every: dict[str, city_files.Row], features: list[dict[str, Any]],
    levels: list[str], area: str,
) -> dict[str, Any]:  # fmt: skip
    row, least = every.get(area), city_files.least(city.slug)
    disabled = area_page.rows_of_disabled(city.slug, asked)
    here = area_page.told(row, least, disabled.get(area)) if row else None
    whole = next((one for one in disabled.values() if one.level == "city"), None)
    name = next(
        (
            str(one["properties"].get("name"))
            for one in features
            if (one.get("properties") or {}).get("code") == area
        ),
        "",
    )
    if row is None and area:
        here = {"name": name or area, "code": area, "share": _("belum ada data"), "band": -1}
    below = [
        {
            "level": level,
            "rows": area_page.below(every, "" if level != "rw" else area, level, least, disabled),
        }
        for level in levels
        if level != "rw" or area
    ]
    return {
        "area": here,
        "area_empty": bool(area) and (row is None or row.share_low is None),
        "levels": below,
        "city_title": area_page.city_title(every, city.name),
        "city_lead": area_page.city_lead(asked),
        "disabled": area_page.share_words(whole) if whole else "",
        "how_not_told": bool(whole and whole.how_not_told),
        "survey": area_page.survey(city.slug, area),
    }


def _starts(
    request: HttpRequest, streets: Streets, features: list[dict[str, Any]], area: str
) -> dict[str, Any]:
    search = " ".join(str(request.GET.get("jalan", "")).split())[: walk_page.LONGEST_SEARCH]
    inside = area_page.inside(streets, features, area) if area else None
    kelurahan = [
        (str(one["properties"]["code"]), str(one["properties"].get("name") or ""))
        for one in features
        if (one.get("properties") or {}).get("level") in ("kelurahan",)
    ]
    return {
        "search": search,
        "area_code": area,
        "starts": walk_page.starts(streets, search, inside),
        "searched": bool(search) or inside is not None,
        "kelurahan": sorted(kelurahan, key=lambda one: (one[1], one[0])),
    }


def _picture(
    city: City, streets: Streets, found: Told | None, features: list[dict[str, Any]],
    every: dict[str, city_files.Row], levels: list[str], works: list[dict[str, Any]],
) -> svg_map.Picture | None:  # fmt: skip
    if found is not None and found.journey.steps:
        ground = city_files.told(city.slug, "map/ground.geojson").get("features") or []
        return svg_map.of_walk(streets, ground, found.journey.steps, works)
    fits = [one for one in levels if sum(row.level == one for row in every.values()) <= MOST_IN_PICTURE]
    level = fits[-1] if fits else "city"
    least = city_files.least(city.slug)
    told = {row.code: area_page.told(row, least) for row in every.values() if row.level == level}
    return svg_map.of_areas(features, told, level, works)


def _works(plans: list[Plan], *, whole: bool) -> list[dict[str, Any]]:
    """The works of each plan: the first of them beside the map, all in the table."""
    found = []
    for plan in plans:
        every = plan_drawing.works(plan)
        its = every if whole else every[:MOST_LISTED]
        for one in its:
            one["money"] = walk_page.rupiah(one["cost"])
        found.append({"plan": plan, "works": its, "more": len(every) - len(its)})
    return found


def _data(
    city: City, streets: Streets, asked: Choice, found: Told | None, features: list[dict[str, Any]], area: str,
    *, with_plans: bool,
) -> dict[str, Any]:  # fmt: skip
    """What the script of the map needs; nothing in it comes from elsewhere."""
    bounds = area_page.bounds(features, area) if area else None
    lon, lat = streets.city.streets.lon, streets.city.streets.lat
    if found is not None and not found.steps:
        x, y = lon[asked.start], lat[asked.start]
        bounds = (x - AROUND, y - AROUND, x + AROUND, y + AROUND)
    whole = city_files.told(city.slug, "city.json").get("bounds") or [min(lon), min(lat), max(lon), max(lat)]
    steps = [
        {
            "type": "Feature",
            "properties": {
                "n": one["number"],
                "answer": one["answer"],
                "across": one["across"],
                "name": one["name"],
            },
            "geometry": {"type": "LineString", "coordinates": [list(spot) for spot in one["line"]]},
        }
        for one in (found.steps if found else ())
    ]
    root = reverse("places:map", args=[city.slug])
    query = asked.query(dari=None)
    return {
        "bounds": bounds or whole,
        "city": whole,
        "tiles": f"{root}/ubin/{{z}}/{{x}}/{{y}}",
        "areas": f"{reverse('places:map_areas', args=[city.slug])}?{query}",
        "places": reverse("places:map_places", args=[city.slug]),
        "ground": reverse("places:map_ground", args=[city.slug]),
        "reports": reverse("places:report_squares", args=[city.slug]),
        "plans": reverse("places:map_plans", args=[city.slug]) if with_plans else "",
        "signs": plan_drawing.SIGNS,
        "profile": list(streets.city.streets.looks).index(asked.profile),
        "walk": {"type": "FeatureCollection", "features": steps},
        "start": found.start if found else "",
        "goal": found.place.name if found and found.place else "",
        "worker": reverse("places:map_worker"),
        "scope": reverse("places:cities"),
        "words": {
            "map": _("Peta %(city)s") % {"city": city.name},
            "start": _("Ujung gang"),
            "solved": _("selesai"),
            "answers": [_("aman"), _("belum tahu"), _("tidak aman")],
        },
    }
