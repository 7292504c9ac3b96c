"""
What a repair is worth: the children who walk safely once a crossing, a pavement, a gate or a place is there.

A home may need several changes on one walk: a crossing, then a pavement, then a gate. So each change is tried on the
streets as they are, then each two of which one begins where the other has made a walk shorter, then three, and so on up
to a number. For every home and every such set of changes the answer is that of a new walk of all homes.

That nothing is missed: let a set serve a home and no fewer of it do. Follow its walk from the gate; wherever it enters
something that a change opens, the changes so far have made it shorter there than fewer of them do, for otherwise fewer
would serve the home. So each is tried after those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import graph as graphs
from ruangaman.core.reach import repairs_loops as loops
from ruangaman.core.reach.points import NOWHERE, Points, shares
from ruangaman.core.reach.repairs_loops import Changes, Net, Served, State
from ruangaman.core.reach.siting_errors import BadInput, TooLarge
from ruangaman.core.reach.siting_model import Actions
from ruangaman.core.reach.walk_network import Judged
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Streets, priced

ROOM: Final = 1 << 20
"""Entries that the loops give back at once, or twice the homes if these are more."""

NOTHING: Final = 1e-9
"""A promise below this is none."""

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
    Whom changes serve that are not served today: a home stands beside each set that serves it while no fewer of the set
    do. Those of row r are home[start[r]:start[r + 1]].

    Attributes:
        members: int32 (rows, most), changes in ascending order, then -1; rows in ascending order.
        changes: how many there are. tried: how many sets of each size were.
        left_out: likewise, sets that were not tried because there were too many.
    """

    members: Ints
    start: Longs
    home: Ints
    changes: int
    tried: tuple[int, ...]
    left_out: tuple[int, ...]

    def of(self, *changes: int) -> list[int]:
        """The homes of a set."""
        wanted = np.full(self.members.shape[1], -1, np.int32)
        wanted[: len(changes)] = sorted(changes)
        row = np.flatnonzero((self.members == wanted).all(axis=1))
        return self.home[self.start[row[0]] : self.start[row[0] + 1]].tolist() if len(row) else []


@dataclass(frozen=True, slots=True)
class Together:
    """
    How far sets of changes are looked for.

    Attributes:
        most: changes of one set, 1 or more. tried: sets of one size; of more than these the cheapest.
    """

    most: int = 4
    tried: int = 1_000_000


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


def effects(
    now: Standing,
    changes: Sequence[Change],
    together: Together | None = None,
    *,
    asked: NDArray[np.bool_] | None = None,
    cost: NDArray[np.float64] | None = None,
    share: NDArray[np.float64] | None = None,
    budget: float = np.inf,
) -> Effects:
    """
    Whom each change serves, and each set of them that serves somebody only together.

    Args:
        asked: (homes,), for whom this is asked; all without it.
        cost: (changes,), 0 or more; a set that costs more than `budget` is not tried, since no plan holds it.
        share: (changes,), as for `as_actions`; three or more of which nothing can be promised are not tried.
    """
    together = together or Together()
    streets, net, many = now.streets, now.net, len(changes)
    compiled = _compiled(streets, changes)
    wanted = ~now.served & now.on_street
    if asked is not None:
        wanted &= asked
    price = np.zeros(many) if cost is None else cost
    sure = np.ones(many) if share is None else share
    seeds = int(max(np.diff(compiled.first).max(initial=0), np.diff(compiled.gate_first).max(initial=0)))
    seeds *= together.most
    room = together.most * (4 * streets.graph.edges + 64)
    room += 8 * (seeds + int(np.diff(net.gate_first).max(initial=0)) * seeds)
    state = loops.state_of(now.cost.copy(), streets.graph.nodes, room)
    state.metres[:] = now.metres
    onward = _onward(now, compiled, wanted)
    found = Served(np.empty((0, together.most), np.int32), np.zeros(1, np.int64), np.empty(0, np.int32))
    sets = np.flatnonzero(price <= budget).astype(np.int32).reshape(-1, 1)
    tried, left_out = list[int](), list[int]()
    for size in range(1, together.most + 1):
        dear = len(sets) - together.tried
        if dear > 0 and size > 1:
            cheapest = np.argsort(price[sets].sum(axis=1), kind="stable")[: together.tried]
            sets = sets[np.sort(cheapest)]
        tried.append(len(sets))
        left_out.append(max(dear, 0) if size > 1 else 0)
        its, following = _level(
            net, state, compiled, np.ascontiguousarray(sets), found, onward, wanted, size < together.most
        )
        found = _merged(found, its)
        sets = following[price[following].sum(axis=1) <= budget * (1 + 1e-9)]
        if size + 1 > 2:
            sets = sets[sure[sets].sum(axis=1) - size > NOTHING]
        if not len(sets):
            break
    return Effects(found.members, found.start, found.home, many, tuple(tried), tuple(left_out))


