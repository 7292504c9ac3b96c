"""
A plan for a city: which crossings, pavements, places, gates and surveys to pay for, and what each would change.

Candidates are tried on the walks of today (`repairs`), chosen by maximal cover with a proven bound (`siting`), and told
with the groups of children that they serve, so that any other choice among them can be summed without the streets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import repair_sites, repairs, siting, walk_network
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.repair_costs import AUDIT, CROSSING, GATE, PAVEMENT, PLACE, Kind
from ruangaman.core.reach.repair_sites import Candidate
from ruangaman.core.reach.repairs import Effects, Together
from ruangaman.core.reach.siting import Demand, Effort, Plan, Problem
from ruangaman.core.reach.siting_errors import BadInput
from ruangaman.core.reach.walk_network import Judged
from ruangaman.core.reach.walk_rules import Profile, WalkRules
from ruangaman.core.reach.walks import Streets

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Town:
    """
    What is known of a city.

    Attributes:
        homes, lon, lat: where children live, on streets and in degrees. area: int32 (homes,), -1 for none.
        areas: how many areas there are. gates, whose: the gates of today and their places.
        edge_lon, edge_lat, edge_place: points on the edges of places, by which gates could be made, and their places.
        place_names: of each place.
    """

    streets: Streets
    rules: WalkRules
    homes: Points
    lon: Floats
    lat: Floats
    area: Ints
    areas: int
    gates: Points
    whose: Ints
    edge_lon: Floats
    edge_lat: Floats
    edge_place: Ints
    place_names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Attributes:
        children: float64 (homes,), of the profile's age. limit: metres of walking cost.
        kinds: what may be done. budget: rupiah.
        least_share: area -> share of its children that must be served. equity: float64 (areas,), what a child counts.
        given: candidates of the city's own list, beside those that we propose.
        shown: how many actions that are not in the plan are told as well.
        together: how many actions are looked at together.
    """

    profile: Profile
    children: Floats
    limit: float
    kinds: Mapping[str, Kind]
    budget: float
    least_share: Mapping[int, float] = field(default_factory=dict)
    equity: Floats | None = None
    given: Sequence[Candidate] = ()
    shown: int = 40
    together: Together = field(default_factory=Together)


@dataclass(frozen=True, slots=True)
class Sets:
    """
    What serves whom, for sums without the streets.

    Attributes:
        children, weight: float64 (groups,), children of a group, and what one of them counts. area: int32 (groups,).
        actions: of each set, the numbers of its actions. share: of each set.
        groups: of each set, the groups that it serves.
    """

    children: Floats
    weight: Floats
    area: Ints
    actions: tuple[tuple[int, ...], ...]
    share: tuple[float, ...]
    groups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """
    Attributes:
        actions: the chosen ones in their order, then others that would serve many; `chosen` of them are in the plan.
        area: int32 (actions,), where each lies, -1 for nowhere.
        sets: what they serve. plan: as siting found it; numbers in it are of `problem`.
        before, after, low, high: float64 (areas + 1,), children served today, expected once the plan is carried out,
            the least (no survey turns out well) and the most; the last row is for homes in no area.
        total: float64 (areas + 1,), children.
        numbers: of each action its number in `problem`.
        tried: candidates that serve somebody. sets_tried, sets_left_out: of each size, as `Effects` has them.
    """

    actions: tuple[Candidate, ...]
    chosen: int
    numbers: tuple[int, ...]
    area: Ints
    sets: Sets
    plan: Plan
    problem: Problem
    total: Floats
    before: Floats
    after: Floats
    low: Floats
    high: Floats
    tried: int
    sets_tried: tuple[int, ...]
    sets_left_out: tuple[int, ...]


