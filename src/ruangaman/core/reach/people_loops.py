"""
The loops that sum the weights within reach of many places; `people.py` says what they are for.

Each place has a search of its own, as in `search_loops.py` but without sites. Half of the weight on a chain is counted
at each of its ends, so that a chain between two junctions that are reached needs no look of its own; where the limit
ends on a chain, the halves are corrected to what is really within it.
"""

import numpy as np

from ruangaman.core.reach.compiled import (
    F4,
    F8,
    F8_OUT,
    FLOAT,
    FLOAT_AND_INT,
    I4,
    INT,
    NONE,
    U4,
    U4_OUT,
    compiled,
)
from ruangaman.core.reach.graph_loops import Doubles, Ints, Numbers, Singles
from ruangaman.core.reach.search_loops import LAST, NOT_QUEUED, ONE, part, rest


@compiled(NONE, I4, F8, F8, I4, I4, F4, F4, F8, F8, F8_OUT, F8_OUT, F8_OUT)
def along(
    edge: Ints,
    share: Doubles,
    weight: Doubles,
    edge_chain: Ints,
    chain_first: Ints,
    ahead: Singles,
    behind: Singles,
    from_a: Doubles,
    from_b: Doubles,
    by_a: Doubles,
    by_b: Doubles,
    upto: Doubles,
) -> None:
    """
    Of weights sorted along the chains: the distance from both ends, and the sum from end a to each, it included.
    """
    total = 0.0
    for i in range(edge.size):
        e = edge[i]
        c = edge_chain[e]
        if i == 0 or c != edge_chain[edge[i - 1]]:
            total = 0.0
        total += weight[i]
        upto[i] = total
        k = e - c
        by_a[i] = part(ahead[e], share[i]) + (from_a[k - 1] if k > chain_first[c] else 0.0)
        by_b[i] = rest(behind[e], share[i]) + (from_b[k] if k < chain_first[c + 1] else 0.0)


@compiled(NONE, I4, I4, F8, I4, F8, F8_OUT, F8_OUT)
def halves(
    arc_first: Ints,
    arc_code: Ints,
    arc_cost: Doubles,
    held_first: Ints,
    upto: Doubles,
    half: Doubles,
    longest: Doubles,
) -> None:
    """Add to each junction's own weight half of that on every chain that ends there; and its longest arc."""
    for j in range(half.size):
        longest[j] = 0.0
        for at in range(arc_first[j], arc_first[j + 1]):
            c = arc_code[at] >> 1
            if held_first[c] < held_first[c + 1]:
                half[j] += upto[held_first[c + 1] - 1] / 2
            longest[j] = max(longest[j], arc_cost[at])


@compiled(INT, F8, INT, INT, FLOAT)
def within_from_a(by_a: Doubles, begin: int, end: int, left: float) -> int:
    """The first of the ascending by_a[begin:end] that is above `left`."""
    while begin < end:
        middle = (begin + end) >> 1
        if by_a[middle] <= left:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled(INT, F8, INT, INT, FLOAT)
def within_from_b(by_b: Doubles, begin: int, end: int, left: float) -> int:
    """The first of the descending by_b[begin:end] that is not above `left`."""
    while begin < end:
        middle = (begin + end) >> 1
        if by_b[middle] <= left:
            end = middle
        else:
            begin = middle + 1
    return begin


@compiled(FLOAT, F8, INT, INT, INT)
def between(upto: Doubles, first: int, begin: int, end: int) -> float:
    """The weight of [begin, end) on the chain whose weights begin at `first`."""
    if begin >= end:
        return 0.0
    return float(upto[end - 1] - (upto[begin - 1] if begin > first else 0.0))


