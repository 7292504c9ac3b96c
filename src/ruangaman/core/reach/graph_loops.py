"""The loops that build a street graph; `graph.py` checks what it gives them."""

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.compiled import F4, F8_OUT, FLOAT, I4, I4_OUT, INT, NONE, U1_OUT, compiled

Ints = NDArray[np.int32]
Numbers = NDArray[np.uint32]
Singles = NDArray[np.float32]
Doubles = NDArray[np.float64]
Bytes = NDArray[np.uint8]


@compiled(NONE, I4, I4, I4_OUT, I4_OUT)
def incidence(u: Ints, v: Ints, first: Ints, edge: Ints) -> None:
    """Which edges meet at each node: `edge[first[i]:first[i + 1]]`; a loop stands twice. `first` comes as zeros."""
    nodes = first.size - 1
    for e in range(u.size):
        first[u[e] + 1] += 1
        first[v[e] + 1] += 1
    for i in range(nodes):
        first[i + 1] += first[i]
    for e in range(
        u.size - 1, -1, -1
    ):  # from the back, so that `first` can count down and edges stay in order
        for end in (v[e], u[e]):
            first[end + 1] -= 1
            edge[first[end + 1]] = e
    for i in range(nodes):  # every beginning stands one place too late now
        first[i] = first[i + 1]
    first[nodes] = 2 * u.size


@compiled(NONE, I4, I4, I4, I4, U1_OUT)
def twins(u: Ints, v: Ints, first: Ints, edge: Ints, twin: Bytes) -> None:
    """Mark every edge that has another one between the same two nodes."""
    nodes = first.size - 1
    seen = np.full(nodes, -1, np.int32)
    last = np.empty(nodes, np.int32)
    for i in range(nodes):
        for at in range(first[i], first[i + 1]):
            e = edge[at]
            other = u[e] + v[e] - i
            if other <= i:
                continue
            if seen[other] == i:
                twin[e] = 1
                twin[last[other]] = 1
            seen[other] = i
            last[other] = e


@compiled(INT, I4, I4, I4, I4, I4, I4_OUT, I4_OUT, I4_OUT, U1_OUT, I4_OUT, I4_OUT, I4_OUT, I4_OUT)
def chains(
    u: Ints,
    v: Ints,
    first: Ints,
    edge: Ints,
    junctions: Ints,
    place: Ints,
    junction_node: Ints,
    order: Ints,
    turned: Bytes,
    edge_chain: Ints,
    chain_a: Ints,
    chain_b: Ints,
    chain_first: Ints,
) -> int:
    """
    Follow every street from one junction to the next: these are the chains, and the nodes between are the inner ones.

    Args:
        junctions: the nodes where other than two edges meet, in the order in which they are to be numbered.
        place: out, of each node its junction, or -1 - its number among the inner nodes.
        order: out, the edges, chain after chain; `turned`: 1 where the chain runs from v to u.

    Returns:
        How many chains there are; the last entry of `chain_first` is the number of inner nodes. The number of junctions
        is that of nodes less that of inner ones: a ring without a junction gets one.
    """
    nodes = first.size - 1
    none = -2147483648
    for i in range(nodes):
        place[i] = none
    for j in range(junctions.size):
        place[junctions[j]] = j
        junction_node[j] = junctions[j]
    used = np.zeros(u.size, np.uint8)
    many, chain, inner, slot = junctions.size, 0, 0, 0
    for turn in range(junctions.size + nodes):
        if turn < junctions.size:
            start = junctions[turn]
        else:  # what is left are rings: the first of their nodes is made a junction
            start = turn - junctions.size
            if place[start] != none:
                continue
            place[start] = many
            junction_node[many] = start
            many += 1
        for at in range(first[start], first[start + 1]):
            e = edge[at]
            if used[e]:
                continue
            chain_a[chain] = place[start]
            chain_first[chain] = inner
            here = start
            while True:
                used[e] = 1
                order[slot] = e
                turned[slot] = 1 if u[e] != here else 0
                edge_chain[slot] = chain
                slot += 1
                here = u[e] + v[e] - here
                if place[here] >= 0:
                    break
                place[here] = -1 - inner
                inner += 1
                e = edge[first[here]] if edge[first[here]] != e else edge[first[here] + 1]
            chain_b[chain] = place[here]
            chain += 1
    chain_first[chain] = inner
    return chain


