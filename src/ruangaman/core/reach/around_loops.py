"""
Loops over the vertices of a graph for many small searches: who is around a place, and whom a stretch would serve.

Each search touches only what lies within its limit and leaves its room as it was. A heap in which a vertex knows its
place serves here, for such searches hold some hundred vertices.
"""

from typing import Final

import numpy as np
from numba import types

from ruangaman.core.reach.compiled import F4, F4_OUT, F8, F8_OUT, FLOAT, I4, I4_OUT, INT, NONE, compiled
from ruangaman.core.reach.graph_loops import Doubles, Ints, Singles
from ruangaman.core.reach.search_loops import part, rest

COUNTS: Final = types.Tuple((INT, INT))  # type: ignore[no-untyped-call]
UNTOUCHED: Final = -1
SETTLED: Final = -2
NO_EDGE: Final = -1


@compiled(COUNTS, INT, FLOAT, INT, FLOAT, F8_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT, F8_OUT, INT, INT)
def offer(
    vertex: int,
    metres: float,
    by: int,
    limit: float,
    far: Doubles,
    parent: Ints,
    heap: Ints,
    where: Ints,
    touched: Ints,
    before: Doubles,
    reached: int,
    size: int,
) -> tuple[int, int]:
    """A distance for a vertex, if it is within the limit and less than what it had; `by`: what it came over."""
    if metres > limit or metres >= far[vertex]:
        return reached, size
    at = where[vertex]
    if at == UNTOUCHED:
        touched[reached] = vertex
        before[reached] = far[vertex]
        reached += 1
    far[vertex] = metres
    parent[vertex] = by
    if at < 0:
        at = np.int32(size)
        size += 1
    while at > 0:
        up = (at - 1) >> 1
        other = heap[up]
        if far[other] <= metres:
            break
        heap[at] = other
        where[other] = at
        at = up
    heap[at] = vertex
    where[vertex] = at
    return reached, size


@compiled(COUNTS, I4, I4, I4, I4, F4, FLOAT, F8_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT, F8_OUT, INT, INT)
def settle(
    first: Ints,
    incident: Ints,
    tail: Ints,
    head: Ints,
    cost: Singles,
    limit: float,
    far: Doubles,
    parent: Ints,
    heap: Ints,
    where: Ints,
    touched: Ints,
    before: Doubles,
    reached: int,
    size: int,
) -> tuple[int, int]:
    """Every distance within the limit that follows from what was offered."""
    while size > 0:
        vertex = heap[0]
        size -= 1
        last = heap[size]
        where[vertex] = SETTLED
        if size > 0:
            at = 0
            while True:
                down = 2 * at + 1
                if down >= size:
                    break
                if down + 1 < size and far[heap[down + 1]] < far[heap[down]]:
                    down += 1
                if far[heap[down]] >= far[last]:
                    break
                heap[at] = heap[down]
                where[heap[at]] = at
                at = down
            heap[at] = last
            where[last] = at
        for i in range(first[vertex], first[vertex + 1]):
            e = incident[i]
            if cost[e] == np.inf:
                continue
            other = head[e] if tail[e] == vertex else tail[e]
            reached, size = offer(
                *(other, far[vertex] + cost[e], e, limit),
                *(far, parent, heap, where, touched, before, reached, size),
            )
    return reached, size


@compiled(FLOAT, FLOAT, FLOAT, FLOAT)
def apart(cost: float, one: float, other: float) -> float:
    """Between two points of an edge, by their shares of it."""
    if one == other:
        return 0.0
    if cost == np.inf:
        return cost
    return float(abs(part(cost, one) - part(cost, other)))


@compiled(FLOAT, INT, FLOAT, I4, I4, F4, F8)
def of_point(edge: int, share: float, tail: Ints, head: Ints, cost: Singles, far: Doubles) -> float:
    """Of a point on an edge by the ends of the edge."""
    return float(min(far[tail[edge]] + part(cost[edge], share), far[head[edge]] + rest(cost[edge], share)))


