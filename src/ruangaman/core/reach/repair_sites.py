"""
Where something may be done: the candidates that follow from the streets and their rules.

What a work changes are facts of a stretch (`repair_costs`); whether the stretch is safe then, and at what cost, the
table of safe walks says. A street that stays unknown or unsafe after the work is no candidate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import walks
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.repair_costs import AUDIT, CROSSING, GATE, PAVEMENT, PLACE, Kind
from ruangaman.core.reach.repairs import Change, Standing
from ruangaman.core.reach.snapping import METRES_A_DEGREE
from ruangaman.core.reach.walk_network import ACROSS, STREET, Judged, Network
from ruangaman.core.reach.walk_rules import Answer, Profile, WalkRules, judge
from ruangaman.core.reach.walks import Streets

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
BOTH: Final = ""
SIDES: Final = ("east", "north", "west", "south")


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    Something that may be done.

    Attributes:
        lon, lat: degrees. path: the stretch, to draw it; empty for what is one point.
        line: the street of the extract, -1 for none. side: of the street, one of SIDES, BOTH.
        metres: of the stretch, 0 for one point. cost: rupiah. share: of what it opens that will be safe.
        name: of a place, "" where the street's name tells it. given: by the city's own list, or proposed by us.
    """

    kind: str
    change: Change
    lon: float
    lat: float
    path: tuple[tuple[float, float], ...]
    line: int
    side: str
    metres: float
    cost: float
    share: float
    name: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class _After:
    """What edges are once a work is done: whether it helps, and their cost then."""

    helps: NDArray[np.bool_]
    cost: NDArray[np.float32]


def _after(network: Network, rules: WalkRules, profile: Profile, judged: Judged, kind: Kind) -> _After:
    verdicts = [judge(rules, {**facts, **kind.sets}, profile) for facts in network.looks]
    answer = np.array([one.answer for one in verdicts], np.uint8)[network.look]
    factor = np.array([one.factor for one in verdicts], np.float32)[network.look]
    added = np.array([one.metres for one in verdicts], np.float32)[network.look]
    cost = (network.metres * factor + added).astype(np.float32)
    better = (judged.answer != Answer.SAFE) | (cost < judged.cost)
    return _After((answer == Answer.SAFE) & better, cost)


def crossings(
    network: Network, rules: WalkRules, profile: Profile, judged: Judged, kind: Kind
) -> list[Candidate]:
    """Crossings over big roads, one for each arm at a junction; between junctions `kind.apart` metres apart."""
    if not len(network.looks):
        return []
    after = _after(network, rules, profile, judged, kind)
    edges = np.flatnonzero((network.part == ACROSS) & after.helps)
    node = network.vertex_node[network.u[edges]]
    met = np.zeros(len(network.lon), np.bool_)
    small = network.part == STREET
    met[network.vertex_node[network.u[small]]] = met[network.vertex_node[network.v[small]]] = True
    kept = _apart(network, np.unique(node), met, kind.apart)
    found = []
    for at, group in _by_way(network, edges[np.isin(node, kept)]):
        road = str(network.looks[network.look[group[0]]].get("highway", ""))
        found.append(
            Candidate(
                CROSSING, Change(group, after.cost[group]), float(network.lon[at]), float(network.lat[at]), (),
                int(network.line[group[0]]), BOTH, 0.0, kind.cost(road=road), 1.0,
            )
        )  # fmt: skip
    return found


def _by_way(network: Network, edges: NDArray[np.int64]) -> Iterator[tuple[int, Ints]]:
    """Ways across between the same two corners are one crossing: its node, its edges."""
    u, v = network.u[edges].astype(np.int64), network.v[edges].astype(np.int64)
    key = np.minimum(u, v) * (len(network.vertex_node) + 1) + np.maximum(u, v)
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    for group in np.split(edges[order], cuts) if len(edges) else []:
        yield int(network.vertex_node[network.u[group[0]]]), group.astype(np.int32)


