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


class Served(NamedTuple):
    """
    Whom sets of changes serve and no fewer of them: homes of row r are home[start[r]:start[r + 1]].

    Attributes:
        members: (rows, most), changes in ascending order, then -1; rows in ascending order.
    """

    members: Ints
    start: Longs
    home: Ints


NEARLY = 1e-3
"""Metres by which sums from two ends of a walk may differ."""


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
def _apply(net: Net, s: State, c: Changes, members: Ints, at_work: int) -> None:
    """Carry out the change members[at_work]; those before it are in force."""
    size = 0
    one = members[at_work]
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
        for each in range(at_work):
            before = members[each]
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
def _of_home(net: Net, s: State, c: Changes, edge: int, share: float, members: Ints) -> float:
    """How far a home is from the nearest gate, with these changes in force."""
    cost = s.cost[edge]
    best = min(s.metres[net.tail[edge]] + part(cost, share), s.metres[net.head[edge]] + rest(cost, share))
    for gate in range(net.gate_first[edge], net.gate_first[edge + 1]):
        best = min(best, _along(cost, net.gate_share[gate], share))
    for change in members:
        for gate in range(c.gate_first[change], c.gate_first[change + 1]):
            if c.gate_edge[gate] == edge:
                best = min(best, _along(cost, c.gate_share[gate], share))
    return float(best)


@loop
def _look(
    net: Net, s: State, c: Changes, edge: int, members: Ints, mark: Ints, ticket: int, found: Ints, many: int
) -> int:
    """The homes of an edge that reach a gate now; those whose mark is the ticket or below 0 are known."""
    for at in range(net.home_first[edge], net.home_first[edge + 1]):
        home = net.home[at]
        if mark[home] < 0 or mark[home] == ticket:
            continue
        if _of_home(net, s, c, edge, net.home_share[at], members) <= net.limit:
            found[many] = home
            many += 1
    return many


@loop
def _newly(
    net: Net, s: State, c: Changes, members: Ints, nodes: int, mark: Ints, ticket: int, found: Ints, many: int
) -> int:
    """
    Homes that the last of these changes serves: on edges at vertices that it improved, on its own, beside its gates.

    Args:
        nodes: length of the log before it.
    """
    last = members[members.size - 1]
    for turn in range(2):  # first look and mark as seen, then take the marks away
        for at in range(nodes, s.used[0]):
            node = s.log_node[at]
            for each in range(net.around_first[node], net.around_first[node + 1]):
                edge = net.around[each]
                if turn == 0 and s.seen[edge] == 0:
                    many = _look(net, s, c, edge, members, mark, ticket, found, many)
                s.seen[edge] = 1 - turn
        for at in range(c.first[last], c.first[last + 1]):
            edge = c.edge[at]
            if turn == 0 and s.seen[edge] == 0:
                many = _look(net, s, c, edge, members, mark, ticket, found, many)
            s.seen[edge] = 1 - turn
        for at in range(c.gate_first[last], c.gate_first[last + 1]):
            edge = c.gate_edge[at]
            if turn == 0 and s.seen[edge] == 0:
                many = _look(net, s, c, edge, members, mark, ticket, found, many)
            s.seen[edge] = 1 - turn
    return many


@loop
def _row_of(known: Ints, wanted: Ints) -> int:
    """The place of a row among sorted rows, -1 where it is not there."""
    low, high = 0, known.shape[0]
    while low < high:
        middle = (low + high) >> 1
        below = False
        for column in range(wanted.size):
            if known[middle, column] != wanted[column]:
                below = known[middle, column] < wanted[column]
                break
        if below:
            low = middle + 1
        else:
            high = middle
    if low < known.shape[0]:
        for column in range(wanted.size):
            if known[low, column] != wanted[column]:
                return -1
        return low
    return -1


@loop
def _mark_served(known: Served, members: Ints, wanted: Ints, mark: Ints, ticket: int) -> None:
    """Mark the homes that some of these changes serve already."""
    for some in range(1, (1 << members.size) - 1):
        wanted[:] = -1
        size = 0
        for each in range(members.size):
            if some >> each & 1:
                wanted[size] = members[each]
                size += 1
        row = _row_of(known.members, wanted)
        if row >= 0:
            for at in range(known.start[row], known.start[row + 1]):
                mark[known.home[at]] = ticket


@loop
def together(
    net: Net, s: State, c: Changes, sets: Ints, at: int, known: Served, onward: Doubles,
    mark: Ints, found: Ints, until: Longs, stamp: Ints, partner: Ints, partner_until: Longs,
) -> int:  # fmt: skip
    """
    What changes serve together and no fewer of them, set by set from number `at` on, as far as there is room.

    Args:
        sets: (sets, size), changes in ascending order; sets that begin alike follow each other.
        known: what smaller sets serve, in ascending order.
        onward: (vertices,), at least so far it is from here to a home that is not served, whatever is done.
        mark: (homes,), -1 for those that are served today or that nobody asks for, else 0 or less than `at` + 1.
        found: out, homes. until: out, (sets,), where those of each set end.
        stamp: (changes,), less than `at`. partner: out, the changes that may serve more after these, each once.

    Returns:
        The set to go on with.
    """
    size = sets.shape[1]
    nodes, edges = np.zeros(size, np.int64), np.zeros(size, np.int64)
    wanted = np.empty(known.members.shape[1], np.int32)
    many = 0
    others = 0
    there = 0  # of the set before, so many are in force and stay so
    for one in range(at, sets.shape[0]):
        if many + net.home.size > found.size or others + stamp.size > partner.size:
            _undo(s, 0, 0)
            return one
        members = sets[one]
        alike = 0
        while alike < there and members[alike] == sets[one - 1, alike]:
            alike += 1
        if alike < there:
            _undo(s, nodes[alike], edges[alike])
        for each in range(alike, size):
            nodes[each], edges[each] = s.used[0], s.used[1]
            _apply(net, s, c, members, each)
        there = size
        last = nodes[size - 1]
        if size > 1:
            _mark_served(known, members, wanted, mark, one + 1)
        many = _newly(net, s, c, members, last, mark, one + 1, found, many)
        until[one] = many
        for each in members:
            stamp[each] = one
        for entry in range(last, s.used[0]):
            node = s.log_node[entry]
            if s.metres[node] + onward[node] > net.limit + NEARLY:
                continue
            for each in range(c.at_first[node], c.at_first[node + 1]):
                other = c.at[each]
                if stamp[other] != one:
                    stamp[other] = one
                    partner[others] = other
                    others += 1
        if size == 1:  # of several, one begins at a gate: the others are found along the walk from there
            for gate in range(c.gate_first[members[0]], c.gate_first[members[0] + 1]):
                edge = c.gate_edge[gate]
                for each in range(c.on_first[edge], c.on_first[edge + 1]):
                    other = c.on[each]
                    if stamp[other] != one:
                        stamp[other] = one
                        partner[others] = other
                        others += 1
        partner_until[one] = others
    _undo(s, 0, 0)
    return len(sets)


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
