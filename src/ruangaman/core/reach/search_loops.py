"""
The loops of the nearest-site search.

A queue of buckets: bucket b holds the junctions whose distance, so far, is b times its width or more. The lowest bucket
is emptied, each of its junctions offering its distance to its neighbours; one that gets a smaller distance moves to its
bucket, if need be the lowest again, so that at the end every distance is the least (Dial 1969; with buckets wider than
the shortest arc, as in the delta-stepping of Meyer and Sanders 2003). Buckets are used in a ring, as many as the
longest arc needs. A distance bears the number of its site; where distances are equal the lower number wins.
"""

import numpy as np

from ruangaman.core.reach.compiled import F4, F4_OUT, F8, F8_OUT, FLOAT, I4, I4_OUT, INT, NONE, U4, compiled
from ruangaman.core.reach.graph_loops import Doubles, Ints, Numbers, Singles

NOBODY = 2**31 - 1
"""The site of what no site has reached: above every other, so that a distance equal to the limit still counts."""
NOT_QUEUED, LAST = np.uint32(2**32 - 2), np.uint32(2**32 - 1)
"""In place of a junction's number: it waits in no bucket; it is the end of a bucket's list."""
ONE = np.uint32(1)
FINEST = float(2**33)
"""Every cost is a multiple of 1 / FINEST metres; a part of an edge is made one."""


@compiled(FLOAT, FLOAT, FLOAT)
def part(cost: float, share: float) -> float:
    """What a share (0 to 1) of an edge costs."""
    if share <= 0.0:
        return 0.0
    if share >= 1.0:
        return cost
    return float(np.rint(cost * share * FINEST) / FINEST)


@compiled(FLOAT, FLOAT, FLOAT)
def rest(cost: float, share: float) -> float:
    """What the remainder of an edge costs, after that share of it."""
    if share >= 1.0:
        return 0.0
    if cost == np.inf:
        return cost
    return float(cost - part(cost, share))


@compiled(INT, I4, F8, F8, FLOAT, I4, I4, I4, I4, I4, I4, F4, F4, F8_OUT, I4_OUT, F8_OUT, I4_OUT, I4_OUT)
def place_sites(
    edge: Ints,
    share: Doubles,
    start: Doubles,
    limit: float,
    place: Ints,
    edge_chain: Ints,
    inner_chain: Ints,
    chain_a: Ints,
    chain_b: Ints,
    chain_first: Ints,
    ahead: Singles,
    behind: Singles,
    metres: Doubles,
    site: Ints,
    inner_metres: Doubles,
    inner_site: Ints,
    seeds: Ints,
) -> int:
    """
    Walk from every site along its chain, both ways, as far as the limit and no further than where another is nearer.

    Args:
        edge: of each site, or -1 - node; `share`: of the edge that lies before it; `start`: its distance to begin with.
        metres, site, inner_metres, inner_site: in and out, of junctions and inner nodes; the limit and NOBODY so far.
        seeds: out, the junctions that were reached, some more than once; room for two of each site.

    Returns:
        How many seeds there are.
    """
    many = 0
    for s in range(edge.size):
        if start[s] > limit or edge[s] == -2147483648:
            continue
        if edge[s] < 0:
            node = place[-1 - edge[s]]
            if node >= 0:
                if start[s] < metres[node] or (start[s] == metres[node] and s < site[node]):
                    metres[node], site[node] = start[s], s
                    seeds[many] = node
                    many += 1
                continue
        # Backwards from the place, then forwards: `e` is the edge to walk on, `k` the inner node where it ends.
        for way in range(2):
            if edge[s] >= 0:
                e = edge[s]
                c = edge_chain[e]
                far = start[s]
                if way == 0:
                    far += part(behind[e], share[s])
                    k = e - c - 1
                else:
                    far += rest(ahead[e], share[s])
                    k = e - c
            else:
                k = -1 - place[-1 - edge[s]]
                c = inner_chain[k]
                far = start[s]
            while chain_first[c] <= k < chain_first[c + 1]:
                if far > inner_metres[k] or (far == inner_metres[k] and inner_site[k] < s):
                    break
                inner_metres[k], inner_site[k] = far, s
                if way == 0:
                    far += behind[k + c]
                    k -= 1
                else:
                    far += ahead[k + c + 1]
                    k += 1
            else:
                j = chain_a[c] if k < chain_first[c] else chain_b[c]
                if far < metres[j] or (far == metres[j] and s < site[j]):
                    metres[j], site[j] = far, s
                    seeds[many] = j
                    many += 1
    return many


