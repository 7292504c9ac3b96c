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
    missing: Ints  # (sets,) actions that it still needs; 0 where it is open
    times: Ints  # (rows,) by how many open sets covered
    fresh: Floats  # (sets,) the value that a set would newly cover
    totals: Floats  # value, cost, count
    children: Floats  # (kelurahan,) newly served, where asked for
    actions: Ints  # (kelurahan,)
    group: Ints  # (groups,) chosen of each
    stamp: Longs  # (rows,) seen at this tick
    tick: Longs  # (1,)
    extra: Floats  # (kelurahan,) of the action under consideration
    wanted: Bytes  # (actions,) 0 outside the loops


def state(cover: Cover, chosen: NDArray[np.integer] | tuple[int, ...] = ()) -> State:
    """The plan of these actions."""
    count, rows = len(cover.cost), len(cover.value)
    kelurahan = len(cover.least_children)
    made = State(
        np.zeros(count, np.int8),
        (cover.fixed >= 0).astype(np.int8),
        np.zeros(count, np.int8),
        np.diff(cover.need_start).astype(np.int32),
        np.zeros(rows, np.int32),
        worth_of_sets(cover),
        np.zeros(3),
        np.zeros(kelurahan),
        np.zeros(kelurahan, np.int32),
        np.zeros(cover.groups, np.int32),
        np.zeros(rows, np.int64),
        np.zeros(1, np.int64),
        np.zeros(kelurahan),
        np.zeros(count, np.int8),
    )
    for action in chosen:
        toggle(cover, made, int(action))
    return made


@loop
def worth_of_sets(c: Cover) -> Floats:
    worth = np.zeros(len(c.set_start) - 1)
    for one in range(len(worth)):
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
        s.missing[one] -= sign
        if s.missing[one] != (0 if add else 1):
            continue
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
def all_chosen(c: Cover, one: int, chosen: Bytes) -> bool:
    """Whether a set is open."""
    for at in range(c.need_start[one], c.need_start[one + 1]):  # noqa: SIM110 - numba has no generators here
        if not chosen[c.need[at]]:
            return False
    return True


@loop
def covered(c: Cover, chosen: Bytes) -> tuple[float, Floats]:
    """The value of a plan, and the children that it newly serves by kelurahan where that is asked for."""
    value = 0.0
    children = np.zeros(len(c.least_children))
    seen = np.zeros(len(c.value), np.int8)
    for one in range(len(c.set_start) - 1):
        if not all_chosen(c, one, chosen):
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
def _opens(c: Cover, s: State, one: int) -> bool:
    """Whether a set opens once everything wanted is chosen."""
    left = s.missing[one]
    for at in range(c.need_start[one], c.need_start[one + 1]):
        left -= s.wanted[c.need[at]]
    return bool(left == 0)


@loop
def gain(c: Cover, s: State, together: Ints) -> float:
    """What actions that are not chosen would newly cover together; `extra` takes the children by kelurahan."""
    s.tick[0] += 1
    if c.has_least:
        s.extra[:] = 0.0
    for action in together:
        s.wanted[action] = 1
    worth = 0.0
    for action in together:
        for place in range(c.action_start[action], c.action_start[action + 1]):
            one = c.action_set[place]
            if not _opens(c, s, one):
                continue
            for at in range(c.set_start[one], c.set_start[one + 1]):
                row = c.set_row[at]
                if s.times[row] == 0 and s.stamp[row] != s.tick[0]:
                    s.stamp[row] = s.tick[0]
                    worth += c.value[row]
                    if c.row_kelurahan[row] >= 0:
                        s.extra[c.row_kelurahan[row]] += c.children[row]
    for action in together:
        s.wanted[action] = 0
    return worth


@loop
def _helps(c: Cover, s: State, together: Ints) -> float:
    """By how much `lacking` would fall; to be called after `gain`."""
    fall = 0.0
    for one in range(len(c.least_children)):
        missing = c.least_children[one] - s.children[one]
        if missing > NEARLY * c.least_children[one] and s.extra[one] > 0:
            fall += min(missing, s.extra[one]) / c.least_children[one]
    for who in together:
        home = c.kelurahan[who]
        if home >= 0 and c.least_actions[home] > s.actions[home]:
            fall += 1.0 / c.least_actions[home]
    return fall


@loop
def _per(worth: float, cost: float, count: int, by_cost: bool) -> float:
    if by_cost:
        return worth / max(cost, TINY)
    return worth / count


@loop
def left_of(c: Cover, s: State, one: int) -> Ints:
    """The actions that a set still needs."""
    left = np.empty(s.missing[one], np.int32)
    many = 0
    for at in range(c.need_start[one], c.need_start[one + 1]):
        if not s.chosen[c.need[at]]:
            left[many] = c.need[at]
            many += 1
    return left


@loop
def _all_free(c: Cover, s: State, together: Ints, most: float) -> bool:
    cost = s.totals[COST]
    for action in together:
        if not _free(c, s, action, most):
            return False
        cost += c.cost[action]
    if s.totals[COUNT] + len(together) > c.at_most or cost > most:
        return False
    for place in range(len(together)):
        for other in range(place):
            if _share_a_group(c, together[place], together[other]):
                return False
    return True


@loop
def _price(c: Cover, together: Ints) -> float:
    cost = 0.0
    for action in together:
        cost += c.cost[action]
    return cost


