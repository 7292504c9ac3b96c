"""
What a repair is worth: the children who walk safely once a crossing, a pavement, a gate or a place is there.

Each change is tried on the streets as they are, and so is every pair of changes of which one comes near what the other
opens; three that serve only together are not looked for. The answer for each is that of a new walk of all homes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import graph as graphs
from ruangaman.core.reach import repairs_loops as loops
from ruangaman.core.reach.points import NOWHERE, Points, shares
from ruangaman.core.reach.repairs_loops import Changes, Net
from ruangaman.core.reach.siting_errors import BadInput, TooLarge
from ruangaman.core.reach.siting_model import Actions
from ruangaman.core.reach.walk_network import Judged
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Streets, priced

ROOM: Final = 1 << 20
"""Entries that the loops give back at once, or twice the homes if these are more."""

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Number = TypeVar("Number", np.int32, np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Change:
    """
    One thing that may be done.

    Attributes:
        edge: int32, edges of the network that become safe. cost: float32, their walking cost from then on.
        gates: new gates, None for none.
    """

    edge: Ints
    cost: NDArray[np.float32]
    gates: Points | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """
    The safe walks as they are.

    Attributes:
        served: bool (homes,), who reaches a gate. cost: float64 (graph's edges,), inf where it is not safe.
        metres: float64 (vertices,), to the nearest gate; inf beyond the limit.
    """

    streets: Streets
    net: Net
    cost: NDArray[np.float64]
    metres: NDArray[np.float64]
    served: NDArray[np.bool_]
    on_street: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Effects:
    """
    Whom changes serve that are not served today. Lists are in compressed form.

    Attributes:
        start: (changes + 1,), home: those whom each change serves alone.
        first, second: (pairs,), changes that serve more together; pair_start: (pairs + 1,), pair_home: whom neither
            serves alone.
        left_out: pairs that were not tried because there were too many.
    """

    start: Longs
    home: Ints
    first: Ints
    second: Ints
    pair_start: Longs
    pair_home: Ints
    left_out: int


def standing(streets: Streets, judged: Judged, homes: Points, gates: Points, *, limit: float) -> Standing:
    """
    The walks that `walks.walk` finds safe, ready to be changed.

    Args:
        limit: metres of walking cost, this much included.
    """
    graph = streets.graph
    cost = np.ascontiguousarray(priced(streets, judged, Answer.SAFE).away.ahead, np.float64)
    around_first, around = loops.lists(np.concatenate([graph.edge_tail, graph.edge_head]), graph.nodes)
    gate_edge, gate_share, _ = _on_edges(streets, gates)
    home_edge, home_share, home = _on_edges(streets, homes)
    gate_first, gate_order = loops.lists(gate_edge, graph.edges)
    home_first, home_order = loops.lists(home_edge, graph.edges)
    net = Net(
        np.ascontiguousarray(graph.edge_tail),
        np.ascontiguousarray(graph.edge_head),
        around_first.astype(np.int32),
        (around % max(graph.edges, 1)).astype(np.int32),
        gate_first.astype(np.int32),
        gate_share[gate_order],
        home_first.astype(np.int32),
        home_share[home_order],
        home[home_order],
        float(limit),
    )
    state = loops.state_of(cost.copy(), graph.nodes, 2 * graph.edges + 2 * len(gate_edge) + 16)
    loops.begin(net, state)
    found = Standing(
        streets, net, cost, state.metres, np.zeros(homes.size, np.bool_), np.zeros(homes.size, np.bool_)
    )
    found.on_street[home] = True
    found.served[loops.reached(net, state, np.empty(len(home), np.int32))] = True
    return found


def _on_edges(streets: Streets, points: Points) -> tuple[Ints, NDArray[np.float64], Ints]:
    """Edge, share and number of those that lie on a street; one at a vertex lies at the end of an edge there."""
    graph = streets.graph
    edge, share = points.edge.copy(), shares(graph, points)
    at_vertex = np.flatnonzero((edge < 0) & (edge != NOWHERE))
    if len(at_vertex):
        some = np.full(graph.nodes, NOWHERE, np.int32)
        some[graph.edge_tail] = some[graph.edge_head] = np.arange(graph.edges, dtype=np.int32)
        vertex = -1 - edge[at_vertex]
        edge[at_vertex] = some[vertex]
        on = edge[at_vertex] >= 0
        share[at_vertex[on]] = graph.edge_head[edge[at_vertex[on]]] == vertex[on]
    kept = np.flatnonzero(edge >= 0).astype(np.int32)
    return edge[kept], share[kept], kept


def effects(now: Standing, changes: Sequence[Change], *, most_pairs: int = 1_000_000) -> Effects:
    """
    Whom each change serves, and each pair.

    Args:
        most_pairs: how many pairs are tried; those of the changes that come first.
    """
    streets, net = now.streets, now.net
    compiled = _compiled(streets, changes)
    many = len(changes)
    seeds = int(max(np.diff(compiled.first).max(initial=0), np.diff(compiled.gate_first).max(initial=0)))
    room = 4 * streets.graph.edges + 8 * (seeds + int(np.diff(net.gate_first).max(initial=0)) * seeds) + 64
    state = loops.state_of(now.cost.copy(), streets.graph.nodes, room)
    state.metres[:] = now.metres
    mark = np.where(now.served | ~now.on_street, -1, 0).astype(np.int32)
    found = np.empty(max(ROOM, 2 * len(net.home)), np.int32)
    until, partner_until = np.zeros(many, np.int64), np.zeros(many, np.int64)
    stamp, partner = np.full(many, -1, np.int32), np.empty(max(ROOM, 2 * many), np.int32)
    counts, served, pairs = [np.zeros(0, np.int64)], [np.empty(0, np.int32)], [np.empty((0, 2), np.int32)]
    at = 0
    while at < many:
        onward = loops.alone(net, state, compiled, at, mark, found, until, stamp, partner, partner_until)
        counts.append(np.diff(until[at:onward], prepend=0))
        served.append(found[: until[onward - 1]].copy())
        one = np.repeat(np.arange(at, onward, dtype=np.int32), np.diff(partner_until[at:onward], prepend=0))
        other = partner[: partner_until[onward - 1]]
        pairs.append(np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1))
        at = onward
    start = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    home = np.concatenate(served)
    asked = np.unique(np.concatenate(pairs).astype(np.int64) @ np.array([max(many, 1), 1]))
    left_out = max(len(asked) - most_pairs, 0)
    asked = asked[:most_pairs]
    first, second = (asked // max(many, 1)).astype(np.int32), (asked % max(many, 1)).astype(np.int32)
    pair_until = np.zeros(len(asked), np.int64)
    pair_counts, pair_served = [np.zeros(0, np.int64)], [np.empty(0, np.int32)]
    at = 0
    while at < len(asked):
        onward = loops.together(net, state, compiled, first, second, at, start, home, mark, found, pair_until)
        pair_counts.append(np.diff(pair_until[at:onward], prepend=0))
        pair_served.append(found[: pair_until[onward - 1]].copy())
        at = onward
    each = np.concatenate(pair_counts)
    kept = each > 0
    return Effects(
        start,
        home,
        first[kept],
        second[kept],
        np.concatenate([[0], np.cumsum(each[kept])]).astype(np.int64),
        np.concatenate(pair_served),
        left_out,
    )


def _compiled(streets: Streets, changes: Sequence[Change]) -> Changes:
    graph = streets.graph
    edge, cost, of, gate_edge, gate_share, gate_of = [], [], [], [], [], []
    for number, change in enumerate(changes):
        if len(change.edge) != len(change.cost) or not (np.asarray(change.cost) >= 0).all():
            raise BadInput(field="changes", why="edges and costs do not fit")
        own = streets.edge_of[change.edge]
        edge.append(own[own >= 0])
        cost.append(np.maximum(change.cost[own >= 0].astype(np.float32), graphs.LEAST).astype(np.float64))
        of.append(np.full(len(edge[-1]), number, np.int64))
        if change.gates is not None:
            its_edge, its_share, _ = _on_edges(streets, change.gates)
            gate_edge.append(its_edge)
            gate_share.append(its_share)
            gate_of.append(np.full(len(its_edge), number, np.int64))
    edges, costs, whose = _joined(edge, np.int32), _joined(cost, np.float64), _joined(of, np.int64)
    if len(edges) > 1 << 28:
        raise TooLarge(field="edges of changes", most=1 << 28)
    whose_gate = _joined(gate_of, np.int64)
    ends = np.concatenate([graph.edge_tail[edges], graph.edge_head[edges]])
    at_first, at = loops.lists(ends, graph.nodes)
    on_first, on = loops.lists(edges, graph.edges)
    first, _ = loops.lists(whose, len(changes))
    gate_first, _ = loops.lists(whose_gate, len(changes))
    return Changes(
        first, edges, costs,
        gate_first, _joined(gate_edge, np.int32), _joined(gate_share, np.float64),
        at_first, np.concatenate([whose, whose])[at].astype(np.int32),
        on_first, whose[on].astype(np.int32),
    )  # fmt: skip


def _joined(parts: Sequence[NDArray[Any]], kind: type[Number]) -> NDArray[Number]:
    return np.concatenate([np.empty(0, kind), *parts]).astype(kind)


def as_actions(
    found: Effects, cost: NDArray[np.float64], share: NDArray[np.float64], kelurahan: Ints
) -> Actions:
    """
    The same for siting: a covering set for each change that serves somebody, and one for each pair.

    Two changes of which one is a survey serve as surely as that survey. Of two surveys no more is said than that both
    turn out well at least as often as their shares overlap: 0.7 and 0.6 give 0.3, two of 0.5 give nothing.

    Args:
        cost: (changes,), rupiah. share: (changes,), above 0 and at most 1: how much of what it opens will be safe.
        kelurahan: (changes,), where each counts as an action, -1 for nowhere.
    """
    sets = covering(found, share)
    kept = sets.share > 0
    size = np.diff(sets.start)
    return Actions.of(
        cost,
        np.concatenate([[0], np.cumsum(size[kept])]),
        sets.home[np.repeat(kept, size)],
        first=sets.first[kept],
        second=sets.second[kept],
        share=sets.share[kept],
        kelurahan=kelurahan,
    )


@dataclass(frozen=True, slots=True)
class Covering:
    """
    Sets of one change or two and whom they serve: those of set s are home[start[s]:start[s + 1]].

    Attributes:
        first, second: (sets,), `second` is -1 where one suffices. share: (sets,), 0 where nothing can be promised.
    """

    first: Ints
    second: Ints
    share: NDArray[np.float64]
    start: Longs
    home: Ints


def covering(found: Effects, share: NDArray[np.float64]) -> Covering:
    """All sets, also those of two surveys of which nothing can be promised (see `as_actions`)."""
    alone = np.flatnonzero(np.diff(found.start) > 0)
    size = np.concatenate([np.diff(found.start)[alone], np.diff(found.pair_start)])
    both = np.maximum(share[found.first] + share[found.second] - 1.0, 0.0)
    return Covering(
        np.concatenate([alone, found.first]).astype(np.int32),
        np.concatenate([np.full(len(alone), -1), found.second]).astype(np.int32),
        np.concatenate([share[alone], both]),
        np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        np.concatenate([found.home, found.pair_home]),
    )