def _onward(now: Standing, changes: Changes, wanted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(vertices,): how far it is at least to somebody who is not served, were everything done; inf beyond the limit."""
    net = now.net
    cost = now.cost.copy()
    np.minimum.at(cost, changes.edge, changes.cost)
    on = np.repeat(np.arange(len(cost)), np.diff(net.home_first))
    kept = wanted[net.home]
    first = np.concatenate([[0], np.cumsum(np.bincount(on[kept], minlength=len(cost)))]).astype(np.int32)
    homes = net._replace(gate_first=first, gate_share=net.home_share[kept])
    state = loops.state_of(cost, len(now.metres), 2 * len(cost) + 2 * int(kept.sum()) + 16)
    loops.begin(homes, state)
    return state.metres


def _level(
    net: Net, state: State, compiled: Changes, sets: Ints, known: Served,
    onward: NDArray[np.float64], wanted: NDArray[np.bool_], further: bool,
) -> tuple[Served, Ints]:  # fmt: skip
    """Whom these sets serve and no fewer do; and the sets of one more that are worth a try."""
    many, size = len(compiled.first) - 1, sets.shape[1]
    mark = np.where(wanted, 0, -1).astype(np.int32)
    found = np.empty(max(ROOM, 2 * len(net.home)), np.int32)
    until, partner_until = np.zeros(len(sets), np.int64), np.zeros(len(sets), np.int64)
    stamp, partner = np.full(many, -1, np.int32), np.empty(max(ROOM, 2 * many), np.int32)
    counts, served = [np.zeros(0, np.int64)], [np.empty(0, np.int32)]
    following = [np.empty((0, size + 1), np.int32)]
    at = 0
    while at < len(sets):
        onto = loops.together(
            net, state, compiled, sets, at, known, onward, mark, found, until, stamp, partner, partner_until
        )
        counts.append(np.diff(until[at:onto], prepend=0))
        served.append(found[: until[onto - 1]].copy())
        if further:
            of = np.repeat(sets[at:onto], np.diff(partner_until[at:onto], prepend=0), axis=0)
            other = partner[: partner_until[onto - 1]]
            following.append(_unique(np.sort(np.column_stack([of, other]), axis=1).astype(np.int32)))
        at = onto
    each = np.concatenate(counts)
    kept = each > 0
    members = np.full((int(kept.sum()), known.members.shape[1]), -1, np.int32)
    members[:, :size] = sets[kept]
    start = np.concatenate([[0], np.cumsum(each[kept])]).astype(np.int64)
    return Served(members, start, np.concatenate(served)), _unique(np.concatenate(following))


def _unique(rows: Ints) -> Ints:
    """Rows in ascending order, each once."""
    if not len(rows):
        return rows
    rows = rows[np.lexsort(rows.T[::-1])]
    return np.ascontiguousarray(rows[np.append(True, (np.diff(rows, axis=0) != 0).any(axis=1))])


def _merged(one: Served, other: Served) -> Served:
    """Both, in ascending order."""
    members = np.concatenate([one.members, other.members])
    size = np.concatenate([np.diff(one.start), np.diff(other.start)])
    home = np.concatenate([one.home, other.home])
    begin = np.concatenate([[0], np.cumsum(size)])[:-1]
    order = np.lexsort(members.T[::-1])
    return Served(
        np.ascontiguousarray(members[order]),
        np.concatenate([[0], np.cumsum(size[order])]).astype(np.int64),
        home[_ranges(begin[order], size[order])],
    )


def _ranges(begin: Longs, size: Longs) -> Longs:
    """begin[0], begin[0] + 1, ... of each."""
    upto = np.cumsum(size)
    found: Longs = np.arange(int(size.sum())) + np.repeat(begin - (upto - size), size)
    return found


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
    The same for siting: a covering set for each set of changes that serves somebody.

    Changes of which one is a survey serve as surely as that survey. Of several surveys no more is said than that all
    turn out well at least as often as their shares overlap: 0.7 and 0.6 give 0.3, two of 0.5 give nothing.

    Args:
        cost: (changes,), rupiah. share: (changes,), above 0 and at most 1: how much of what it opens will be safe.
        kelurahan: (changes,), where each counts as an action, -1 for nowhere.
    """
    promised = promises(found, share)
    kept = promised > 0
    size = np.diff(found.start)
    return Actions.of(
        cost,
        np.concatenate([[0], np.cumsum(size[kept])]),
        found.home[np.repeat(kept, size)],
        needs=found.members[kept],
        share=promised[kept],
        kelurahan=kelurahan,
    )


def promises(found: Effects, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,): the share in which each set serves, 0 where nothing can be promised (see `as_actions`)."""
    there = found.members >= 0
    lost = np.where(there, 1.0 - share[found.members], 0.0).sum(axis=1) if len(share) else np.zeros(0)
    kept = 1.0 - lost
    return np.where(kept > NOTHING, kept, 0.0)