@compiled(
    NONE,
    *(I4, I4, F8, I4, I4, I4, I4, F4, FLOAT, I4, F8, F8),
    *(F8_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT, F8_OUT, I4_OUT, F8_OUT),
)
def sums(
    gate_first: Ints,
    gate_edge: Ints,
    gate_share: Doubles,
    first: Ints,
    incident: Ints,
    tail: Ints,
    head: Ints,
    cost: Singles,
    limit: float,
    home_first: Ints,
    home_share: Doubles,
    weight: Doubles,
    far: Doubles,
    parent: Ints,
    heap: Ints,
    where: Ints,
    touched: Ints,
    before: Doubles,
    seen: Ints,
    found: Doubles,
) -> None:
    """
    The weight of homes within the limit of any gate of each place.

    Args:
        gate_first: of each place, its first gate. home_first: of each edge, its first home.
        far, where: room, inf and UNTOUCHED, and left so. seen: -1 for each edge. found: out, of each place.
    """
    for place in range(gate_first.size - 1):
        begin, end = gate_first[place], gate_first[place + 1]
        reached, size = 0, 0
        for g in range(begin, end):
            e = gate_edge[g]
            for side in range(2):
                vertex = tail[e] if side == 0 else head[e]
                metres = part(cost[e], gate_share[g]) if side == 0 else rest(cost[e], gate_share[g])
                reached, size = offer(
                    *(vertex, metres, NO_EDGE, limit),
                    *(far, parent, heap, where, touched, before, reached, size),
                )
        reached, size = settle(
            *(first, incident, tail, head, cost, limit),
            *(far, parent, heap, where, touched, before, reached, size),
        )
        total = 0.0
        for g in range(begin, end):
            e = gate_edge[g]
            if seen[e] == place:
                continue
            seen[e] = place
            for h in range(home_first[e], home_first[e + 1]):
                metres = of_point(e, home_share[h], tail, head, cost, far)
                for other in range(begin, end):
                    if gate_edge[other] == e:
                        metres = min(metres, apart(cost[e], gate_share[other], home_share[h]))
                if metres <= limit:
                    total += weight[h]
        for i in range(reached):
            vertex = touched[i]
            for k in range(first[vertex], first[vertex + 1]):
                e = incident[k]
                if seen[e] == place:
                    continue
                seen[e] = place
                for h in range(home_first[e], home_first[e + 1]):
                    if of_point(e, home_share[h], tail, head, cost, far) <= limit:
                        total += weight[h]
        found[place] = total
        for i in range(reached):
            far[touched[i]] = before[i]
            where[touched[i]] = UNTOUCHED


@compiled(INT, I4, F8, I4, I4, I4, I4, F4, FLOAT, F8_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT, F8_OUT)
def from_gates(
    gate_first: Ints,
    gate_share: Doubles,
    first: Ints,
    incident: Ints,
    tail: Ints,
    head: Ints,
    cost: Singles,
    limit: float,
    far: Doubles,
    parent: Ints,
    heap: Ints,
    where: Ints,
    touched: Ints,
    before: Doubles,
) -> int:
    """
    Distances of all vertices from the nearest gate; how many are reached.

    Args:
        gate_first: of each edge, its first gate.
        parent: out, the edge that the least distance came over; -2 - edge where a gate lies on that edge.
    """
    reached, size = 0, 0
    for e in range(gate_first.size - 1):
        for g in range(gate_first[e], gate_first[e + 1]):
            if cost[e] == np.inf:
                # A gate at the very end of a closed edge is a gate of the vertex.
                if gate_share[g] <= 0.0:
                    reached, size = offer(
                        *(tail[e], 0.0, NO_EDGE, limit),
                        *(far, parent, heap, where, touched, before, reached, size),
                    )
                elif gate_share[g] >= 1.0:
                    reached, size = offer(
                        *(head[e], 0.0, NO_EDGE, limit),
                        *(far, parent, heap, where, touched, before, reached, size),
                    )
                continue
            reached, size = offer(
                *(tail[e], part(cost[e], gate_share[g]), -2 - e, limit),
                *(far, parent, heap, where, touched, before, reached, size),
            )
            reached, size = offer(
                *(head[e], rest(cost[e], gate_share[g]), -2 - e, limit),
                *(far, parent, heap, where, touched, before, reached, size),
            )
    reached, size = settle(
        *(first, incident, tail, head, cost, limit),
        *(far, parent, heap, where, touched, before, reached, size),
    )
    for i in range(reached):
        where[touched[i]] = UNTOUCHED
    return int(reached)


