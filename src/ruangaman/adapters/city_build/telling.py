"""Results as plain values: places with whom they serve, gaps, kilometres by answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import city_areas
from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build.answers import COLUMNS, FOOT, REASONS, Profiled, network_answers, reaches
from ruangaman.adapters.city_build.drawing import Drawn
from ruangaman.adapters.city_build.homes import Homes
from ruangaman.adapters.city_places import Joined
from ruangaman.core.reach import around as around_places
from ruangaman.core.reach import walks
from ruangaman.core.reach.around import Around
from ruangaman.core.reach.build_rules import LEVELS, BuildRules
from ruangaman.core.reach.gates import Gates, Known
from ruangaman.core.reach.graph import Costs
from ruangaman.core.reach.walk_network import Network
from ruangaman.core.reach.walk_rules import Answer, WalkRules
from ruangaman.core.reach.walks import Streets

_KNOWN = {Known.MAPPED: "mapped", Known.BESIDE_A_WAY: "beside", Known.ONE_POINT: "point"}


def places(
    areas: Areas, joined: Joined, gates: Gates, streets: Streets, homes: Homes | None, around: Around | None,
    profiled: Sequence[Profiled], walk_rules: WalkRules, rules: BuildRules,
) -> list[dict[str, Any]]:  # fmt: skip
    """Every safe place with its gates and area, and whom it serves on foot by day, in groups, by age and reach."""
    lon = np.array([place.lon for place in joined.places])
    lat = np.array([place.lat for place in joined.places])
    area = smallest(areas, lon, lat)
    entered: list[list[dict[str, Any]]] = [[] for _ in joined.places]
    for at, place in enumerate(gates.place.tolist()):
        entered[place].append(
            {
                "lon": round(float(gates.lon[at]), 6), "lat": round(float(gates.lat[at]), 6),
                "known": _KNOWN[Known(int(gates.known[at]))],
            }
        )  # fmt: skip
    served = {}
    if homes is not None and around is not None:
        served = _served(joined, gates, streets, homes, around, profiled, walk_rules, rules)
    found = []
    for at, place in enumerate(joined.places):
        one: dict[str, Any] = {
            "id": place.id, "kind": place.kind, "name": place.name,
            "lon": round(place.lon, 6), "lat": round(place.lat, 6), "source": place.source,
            "gates": entered[at], "area": areas.code[area[at]] if area[at] >= 0 else None,
        }  # fmt: skip
        if place.accessible is not None:
            one["accessible"] = place.accessible
        if place.hours:
            one["hours"] = place.hours
        if served:
            one["reach"] = [
                {"age": age, "reach": reach} | {
                    what: round(float(numbers[at]))
                    for what, numbers in counts.items()
                }
                for (age, reach), counts in served.items()
            ]  # fmt: skip
        found.append(one)
    return found


def _served(
    joined: Joined, gates: Gates, streets: Streets, homes: Homes, around: Around, profiled: Sequence[Profiled],
    walk_rules: WalkRules, rules: BuildRules,
) -> dict[tuple[str, str], dict[str, NDArray[np.float64]]]:  # fmt: skip
    """By age and reach: people by any street, children by safe walks, and by walks that are safe or not known."""
    many = len(joined.places)

    def within(weights: NDArray[np.float64], costs: Costs, limit: float) -> NDArray[np.float64]:
        return around_places.within(
            around, gates.points, gates.place, many, weights, costs=costs, limit=limit
        )

    found: dict[tuple[str, str], dict[str, NDArray[np.float64]]] = {}
    people: dict[float, NDArray[np.float64]] = {}
    for one in profiled:
        if one.profile.light != walk_rules.lights[0] or one.profile.mobility != FOOT:
            continue
        kids = homes.kids.get(one.profile.age)
        costs = [walks.priced(streets, one.judged, worst) for worst in (Answer.SAFE, Answer.UNKNOWN)]
        for reach, metres in reaches(walk_rules, one.profile, rules.nearest_limit):
            if metres not in people:
                people[metres] = within(homes.people, streets.graph.costs, metres)
            counts = {"people": people[metres]}
            if kids is not None:
                for name, its in zip(("children", "children_most"), costs, strict=True):
                    counts[name] = within(kids.expected, its, metres)
            found[one.profile.age, reach] = counts
    return found


def main_reach(rules: WalkRules, age: str) -> tuple[str, float]:
    """The reach that this age and all others have; without one, the first of this age."""
    own = [one for one in rules.reaches if age in one.metres]
    common = [one for one in own if all(group.id in one.metres for group in rules.ages)]
    chosen = (common or own)[0]
    return chosen.id, chosen.metres[age]


def smallest(areas: Areas, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int32]:
    """The smallest area in which each point lies: int32 (points,), -1 for none."""
    found = np.full(len(lon), -1, np.int32)
    for here in city_areas.assign(areas, lon, lat).values():
        found = np.where(here >= 0, here, found).astype(np.int32)
    return found


def gaps(rows: Sequence[Sequence[object]], walk_rules: WalkRules) -> list[dict[str, Any]]:
    """
    Areas with children that find no safe walk on foot by day, the most children first: what is missing and why. Of the
    smallest areas for the main reach of each age alone, of the others for all.
    """
    main: dict[object, str] = {age.id: main_reach(walk_rules, age.id)[0] for age in walk_rules.ages}
    at = {name: number for number, name in enumerate(COLUMNS)}
    found = []
    for row in rows:
        if (
            row[at["mobility"]] != FOOT
            or row[at["light"]] != "day"
            or row[at["of"]] != "children"
            or row[at["kept_back"]]
        ):
            continue
        if row[at["level"]] == LEVELS[-1] and row[at["reach"]] != main[row[at["age"]]]:
            continue
        unknown, unsafe = row[at["unknown"]], row[at["unsafe"]]
        if not isinstance(unknown, float) or not isinstance(unsafe, float):
            continue
        if unknown + unsafe <= 0:
            continue
        reasons = {name: row[at[name]] for name in REASONS}
        found.append(
            {name: row[at[name]] for name in ("code", "level", "name", "parent", "age", "light", "reach", "metres")}
            | {"children": row[at["children"]], "unknown": unknown, "unsafe": unsafe, "reasons": reasons,
               "main": max(reasons, key=lambda name: float(str(reasons[name] or 0)))}
        )  # fmt: skip
    return sorted(found, key=lambda one: -(one["unknown"] + one["unsafe"]))


def network(streets: Streets, profiled: Sequence[Profiled]) -> list[dict[str, Any]]:
    """Kilometres of streets by answer, for every profile."""
    return [
        {
            "age": one.profile.age, "light": one.profile.light, "mobility": one.profile.mobility,
            "km": network_answers(streets, one.judged),
        }
        for one in profiled
    ]  # fmt: skip


def line_answers(lines: Drawn, network: Network, profiled: Sequence[Profiled]) -> Mapping[str, Any]:
    """Of each drawn line the worse answer of its two sides, by profile."""
    found = {}
    for one in profiled:
        told = np.zeros(len(network.looks), np.int32)
        told[network.look] = one.judged.answer
        name = f"{one.profile.age} {one.profile.light} {one.profile.mobility}"
        found[name] = np.maximum(told[lines.left], told[lines.right])
    return found
