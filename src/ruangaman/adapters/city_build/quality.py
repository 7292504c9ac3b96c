"""How good the data of a city are: what is unknown, what to survey first, what did not fit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build import folder, telling
from ruangaman.adapters.city_build.answers import FOOT, Profiled
from ruangaman.adapters.city_build.homes import Homes
from ruangaman.adapters.city_places import Joined
from ruangaman.core.reach import survey, walks
from ruangaman.core.reach.around import Around
from ruangaman.core.reach.build_rules import LEVELS, BuildRules
from ruangaman.core.reach.extract import Extract
from ruangaman.core.reach.gates import Gates
from ruangaman.core.reach.rounding import in_steps
from ruangaman.core.reach.survey import Asked
from ruangaman.core.reach.walk_network import ACROSS, STREET
from ruangaman.core.reach.walk_rules import MISSING, WalkRules
from ruangaman.core.reach.walks import Streets, Why

_NO_TAG = frozenset({"part", "class", "highway", "rails", "crossing", "kerb"})


def told(
    extract: Extract, streets: Streets, areas: Areas, joined: Joined, gates: Gates, homes: Homes | None,
    shown: Homes | None, around: Around | None, profiled: Sequence[Profiled], walk_rules: WalkRules, rules: BuildRules,
) -> dict[str, Any]:  # fmt: skip
    """What `results/quality.json` holds; `shown` are the homes with children in groups."""
    return {
        "format": folder.FORMAT,
        "unknown": unknown_tags(streets, walk_rules),
        "crossings": crossings(streets),
        "survey_first": []
        if shown is None or around is None
        else survey_first(extract, streets, areas, gates, shown, around, profiled, walk_rules, rules),
        "places_without_gate": [
            {
                "id": place.id, "kind": place.kind, "name": place.name,
                "lon": round(place.lon, 6), "lat": round(place.lat, 6),
            }
            for place in (joined.places[at] for at in gates.without.tolist())
        ],
        "places_joined": [
            {"id": place, "row": row, "metres": round(apart, 1)} for place, row, apart in joined.pairs
        ],
        "areas_unmatched": [asdict(one) | {"drawings": many} for one, many in Counter(areas.unmatched).items()],
        "areas_twice": list(areas.twice),
        "areas_mended": areas.mended,
        "people_outside": None if homes is None or shown is None else outside(
            areas, homes, shown, rules.least_children
        ),
        "children": None if homes is None or not homes.kids else {
            "areas_not_of_this_city": list(homes.unknown_areas),
            "untold": {age: list(kids.untold) for age, kids in homes.kids.items()},
            "where_nobody_lives": {
                age: {code: _told(lost, rules.least_children) for code, lost in kids.unplaced.items()}
                for age, kids in homes.kids.items()
            },
        },
        "clipped": clipped(extract, joined, streets, rules),
    }  # fmt: skip


def unknown_tags(streets: Streets, rules: WalkRules) -> dict[str, dict[str, float]]:
    """Kilometres, and the share of all, of streets without each tag that the rules ask for; sides count half each."""
    network = streets.network
    weight = np.where(network.part == STREET, 1.0, 0.5) * network.metres
    weight[network.part == ACROSS] = 0.0
    by_look = np.bincount(network.look, weight, len(network.looks))
    whole = float(by_look.sum())
    asked = {column for rule in (*rules.bases, *rules.besides) for column in rule.when} - _NO_TAG
    found = {}
    for column in sorted(asked):
        missing = sum(
            float(by_look[at])
            for at, facts in enumerate(network.looks)
            if facts.get(column, MISSING) == MISSING
        )
        found[column] = {
            "km": round(missing / 1000, 3),
            "share": round(missing / whole, 4) if whole else 0.0,
        }
    return found


def crossings(streets: Streets) -> dict[str, int]:
    """Ways across big roads: how many lie at a marked crossing, at one of unknown kind, at none."""
    network = streets.network
    across = network.look[network.part == ACROSS]
    count = np.bincount(across, minlength=len(network.looks))
    found = {"marked": 0, "unmarked": 0, "none": 0}
    for at, facts in enumerate(network.looks):
        if facts.get("part") == "crossing":
            kind = str(facts.get("crossing"))
            found[kind if kind in found else "none"] += int(count[at])
    return found


def survey_first(
    extract: Extract, streets: Streets, areas: Areas, gates: Gates, homes: Homes, around: Around,
    profiled: Sequence[Profiled], walk_rules: WalkRules, rules: BuildRules,
) -> list[dict[str, Any]]:  # fmt: skip
    """Stretches that would turn the most children's answers, on foot by day, within the reach that all ages have."""
    asked = []
    for one in profiled:
        kids = homes.kids.get(one.profile.age)
        if one.profile.light != walk_rules.lights[0] or one.profile.mobility != FOOT:
            continue
        if one.costed is None or kids is None:
            continue
        limit = telling.main_reach(walk_rules, one.profile.age)[1]
        walked = walks.answered(one.costed, gates.place, limit=limit)
        unknown = np.where(walked.why == Why.NOT_SURVEYED, kids.expected, 0.0)
        asked.append(Asked(one.profile, one.judged, limit, unknown))
    found = survey.first(streets, around, gates.points, walk_rules, asked, candidates=rules.candidates)
    network = streets.network
    chosen = [
        one for one in found if one.turned >= max(rules.least_children, 1) or one.over >= rules.least_children
    ][: rules.told]
    lon = np.array([network.lon[one.unit.middle] for one in chosen])
    lat = np.array([network.lat[one.unit.middle] for one in chosen])
    area = telling.smallest(areas, lon, lat)
    highway = extract.codes["highway"]
    return [
        {
            "line": int(extract.streets.ids[one.unit.line]),
            "kind": "street" if one.unit.node < 0 else "crossing",
            "name": extract.streets.names[one.unit.line] if extract.streets.names else "",
            "class": highway[extract.streets.tags["highway"][one.unit.line]],
            "metres": round(one.unit.metres, 1),
            "what": list(one.unit.what),
            "children": round(one.turned) if one.turned >= rules.least_children else None,  # of whole groups
            "children_over": round(one.over) if one.over >= rules.least_children else None,
            "lon": round(float(lon[at]), 6), "lat": round(float(lat[at]), 6),
            "area": areas.code[area[at]] if area[at] >= 0 else None,
        }
        for at, one in enumerate(chosen)
    ]  # fmt: skip