@compiled(FLOAT_AND_INT, INT, FLOAT, FLOAT, INT, F4, I4, F8, INT, INT)
def walk_ahead(
    edge: int,
    share: float,
    limit: float,
    last_edge: int,
    ahead: Singles,
    held_edge: Ints,
    held_share: Doubles,
    begin: int,
    end: int,
) -> tuple[float, int]:
    """
    Walk from a place along its chain to end b, as far as the limit.

    Returns:
        The distance of b, above the limit if it is not reached; the first of the weights [begin, end) that is not.
    """
    at = begin
    while at < end and (held_edge[at] < edge or (held_edge[at] == edge and held_share[at] < share)):
        at += 1
    before = part(ahead[edge], share)
    while at < end and held_edge[at] == edge:
        if held_share[at] != share and not part(ahead[edge], held_share[at]) - before <= limit:
            return np.inf, at
        at += 1
    far = rest(ahead[edge], share)
    for e in range(edge + 1, last_edge + 1):
        if far > limit:
            break
        while at < end and held_edge[at] == e:
            if far + part(ahead[e], held_share[at]) > limit:
                return np.inf, at
            at += 1
        far += ahead[e]
    return far, at


@compiled(FLOAT_AND_INT, INT, FLOAT, FLOAT, INT, F4, I4, F8, INT, INT)
def walk_back(
    edge: int,
    share: float,
    limit: float,
    first_edge: int,
    behind: Singles,
    held_edge: Ints,
    held_share: Doubles,
    begin: int,
    end: int,
) -> tuple[float, int]:
    """
    Walk from a place along its chain to end a, as far as the limit.

    Returns:
        The distance of a, above the limit if it is not reached; the first of the weights [begin, end) that is.
    """
    at = end
    while at > begin and (
        held_edge[at - 1] > edge or (held_edge[at - 1] == edge and held_share[at - 1] > share)
    ):
        at -= 1
    after = part(behind[edge], share)
    while at > begin and held_edge[at - 1] == edge:
        if held_share[at - 1] != share and not after - part(behind[edge], held_share[at - 1]) <= limit:
            return np.inf, at
        at -= 1
    far = after
    for e in range(edge - 1, first_edge - 1, -1):
        if far > limit:
            break
        while at > begin and held_edge[at - 1] == e:
            if far + rest(behind[e], held_share[at - 1]) > limit:
                return np.inf, at
            at -= 1
        far += behind[e]
    return far, at


@compiled(INT, INT, FLOAT, FLOAT, U4_OUT, F8_OUT, U4_OUT, U4_OUT, U4_OUT, INT)
def enter(
    junction: int,
    far: float,
    per_width: float,
    head: Numbers,
    metres: Doubles,
    following: Numbers,
    before: Numbers,
    touched: Numbers,
    reached: int,
) -> int:
    """Put a junction into the empty or nearly empty queue; gives how many were touched."""
    known = metres[junction]
    if far >= known:
        return reached
    if (
        before[junction] != NOT_QUEUED
    ):  # the other end of a ring's chain put it there, and it is alone in the queue
        head[np.int64(known * per_width) & (head.size - 1)] = LAST
    else:
        touched[reached] = junction
        reached += 1
    metres[junction] = far
    b = np.int64(far * per_width) & (head.size - 1)
    n = head[b]
    following[junction], before[junction] = n, LAST
    if n != LAST:
        before[n] = junction
    head[b] = junction
    return reached