def planned(town: Town, asked: Asked, effort: Effort | None = None) -> Planned:
    """
    The best plan within the budget.

    Raises:
        BadInput: children, weights or candidates do not fit the city.
        LeastNotMet, Undecided, SolverMissing, TooLarge: as `siting.plan`; a kelurahan in them is an area's number.
    """
    if len(asked.children) != town.homes.size:
        raise BadInput(field="children", why="not one number for each home")
    judged = walk_network.judged(town.streets.network, town.rules, asked.profile)
    now = repairs.standing(town.streets, judged, town.homes, town.gates, limit=asked.limit)
    every = candidates(town, asked, judged, now)
    found = repairs.effects(
        now,
        [one.change for one in every],
        asked.together,
        asked=asked.children > 0,
        cost=np.array([one.cost for one in every]),
        share=np.array([one.share for one in every]),
        budget=asked.budget,
    )
    every, found = _useful(every, found)
    where = np.where(town.area >= 0, town.area, town.areas).astype(np.int32)
    equity = np.ones(town.areas + 1)
    if asked.equity is not None:
        equity[: town.areas] = asked.equity
    demand = siting.Demand.of(
        asked.children, where, kelurahan_count=town.areas + 1, equity=equity[where], served=now.served
    )
    share = np.array([one.share for one in every])
    at = _areas_of(town, every)
    actions = repairs.as_actions(found, np.array([one.cost for one in every]), share, at)
    problem = siting.problem(
        demand, actions, siting.Rules(budget=asked.budget, least_share=dict(asked.least_share))
    )
    plan = siting.plan(problem, effort)
    order = [*plan.chosen, *_others(problem, plan, every, asked.shown)]
    promised = repairs.promises(found, share)
    sure, hoped = _bounds(now.served, found, promised, plan.chosen)
    served = siting.shares(problem, plan.chosen)

    def by_area(part: NDArray[np.floating] | NDArray[np.bool_]) -> Floats:
        return np.bincount(where, asked.children * part, town.areas + 1).astype(np.float64)

    return Planned(
        actions=tuple(every[one] for one in order),
        chosen=len(plan.chosen),
        numbers=tuple(order),
        area=at[order] if order else np.empty(0, np.int32),
        sets=_sets(demand, found, promised, order),
        plan=plan,
        problem=problem,
        total=by_area(np.ones(len(where))),
        before=by_area(now.served),
        after=by_area(served),
        low=by_area(sure),
        high=by_area(hoped),
        tried=len(every),
        sets_tried=found.tried,
        sets_left_out=found.left_out,
    )


def candidates(town: Town, asked: Asked, judged: Judged, now: repairs.Standing) -> list[Candidate]:
    """Everything of the kinds that may be done: the city's own list first."""
    kinds, network = asked.kinds, town.streets.network
    found = [one for one in asked.given if one.kind in kinds]
    if CROSSING in kinds:
        found += repair_sites.crossings(network, town.rules, asked.profile, judged, kinds[CROSSING])
    if PAVEMENT in kinds:
        found += repair_sites.pavements(network, town.rules, asked.profile, judged, kinds[PAVEMENT])
    if AUDIT in kinds:
        found += repair_sites.surveys(network, judged, kinds[AUDIT])
    if PLACE in kinds and not any(one.kind == PLACE for one in found):
        found += repair_sites.proposed_places(
            now, town.homes, town.lon, town.lat, asked.children, kinds[PLACE]
        )
    if GATE in kinds:
        found += repair_sites.gates_at(
            town.streets, town.edge_lon, town.edge_lat, town.edge_place, town.place_names, town.gates,
            town.whose, kinds[GATE],
        )  # fmt: skip
    return found


def _useful(every: list[Candidate], found: Effects) -> tuple[list[Candidate], Effects]:
    """Without candidates that serve no child, alone or with others."""
    used = np.zeros(len(every) + 1, np.bool_)
    used[found.members] = True
    used[-1] = False  # -1 stands for none
    number = np.append(np.cumsum(used[:-1]) - 1, -1).astype(np.int32)
    kept = [one for one, its in zip(every, used[:-1], strict=True) if its]
    return kept, replace(found, members=number[found.members], changes=len(kept))