@compiled(NONE, I4, I4, I4, F4, I4, F8, I4, F8, F8, F8_OUT)
def flows(
    order: Ints,
    tail: Ints,
    head: Ints,
    cost: Singles,
    parent: Ints,
    far: Doubles,
    home_edge: Ints,
    home_share: Doubles,
    weight: Doubles,
    flow: Doubles,
) -> None:
    """
    The weight that walks over each edge, each home on its best walk.

    Args:
        order: vertices that are reached, the furthest first. parent, far: as `from_gates` leaves them.
        home_edge: edge of each home; `home_share`, `weight` as well. flow: out, of edges.
    """
    over = np.zeros(far.size)
    for h in range(home_edge.size):
        e = home_edge[h]
        if weight[h] <= 0.0:
            continue
        flow[e] += weight[h]
        by_tail = far[tail[e]] + part(cost[e], home_share[h])
        by_head = far[head[e]] + rest(cost[e], home_share[h])
        vertex = tail[e] if by_tail <= by_head else head[e]
        if min(by_tail, by_head) < np.inf and parent[vertex] != -2 - e:
            over[vertex] += weight[h]
    for i in range(order.size):
        vertex = order[i]
        by = parent[vertex]
        if by == NO_EDGE:
            continue
        if by < NO_EDGE:
            flow[-2 - by] += over[vertex]
            continue
        flow[by] += over[vertex]
        over[head[by] if tail[by] == vertex else tail[by]] += over[vertex]


@compiled(
    NONE,
    *(I4, I4, F4, F4_OUT, I4, I4, I4, I4, FLOAT, I4, F8, I4, F8, F8),
    *(F8_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT, F8_OUT, I4_OUT, F8_OUT),
)
def opened(
    unit_first: Ints,
    unit_edge: Ints,
    price: Singles,
    cost: Singles,
    first: Ints,
    incident: Ints,
    tail: Ints,
    head: Ints,
    limit: float,
    gate_first: Ints,
    gate_share: Doubles,
    home_first: Ints,
    home_share: Doubles,
    weight: Doubles,
    far: Doubles,
    parent: Ints,
    heap: Ints,
    where: Ints,
    touched: Ints,
    before: Doubles,
    seen: Ints,
    found: Doubles,
) -> None:
    """
    The weight of homes that come within the limit when the edges of one unit are open, each unit by itself.

    Args:
        unit_first, unit_edge: the edges of each unit. price: their cost when they are open.
        cost: inf where closed; changed and put back. far: as `from_gates` left it for `cost`; put back.
        gate_first: of each edge, its first gate. weight: 0 for homes that are within the limit already.
        found: out, of each unit.
    """
    for unit in range(unit_first.size - 1):
        begin, end = unit_first[unit], unit_first[unit + 1]
        reached, size = 0, 0
        for i in range(begin, end):
            e = unit_edge[i]
            cost[e] = price[e]
        for i in range(begin, end):
            e = unit_edge[i]
            reached, size = offer(
                *(head[e], far[tail[e]] + cost[e], e, limit),
                *(far, parent, heap, where, touched, before, reached, size),
            )
            reached, size = offer(
                *(tail[e], far[head[e]] + cost[e], e, limit),
                *(far, parent, heap, where, touched, before, reached, size),
            )
            for g in range(gate_first[e], gate_first[e + 1]):
                reached, size = offer(
                    *(tail[e], part(cost[e], gate_share[g]), e, limit),
                    *(far, parent, heap, where, touched, before, reached, size),
                )
                reached, size = offer(
                    *(head[e], rest(cost[e], gate_share[g]), e, limit),
                    *(far, parent, heap, where, touched, before, reached, size),
                )
        reached, size = settle(
            *(first, incident, tail, head, cost, limit),
            *(far, parent, heap, where, touched, before, reached, size),
        )
        total = 0.0
        for turn in range(reached + 1):
            from_, to = (begin, end) if turn == reached else (first[touched[turn]], first[touched[turn] + 1])
            for k in range(from_, to):
                e = unit_edge[k] if turn == reached else incident[k]
                if seen[e] == unit:
                    continue
                seen[e] = unit
                for h in range(home_first[e], home_first[e + 1]):
                    if weight[h] <= 0.0:
                        continue
                    metres = of_point(e, home_share[h], tail, head, cost, far)
                    for g in range(gate_first[e], gate_first[e + 1]):
                        metres = min(metres, apart(cost[e], gate_share[g], home_share[h]))
                    if metres <= limit:
                        total += weight[h]
        found[unit] = total
        for i in range(begin, end):
            cost[unit_edge[i]] = np.inf
        for i in range(reached):
            far[touched[i]] = before[i]
            where[touched[i]] = UNTOUCHED
