"""
No choice of a plan's actions within a budget is worth more: a bound by prices, without a solver.

Each step of a group's share has a price; what covers it is paid that price, and what is left of its worth is counted as
if it were covered anyhow. Whatever the prices, no choice is worth more than that sum with the budget spent on the best
paid actions, the last cheap one in part (Lagrange). Prices move against what they get wrong; the least sum is told.
What a set of several actions is paid goes to each alike, since it is open no more than their mean. As
`core.reach.siting_bound`, and small enough to answer a page.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Final

from ruangaman.rooms.places.plan_sums import NEARLY, Pool, sums

ROUNDS: Final = 120
PATIENCE: Final = 8
SLOWER: Final = 0.7
LEAST_STEP: Final = 1e-3


def bound(found: Pool, budget: float, chosen: Collection[int]) -> float:
    """
    The bound, by weight; never below what the plan itself is worth.

    Args:
        budget: rupiah. chosen: a plan within it; the better it is, the sooner the prices settle.
    """
    known = sums(found, chosen).value
    worth, covering, rows_of = _rows(found)
    price = list(worth)
    best = sum(worth)
    step, stale = 1.0, 0
    most = budget * (1 + NEARLY)
    for _ in range(ROUNDS):
        paid = [0.0] * len(found.keys)
        for at, one in enumerate(found.sets):
            sum_of = sum(price[row] for row in rows_of[at])
            for action in one.actions:
                paid[action] += sum_of / len(one.actions)
        total = sum(each - its for each, its in zip(worth, price, strict=True))
        spent, picked = _spent(found.costs, paid, most)
        total += spent
        if total < best * (1 - 1e-6):
            stale = 0
        else:
            stale += 1
            if stale >= PATIENCE:
                step, stale = step * SLOWER, 0
        best = min(best, total)
        if best <= known * (1 + NEARLY) or step < LEAST_STEP:
            break
        open_ = [sum(picked[action] for action in one.actions) / len(one.actions) for one in found.sets]
        slope = []
        for row, sets in enumerate(covering):
            wrong = sum(open_[at] for at in sets) - (1.0 if price[row] < worth[row] else 0.0)
            # At its ends a price does not move further.
            if (wrong > 0 and price[row] <= 0) or (wrong < 0 and price[row] >= worth[row]):
                wrong = 0.0
            slope.append(wrong)
        length = sum(worth[row] * each * each for row, each in enumerate(slope))
        if length <= 0:
            break
        size = step * (total - known + 1e-4 * total) / length
        price = [
            min(max(price[row] - size * worth[row] * each, 0.0), worth[row]) for row, each in enumerate(slope)
        ]
    return max(best, known)


def _spent(costs: Sequence[float], paid: Sequence[float], budget: float) -> tuple[float, list[float]]:
    """
    The most that actions may be paid within the budget, and how much of each: of those that cost more than half of the
    budget at most one, wholly, the others by their pay for their cost, the last of them in part.
    """
    many = range(len(paid))
    dear = [one for one in many if paid[one] > 0 and budget / 2 < costs[one] <= budget]
    cheap = sorted(
        (one for one in many if paid[one] > 0 and costs[one] <= budget / 2),
        key=lambda one: -paid[one] / max(costs[one], NEARLY),
    )
    upto = list(accumulate((costs[one] for one in cheap), initial=0.0))
    gets = list(accumulate((paid[one] for one in cheap), initial=0.0))

    def filled(left: float) -> tuple[float, int, float]:
        whole = bisect_right(upto, left) - 1
        part = (left - upto[whole]) / costs[cheap[whole]] if whole < len(cheap) else 0.0
        return gets[whole] + (part * paid[cheap[whole]] if part else 0.0), whole, part

    best, chosen = filled(budget), -1
    for one in dear:
        tried = filled(budget - costs[one])
        if tried[0] + paid[one] > best[0]:
            best, chosen = (tried[0] + paid[one], *tried[1:]), one
    total, whole, part = best
    picked = [0.0] * len(paid)
    for one in cheap[:whole]:
        picked[one] = 1.0
    if part:
        picked[cheap[whole]] = part
    if chosen >= 0:
        picked[chosen] = 1.0
    return total, picked


def _rows(found: Pool) -> tuple[list[float], list[list[int]], list[list[int]]]:
    """Steps of shares: what each is worth, the sets that cover it; and of each set the steps."""
    sets_of: dict[int, list[int]] = {}
    for at, one in enumerate(found.sets):
        if one.share > 0:
            for group in set(one.groups):
                sets_of.setdefault(group, []).append(at)
    worth: list[float] = []
    covering: list[list[int]] = []
    rows_of: list[list[int]] = [[] for _ in found.sets]
    for group, listed in sorted(sets_of.items()):
        its, below = found.groups[group].children * found.groups[group].weight, 0.0
        for level in sorted({found.sets[at].share for at in listed}):
            value = its * (level - below)
            below = level
            if value <= 0:
                continue
            covers = [at for at in listed if found.sets[at].share >= level]
            for at in covers:
                rows_of[at].append(len(worth))
            worth.append(value)
            covering.append(covers)
    return worth, covering, rows_of
