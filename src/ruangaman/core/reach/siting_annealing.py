"""
Many small exchanges at random, worse ones seldomer and seldomer: for who can wait some seconds for a better plan.

An exchange looks at the rows of the two actions alone, and does not keep up what every other set would newly cover, as
the swaps of `siting_loops` do; so a million takes about as long as a few hundred of their mendings.

Source: Kirkpatrick, Gelatt, Vecchi, "Optimization by simulated annealing", Science 220 (1983).
"""

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.siting_loops import (
    COST,
    COUNT,
    VALUE,
    State,
    _draw,
    better,
    lacking,
    restore,
)
from ruangaman.core.reach.siting_model import Cover
from ruangaman.core.reach.siting_rows import loop

STAGES, COOLING = 256, 0.978
"""Each stage is so much cooler than the one before; the last is about a three-hundredth of the first."""
WARMTH = 0.1
"""At first a loss of so much of what a chosen action is worth, on average, is taken in about four of ten cases."""
FINE = 1 << 30


@loop
def _grouped_twice(c: Cover, s: State, action: int) -> bool:
    for at in range(c.in_start[action], c.in_start[action + 1]):  # noqa: SIM110 - numba has no generators here
        if s.group[c.in_group[at]] > 1:
            return True
    return False


@loop
def _beside(c: Cover, action: int, seed: NDArray[np.uint64]) -> int:
    """An action that shares a row with this one, or any."""
    sets = c.action_start[action + 1] - c.action_start[action]
    if sets == 0 or _draw(seed, 10) == 0:
        return _draw(seed, len(c.cost))
    one = c.action_set[c.action_start[action] + _draw(seed, sets)]
    size = c.set_start[one + 1] - c.set_start[one]
    if size == 0:
        return _draw(seed, len(c.cost))
    row = c.set_row[c.set_start[one] + _draw(seed, size)]
    first = c.row_start[row]
    other = c.row_set[first + _draw(seed, c.row_start[row + 1] - first)]
    needs = c.need_start[other + 1] - c.need_start[other]
    return int(c.need[c.need_start[other] + (_draw(seed, needs) if needs > 1 else 0)])


@loop
def annealed(c: Cover, s: State, moving: State, most: float, priced: bool, moves: int, start: int) -> None:
    """
    Better the plan of `s`, if that can be.

    Args:
        moving: another state of the same plan; it is left in disorder.
        most: what may be spent. priced: actions differ in cost, so that adding and taking out alone are tried as well.
        moves: how many exchanges. start: of chance.
    """
    seed = np.empty(1, np.uint64)
    seed[0] = np.uint64(start * 2 + 1)
    for _ in range(8):
        _draw(seed, 2)
    chosen, totals, times = moving.chosen, moving.totals, moving.times
    needed, set_start, set_row, row_value = moving.missing, c.set_start, c.set_row, c.value
    best = s.chosen.copy()
    lack, value, cost = lacking(c, s), s.totals[VALUE], s.totals[COST]
    loose = np.empty(len(c.cost), np.int64)
    many = 0
    for action in range(len(c.cost)):
        if chosen[action] and c.fixed[action] == 0:
            loose[many] = action
            many += 1
    warmth = WARMTH * value / max(many, 1)
    if many == 0 or warmth <= 0:
        return
    now = lack
    for stage in range(STAGES):
        for _ in range(moves * (stage + 1) // STAGES - moves * stage // STAGES):
            kind = _draw(seed, 8) if priced else 7  # 0: take out alone, 1: add alone
            place = _draw(seed, many) if many else -1
            if many == 0:
                kind = 1
            out = loose[place] if many and kind != 1 else -1
            into = -1
            if kind != 0:
                into = _beside(c, loose[place], seed) if many else _draw(seed, len(c.cost))
                if chosen[into] or c.fixed[into] < 0:
                    continue
            before = totals[VALUE]
            room = most - totals[COST] - (c.cost[into] if into >= 0 else 0.0)
            if into >= 0 and out >= 0:
                room += c.cost[out]
            if room < 0 or (into >= 0 and out < 0 and totals[COUNT] + 1 > c.at_most):
                continue
            taken = False
            for again in range(2):  # there, and back where it is not taken
                for side in range(2):
                    action = out if side == again else into
                    if action < 0:
                        continue
                    # as `toggle`, without `fresh`; written out, since to pass the arrays on takes longer
                    add = chosen[action] == 0
                    sign = 1 if add else -1
                    turns = 1 if add else 0
                    chosen[action] = turns
                    totals[COST] += sign * c.cost[action]
                    totals[COUNT] += sign
                    if c.kelurahan[action] >= 0:
                        moving.actions[c.kelurahan[action]] += sign
                    for at in range(c.in_start[action], c.in_start[action + 1]):
                        moving.group[c.in_group[at]] += sign
                    worth = 0.0
                    for part in range(c.action_start[action], c.action_start[action + 1]):
                        one = c.action_set[part]
                        needed[one] -= sign
                        if needed[one] != 1 - turns:
                            continue
                        for at in range(set_start[one], set_start[one + 1]):
                            row = set_row[at]
                            times[row] += sign
                            if times[row] == turns:
                                worth += row_value[row]
                                if c.has_least and c.row_kelurahan[row] >= 0:
                                    moving.children[c.row_kelurahan[row]] += sign * c.children[row]
                    totals[VALUE] += sign * worth
                if again == 1:
                    break
                missing = lacking(c, moving) if c.has_least else 0.0
                loss = (before - totals[VALUE]) / warmth
                # what exp(-loss) would be, by arithmetic that is the same on every machine
                taken = (
                    missing <= now
                    and (into < 0 or c.groups == 0 or not _grouped_twice(c, moving, into))
                    and (
                        loss <= 0
                        or _draw(seed, FINE) * (1 + loss * (1 + loss / 2 * (1 + loss / 3 * (1 + loss / 4))))
                        < FINE
                    )
                )
                if taken:
                    break
            if not taken:
                continue
            now = missing
            if out >= 0 and into >= 0:
                loose[place] = into
            elif into >= 0:
                loose[many] = into
                many += 1
            else:
                many -= 1
                loose[place] = loose[many]
            if better(now, totals[VALUE], totals[COST], lack, value, cost):
                lack, value, cost = now, totals[VALUE], totals[COST]
                best[:] = chosen
        warmth *= COOLING
    restore(c, s, best)