@compiled(
    NONE,
    *(I4, F8, I4, FLOAT, FLOAT, INT),
    *(I4, I4, I4, I4, I4, I4, U4, U4, U4),
    *(F4, F4, F8, F8),
    *(I4, I4, F8, F8, F8, F8, F8, F8),
    *(F8_OUT, U4_OUT, U4_OUT, F8_OUT),
)
def sums(
    edge: Ints,
    share: Doubles,
    order: Ints,
    limit: float,
    per_width: float,
    buckets: int,
    place: Ints,
    edge_chain: Ints,
    inner_chain: Ints,
    chain_a: Ints,
    chain_b: Ints,
    chain_first: Ints,
    first: Numbers,
    to: Numbers,
    code: Numbers,
    ahead: Singles,
    behind: Singles,
    cost: Doubles,
    from_b_to_a: Doubles,
    held_first: Ints,
    held_edge: Ints,
    held_share: Doubles,
    by_a: Doubles,
    by_b: Doubles,
    upto: Doubles,
    half: Doubles,
    longest: Doubles,
    metres: Doubles,
    following: Numbers,
    before: Numbers,
    found: Doubles,
) -> None:
    """
    The weight within the limit of each of these places.

    Args:
        edge, share: of every place; `order`: those to answer here; `found`: out, of every place.
        from_b_to_a: of each chain, what it costs to walk all of it.
        held_first: of each chain, the first of the weights on it; held_edge to upto: of weights, along the chains.
        half, longest: of junctions, as `halves` gives them.
        metres, following, before: room of this thread, inf and NOT_QUEUED everywhere, and left so.
    """
    mask = np.int64(buckets - 1)
    head = np.full(buckets, LAST, np.uint32)
    touched = np.empty(metres.size, np.uint32)
    for turn in range(order.size):
        i = order[turn]
        e, s = int(edge[i]), share[i]
        if e == -2147483648:
            found[i] = 0.0
            continue
        reached, own, low, high = 0, -1, 0, 0
        lowest = 0
        if e < 0 and place[-1 - e] >= 0:
            reached = enter(place[-1 - e], 0.0, per_width, head, metres, following, before, touched, reached)
        else:
            if e < 0:  # an inner node is the head of the edge before it
                e, s = -1 - place[-1 - e] + inner_chain[-1 - place[-1 - e]], 1.0
            own = int(edge_chain[e])
            begin, end = held_first[own], held_first[own + 1]
            far_a, low = walk_back(
                e, s, limit, chain_first[own] + own, behind, held_edge, held_share, begin, end
            )
            far_b, high = walk_ahead(
                e, s, limit, chain_first[own + 1] + own, ahead, held_edge, held_share, begin, end
            )
            if far_a <= limit:
                reached = enter(
                    chain_a[own], far_a, per_width, head, metres, following, before, touched, reached
                )
            if far_b <= limit:
                reached = enter(
                    chain_b[own], far_b, per_width, head, metres, following, before, touched, reached
                )
            lowest = int(min(far_a, far_b, limit) * per_width)
        waiting = reached
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
                here = metres[j]
                for at in range(first[j], first[j + ONE]):
                    far = here + cost[at]
                    if far > limit:
                        continue
                    other = to[at]
                    known = metres[other]
                    if far >= known:
                        continue
                    metres[other] = far
                    new = np.uint32(np.int64(far * per_width) & mask)
                    if known == np.inf:
                        touched[reached] = other
                        reached += 1
                    elif before[other] != NOT_QUEUED:
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

        total = 0.0
        for turned in range(reached):
            j = touched[turned]
            total += half[j]
            left = limit - metres[j]
            if longest[j] <= left:
                continue
            for at in range(first[j], first[j + ONE]):
                c = int(code[at] >> 1)
                begin, end = held_first[c], held_first[c + 1]
                if cost[at] <= left or begin == end or c == own:
                    continue
                other = metres[to[at]]
                left_there = limit - other
                at_b = code[at] & 1
                if other != np.inf and (at_b or from_b_to_a[c] <= left_there):
                    continue  # counted from the other end, or wholly within its reach
                whole = upto[end - 1]
                if other == np.inf:
                    if at_b:
                        total += between(upto, begin, within_from_b(by_b, begin, end, left), end) - whole / 2
                    else:
                        total += (
                            between(upto, begin, begin, within_from_a(by_a, begin, end, left)) - whole / 2
                        )
                else:
                    from_here = within_from_a(by_a, begin, end, left)
                    from_there = within_from_b(by_b, begin, end, left_there)
                    if from_here < from_there:
                        total -= between(upto, begin, from_here, from_there)
        if own >= 0 and held_first[own] < held_first[own + 1]:
            begin, end = held_first[own], held_first[own + 1]
            by_first, by_last = metres[chain_a[own]], metres[chain_b[own]]
            from_here = begin if by_first == np.inf else within_from_a(by_a, begin, end, limit - by_first)
            from_there = end if by_last == np.inf else within_from_b(by_b, begin, end, limit - by_last)
            low, high = min(low, high), max(low, high)
            # Reached from end a, along the chain itself, from end b: what lies between the three is missing.
            counted = 0.0
            if by_first != np.inf:
                counted += upto[end - 1] / 2
            if by_last != np.inf:
                counted += upto[end - 1] / 2
            within = between(upto, begin, begin, from_here)
            middle = max(low, from_here)
            within += between(upto, begin, middle, max(high, middle))
            within += between(upto, begin, max(from_there, middle, high), end)
            total += within - counted
        found[i] = total
        for turned in range(reached):
            metres[touched[turned]] = np.inf