def _told(count: float, least: float) -> float | None:
    """A count in steps of `least`; None for few."""
    return None if 0 < count < least else round(in_steps(count, least), 1)


def outside(areas: Areas, homes: Homes, shown: Homes, least: float) -> dict[str, Any]:
    """People in no area of a level, and people whom no street comes near; None for few."""
    whole = float(shown.people.sum())

    def part(chosen: Any) -> dict[str, float | None]:
        if 0 < float(homes.people[chosen].sum()) < least or not whole:
            return {"people": None, "share": None}
        people = float(shown.people[chosen].sum())
        return {"people": round(people), "share": round(people / whole, 4)}

    return {
        "of_no_area": {
            level: part(homes.area[level] < 0) for level in LEVELS if len(areas.at(level))
        },
        "off_street": part(~homes.points.snapped),
    }  # fmt: skip


def clipped(extract: Extract, joined: Joined, streets: Streets, rules: BuildRules) -> Mapping[str, Any]:
    """What the map's file does not hold whole, and streets that hang together with few others."""
    lost = extract.streets.vertices < 0
    line = np.repeat(np.arange(len(extract.streets)), np.diff(extract.streets.first))
    graph = streets.graph
    size = graph.component_size
    small = size[graph.component[graph.edge_tail]] < rules.least_component
    places = np.array([place.number for place in joined.places], np.int64)
    its = joined.drawings.lost[places] if len(places) else np.zeros(0, np.int32)
    return {
        "ways": len(np.unique(line[lost])),
        "nodes": int(lost.sum()),
        "places": int((its > 0).sum()),
        "islands": int(((size > 1) & (size < rules.least_component)).sum()),
        "islands_km": round(float(graph.edge_length[small].sum()) / 1000, 3),
    }
