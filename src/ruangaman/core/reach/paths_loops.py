"""The loop that tells points on edges their nearest site, from what a search has found for the nodes."""

import numpy as np

from ruangaman.core.reach.compiled import (
    F4,
    F4_OUT,
    F8,
    FLOAT,
    FLOAT_AND_INT,
    I4,
    I4_OUT,
    INT,
    NONE,
    compiled,
)
from ruangaman.core.reach.graph_loops import Doubles, Ints, Singles
from ruangaman.core.reach.search_loops import NOBODY, part, rest


@compiled(FLOAT_AND_INT, INT, I4, I4, I4, F8, F8, F8, I4, F8, I4)
def of_place(
    place: int,
    inner_chain: Ints,
    chain_a: Ints,
    chain_b: Ints,
    from_a: Doubles,
    from_b: Doubles,
    metres: Doubles,
    site: Ints,
    inner_metres: Doubles,
    inner_site: Ints,
) -> tuple[float, int]:
    """Distance and site of a junction, or of inner node -1 - place; above the limit, or of NOBODY, if none is near."""
    if place >= 0:
        return metres[place], site[place]
    k = -1 - place
    a, b = chain_a[inner_chain[k]], chain_b[inner_chain[k]]
    best, whose = inner_metres[k], inner_site[k]
    far = metres[a] + from_a[k]
    if far < best or (far == best and site[a] < whose):
        best, whose = far, site[a]
    far = metres[b] + from_b[k]
    if far < best or (far == best and site[b] < whose):
        best, whose = far, site[b]
    return best, whose


@compiled(
    NONE,
    *(I4, F8, FLOAT, I4, F8, I4, F8),
    *(I4, I4, I4, I4, I4, I4, F4, F4, F8, F8),
    *(F8, I4, F8, I4, F4_OUT, I4_OUT),
)
def tell_points(
    edge: Ints,
    share: Doubles,
    limit: float,
    site_edge: Ints,
    site_share: Doubles,
    site_number: Ints,
    site_start: Doubles,
    place: Ints,
    edge_chain: Ints,
    inner_chain: Ints,
    chain_a: Ints,
    chain_b: Ints,
    chain_first: Ints,
    ahead: Singles,
    behind: Singles,
    from_a: Doubles,
    from_b: Doubles,
    metres: Doubles,
    site: Ints,
    inner_metres: Doubles,
    inner_site: Ints,
    point_metres: Singles,
    point_site: Ints,
) -> None:
    """
    Distance and site of every point: by the tail of its edge, by the head, or straight from a site on the same edge.

    Args:
        edge, share: of points; site_edge to site_start: of the sites on edges, sorted by edge.
        metres to inner_site: as `spread` and `place_sites` leave them.
    """
    for i in range(edge.size):
        best, whose = limit, NOBODY
        e = int(edge[i])
        if e < 0 and e != -2147483648:
            best, whose = of_place(
                *(place[-1 - e], inner_chain, chain_a, chain_b, from_a, from_b),
                *(metres, site, inner_metres, inner_site),
            )
        elif e >= 0:
            c = int(edge_chain[e])
            k = e - c
            for end in range(2):
                if end == 0:
                    p = chain_a[c] if k == chain_first[c] else -k
                    cost = part(ahead[e], share[i])
                else:
                    p = chain_b[c] if k == chain_first[c + 1] else -1 - k
                    cost = rest(behind[e], share[i])
                far, by = of_place(
                    *(
                        p,
                        inner_chain,
                        chain_a,
                        chain_b,
                        from_a,
                        from_b,
                        metres,
                        site,
                        inner_metres,
                        inner_site,
                    )
                )
                far += cost
                if by != NOBODY and (far < best or (far == best and by < whose)):
                    best, whose = far, by
            low, high = 0, site_edge.size
            while low < high:
                middle = (low + high) >> 1
                if site_edge[middle] < e:
                    low = middle + 1
                else:
                    high = middle
            while low < site_edge.size and site_edge[low] == e:
                far, by = site_start[low], int(site_number[low])
                if site_share[low] < share[i]:
                    far += (
                        rest(ahead[e], site_share[low]) - rest(ahead[e], share[i])
                        if ahead[e] < np.inf
                        else np.inf
                    )
                elif site_share[low] > share[i]:
                    far += (
                        part(behind[e], site_share[low]) - part(behind[e], share[i])
                        if behind[e] < np.inf
                        else np.inf
                    )
                if far < best or (far == best and by < whose):
                    best, whose = far, by
                low += 1
        if whose != NOBODY and best <= limit:
            point_metres[i], point_site[i] = best, whose
        else:
            point_metres[i], point_site[i] = np.inf, -1