def _areas_of(town: Town, every: Sequence[Candidate]) -> Ints:
    """The area of the nearest home, for each candidate; looked for in squares of about a kilometre first."""
    found = np.full(len(every), -1, np.int32)
    inside = np.flatnonzero(town.area >= 0)
    if not len(inside) or not every:
        return found
    step = 0.01  # degrees
    squares: dict[tuple[int, int], NDArray[np.int64]] = {}
    cell = np.floor(np.stack([town.lon[inside], town.lat[inside]]) / step).astype(np.int64)
    kinds, number = np.unique(cell, axis=1, return_inverse=True)
    number = number.reshape(-1)
    order = np.argsort(number, kind="stable")
    for at, part in enumerate(np.split(order, np.flatnonzero(np.diff(number[order])) + 1)):
        squares[int(kinds[0, at]), int(kinds[1, at])] = inside[part]
    for at, one in enumerate(every):
        column, row = int(np.floor(one.lon / step)), int(np.floor(one.lat / step))
        near = [
            squares[column + east, row + north]
            for east in (-1, 0, 1)
            for north in (-1, 0, 1)
            if (column + east, row + north) in squares
        ]
        if near:
            homes = np.concatenate(near)
            away = (town.lon[homes] - one.lon) ** 2 + (town.lat[homes] - one.lat) ** 2
            found[at] = town.area[homes[int(np.argmin(away))]]
    return found


def _others(problem: Problem, plan: Plan, every: Sequence[Candidate], most: int) -> list[int]:
    """Actions beside the plan: those siting tells of, then of each kind in turn the ones that serve most alone."""
    found = list(dict.fromkeys(action for step in plan.left_out for action in step.actions))
    actions, there = problem.actions, {*plan.chosen, *found}
    alone = np.zeros(len(every))
    weight = problem.demand.children * problem.demand.equity
    for one in np.flatnonzero(np.diff(actions.need_start) == 1).tolist():
        points = actions.point[actions.start[one] : actions.start[one + 1]]
        alone[actions.need[actions.need_start[one]]] += actions.share[one] * float(weight[points].sum())
    queues = [
        [
            at
            for at in np.argsort(-alone, kind="stable").tolist()
            if every[at].kind == kind and at not in there
        ]
        for kind in (CROSSING, PAVEMENT, PLACE, GATE, AUDIT)
    ]
    while len(found) < most and any(queues):
        found += [queue.pop(0) for queue in queues if queue]
    return found[:most]


def _open(found: Effects, chosen: Sequence[int]) -> NDArray[np.int64]:
    """The rows of which all actions are chosen."""
    there = np.zeros(found.changes + 1, np.bool_)
    there[list(chosen)] = True
    there[-1] = True  # -1 stands for none
    return np.flatnonzero(there[found.members].all(axis=1))


def _bounds(
    served: NDArray[np.bool_], found: Effects, promised: Floats, chosen: Sequence[int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """bool (homes,): served for sure, and served if every survey turns out well."""
    sure, hoped = served.copy(), served.copy()
    for one in _open(found, chosen):
        homes = found.home[found.start[one] : found.start[one + 1]]
        hoped[homes] = True
        if promised[one] >= 1:
            sure[homes] = True
    return sure, hoped


def _sets(demand: Demand, found: Effects, promised: Floats, order: Sequence[int]) -> Sets:
    """What these actions serve: homes of one area with the same sets and weight are one group."""
    number = np.full(found.changes + 1, -1, np.int64)
    number[list(order)] = np.arange(len(order))
    kept = _open(found, order)
    sets_of: dict[int, list[int]] = {}
    for at, one in enumerate(kept.tolist()):
        for home in found.home[found.start[one] : found.start[one + 1]].tolist():
            sets_of.setdefault(home, []).append(at)
    groups: dict[tuple[int, float, tuple[int, ...]], float] = {}
    for home, listed in sets_of.items():
        key = (int(demand.kelurahan[home]), float(demand.equity[home]), tuple(listed))
        groups[key] = groups.get(key, 0.0) + float(demand.children[home])
    members: list[list[int]] = [[] for _ in kept]
    for group, (_, _, by) in enumerate(groups):
        for at in by:
            members[at].append(group)
    return Sets(
        np.array(list(groups.values()), np.float64),
        np.array([weight for _, weight, _ in groups], np.float64),
        np.array([area for area, _, _ in groups], np.int32),
        tuple(tuple(number[its[its >= 0]].tolist()) for its in found.members[kept]),
        tuple(promised[kept].tolist()),
        tuple(tuple(each) for each in members),
    )
