"""
The loops that follow what one change of the streets, or two, makes nearer.

Distances from the nearest gate over safe stretches are known for every vertex. A change opens edges, makes some
cheaper, or adds gates: it offers smaller distances at their ends, and only vertices that such an offer improves are
looked at, in the order of their distance (Dijkstra 1959; for changes, Ramalingam and Reps 1996). What is not improved
keeps its distance, so that the answer is that of a whole new search. Afterwards everything is put back.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.search_loops import part, rest
from ruangaman.core.reach.siting_rows import loop

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]
Bytes = NDArray[np.uint8]


class Net(NamedTuple):
    """
    A city as the loops read it. Lists are in compressed form: those of i are list[first[i]:first[i + 1]].

    Attributes:
        tail, head: (edges,), vertices. around_first: (vertices + 1,), around: edges that meet at a vertex.
        gate_first: (edges + 1,), gate_share: where on their edge the gates of today lie.
        home_first: (edges + 1,), home_share, home: the homes on each edge, and their numbers.
        limit: metres of walking cost, this much included.
    """

    tail: Ints
    head: Ints
    around_first: Ints
    around: Ints
    gate_first: Ints
    gate_share: Doubles
    home_first: Ints
    home_share: Doubles
    home: Ints
    limit: float


class Changes(NamedTuple):
    """
    What may be done: edges that it opens at a cost, and gates that it adds. Lists are in compressed form.

    Attributes:
        first: (changes + 1,), edge, cost. gate_first: (changes + 1,), gate_edge, gate_share.
        at_first: (vertices + 1,), at: which changes have an edge that ends at a vertex.
        on_first: (edges + 1,), on: which changes have this edge.
    """

    first: Longs
    edge: Ints
    cost: Doubles
    gate_first: Longs
    gate_edge: Ints
    gate_share: Doubles
    at_first: Longs
    at: Ints
    on_first: Longs
    on: Ints


class State(NamedTuple):
    """
    What holds now; a change alters it and `undo` puts it back.

    Attributes:
        cost: (edges,), inf where closed. metres: (vertices,), to the nearest gate, inf beyond the limit.
        heap, spot: the queue of vertices and the place of each in it, -1 outside.
        log_node, log_metres: what was altered, in order; log_edge, log_cost: likewise of edges.
        seen: (edges,), 0 outside the loops. used: how many entries of log_node and of log_edge.
    """

    cost: Doubles
    metres: Doubles
    heap: Ints
    spot: Ints
    log_node: Ints
    log_metres: Doubles
    log_edge: Ints
    log_cost: Doubles
    seen: Bytes
    used: Longs


@loop
def _rise(s: State, at: int) -> None:
    """Move a vertex of the queue up to where it belongs."""
    node = s.heap[at]
    far = s.metres[node]
    while at > 0:
        above = (at - 1) >> 1
        other = s.heap[above]
        if s.metres[other] <= far:
            break
        s.heap[at] = other
        s.spot[other] = at
        at = above
    s.heap[at] = node
    s.spot[node] = at


@loop
def _sink(s: State, at: int, size: int) -> None:
    node = s.heap[at]
    far = s.metres[node]
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and s.metres[s.heap[below + 1]] < s.metres[s.heap[below]]:
            below += 1
        other = s.heap[below]
        if s.metres[other] >= far:
            break
        s.heap[at] = other
        s.spot[other] = at
        at = below
    s.heap[at] = node
    s.spot[node] = at


@loop
def _offer(s: State, limit: float, node: int, far: float, size: int) -> int:
    """A distance for a vertex; kept where it is smaller. Returns the size of the queue."""
    if far > limit or far >= s.metres[node]:
        return size
    s.log_node[s.used[0]] = node
    s.log_metres[s.used[0]] = s.metres[node]
    s.used[0] += 1
    s.metres[node] = far
    if s.spot[node] < 0:
        s.heap[size] = node
        s.spot[node] = size
        size += 1
    _rise(s, s.spot[node])
    return size


@loop
def _follow(net: Net, s: State, size: int) -> None:
    """Empty the queue."""
    while size > 0:
        node = s.heap[0]
        size -= 1
        s.spot[node] = -1
        if size > 0:
            s.heap[0] = s.heap[size]
            s.spot[s.heap[0]] = 0
            _sink(s, 0, size)
        here = s.metres[node]
        for at in range(net.around_first[node], net.around_first[node + 1]):
            edge = net.around[at]
            far = here + s.cost[edge]
            if far <= net.limit:
                size = _offer(s, net.limit, net.tail[edge] + net.head[edge] - node, far, size)


@loop
def _from_gate(net: Net, s: State, edge: int, share: float, size: int) -> int:
    size = _offer(s, net.limit, net.tail[edge], part(s.cost[edge], share), size)
    return _offer(s, net.limit, net.head[edge], rest(s.cost[edge], share), size)


@loop
def begin(net: Net, s: State) -> None:
    """Distances of today's gates; `s.metres` comes as inf."""
    size = 0
    for edge in range(net.tail.size):
        for at in range(net.gate_first[edge], net.gate_first[edge + 1]):
            size = _from_gate(net, s, edge, net.gate_share[at], size)
    _follow(net, s, size)
    s.used[0] = 0  # nothing of this is ever put back


