"""
Greedy choice and swaps for maximal cover: compiled loops over a `Cover` and the state of a plan.

The worth of what a set would newly cover is kept up to date as rows become covered and uncovered, so that each change
costs as much as it changes, and the best action is found by looking at one number an action. Sums are exact (see
`siting_model.BITS`), hence so is every difference.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach.siting_model import Bytes, Cover, Floats, Ints, Longs
from ruangaman.core.reach.siting_rows import loop

VALUE, COST, COUNT = 0, 1, 2
NEARLY = 1e-9
TINY = 1e-12
"""What an action without cost is taken to cost, so that it has a price a child."""


class State(NamedTuple):
    """A plan as it is being changed."""

    chosen: Bytes  # (actions,)
    allowed: Bytes  # (actions,) 1 where it may be chosen
    look: Bytes  # (actions,) 1 where a swap is worth trying
    open: Bytes  # (sets,)
    times: Ints  # (rows,) by how many open sets covered
    fresh: Floats  # (sets,) the value that a set would newly cover
    totals: Floats  # value, cost, count
    children: Floats  # (kelurahan,) newly served, where asked for
    actions: Ints  # (kelurahan,)
    group: Ints  # (groups,) chosen of each
    stamp: Longs  # (rows,) seen at this tick
    tick: Longs  # (1,)
    extra: Floats  # (kelurahan,) of the action under consideration


def state(cover: Cover, chosen: NDArray[np.integer] | tuple[int, ...] = ()) -> State:
    """The plan of these actions."""
    count, sets, rows = len(cover.cost), len(cover.first), len(cover.value)
    kelurahan = len(cover.least_children)
    made = State(
        np.zeros(count, np.int8),
        (cover.fixed >= 0).astype(np.int8),
        np.zeros(count, np.int8),
        np.zeros(sets, np.int8),
        np.zeros(rows, np.int32),
        worth_of_sets(cover),
        np.zeros(3),
        np.zeros(kelurahan),
        np.zeros(kelurahan, np.int32),
        np.zeros(cover.groups, np.int32),
        np.zeros(rows, np.int64),
        np.zeros(1, np.int64),
        np.zeros(kelurahan),
    )
    for action in chosen:
        toggle(cover, made, int(action))
    return made


@loop
def worth_of_sets(c: Cover) -> Floats:
    worth = np.zeros(len(c.first))
    for one in range(len(c.first)):
        for at in range(c.set_start[one], c.set_start[one + 1]):
            worth[one] += c.value[c.set_row[at]]
    return worth


@loop
def toggle(c: Cover, s: State, action: int) -> None:
    """Choose an action, or take it out again."""
    add = s.chosen[action] == 0
    sign = 1 if add else -1
    s.chosen[action] = 1 if add else 0
    s.totals[COST] += sign * c.cost[action]
    s.totals[COUNT] += sign
    if c.kelurahan[action] >= 0:
        s.actions[c.kelurahan[action]] += sign
    for at in range(c.in_start[action], c.in_start[action + 1]):
        s.group[c.in_group[at]] += sign
    for place in range(c.action_start[action], c.action_start[action + 1]):
        one = c.action_set[place]
        other = c.second[one] if c.first[one] == action else c.first[one]
        if other >= 0 and s.chosen[other] == 0:
            continue
        s.open[one] = 1 if add else 0
        for at in range(c.set_start[one], c.set_start[one + 1]):
            row = c.set_row[at]
            if add:
                s.times[row] += 1
                if s.times[row] != 1:
                    continue
            else:
                s.times[row] -= 1
                if s.times[row] != 0:
                    continue
            worth = sign * c.value[row]
            s.totals[VALUE] += worth
            if c.row_kelurahan[row] >= 0:
                s.children[c.row_kelurahan[row]] += sign * c.children[row]
            for entry in range(c.row_start[row], c.row_start[row + 1]):
                s.fresh[c.row_set[entry]] -= worth


@loop
def covered(c: Cover, chosen: Bytes) -> tuple[float, Floats]:
    """The value of a plan, and the children that it newly serves by kelurahan where that is asked for."""
    value = 0.0
    children = np.zeros(len(c.least_children))
    seen = np.zeros(len(c.value), np.int8)
    for one in range(len(c.first)):
        if not chosen[c.first[one]] or (c.second[one] >= 0 and not chosen[c.second[one]]):
            continue
        for at in range(c.set_start[one], c.set_start[one + 1]):
            row = c.set_row[at]
            if not seen[row]:
                seen[row] = 1
                value += c.value[row]
                if c.row_kelurahan[row] >= 0:
                    children[c.row_kelurahan[row]] += c.children[row]
    return value, children


@loop
def lacking(c: Cover, s: State) -> float:
    """How far the least asked for is from being met: for each kelurahan 0 to 1 for children, and for actions."""
    if not c.has_least:
        return 0.0
    total = 0.0
    for one in range(len(c.least_children)):
        if c.least_children[one] > 0:
            missing = c.least_children[one] - s.children[one]
            if missing > NEARLY * c.least_children[one]:
                total += missing / c.least_children[one]
        if c.least_actions[one] > s.actions[one]:
            total += (c.least_actions[one] - s.actions[one]) / c.least_actions[one]
    return total


@loop
def _grouped_out(c: Cover, s: State, action: int) -> bool:
    for at in range(c.in_start[action], c.in_start[action + 1]):  # noqa: SIM110 - numba has no generators here
        if s.group[c.in_group[at]] > 0:
            return True
    return False


@loop
def _share_a_group(c: Cover, one: int, other: int) -> bool:
    for at in range(c.in_start[one], c.in_start[one + 1]):
        for place in range(c.in_start[other], c.in_start[other + 1]):
            if c.in_group[at] == c.in_group[place]:
                return True
    return False


@loop
def _free(c: Cover, s: State, action: int, most: float) -> bool:
    if s.chosen[action] or not s.allowed[action] or s.totals[COUNT] + 1 > c.at_most:
        return False
    if s.totals[COST] + c.cost[action] > most:
        return False
    return not _grouped_out(c, s, action)


@loop
def _opens(c: Cover, s: State, one: int, action: int, partner: int) -> bool:
    """Whether choosing `action` (with `partner`, or -1) opens this set of the action."""
    other = c.second[one] if c.first[one] == action else c.first[one]
    return bool(other < 0 or other == partner or s.chosen[other] != 0)


@loop
def _bound(c: Cover, s: State, action: int) -> tuple[float, int]:
    """The value of the sets that an action would open by itself, rows in two of them counted twice; how many."""
    worth = 0.0
    sets = 0
    for place in range(c.action_start[action], c.action_start[action + 1]):
        one = c.action_set[place]
        if _opens(c, s, one, action, -1):
            worth += s.fresh[one]
            sets += 1
    return worth, sets


@loop
def _walk(c: Cover, s: State, action: int, partner: int) -> float:
    worth = 0.0
    for place in range(c.action_start[action], c.action_start[action + 1]):
        one = c.action_set[place]
        if not _opens(c, s, one, action, partner):
            continue
        for at in range(c.set_start[one], c.set_start[one + 1]):
            row = c.set_row[at]
            if s.times[row] == 0 and s.stamp[row] != s.tick[0]:
                s.stamp[row] = s.tick[0]
                worth += c.value[row]
                if c.row_kelurahan[row] >= 0:
                    s.extra[c.row_kelurahan[row]] += c.children[row]
    return worth


@loop
def gain(c: Cover, s: State, action: int, partner: int) -> float:
    """What an action, or two together (partner -1: one), would newly cover; `extra` takes the children by kelurahan."""
    s.tick[0] += 1
    if c.has_least:
        s.extra[:] = 0.0
    worth = _walk(c, s, action, partner)
    if partner >= 0:
        worth += _walk(c, s, partner, action)
    return worth


@loop
def _helps(c: Cover, s: State, action: int, partner: int) -> float:
    """By how much `lacking` would fall; to be called after `gain`."""
    fall = 0.0
    for one in range(len(c.least_children)):
        missing = c.least_children[one] - s.children[one]
        if missing > NEARLY * c.least_children[one] and s.extra[one] > 0:
            fall += min(missing, s.extra[one]) / c.least_children[one]
    for who in (action, partner):
        if who >= 0 and c.kelurahan[who] >= 0:
            home = c.kelurahan[who]
            if c.least_actions[home] > s.actions[home]:
                fall += 1.0 / c.least_actions[home]
    return fall


@loop
def _per(worth: float, cost: float, count: int, by_cost: bool) -> float:
    if by_cost:
        return worth / max(cost, TINY)
    return worth / count


@loop
def _both_free(c: Cover, s: State, first: int, second: int, most: float) -> bool:
    if not _free(c, s, first, most) or not _free(c, s, second, most):
        return False
    if s.totals[COUNT] + 2 > c.at_most or s.totals[COST] + c.cost[first] + c.cost[second] > most:
        return False
    return not _share_a_group(c, first, second)


@loop
def best(c: Cover, s: State, most: float, by_cost: bool) -> tuple[int, int]:
    """
    The action, or the two of a set, that newly covers most (for its cost, or each); -1 where nothing covers any.

    What the sets of an action cover is added up first, which is too much where they share rows; rows are looked at
    only for those that could still be the best, the likeliest first. Of equals the lowest counts, actions before pairs.
    """
    found, partner, top = -1, -1, 0.0
    if s.totals[COUNT] + 1 > c.at_most:
        return found, partner
    left = most - s.totals[COST]
    # passing all of a tuple on takes a microsecond
    chosen, allowed, cost, fresh, in_start = s.chosen, s.allowed, c.cost, s.fresh, c.in_start
    start, sets, first_of, second_of = c.action_start, c.action_set, c.first, c.second
    alone = np.full(len(cost), -1.0)  # -1 where it may not be chosen
    opens = np.zeros(len(cost), np.int32)
    likely, highest = -1, 0.0
    for action in range(len(cost)):
        if chosen[action] or not allowed[action] or cost[action] > left:
            continue
        if in_start[action + 1] > in_start[action] and _grouped_out(c, s, action):
            continue
        worth = 0.0
        for place in range(start[action], start[action + 1]):
            one = sets[place]
            other = second_of[one] if first_of[one] == action else first_of[one]
            if other < 0 or chosen[other]:
                worth += fresh[one]
                opens[action] += 1
        alone[action] = worth
        score = worth / max(cost[action], TINY) if by_cost else worth
        if score > highest:
            likely, highest = action, score
    for step in range(len(cost) + 1):
        action = step - 1 if step else likely
        if action < 0 or alone[action] <= 0 or (step and action == likely):
            continue
        score = alone[action] / max(cost[action], TINY) if by_cost else alone[action]
        if score < top or (score == top and action > found):
            continue
        if opens[action] > 1:
            score = _per(gain(c, s, action, -1), cost[action], 1, by_cost)
        if score > top or (score == top and action < found):
            found, top = action, score
    if len(c.paired) == 0 or s.totals[COUNT] + 2 > c.at_most:
        return found, partner
    bounds = np.zeros(len(c.paired))
    likely, highest = -1, top
    for pair in range(len(c.paired)):
        one = c.paired[pair]
        first, second = first_of[one], second_of[one]
        if alone[first] < 0 or alone[second] < 0 or cost[first] + cost[second] > left:
            continue
        worth = fresh[one] + alone[first] + alone[second]
        bounds[pair] = worth / max(cost[first] + cost[second], TINY) if by_cost else worth / 2
        if bounds[pair] > highest:
            likely, highest = pair, bounds[pair]
    chosen_pair = -1
    for step in range(len(c.paired) + 1):
        pair = step - 1 if step else likely
        if pair < 0 or bounds[pair] < top or (step and pair == likely):
            continue
        if bounds[pair] == top and (chosen_pair < 0 or pair > chosen_pair):
            continue
        first, second = first_of[c.paired[pair]], second_of[c.paired[pair]]
        if _share_a_group(c, first, second):
            continue
        score = _per(gain(c, s, first, second), cost[first] + cost[second], 2, by_cost)
        if score > top or (score == top and 0 <= pair < chosen_pair):
            found, partner, top, chosen_pair = first, second, score, pair
    return found, partner


@loop
def _could_help(c: Cover, s: State) -> Bytes:
    """(actions,) 1 where an action, by itself or with another, could bring something that is lacking nearer."""
    lacks = np.zeros(len(c.least_children), np.int8)
    for one in range(len(lacks)):
        if c.least_children[one] - s.children[one] > NEARLY * c.least_children[one] > 0:
            lacks[one] = 1
    helps = np.zeros(len(c.cost), np.int8)
    times, where, row_start, row_set = s.times, c.row_kelurahan, c.row_start, c.row_set
    for row in range(len(times)):
        if where[row] >= 0 and lacks[where[row]] and times[row] == 0:
            for at in range(row_start[row], row_start[row + 1]):
                one = row_set[at]
                helps[c.first[one]] = 1
                if c.second[one] >= 0:
                    helps[c.second[one]] = 1
    for action in range(len(helps)):
        home = c.kelurahan[action]
        if home >= 0 and c.least_actions[home] > s.actions[home]:
            helps[action] = 1
    return helps


@loop
def best_help(c: Cover, s: State, most: float, by_cost: bool) -> tuple[int, int]:
    """The action, or the two of a set, that brings the least asked for nearest; the value decides between equals."""
    found, partner, top, worth_of_top = -1, -1, 0.0, -1.0
    helps = _could_help(c, s)
    for action in range(len(c.cost)):
        if helps[action] and _free(c, s, action, most):
            worth = gain(c, s, action, -1)
            score = _per(_helps(c, s, action, -1), c.cost[action], 1, by_cost)
            if score > top or (score == top and score > 0 and worth > worth_of_top):
                found, top, worth_of_top = action, score, worth
    for one in c.paired:
        first, second = c.first[one], c.second[one]
        if (helps[first] or helps[second]) and _both_free(c, s, first, second, most):
            worth = gain(c, s, first, second) / 2
            score = _per(_helps(c, s, first, second), c.cost[first] + c.cost[second], 2, by_cost)
            if score > top or (score == top and score > 0 and worth > worth_of_top):
                found, partner, top, worth_of_top = first, second, score, worth
    return found, partner


@loop
def fill(c: Cover, s: State, most: float, by_cost: bool) -> None:
    """Add the best actions until nothing fits or nothing more is covered: what is asked for at least goes first."""
    while lacking(c, s) > 0:
        one, other = best_help(c, s, most, by_cost)
        if one < 0:
            break
        toggle(c, s, one)
        if other >= 0:
            toggle(c, s, other)
    while True:
        one, other = best(c, s, most, by_cost)
        if one < 0:
            break
        toggle(c, s, one)
        if other >= 0:
            toggle(c, s, other)


@loop
def restore(c: Cover, s: State, wanted: Bytes) -> None:
    for action in range(len(wanted)):
        if s.chosen[action] and not wanted[action]:
            toggle(c, s, action)
    for action in range(len(wanted)):
        if wanted[action] and not s.chosen[action]:
            toggle(c, s, action)


@loop
def better(
    lack: float, value: float, cost: float, than_lack: float, than_value: float, than_cost: float
) -> bool:
    """Less is missing; or as little and more is covered; or as much for less."""
    if abs(lack - than_lack) > NEARLY:
        return lack < than_lack
    if value != than_value:
        return value > than_value
    return cost < than_cost * (1 - NEARLY)


@loop
def stir(c: Cover, s: State, action: int) -> None:
    """Mark the chosen actions that share a row with this one: for them a swap may have become better."""
    for place in range(c.action_start[action], c.action_start[action + 1]):
        one = c.action_set[place]
        for at in range(c.set_start[one], c.set_start[one + 1]):
            row = c.set_row[at]
            if s.times[row] == 0:
                continue
            for entry in range(c.row_start[row], c.row_start[row + 1]):
                other = c.row_set[entry]
                if s.open[other]:
                    s.look[c.first[other]] = 1
                    if c.second[other] >= 0:
                        s.look[c.second[other]] = 1


@loop
def _stir_changes(c: Cover, s: State, before: Bytes) -> None:
    for action in range(len(before)):
        if before[action] != s.chosen[action]:
            stir(c, s, action)
            s.look[action] = 1


@loop
def swaps(c: Cover, s: State, most: float, priced: bool, rounds: int, everywhere: bool) -> int:
    """
    Take chosen actions out in turn and fill up again, until a whole round betters nothing.

    With equal costs that is the best exchange of one for one; with prices (`priced`) also of one for several. Looks at
    those marked by `stir`, or `everywhere` until nothing changes. Returns the number of rounds.
    """
    kept = s.chosen.copy()
    if everywhere:
        s.look[:] = 1
    for turn in range(rounds):
        changed = False
        for action in range(len(c.cost)):
            if not s.chosen[action] or not s.look[action] or c.fixed[action] > 0:
                continue
            s.look[action] = 0
            lack, value, cost = lacking(c, s), s.totals[VALUE], s.totals[COST]
            kept[:] = s.chosen
            for way in range(2 if priced else 1):
                toggle(c, s, action)
                fill(c, s, most, way == 1)
                if better(lacking(c, s), s.totals[VALUE], s.totals[COST], lack, value, cost):
                    changed = True
                    _stir_changes(c, s, kept)
                    break
                restore(c, s, kept)
        if not changed:
            return turn + 1
    return rounds


@loop
def _draw(seed: NDArray[np.uint64], below: int) -> int:
    """A step of xorshift64*: the same seed gives the same plan everywhere."""
    value = seed[0]
    value ^= value >> np.uint64(12)
    value ^= value << np.uint64(25)
    value ^= value >> np.uint64(27)
    seed[0] = value
    return int((value * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(33)) % below


@loop
def _near(c: Cover, s: State, action: int, seed: NDArray[np.uint64]) -> int:
    """A chosen action near this one: both share rows with a third. -1 if the draw meets none."""
    if c.action_start[action + 1] == c.action_start[action]:
        return -1
    one = c.action_set[
        c.action_start[action] + _draw(seed, c.action_start[action + 1] - c.action_start[action])
    ]
    for _ in range(2):
        size = c.set_start[one + 1] - c.set_start[one]
        if size == 0:
            return -1
        row = c.set_row[c.set_start[one] + _draw(seed, size)]
        first, last = c.row_start[row], c.row_start[row + 1]
        offset = _draw(seed, last - first)
        for step in range(last - first):
            other = c.row_set[first + (offset + step) % (last - first)]
            if s.open[other] and c.first[other] != action:
                return int(c.first[other])
        one = c.row_set[first + offset]
    return -1


@loop
def shaken(c: Cover, s: State, most: float, priced: bool, tries: int, drops: int, start: int) -> None:
    """Take a few chosen actions near each other out, fill up, swap around them, keep what is better; `tries` times."""
    seed = np.empty(1, np.uint64)
    seed[0] = np.uint64(start * 2 + 1)
    for _ in range(8):  # the first numbers of a small seed are small
        _draw(seed, 2)
    kept = s.chosen.copy()
    lack, value, cost = lacking(c, s), s.totals[VALUE], s.totals[COST]
    for turn in range(tries):
        loose = np.flatnonzero((s.chosen == 1) & (c.fixed <= 0))
        if len(loose) < 2:
            return
        s.look[:] = 0
        action = loose[_draw(seed, len(loose))]
        for _ in range(min(drops, len(loose))):
            if s.chosen[action]:
                toggle(c, s, action)
                s.allowed[action] = 0
            near = _near(c, s, action, seed)
            if near < 0 or c.fixed[near] > 0 or not s.chosen[near]:
                near = loose[_draw(seed, len(loose))]
            action = near
        fill(c, s, most, priced and turn % 2 == 1)
        for each in loose:
            s.allowed[each] = 1
        fill(c, s, most, False)
        _stir_changes(c, s, kept)
        swaps(c, s, most, priced, 50, False)
        if better(lacking(c, s), s.totals[VALUE], s.totals[COST], lack, value, cost):
            lack, value, cost = lacking(c, s), s.totals[VALUE], s.totals[COST]
            kept[:] = s.chosen
        else:
            restore(c, s, kept)