@compiled(NONE, U4, U4, F8, U4, FLOAT, INT, F8_OUT, I4_OUT)
def spread(
    first: Numbers,
    to: Numbers,
    cost: Doubles,
    seeds: Numbers,
    per_width: float,
    buckets: int,
    metres: Doubles,
    site: Ints,
) -> None:
    """
    Spread the distances of the seeds over all junctions.

    Numbers of junctions come unsigned here: an index that cannot be negative costs a third less time than one that is
    first looked at.

    Args:
        per_width: 1 / the width of a bucket.
        buckets: a power of two; more of them than any two distances in the queue can lie apart.
        metres, site: in and out, of junctions; not reached so far are those with the limit as distance, of site NOBODY.
    """
    mask = np.int64(buckets - 1)
    head = np.full(buckets, LAST, np.uint32)
    following = np.empty(metres.size, np.uint32)
    before = np.full(metres.size, NOT_QUEUED, np.uint32)
    waiting = 0
    lowest = np.int64(-1)
    for at in range(seeds.size):
        j = seeds[at]
        if before[j] != NOT_QUEUED:
            continue
        bucket = np.int64(metres[j] * per_width)
        if lowest < 0 or bucket < lowest:
            lowest = bucket
        b = np.uint32(bucket & mask)
        n = head[b]
        following[j], before[j] = n, LAST
        if n != LAST:
            before[n] = j
        head[b] = j
        waiting += 1
    while waiting > 0:
        b = np.uint32(lowest & mask)
        while head[b] != LAST:
            j = head[b]
            n = following[j]
            head[b] = n
            if n != LAST:
                before[n] = LAST
            before[j] = NOT_QUEUED
            waiting -= 1
            here, whose = metres[j], site[j]
            for at in range(first[j], first[j + ONE]):
                far = here + cost[at]
                other = to[at]
                known = metres[other]
                if far >= known and (far > known or whose >= site[other]):
                    continue
                metres[other] = far
                site[other] = whose
                new = np.uint32(np.int64(far * per_width) & mask)
                if before[other] != NOT_QUEUED:
                    old = np.uint32(np.int64(known * per_width) & mask)
                    if old == new:
                        continue
                    n, p = following[other], before[other]
                    if p != LAST:
                        following[p] = n
                    else:
                        head[old] = n
                    if n != LAST:
                        before[n] = p
                    waiting -= 1
                n = head[new]
                following[other] = n
                before[other] = LAST
                if n != LAST:
                    before[n] = other
                head[new] = other
                waiting += 1
        lowest += 1


@compiled(NONE, I4, I4, I4, I4, I4, F8, F8, F8, I4, F8, I4, F4_OUT, I4_OUT)
def tell_nodes(
    junction_node: Ints,
    edge_head: Ints,
    chain_a: Ints,
    chain_b: Ints,
    chain_first: Ints,
    from_a: Doubles,
    from_b: Doubles,
    metres: Doubles,
    site: Ints,
    inner_metres: Doubles,
    inner_site: Ints,
    node_metres: Singles,
    node_site: Ints,
) -> None:
    """Distance and site of every node: a junction's own, an inner node's by either end or along its chain."""
    for i in range(node_metres.size):
        node_metres[i] = np.inf
        node_site[i] = -1
    for j in range(metres.size):
        if site[j] != NOBODY:
            node_metres[junction_node[j]], node_site[junction_node[j]] = metres[j], site[j]
    if from_a.size == 0:
        return
    for c in range(chain_a.size):
        begin, end = chain_first[c], chain_first[c + 1]
        if begin == end:
            continue
        by_a, site_a = metres[chain_a[c]], site[chain_a[c]]
        by_b, site_b = metres[chain_b[c]], site[chain_b[c]]
        for k in range(begin, end):
            best, whose = inner_metres[k], inner_site[k]
            far = by_a + from_a[k]
            if far < best or (far == best and site_a < whose):
                best, whose = far, site_a
            far = by_b + from_b[k]
            if far < best or (far == best and site_b < whose):
                best, whose = far, site_b
            if whose != NOBODY:
                node_metres[edge_head[k + c]], node_site[edge_head[k + c]] = best, whose