@loop
def _apply(net: Net, s: State, c: Changes, one: int, before: int) -> None:
    """Carry a change out, after another one (`before`, -1 for none) that is in force."""
    size = 0
    for at in range(c.first[one], c.first[one + 1]):
        edge = c.edge[at]
        if c.cost[at] < s.cost[edge]:
            s.log_edge[s.used[1]] = edge
            s.log_cost[s.used[1]] = s.cost[edge]
            s.used[1] += 1
            s.cost[edge] = c.cost[at]
    for at in range(c.first[one], c.first[one + 1]):
        edge = c.edge[at]
        tail, head = net.tail[edge], net.head[edge]
        size = _offer(s, net.limit, head, s.metres[tail] + s.cost[edge], size)
        size = _offer(s, net.limit, tail, s.metres[head] + s.cost[edge], size)
        for gate in range(net.gate_first[edge], net.gate_first[edge + 1]):
            size = _from_gate(net, s, edge, net.gate_share[gate], size)
        if before >= 0:
            for gate in range(c.gate_first[before], c.gate_first[before + 1]):
                if c.gate_edge[gate] == edge:
                    size = _from_gate(net, s, edge, c.gate_share[gate], size)
    for gate in range(c.gate_first[one], c.gate_first[one + 1]):
        size = _from_gate(net, s, c.gate_edge[gate], c.gate_share[gate], size)
    _follow(net, s, size)


@loop
def _undo(s: State, nodes: int, edges: int) -> None:
    """Put back what was altered since the log had so many entries."""
    while s.used[0] > nodes:
        s.used[0] -= 1
        s.metres[s.log_node[s.used[0]]] = s.log_metres[s.used[0]]
    while s.used[1] > edges:
        s.used[1] -= 1
        s.cost[s.log_edge[s.used[1]]] = s.log_cost[s.used[1]]


@loop
def _along(cost: float, one: float, other: float) -> float:
    """Between two points of one edge."""
    if cost == np.inf:
        return 0.0 if one == other else np.inf
    return float(abs(part(cost, one) - part(cost, other)))


@loop
def _of_home(net: Net, s: State, c: Changes, edge: int, share: float, one: int, other: int) -> float:
    """How far a home is from the nearest gate."""
    cost = s.cost[edge]
    best = min(s.metres[net.tail[edge]] + part(cost, share), s.metres[net.head[edge]] + rest(cost, share))
    for gate in range(net.gate_first[edge], net.gate_first[edge + 1]):
        best = min(best, _along(cost, net.gate_share[gate], share))
    for change in (one, other):
        if change >= 0:
            for gate in range(c.gate_first[change], c.gate_first[change + 1]):
                if c.gate_edge[gate] == edge:
                    best = min(best, _along(cost, c.gate_share[gate], share))
    return float(best)


@loop
def _look(
    net: Net, s: State, c: Changes, edge: int, one: int, other: int, mark: Ints, found: Ints, many: int
) -> int:
    """The homes of an edge that reach a gate now; a home whose mark is `one` or `other`, or below 0, is known."""
    for at in range(net.home_first[edge], net.home_first[edge + 1]):
        home = net.home[at]
        if mark[home] < 0 or mark[home] == one + 1 or (other >= 0 and mark[home] == other + 1):
            continue
        if _of_home(net, s, c, edge, net.home_share[at], one, other) <= net.limit:
            found[many] = home
            many += 1
    return many


@loop
def _newly(
    net: Net, s: State, c: Changes, one: int, other: int, nodes: int, mark: Ints, found: Ints, many: int
) -> int:
    """
    Homes that the last change serves: on edges at vertices that it improved, on its own, and beside its gates.

    Args:
        one: the change before, or the only one. other: the last one, -1 where there is one alone.
        nodes: length of the log before the last change.
    """
    last = one if other < 0 else other
    for turn in range(2):  # first look and mark as seen, then take the marks away
        for at in range(nodes, s.used[0]):
            node = s.log_node[at]
            for each in range(net.around_first[node], net.around_first[node + 1]):
                edge = net.around[each]
                if turn == 0 and s.seen[edge] == 0:
                    many = _look(net, s, c, edge, one, other, mark, found, many)
                s.seen[edge] = 1 - turn
        for at in range(c.first[last], c.first[last + 1]):
            edge = c.edge[at]
            if turn == 0 and s.seen[edge] == 0:
                many = _look(net, s, c, edge, one, other, mark, found, many)
            s.seen[edge] = 1 - turn
        for at in range(c.gate_first[last], c.gate_first[last + 1]):
            edge = c.gate_edge[at]
            if turn == 0 and s.seen[edge] == 0:
                many = _look(net, s, c, edge, one, other, mark, found, many)
            s.seen[edge] = 1 - turn
    return many


