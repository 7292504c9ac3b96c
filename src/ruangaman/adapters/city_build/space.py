"""SDG 11.7.1 of a city, both parts, with the method, thresholds and dates stated beside the value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import city_areas, city_places
from ruangaman.adapters.city_build import entering, folder
from ruangaman.adapters.city_build.answers import FOOT, WHEELCHAIR
from ruangaman.adapters.city_build.homes import ON_FOOT, SOMEHOW, WHEELS, Homes
from ruangaman.adapters.city_build.request import Request
from ruangaman.adapters.city_places import Joined, Place
from ruangaman.core.reach import public_space, walk_network, walks
from ruangaman.core.reach.build_rules import BuildRules
from ruangaman.core.reach.extract import Extract, Places
from ruangaman.core.reach.gates import Gates
from ruangaman.core.reach.public_space import Cells, Plane
from ruangaman.core.reach.walk_rules import Profile, WalkRules
from ruangaman.core.reach.walks import Costed, Streets

_KEPT_BACK: Final = {"people": None, "value": None, "low": None, "high": None}


def told(
    asked: Request, extract: Extract, joined: Joined, streets: Streets, homes: Homes | None,
    shown: Homes | None, walk_rules: WalkRules, rules: BuildRules,
) -> dict[str, Any]:  # fmt: skip
    """
    What `results/sdg.json` holds.

    Args:
        homes: with the numbers themselves, by whom small counts are kept back. shown: in groups, which are told.
    """
    public = _public(extract, joined, rules)
    middle = float(streets.graph.lat.mean()) / 1e7 if streets.graph.nodes else 0.0
    plane = Plane(middle)
    cells = None
    if shown is not None:
        x, y = plane.metres(shown.lon, shown.lat)
        cells = public_space.urban(
            x, y, shown.people, side=rules.cell, density=rules.cluster_density, together=rules.cluster_people
        )
        if not len(cells.east):
            cells = None
    limits = (
        {
            "where": "cells", "cells": len(cells.east), "cell_m": rules.cell,
            "people_a_km2": rules.cluster_density, "people_together": rules.cluster_people,
            "people": round(float(cells.people.sum())),
        }
        if cells is not None
        else {"where": "file"}
    )  # fmt: skip
    return {
        "format": folder.FORMAT,
        "city_limits": limits,
        "part_a": _part_a(asked, extract, joined, public, streets, homes, plane, cells, rules),
        "part_b": _part_b(extract, joined, public, streets, homes, shown, plane, cells, walk_rules, rules),
        "dates": dict(asked.dates),
    }


def _public(extract: Extract, joined: Joined, rules: BuildRules) -> list[Place]:
    """Open public spaces: of the map, and of the city's table those of the same kinds."""
    kinds = rules.public_space
    found = city_places.of_map(extract, kinds)
    known = {place.id for place in found}
    return found + [
        place for place in joined.places
        if place.source != "osm" and place.kind in kinds.kinds and place.id not in known
    ]  # fmt: skip


def _part_a(
    asked: Request, extract: Extract, joined: Joined, public: Sequence[Place], streets: Streets,
    homes: Homes | None, plane: Plane, cells: Cells | None, rules: BuildRules,
) -> dict[str, Any]:  # fmt: skip
    import shapely

    within = _shape_of(cells)
    open_space = _polygons(joined.drawings, public, plane)
    if within is not None:
        open_space = shapely.intersection(open_space, within)
    open_m2 = float(shapely.area(open_space))
    streets_m2 = _streets(extract, streets, plane, cells, open_space, rules)
    built, how = _built_up(asked, homes, plane, cells, within)
    value = None if built is None else public_space.share_of_land(open_m2, streets_m2, built)
    return {
        "value": None if value is None else round(value, 4),
        "open_space_m2": round(open_m2),
        "streets_m2": round(streets_m2),
        "built_m2": None if built is None else round(built),
        "method": {
            "open_space": "polygons of these kinds, overlaps once, without holes; points have no area",
            "streets": "length of streets that people may walk, by a stated width; ways inside open space left out",
            "built_up": how,
            "plane": "metres on a local plane",
        },
        "thresholds": {
            "kinds": list(rules.public_space.kinds),
            "not_with_access": sorted(rules.public_space.closed_access),
            "not_with_fee": sorted(rules.public_space.closed_fee),
            "street_width_m": dict(rules.street_width),
        },
    }


def _shape_of(cells: Cells | None) -> Any:
    import shapely

    if cells is None:
        return None
    west, south = cells.east * cells.side, cells.north * cells.side
    return shapely.union_all(shapely.box(west, south, west + cells.side, south + cells.side))