def _apart(network: Network, nodes: NDArray[np.int32], first: NDArray[np.bool_], metres: float) -> Ints:
    """Nodes no nearer to each other than this, those that `first` says before others."""
    x, y = _metres(network.lon[nodes], network.lat[nodes])
    taken: dict[tuple[int, int], list[int]] = {}
    kept = []
    for at in np.lexsort((nodes, ~first[nodes])).tolist():
        column, row = int(x[at] // metres), int(y[at] // metres)
        near = [
            other
            for east in (-1, 0, 1)
            for north in (-1, 0, 1)
            for other in taken.get((column + east, row + north), ())
        ]
        if all((x[at] - x[one]) ** 2 + (y[at] - y[one]) ** 2 >= metres**2 for one in near):
            taken.setdefault((column, row), []).append(at)
            kept.append(at)
    return nodes[np.array(sorted(kept), np.int64)]


def _metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    middle = float(lat.mean()) if len(lat) else 0.0
    return lon * METRES_A_DEGREE * np.cos(np.radians(middle)), lat * METRES_A_DEGREE


def pavements(
    network: Network, rules: WalkRules, profile: Profile, judged: Judged, kind: Kind
) -> list[Candidate]:
    """Pavements along streets, at most `kind.longest` metres each; along a big road one for each side."""
    if not len(network.looks):
        return []
    after = _after(network, rules, profile, judged, kind)
    found = []
    for side in (0, 1):
        edge = network.segment_edges[:, side]
        wanted = after.helps[edge]
        if side == 1:
            wanted &= network.segment_edges[:, 0] != edge
        for run in _runs(network, wanted, kind.longest):
            its = edge[run]
            found.append(
                _along(
                    network, run, PAVEMENT, Change(its, after.cost[its]), kind, _facing(network, run, side)
                )
            )
    return found


def surveys(network: Network, judged: Judged, kind: Kind) -> list[Candidate]:
    """Surveys of streets of which not enough is known, both sides at once, and of crossings of unknown kind."""
    unknown = judged.answer == Answer.UNKNOWN
    found = []
    wanted = unknown[network.segment_edges].any(axis=1)
    for run in _runs(network, wanted, kind.longest):
        its = np.unique(network.segment_edges[run])
        its = its[unknown[its]].astype(np.int32)
        found.append(_along(network, run, AUDIT, Change(its, judged.cost[its]), kind, BOTH))
    told = np.array([facts.get("crossing") == "unmarked" for facts in network.looks], np.bool_)
    marks = unknown & (network.part == ACROSS)
    if len(told):
        marks &= told[network.look]
    for at, group in _by_way(network, np.flatnonzero(marks)):
        found.append(
            Candidate(
                AUDIT, Change(group, judged.cost[group]), float(network.lon[at]), float(network.lat[at]), (),
                int(network.line[group[0]]), BOTH, 0.0, kind.cost(), kind.share_safe,
            )
        )  # fmt: skip
    return found


def _runs(network: Network, wanted: NDArray[np.bool_], longest: float) -> Iterator[NDArray[np.int64]]:
    """Wanted segments of one street that follow each other, cut into parts of about the same length."""
    at = np.flatnonzero(wanted)
    if not len(at):
        return
    breaks = (
        (np.diff(at) != 1)
        | (network.segment_line[at[1:]] != network.segment_line[at[:-1]])
        | (network.segment_u[at[1:]] != network.segment_v[at[:-1]])
    )
    for run in np.split(at, np.flatnonzero(breaks) + 1):
        metres = network.segment_m[run].astype(np.float64)
        whole = float(metres.sum())
        parts = max(int(np.ceil(whole / longest)), 1)
        middle = np.cumsum(metres) - metres / 2
        part = np.minimum((middle / (whole / parts)).astype(np.int64), parts - 1)
        yield from np.split(run, np.flatnonzero(np.diff(part)) + 1)


def _along(
    network: Network, run: NDArray[np.int64], kind_name: str, change: Change, kind: Kind, side: str
) -> Candidate:
    nodes = np.append(network.segment_u[run], network.segment_v[run[-1]])
    path = tuple(zip(network.lon[nodes].tolist(), network.lat[nodes].tolist(), strict=True))
    metres = float(network.segment_m[run].sum())
    middle = path[len(path) // 2]
    return Candidate(
        kind_name, change, middle[0], middle[1], path, int(network.segment_line[run[0]]), side, metres,
        kind.cost(metres=metres), kind.share_safe if kind_name == AUDIT else 1.0,
    )  # fmt: skip


def _facing(network: Network, run: NDArray[np.int64], side: int) -> str:
    """To which side of the sky a side of a big road lies; BOTH for a small street."""
    if network.segment_edges[run[0], 0] == network.segment_edges[run[0], 1]:
        return BOTH
    first, last = network.segment_u[run[0]], network.segment_v[run[-1]]
    east = (network.lon[last] - network.lon[first]) * np.cos(np.radians(network.lat[first]))
    north = network.lat[last] - network.lat[first]
    turned = (-north, east) if side == 0 else (north, -east)
    return SIDES[round(np.arctan2(turned[1], turned[0]) / (np.pi / 2)) % 4]


def proposed_places(
    now: Standing, homes: Points, lon: Floats, lat: Floats, children: Floats, kind: Kind
) -> list[Candidate]:
    """
    Where new places would lie best, by where the children live who walk safely to none: no more than a proposal.

    In each square of `kind.apart` metres, beside the safe street nearest to the middle of those children; the
    `kind.most` squares with most of them.

    Args:
        lon, lat: float64 (homes,), degrees.
    """
    fits = np.flatnonzero(~now.served & (homes.edge >= 0) & (children > 0))
    fits = fits[np.isfinite(now.cost[homes.edge[fits]])]
    if not len(fits):
        return []
    x, y = _metres(lon[fits], lat[fits])
    square = np.floor(np.stack([x, y]) / kind.apart).astype(np.int64)
    _, cell = np.unique(square, axis=1, return_inverse=True)
    cell = cell.reshape(-1)
    weight = np.bincount(cell, children[fits])
    middle = [np.bincount(cell, children[fits] * each) / weight for each in (x, y)]
    away = (x - middle[0][cell]) ** 2 + (y - middle[1][cell]) ** 2
    order = np.lexsort((away, cell))
    nearest = order[np.append(True, np.diff(cell[order]) > 0)]
    best = np.argsort(-weight[cell[nearest]], kind="stable")[: kind.most]
    found = []
    for home in fits[nearest[best]].tolist():
        found.append(_entered(PLACE, _one(homes, home), float(lon[home]), float(lat[home]), kind, "", False))
    return found


def _entered(
    kind_name: str, spot: Points, lon: float, lat: float, kind: Kind, name: str, given: bool
) -> Candidate:
    nothing = Change(np.empty(0, np.int32), np.empty(0, np.float32), spot)
    return Candidate(kind_name, nothing, lon, lat, (), -1, BOTH, 0.0, kind.cost(), 1.0, name, given)


def entered_at(
    streets: Streets, kind_name: str, lon: float, lat: float, name: str, kind: Kind
) -> Candidate | None:
    """A place or a gate that the city thinks of, entered from the nearest street; None where no street is near."""
    spot = walks.snap(streets, np.array([lon]), np.array([lat]), limit=kind.within)
    return _entered(kind_name, spot, lon, lat, kind, name, True) if spot.edge[0] >= 0 else None


def at_cost(one: Candidate, rupiah: float) -> Candidate:
    """The same at another cost."""
    return replace(one, cost=rupiah)


def gates_at(
    streets: Streets, lon: Floats, lat: Floats, place: Ints, names: Sequence[str], gates: Points, whose: Ints,
    kind: Kind,
) -> list[Candidate]:  # fmt: skip
    """
    New gates of places that are there: from points on their edges to streets that no gate of theirs leads to yet.

    Args:
        lon, lat: degrees, of points on the edges of places, or of places that are points. place: int32, whose.
        names: of all places. gates, whose: the gates of today and their places.
    """
    spots = walks.snap(streets, lon, lat, limit=kind.within)
    there = set(zip(whose.tolist(), gates.edge.tolist(), strict=True))
    found = []
    for at in np.argsort(spots.aside, kind="stable").tolist():
        key = (int(place[at]), int(spots.edge[at]))
        if key[1] < 0 or key in there:
            continue
        there.add(key)
        found.append(
            _entered(GATE, _one(spots, at), float(lon[at]), float(lat[at]), kind, names[key[0]], False)
        )
    return found


def _one(points: Points, at: int) -> Points:
    its = slice(at, at + 1)
    return Points(points.edge[its].copy(), points.along[its].copy(), points.aside[its].copy())