@loop
def alone(
    net: Net, s: State, c: Changes, at: int, mark: Ints, found: Ints, until: Longs,
    stamp: Ints, partner: Ints, partner_until: Longs,
) -> int:  # fmt: skip
    """
    What each change serves by itself, from number `at` on, as far as there is room.

    Args:
        mark: (homes,), -1 for those served today or on no street, else 0.
        found: out, homes. until: out, (changes,), where those of each change end.
        stamp: (changes,), below 0. partner: out, the changes that may serve more after this one, each once.

    Returns:
        The change to go on with.
    """
    many = 0
    others = 0
    for one in range(at, c.first.size - 1):
        if many + net.home.size > found.size or others + stamp.size > partner.size:
            return one
        _apply(net, s, c, one, -1)
        many = _newly(net, s, c, one, -1, 0, mark, found, many)
        until[one] = many
        stamp[one] = one
        for entry in range(s.used[0]):
            node = s.log_node[entry]
            for each in range(c.at_first[node], c.at_first[node + 1]):
                other = c.at[each]
                if stamp[other] != one:
                    stamp[other] = one
                    partner[others] = other
                    others += 1
        for gate in range(c.gate_first[one], c.gate_first[one + 1]):
            edge = c.gate_edge[gate]
            for each in range(c.on_first[edge], c.on_first[edge + 1]):
                other = c.on[each]
                if stamp[other] != one:
                    stamp[other] = one
                    partner[others] = other
                    others += 1
        partner_until[one] = others
        _undo(s, 0, 0)
    return c.first.size - 1


@loop
def together(
    net: Net, s: State, c: Changes, one_of: Ints, other_of: Ints, at: int, start: Longs, served: Ints,
    mark: Ints, found: Ints, until: Longs,
) -> int:  # fmt: skip
    """
    What two changes serve together and neither alone, pair by pair from number `at` on, as far as there is room.

    Args:
        one_of, other_of: (pairs,), changes; those with the same `one_of` follow each other.
        start, served: what each change serves alone. mark: as for `alone`; put back at the end.

    Returns:
        The pair to go on with.
    """
    many = 0
    pair = at
    while pair < one_of.size:
        one = one_of[pair]
        if many + net.home.size > found.size:
            return pair
        _apply(net, s, c, one, -1)
        nodes, edges = s.used[0], s.used[1]
        full = False
        while pair < one_of.size and one_of[pair] == one:
            if many + net.home.size > found.size:
                full = True
                break
            other = other_of[pair]
            for each in range(start[other], start[other + 1]):
                mark[served[each]] = other + 1
            for each in range(start[one], start[one + 1]):
                mark[served[each]] = one + 1
            _apply(net, s, c, other, one)
            many = _newly(net, s, c, one, other, nodes, mark, found, many)
            until[pair] = many
            _undo(s, nodes, edges)
            for each in range(start[other], start[other + 1]):
                mark[served[each]] = 0
            pair += 1
        for each in range(start[one], start[one + 1]):
            mark[served[each]] = 0
        _undo(s, 0, 0)
        if full:
            return pair
    return pair


def state_of(cost: Doubles, vertices: int, room: int) -> State:
    """A state with these costs in which no vertex has a distance; `room` entries of its log."""
    return State(
        cost, np.full(vertices, np.inf), np.empty(vertices, np.int32), np.full(vertices, -1, np.int32),
        np.empty(room, np.int32), np.empty(room), np.empty(room, np.int32), np.empty(room),
        np.zeros(cost.size, np.uint8), np.zeros(2, np.int64),
    )  # fmt: skip


def lists(keys: NDArray[Any], size: int) -> tuple[Longs, Longs]:
    """Where the entries of each key begin, and the entries in the order of their keys."""
    start = np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))]).astype(np.int64)
    return start, np.argsort(keys, kind="stable")


@loop
def reached(net: Net, s: State, found: Ints) -> Ints:
    """The homes that reach a gate as things stand."""
    many = 0
    for edge in range(net.tail.size):
        cost = s.cost[edge]
        for at in range(net.home_first[edge], net.home_first[edge + 1]):
            share = net.home_share[at]
            best = min(
                s.metres[net.tail[edge]] + part(cost, share), s.metres[net.head[edge]] + rest(cost, share)
            )
            for gate in range(net.gate_first[edge], net.gate_first[edge + 1]):
                best = min(best, _along(cost, net.gate_share[gate], share))
            if best <= net.limit:
                found[many] = net.home[at]
                many += 1
    return found[:many].copy()