def _polygons(drawings: Places, public: Sequence[Place], plane: Plane) -> Any:
    """All open public space, in metres, overlaps once, holes left out."""
    import shapely

    found = []
    for place in public:
        outer: list[Any] = []
        holes: list[Any] = []
        for ring in range(int(drawings.first_ring[place.number]), int(drawings.first_ring[place.number + 1])):
            its = slice(int(drawings.first_vertex[ring]), int(drawings.first_vertex[ring + 1]))
            if not drawings.ring_closed[ring] or its.stop - its.start < 4:
                continue
            x, y = plane.metres(drawings.vertex_lon[its], drawings.vertex_lat[its])
            polygon = shapely.make_valid(shapely.polygons(np.column_stack([x, y])))
            (holes if drawings.ring_hole[ring] else outer).append(polygon)
        if outer:
            found.append(shapely.difference(shapely.union_all(outer), shapely.union_all(holes)))
    return shapely.union_all(found)


def _streets(
    extract: Extract, streets: Streets, plane: Plane, cells: Cells | None, open_space: Any, rules: BuildRules
) -> float:
    import shapely

    network = streets.network
    otherwise = rules.street_width["otherwise"]
    width = np.array([rules.street_width.get(value, otherwise) for value in extract.codes["highway"]])
    its = width[extract.streets.tags["highway"][network.segment_line]]
    x, y = plane.metres(
        (network.lon[network.segment_u] + network.lon[network.segment_v]) / 2,
        (network.lat[network.segment_u] + network.lat[network.segment_v]) / 2,
    )
    counted = np.ones(len(x), np.bool_) if cells is None else cells.hold(x, y)
    if not shapely.is_empty(open_space) and len(x):
        inside = shapely.STRtree(shapely.points(x, y)).query(open_space, predicate="contains")
        counted[inside] = False
    return public_space.streets_area(network.segment_m[counted], its[counted])


def _built_up(
    asked: Request, homes: Homes | None, plane: Plane, cells: Cells | None, within: Any
) -> tuple[float | None, str]:
    import shapely

    if asked.built_up is not None:
        shapes = city_areas.shapes_of(asked.built_up)
        metres = shapely.transform(
            shapely.union_all(shapes), lambda at: np.column_stack(plane.metres(at[:, 0], at[:, 1]))
        )
        if within is not None:
            metres = shapely.intersection(metres, within)
        return float(shapely.area(metres)), "layer of built-up land"
    if homes is not None and homes.land.any():
        counted = np.ones(len(homes.lon), np.bool_)
        if cells is not None:
            counted = cells.hold(*plane.metres(homes.lon, homes.lat))
        return float(homes.land[counted].sum()), "cells or areas of the population file in which people live"
    return None, "not known: no layer of built-up land, and people are told as points or not at all"


