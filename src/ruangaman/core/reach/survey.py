"""
What to survey first: the unknown stretches and crossings that would turn the most children's answers to safe.

For each stretch alone the change is exact: its edges are opened, and every home is asked again. Which stretches are
looked at is told by the children whose best walk leads over them, which is quick for a whole city. A home whose walk
holds two unknown stretches turns with neither alone; it counts for both among those who walk over them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import around as around_places
from ruangaman.core.reach.around import Around
from ruangaman.core.reach.points import Points
from ruangaman.core.reach.walk_network import ACROSS, Judged
from ruangaman.core.reach.walk_rules import MISSING, Answer, Profile, Rule, WalkRules
from ruangaman.core.reach.walks import Streets, priced

_OF_NO_TAG: Final = frozenset({"part", "class", "highway"})


@dataclass(frozen=True, slots=True)
class Unit:
    """
    A stretch: what is unknown of one street, or of the ways across big roads at one node.

    Attributes:
        line: the street of the extract; across, the one that is crossed. node: across, where; else -1.
        metres: of the street that are unknown; both sides of a big road count half each.
        middle: the node in its middle. what: columns that are missing, in the order of their rules.
    """

    line: int
    node: int
    metres: float
    middle: int
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One group of children: their profile's judgement, their limit, and how many at each home have an unknown walk.

    Attributes:
        unknown: float64 (homes,), children whose answer is unknown and who have a walk within the limit; else 0.
    """

    profile: Profile
    judged: Judged
    limit: float
    unknown: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class First:
    """A stretch, the children that would turn with it alone, and those whose best walk leads over it."""

    unit: Unit
    turned: float
    over: float


def first(
    streets: Streets,
    around: Around,
    gates: Points,
    rules: WalkRules,
    asked: Sequence[Asked],
    *,
    candidates: int,
) -> list[First]:
    """
    Stretches by the children that they would turn, the most first.

    Args:
        around: of these streets and the homes. gates: of all safe places.
        candidates: how many stretches are looked at exactly.
    """
    chosen = [one for one in asked if one.unknown.any()]
    if not chosen:
        return []
    graph = streets.graph
    key = _keys(streets)
    flow: dict[int, float] = {}
    for one in chosen:
        over = around_places.flow(
            around, gates, one.unknown, costs=priced(streets, one.judged, Answer.UNKNOWN), limit=one.limit
        )
        edges = np.flatnonzero((one.judged.answer[graph.edge_id] == Answer.UNKNOWN) & (over > 0))
        for unit, most in zip(*_most(key[edges], over[edges]), strict=True):
            flow[int(unit)] = flow.get(int(unit), 0.0) + float(most)
    order = sorted(flow, key=lambda unit: (-flow[unit], unit))[:candidates]
    turned = np.zeros(len(order))
    open_edges: list[NDArray[np.int64]] = [np.empty(0, np.int64) for _ in order]
    for one in chosen:
        unknown = np.flatnonzero(one.judged.answer[graph.edge_id] == Answer.UNKNOWN)
        its = _grouped(key, unknown, order)
        open_edges = [np.union1d(before, more) for before, more in zip(open_edges, its, strict=True)]
        turned += around_places.would_serve(
            around, gates, one.unknown, safe=priced(streets, one.judged, Answer.SAFE),
            price=one.judged.cost[graph.edge_id], units=[edges.astype(np.int32) for edges in its],
            limit=one.limit,
        )  # fmt: skip
    told = {rule.id: rule for rule in (*rules.bases, *rules.besides)}
    found = [
        First(_unit(streets, edges, [one.judged for one in chosen], told), float(gain), flow[unit])
        for unit, edges, gain in zip(order, open_edges, turned, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.turned, -one.over, one.unit.line, one.unit.node))


def _keys(streets: Streets) -> NDArray[np.int64]:
    """int64 (graph's edges,): the street of an edge; of a way across a big road, streets + its node."""
    network, ids = streets.network, streets.graph.edge_id
    lines = int(network.line.max(initial=-1)) + 1
    across = network.part[ids] == ACROSS
    node = network.vertex_node[network.u[ids]]
    return np.where(across, lines + node, network.line[ids]).astype(np.int64)


def _most(key: NDArray[np.int64], flow: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each unit the largest flow over one of its edges."""
    units, at = np.unique(key, return_inverse=True)
    most = np.zeros(len(units))
    np.maximum.at(most, at, flow)
    return units, most


def _grouped(
    key: NDArray[np.int64], edges: NDArray[np.int64], order: Sequence[int]
) -> list[NDArray[np.int64]]:
    its = edges[np.argsort(key[edges], kind="stable")]
    by_key = key[its]
    wanted = np.array(order, np.int64)
    begin, end = np.searchsorted(by_key, wanted), np.searchsorted(by_key, wanted, side="right")
    return [its[a:b] for a, b in zip(begin.tolist(), end.tolist(), strict=True)]


def _unit(
    streets: Streets, edges: NDArray[np.int64], judged: Sequence[Judged], told: Mapping[str, Rule]
) -> Unit:
    network, ids = streets.network, streets.graph.edge_id[edges]
    across = network.part[ids] == ACROSS
    nodes = network.vertex_node[network.u[ids]]
    segments = np.unique(streets.segment_of[edges[~across]])
    metres = float(network.segment_m[segments].sum())
    looks = np.unique(network.look[ids])
    what = dict.fromkeys(
        column
        for one in judged
        for look in looks.tolist()
        for rule in one.because[look]
        if rule in told and told[rule].answer == Answer.UNKNOWN
        for column in _missing(told[rule])
    )
    middle = int(nodes[0]) if across.any() else int(network.segment_u[segments[len(segments) // 2]])
    return Unit(int(network.line[ids[0]]), int(nodes[0]) if across.any() else -1, metres, middle, tuple(what))


def _missing(rule: Rule) -> list[str]:
    """What a rule asks for and does not find; where it asks for nothing missing, all that it asks for but the kind."""
    asked = {name: values for name, values in rule.when.items() if name not in _OF_NO_TAG}
    missing = [name for name, values in asked.items() if isinstance(values, frozenset) and MISSING in values]
    return missing or list(asked)