@compiled(NONE, I4, I4, I4_OUT, I4_OUT, I4_OUT)
def arcs(chain_a: Ints, chain_b: Ints, first: Ints, to: Ints, code: Ints) -> None:
    """The chains at each junction: where they lead, and 2 * chain, + 1 where the chain is left from its end b."""
    junctions = first.size - 1
    for c in range(chain_a.size):
        first[chain_a[c] + 1] += 1
        first[chain_b[c] + 1] += 1
    for j in range(junctions):
        first[j + 1] += first[j]
    for c in range(chain_a.size - 1, -1, -1):
        first[chain_b[c] + 1] -= 1
        at = first[chain_b[c] + 1]
        to[at], code[at] = chain_a[c], 2 * c + 1
        first[chain_a[c] + 1] -= 1
        at = first[chain_a[c] + 1]
        to[at], code[at] = chain_b[c], 2 * c
    for j in range(junctions):
        first[j] = first[j + 1]
    first[junctions] = 2 * chain_a.size


@compiled(FLOAT, F4, F4, I4, I4, F8_OUT, F8_OUT, F8_OUT)
def along_chains(
    ahead: Singles,
    behind: Singles,
    chain_first: Ints,
    arc_code: Ints,
    arc_cost: Doubles,
    inner_from_a: Doubles,
    inner_from_b: Doubles,
) -> float:
    """
    What it costs to get along every chain, and to each of its inner nodes from both ends.

    Args:
        ahead, behind: of each edge, in the chain's direction and against it.

    Returns:
        The most that a walk along one chain can cost, closed edges left out.
    """
    chains = chain_first.size - 1
    most = 0.0
    a_to_b = np.empty(chains, np.float64)
    b_to_a = np.empty(chains, np.float64)
    for c in range(chains):
        begin, end = chain_first[c], chain_first[c + 1]
        far = 0.0
        for k in range(begin, end):
            far += ahead[k + c]
            inner_from_a[k] = far
        a_to_b[c] = far + ahead[end + c]
        far = 0.0
        for k in range(end - 1, begin - 1, -1):
            far += behind[k + c + 1]
            inner_from_b[k] = far
        b_to_a[c] = far + behind[begin + c]
        there, back = 0.0, 0.0
        for e in range(begin + c, end + c + 1):
            there += ahead[e] if ahead[e] < np.inf else 0.0
            back += behind[e] if behind[e] < np.inf else 0.0
        most = max(most, there, back)
    for at in range(arc_code.size):
        c = arc_code[at] >> 1
        arc_cost[at] = b_to_a[c] if arc_code[at] & 1 else a_to_b[c]
    return most


@compiled(NONE, I4, I4, I4_OUT)
def components(u: Ints, v: Ints, component: Ints) -> None:
    """Number of the connected part of each node: that of its lowest node, then counted from 0 in their order."""
    for i in range(component.size):
        component[i] = i
    for e in range(u.size):
        a, b = u[e], v[e]
        while component[a] != a:
            component[a] = component[component[a]]
            a = component[a]
        while component[b] != b:
            component[b] = component[component[b]]
            b = component[b]
        if a < b:
            component[b] = a
        elif b < a:
            component[a] = b
    many = 0
    for i in range(component.size):
        if component[i] == i:
            component[i] = many
            many += 1
        else:  # its parent is lower, so that it bears its final number already
            component[i] = component[component[i]]