def _part_b(
    extract: Extract, joined: Joined, public: Sequence[Place], streets: Streets, homes: Homes | None,
    shown: Homes | None, plane: Plane, cells: Cells | None, walk_rules: WalkRules, rules: BuildRules,
) -> dict[str, Any] | None:  # fmt: skip
    if homes is None or shown is None:
        return None
    gates = entering.gates(extract, joined.drawings, public, streets, walk_rules, rules.gates)
    counted = np.ones(len(homes.lon), np.bool_)
    if cells is not None:
        counted = cells.hold(*plane.metres(homes.lon, homes.lat))
    limit, least = rules.public_metres, rules.least_children
    light = walk_rules.lights[0]
    first = Profile(walk_rules.ages[0].id, light, FOOT)
    foot = _costed(streets, walk_rules, homes, gates, public, first, limit)
    near = np.isfinite(foot.any)
    by_age: list[dict[str, Any]] = []
    by_sex: list[dict[str, Any]] = []
    by_disability: list[dict[str, Any]] = []
    for age in walk_rules.ages:
        kids, groups = homes.kids.get(age.id), shown.kids.get(age.id)
        its = _costed(streets, walk_rules, homes, gates, public, Profile(age.id, light, FOOT), limit, foot)
        on_foot = _within(its)
        if kids is None or groups is None:
            one = [_Counted(homes.people, shown.people, on_foot)]
            by_age.append({"age": age.id, "of": "people"} | _shares(one, counted, near, least))
            continue
        every = [_Counted(kids.expected, groups.expected, on_foot)]
        by_age.append({"age": age.id, "of": "children"} | _shares(every, counted, near, least))
        other = groups.by_sex
        sexes = [[_Counted(exact, other[sex], on_foot)] for sex, exact in kids.by_sex.items()]
        told = _split(every, sexes, counted, near, least)
        by_sex += [{"age": age.id, "sex": sex} | one for sex, one in zip(kids.by_sex, told, strict=True)]
        if WHEELCHAIR not in walk_rules.mobility:
            continue
        rolling = Profile(age.id, light, WHEELCHAIR)
        wheels = _within(_costed(streets, walk_rules, homes, gates, public, rolling, limit, foot))
        if not kids.disability_told.any():
            by_disability.append(
                {"age": age.id, "disability": True, "of": "not_told"}
                | _shares([_Counted(kids.expected, groups.expected, wheels)], counted, near, least)
            )
            continue
        either = (on_foot[0] & wheels[0], on_foot[1] | wheels[1])
        disabled = [
            _Counted(kids.moving(kind), groups.moving(kind), found)
            for kind, found in ((WHEELS, wheels), (ON_FOOT, on_foot), (SOMEHOW, either))
        ]
        others = [_Counted(kids.moving(""), groups.moving(""), on_foot)]
        split = _split(every, [disabled, others], counted, near, least)
        how = "somehow" if kids.moving(SOMEHOW).any() else "each"
        by_disability.append({"age": age.id, "disability": True, "of": "children", "moving": how} | split[0])
        by_disability.append({"age": age.id, "disability": False, "of": "children"} | split[1])
    value = public_space.share_of_people(shown.people * counted, near)
    return {
        "value": None if value is None else round(value, 4),
        "people": round(float((shown.people * counted).sum())),
        "spaces": len(public),
        "spaces_without_gate": len(gates.without),
        "by_age": by_age,
        "by_sex": by_sex or None,
        "by_disability": by_disability or None,
        "method": {
            "distance": "along the streets, from the nearest point on a street to a gate",
            "value": "people within the distance by any street that people may walk",
            "low": "of these ages, by walks that are safe for them, by day",
            "high": "the same, with walks of which not enough is known",
            "disability": "each as they move, by the shares that the table of children tells; where nobody says who "
            "uses a wheelchair (`moving`: somehow), low is of those who reach one both on foot and in a wheelchair, "
            "high of those who do in one of both ways",
            "counts": "of children and people in groups of the least count",
            "homes": "on the nearest point of a street; further away than the limit counts as not reached",
        },
        "thresholds": {
            "metres": limit, "home_limit_m": rules.home_limit, "gate_beside_m": rules.gates.beside,
            "kinds": list(rules.public_space.kinds),
        },
    }  # fmt: skip


def _costed(
    streets: Streets, walk_rules: WalkRules, homes: Homes, gates: Gates, public: Sequence[Place],
    profile: Profile, limit: float, plain: Costed | None = None,
) -> Costed:  # fmt: skip
    judged = walk_network.judged(streets.network, walk_rules, profile)
    surely = maybe = None
    if profile.mobility == WHEELCHAIR:
        surely, maybe = entering.for_wheelchairs(gates, public)
    return walks.costed(
        streets, judged, homes.points, gates.points, limit=limit, plain=plain, surely=surely, maybe=maybe
    )


Within = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""bool (homes,): by walks that are safe, and with those of which not enough is known."""


def _within(found: Costed) -> Within:
    return np.isfinite(found.safe), np.isfinite(found.known)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Some people as float64 (homes,), exactly and in groups, and which homes their walks reach a space from."""

    exact: NDArray[np.float64]
    told: NDArray[np.float64]
    within: Within

    def many(self, counted: NDArray[np.bool_]) -> float:
        return float(self.exact[counted].sum())


def _shares(
    people: Sequence[_Counted], counted: NDArray[np.bool_], near: NDArray[np.bool_], least: float
) -> dict[str, Any]:
    """Shares of these people in groups; nothing where they are so few that counts are kept back."""
    if sum(one.many(counted) for one in people) < least:
        return dict(_KEPT_BACK)
    total = sum(float(one.told[counted].sum()) for one in people)
    if not total:
        return dict(_KEPT_BACK) if least else {"people": 0, "value": None, "low": None, "high": None}
    its = [float(one.told[counted & near].sum()) for one in people]
    low, high = (sum(float(one.told[counted & one.within[at]].sum()) for one in people) for at in range(2))
    return {
        "people": round(total), "value": round(sum(its) / total, 4), "low": round(low / total, 4),
        "high": round(high / total, 4),
    }  # fmt: skip


def _split(
    whole: Sequence[_Counted], parts: Sequence[Sequence[_Counted]], counted: NDArray[np.bool_],
    near: NDArray[np.bool_], least: float,
) -> list[dict[str, Any]]:  # fmt: skip
    """The same of each part of a whole; of none where one is small, or what no part tells: the others would give it."""
    counts = [sum(one.many(counted) for one in part) for part in parts]
    counts.append(sum(one.many(counted) for one in whole) - sum(counts))
    if any(1e-6 < one < least for one in counts):
        return [dict(_KEPT_BACK) for _ in parts]
    return [_shares(part, counted, near, least) for part in parts]