@loop
def best(c: Cover, s: State, most: float, by_cost: bool) -> Ints:
    """
    The action, or those that a set still needs, that newly cover most (for their cost, or each); none if nothing does.

    What the sets of an action cover is added up first, which is too much where they share rows; rows are looked at
    only for those that could still be the best, the likeliest first. Of equals the lowest counts, actions before sets.
    """
    found, top = np.empty(0, np.int32), 0.0
    if s.totals[COUNT] + 1 > c.at_most:
        return found
    left = most - s.totals[COST]
    # passing all of a tuple on takes a microsecond
    chosen, allowed, cost, fresh, in_start = s.chosen, s.allowed, c.cost, s.fresh, c.in_start
    start, sets, missing, need_start, need = c.action_start, c.action_set, s.missing, c.need_start, c.need
    alone = np.full(len(cost), -1.0)  # -1 where it may not be chosen
    opens = np.zeros(len(cost), np.int32)
    likely, highest, single = -1, 0.0, -1
    for action in range(len(cost)):
        if chosen[action] or not allowed[action] or cost[action] > left:
            continue
        if in_start[action + 1] > in_start[action] and _grouped_out(c, s, action):
            continue
        worth = 0.0
        for place in range(start[action], start[action + 1]):
            one = sets[place]
            if missing[one] == 1:
                worth += fresh[one]
                opens[action] += 1
        alone[action] = worth
        score = worth / max(cost[action], TINY) if by_cost else worth
        if score > highest:
            likely, highest = action, score
    this = np.empty(1, np.int32)
    for step in range(len(cost) + 1):
        action = step - 1 if step else likely
        if action < 0 or alone[action] <= 0 or (step and action == likely):
            continue
        score = alone[action] / max(cost[action], TINY) if by_cost else alone[action]
        if score < top or (score == top and action > single):
            continue
        if opens[action] > 1:
            this[0] = action
            score = _per(gain(c, s, this), cost[action], 1, by_cost)
        if score > top or (score == top and action < single):
            single, top = action, score
    if single >= 0:
        this[0] = single
        found = this
    if len(c.joint) == 0 or s.totals[COUNT] + 2 > c.at_most:
        return found
    bounds = np.zeros(len(c.joint))
    likely, highest = -1, top
    for place in range(len(c.joint)):
        one = c.joint[place]
        if missing[one] < 2:
            continue
        worth, price, free = fresh[one], 0.0, True
        for at in range(need_start[one], need_start[one + 1]):
            action = need[at]
            if chosen[action]:
                continue
            if alone[action] < 0:
                free = False
                break
            worth += alone[action]
            price += cost[action]
        if not free or price > left:
            continue
        bounds[place] = worth / max(price, TINY) if by_cost else worth / missing[one]
        if bounds[place] > highest:
            likely, highest = place, bounds[place]
    best_set = -1
    for step in range(len(c.joint) + 1):
        place = step - 1 if step else likely
        if place < 0 or bounds[place] < top or (step and place == likely):
            continue
        if bounds[place] == top and (best_set < 0 or place > best_set):
            continue
        together = left_of(c, s, c.joint[place])
        if not _all_free(c, s, together, most):
            continue
        score = _per(gain(c, s, together), _price(c, together), len(together), by_cost)
        if score > top or (score == top and 0 <= place < best_set):
            found, top, best_set = together, score, place
    return found


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
                for place in range(c.need_start[one], c.need_start[one + 1]):
                    helps[c.need[place]] = 1
    for action in range(len(helps)):
        home = c.kelurahan[action]
        if home >= 0 and c.least_actions[home] > s.actions[home]:
            helps[action] = 1
    return helps


@loop
def best_help(c: Cover, s: State, most: float, by_cost: bool) -> Ints:
    """The action, or those that a set still needs, that bring the least asked for nearest; or cover most of equals."""
    found, top, worth_of_top = np.empty(0, np.int32), 0.0, -1.0
    helps = _could_help(c, s)
    for action in range(len(c.cost)):
        if helps[action] and _free(c, s, action, most):
            this = np.empty(1, np.int32)
            this[0] = action
            worth = gain(c, s, this)
            score = _per(_helps(c, s, this), c.cost[action], 1, by_cost)
            if score > top or (score == top and score > 0 and worth > worth_of_top):
                found, top, worth_of_top = this, score, worth
    for one in c.joint:
        if s.missing[one] < 2:
            continue
        together = left_of(c, s, one)
        wanted = False
        for action in together:
            wanted = wanted or helps[action] != 0
        if wanted and _all_free(c, s, together, most):
            worth = gain(c, s, together) / len(together)
            score = _per(_helps(c, s, together), _price(c, together), len(together), by_cost)
            if score > top or (score == top and score > 0 and worth > worth_of_top):
                found, top, worth_of_top = together, score, worth
    return found


@loop
def fill(c: Cover, s: State, most: float, by_cost: bool) -> None:
    """Add the best actions until nothing fits or nothing more is covered: what is asked for at least goes first."""
    while lacking(c, s) > 0:
        together = best_help(c, s, most, by_cost)
        if len(together) == 0:
            break
        for action in together:
            toggle(c, s, action)
    while True:
        together = best(c, s, most, by_cost)
        if len(together) == 0:
            break
        for action in together:
            toggle(c, s, action)


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
                if s.missing[other] == 0:
                    for need in range(c.need_start[other], c.need_start[other + 1]):
                        s.look[c.need[need]] = 1


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
            if s.missing[other] == 0 and c.need[c.need_start[other]] != action:
                return int(c.need[c.need_start[other]])
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
