"""
What no plan can exceed, without a solver: a Lagrangian bound, and which actions it decides by itself.

The ties between rows and sets, the budget, the least for each kelurahan, exclusive groups and the actions of a set are
priced into the objective; what remains (each row alone; the best `at_most` actions) is solved by looking. Whatever
the prices, the result is at least the optimum (weak duality); a subgradient method makes it small. An action whose
choice, or whose absence, would bring the bound below a plan at hand is out, or in, for every better plan.

Source: Held, Wolfe, Crowder, "Validation of subgradient optimization", Mathematical Programming 6 (1974), for the
steps; Beasley, "Lagrangean relaxation" (1993), for fixing by reduced costs.
"""

from dataclasses import dataclass

import numpy as np

from ruangaman.core.reach.siting_loops import all_chosen
from ruangaman.core.reach.siting_model import Bytes, Cover, Floats
from ruangaman.core.reach.siting_rows import loop

FIRST_STEP = 0.5
SMOOTHING = 0.85
"""The direction is so much of the last one and one part of the new."""
LOOKS = 40
"""Steps become shorter when a fortieth of all rounds brought nothing."""
MARGIN = 1e-9


@dataclass(frozen=True, slots=True)
class Bound:
    """`value`: no plan serves more. `fixed`: (actions,) 1 in and -1 out of every plan better than the known one."""

    value: float
    fixed: Bytes


def bound(cover: Cover, known: float, chosen: Bytes, rounds: int) -> Bound:
    """
    Args:
        known: the value of a plan within all rules; -inf if none is known.
        chosen: (actions,) that plan, or any: where the prices start.
        rounds: how often the prices are changed, at least 1 look is made.
    """
    value, fixed = _subgradient(cover, float(known), chosen, rounds)
    return Bound(max(value, known) if known >= 0 else value, fixed)


@loop
def _cover_times(c: Cover, weight: Floats, times: Floats) -> None:
    times[:] = 0.0
    for one in range(len(weight)):
        if weight[one] > 0:
            for at in range(c.set_start[one], c.set_start[one + 1]):
                times[c.set_row[at]] += weight[one]


@loop
def _on_the_simplex(parts: Floats) -> None:
    """The nearest parts that are 0 or more and add up to 1 (Duchi et al., ICML 2008)."""
    falling = np.sort(parts)[::-1]
    total, away = 0.0, 0.0
    for at in range(len(falling)):
        total += falling[at]
        if falling[at] - (total - 1.0) / (at + 1) > 0:
            away = (total - 1.0) / (at + 1)
    whole = 0.0
    for at in range(len(parts)):
        parts[at] = max(parts[at] - away, 0.0)
        whole += parts[at]
    for at in range(len(parts)):
        parts[at] /= whole


@loop
def _subgradient(c: Cover, known: float, chosen: Bytes, rounds: int) -> tuple[float, Bytes]:
    rows, sets, actions = len(c.value), len(c.set_start) - 1, len(c.cost)
    homes, groups = len(c.least_children), c.groups
    whole = 0.0
    for row in range(rows):
        whole += c.value[row]
    fixed = c.fixed.copy()
    if whole <= 0:
        return 0.0, fixed
    most = min(float(c.at_most), float(actions))
    each = whole / max(most, 1.0)
    bounded = c.budget < np.inf
    budget = c.budget * (1 + MARGIN)
    heads = 1.0
    for home in range(homes):
        heads += max(c.least_children[home], 0.0)

    # prices, and how far one step moves each
    by_row = np.zeros(rows)
    parts = np.empty(len(c.need))  # of what a set is worth, so much is paid to each of its actions
    for one in range(sets):
        for at in range(c.need_start[one], c.need_start[one + 1]):
            parts[at] = 1.0 / (c.need_start[one + 1] - c.need_start[one])
    by_cost = 0.0
    by_group = np.zeros(groups)
    by_children = np.zeros(homes)
    by_actions = np.zeros(homes)
    cost_scale = whole / max(budget * budget, 1e-300) if bounded else 0.0
    if bounded and budget <= 0:
        cost_scale = 0.0

    weight = np.zeros(sets)
    for one in range(sets):
        if all_chosen(c, one, chosen):
            weight[one] = 1.0
    times = np.zeros(rows)
    _cover_times(c, weight, times)
    for row in range(rows):
        by_row[row] = c.value[row] / max(times[row], 1.0)

    way_rows = np.zeros(rows)
    way_parts = np.zeros(len(c.need))
    way_cost = 0.0
    way_group = np.zeros(groups)
    way_children = np.zeros(homes)
    way_actions = np.zeros(homes)
    worth = np.zeros(sets)
    reduced = np.zeros(actions)
    picked = np.zeros(actions, np.int8)
    best = np.inf
    step = FIRST_STEP
    patience = min(max(rounds // LOOKS, 4), 30)
    stale = 0
    for turn in range(rounds + 1):
        # the relaxed problem at these prices
        value = by_cost * budget if bounded else 0.0
        for home in range(homes):
            value -= (
                by_children[home] * max(c.least_children[home], 0.0)
                + by_actions[home] * c.least_actions[home]
            )
        for group in range(groups):
            value += by_group[group]
        for action in range(actions):
            reduced[action] = -by_cost * c.cost[action]
            if c.kelurahan[action] >= 0:
                reduced[action] += by_actions[c.kelurahan[action]]
            for at in range(c.in_start[action], c.in_start[action + 1]):
                reduced[action] -= by_group[c.in_group[at]]
        for one in range(sets):
            total = 0.0
            for at in range(c.set_start[one], c.set_start[one + 1]):
                total += by_row[c.set_row[at]]
            worth[one] = total
            for at in range(c.need_start[one], c.need_start[one + 1]):
                reduced[c.need[at]] += parts[at] * total
        picked[:] = 0
        room = c.at_most
        for action in range(actions):
            if c.fixed[action] > 0:
                picked[action] = 1
                value += reduced[action]
                room -= 1
        order = np.argsort(-reduced)
        last, after = 0.0, 0.0  # what the next action would have to beat; the first that was left
        for action in order:
            if c.fixed[action] != 0 or reduced[action] <= 0:
                continue
            if room <= 0:
                after = reduced[action]
                break
            picked[action] = 1
            value += reduced[action]
            room -= 1
            last = reduced[action]
        if room > 0:
            last = 0.0
        for row in range(rows):
            gives = c.value[row]
            if c.row_kelurahan[row] >= 0:
                gives += by_children[c.row_kelurahan[row]] * c.children[row]
            value += max(gives - by_row[row], 0.0)

        # what it decides
        floor = known - MARGIN * whole
        for action in range(actions):
            if fixed[action] == 0:
                if picked[action]:
                    if value - reduced[action] + after < floor:
                        fixed[action] = 1
                elif value + reduced[action] - (last if room <= 0 else 0.0) < floor:
                    fixed[action] = -1
        if value < best - 1e-6 * whole:
            stale = 0
        else:
            stale += 1
            if stale >= patience:
                step *= 0.7
                stale = 0
        best = min(best, value)
        if turn == rounds or best <= known * (1 + MARGIN) or step < 1e-5:
            break

        # the direction: of each price, by how much its rule is broken
        for one in range(sets):
            begin, end = c.need_start[one], c.need_start[one + 1]
            weight[one], mean = 0.0, 0.0
            for at in range(begin, end):
                weight[one] += parts[at] * picked[c.need[at]]
                mean += picked[c.need[at]] / (end - begin)
            if end - begin > 1:
                for at in range(begin, end):
                    way_parts[at] = SMOOTHING * way_parts[at] + worth[one] * (picked[c.need[at]] - mean)
        _cover_times(c, weight, times)
        gone = np.zeros(homes)
        for row in range(rows):
            gives = c.value[row]
            home = c.row_kelurahan[row]
            if home >= 0:
                gives += by_children[home] * c.children[row]
            covered = 1.0 if gives > by_row[row] else 0.0
            if home >= 0:
                gone[home] += covered * c.children[row]
            slope = times[row] - covered
            if (slope > 0 and by_row[row] <= 0) or (slope < 0 and by_row[row] >= gives):
                slope = 0.0
            way_rows[row] = SMOOTHING * way_rows[row] + slope
        spent = 0.0
        done = np.zeros(homes)
        taken = np.zeros(groups)
        for action in range(actions):
            if picked[action]:
                spent += c.cost[action]
                if c.kelurahan[action] >= 0:
                    done[c.kelurahan[action]] += 1
                for at in range(c.in_start[action], c.in_start[action + 1]):
                    taken[c.in_group[at]] += 1
        length = 0.0
        for row in range(rows):
            length += c.value[row] * way_rows[row] * way_rows[row]
        for one in c.joint:
            for at in range(c.need_start[one], c.need_start[one + 1]):
                length += way_parts[at] * way_parts[at] / each
        if bounded:
            way_cost = SMOOTHING * way_cost + (budget - spent)
            length += cost_scale * way_cost * way_cost
        for group in range(groups):
            way_group[group] = SMOOTHING * way_group[group] + 1 - taken[group]
            length += each * way_group[group] * way_group[group]
        for home in range(homes):
            if c.least_children[home] > 0:
                way_children[home] = SMOOTHING * way_children[home] + gone[home] - c.least_children[home]
                length += whole / (heads * heads) * way_children[home] * way_children[home]
            if c.least_actions[home] > 0:
                way_actions[home] = SMOOTHING * way_actions[home] + done[home] - c.least_actions[home]
                length += each * way_actions[home] * way_actions[home]
        if length <= 0:
            break
        size = step * (value - max(known, 0.0) + 1e-4 * whole) / length
        for home in range(homes):
            if c.least_children[home] > 0:
                by_children[home] = max(
                    by_children[home] - size * whole / (heads * heads) * way_children[home], 0.0
                )
            if c.least_actions[home] > 0:
                by_actions[home] = max(by_actions[home] - size * each * way_actions[home], 0.0)
        for row in range(rows):
            gives = c.value[row]
            if c.row_kelurahan[row] >= 0:
                gives += by_children[c.row_kelurahan[row]] * c.children[row]
            by_row[row] = min(max(by_row[row] - size * c.value[row] * way_rows[row], 0.0), gives)
        for one in c.joint:
            begin, end = c.need_start[one], c.need_start[one + 1]
            for at in range(begin, end):
                parts[at] -= size * way_parts[at] / each
            _on_the_simplex(parts[begin:end])
        by_cost = max(by_cost - size * cost_scale * way_cost, 0.0)
        for group in range(groups):
            by_group[group] = max(by_group[group] - size * each * way_group[group], 0.0)
    return best, fixed
