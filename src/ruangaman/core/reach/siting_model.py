"""
What may be built, whom it would serve, and the rules of a plan.

Children of a demand point are served in the share of the best covering set that is open. A covering set needs one
action, or several together: a place that is reached only over a crossing counts when both are built. A share below 1 is
an audit whose outcome is not known yet, for instance the part of such streets that turned out to be safe. Shares of
several sets are not added up: the largest counts, which is the least that can be said without knowing how the outcomes
hang together, so that no plan promises more than the data do.

A point that can be served in several shares becomes several rows, one for each step from one share to the next; a row
is covered or not. What remains is maximal cover. Rows with the same covering sets are added up.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import siting_rows as rows
from ruangaman.core.reach.siting_errors import BadInput, RulesConflict, TooLarge

MOST_POINTS = 4_000_000
MOST_ACTIONS = 200_000
MOST_ENTRIES = 200_000_000
MOST_NEEDED = 8
"""Actions of one covering set."""
BITS = 50
"""Weights are multiples of a power of two and their sum stays below 2^53 of them: sums are exact in any order."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Demand:
    """
    Attributes:
        children: (points,), 0 or more, need not be whole.
        kelurahan: (points,), 0 to `kelurahan_count` - 1.
        equity: (points,), 0 or more: what a child of this point counts; 1 where nobody decided otherwise.
        served: (points,), 0 to 1: the share that is served already, and stays so.
    """

    children: Floats
    kelurahan: Ints
    kelurahan_count: int
    equity: Floats
    served: Floats

    @classmethod
    def of(
        cls,
        children: NDArray[np.floating],
        kelurahan: NDArray[np.integer] | None = None,
        *,
        kelurahan_count: int | None = None,
        equity: NDArray[np.floating] | None = None,
        served: NDArray[np.floating] | NDArray[np.bool_] | None = None,
    ) -> "Demand":
        """Without `kelurahan` all points lie in one, without `equity` a child counts 1, without `served` nobody is."""
        count = len(children)
        where = np.zeros(count, np.int32) if kelurahan is None else np.asarray(kelurahan, np.int32)
        if kelurahan_count is None:
            kelurahan_count = int(where.max(initial=-1)) + 1
        return cls(
            np.asarray(children, np.float64),
            where,
            kelurahan_count,
            np.ones(count) if equity is None else np.asarray(equity, np.float64),
            np.zeros(count) if served is None else np.asarray(served, np.float64),
        )


@dataclass(frozen=True, slots=True)
class Actions:
    """
    What may be built, and the covering sets that this opens.

    Attributes:
        cost: (actions,), 0 or more, in the unit of the budget.
        kelurahan: (actions,), where it counts as an action, -1 for nowhere.
        need_start: (sets + 1,), `need`: set s is open when all of need[need_start[s]:need_start[s + 1]] are chosen.
        share: (sets,), above 0 and at most 1: the part of the children that such a set makes safe.
        start: (sets + 1,), `point`: the points of set s are point[start[s]:start[s + 1]].
    """

    cost: Floats
    kelurahan: Ints
    need_start: Longs
    need: Ints
    share: Floats
    start: Longs
    point: Ints

    @classmethod
    def of(
        cls,
        cost: NDArray[np.floating],
        start: NDArray[np.integer],
        point: NDArray[np.integer],
        *,
        needs: NDArray[np.integer] | None = None,
        share: NDArray[np.floating] | None = None,
        kelurahan: NDArray[np.integer] | None = None,
    ) -> "Actions":
        """
        Without `needs` each action has one set of its own, in their order; without `share` all of it is safe.

        Args:
            needs: (sets, any), the actions of each set, then -1.
        """
        sets = len(start) - 1
        whole = np.arange(sets).reshape(-1, 1) if needs is None else np.asarray(needs)
        return cls(
            np.asarray(cost, np.float64),
            np.full(len(cost), -1, np.int32) if kelurahan is None else np.asarray(kelurahan, np.int32),
            np.concatenate([[0], np.cumsum((whole != -1).sum(axis=1))]).astype(np.int64),
            whole[whole != -1].astype(np.int32),
            np.ones(sets) if share is None else np.asarray(share, np.float64),
            np.asarray(start, np.int64),
            np.asarray(point, np.int32),
        )

    def opened(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The sets that are open once these (actions,) are done."""
        missing = np.concatenate([[0], np.cumsum(~chosen[self.need])])
        return np.flatnonzero(missing[self.need_start[1:]] == missing[self.need_start[:-1]])


@dataclass(frozen=True, slots=True)
class Rules:
    """
    Attributes:
        budget: most that the plan may cost, None without limit.
        at_most: most actions of the plan, None without limit.
        must, never: actions that are in, or out, whatever they bring.
        exclusive: groups of actions of which at most one may be chosen.
        least_share: kelurahan -> 0 to 1, the share of its children (each counted as 1) that must be served.
        least_actions: kelurahan -> how many actions it must get.
    """

    budget: float | None = None
    at_most: int | None = None
    must: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    exclusive: tuple[tuple[int, ...], ...] = ()
    least_share: dict[int, float] = field(default_factory=dict)
    least_actions: dict[int, int] = field(default_factory=dict)


class Cover(NamedTuple):
    """The problem as the loops read it. Lists are in compressed form: those of i are list[start[i]:start[i + 1]]."""

    value: Floats  # (rows,) what covering this row is worth: children x equity x step of the share
    children: Floats  # (rows,) children x step
    row_kelurahan: Ints  # (rows,) -1 where nobody asks
    set_start: Longs
    set_row: Ints
    row_start: Longs
    row_set: Ints
    need_start: Longs
    need: Ints  # actions of each set
    action_start: Longs
    action_set: Ints  # sets that an action takes part in
    joint: Ints  # sets that need several
    cost: Floats
    kelurahan: Ints  # (actions,)
    fixed: Bytes  # (actions,) 1 must, -1 never, 0 free
    in_start: Longs
    in_group: Ints  # groups that an action stands in
    groups: int
    least_children: Floats  # (kelurahan,) children that must come to those served already; 0 or less: met
    least_actions: Ints  # (kelurahan,)
    has_least: bool
    budget: float
    at_most: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Checked input and its compiled form; `already` is the value served before anything is built."""

    demand: Demand
    actions: Actions
    rules: Rules
    cover: Cover
    already: float


def problem(demand: Demand, actions: Actions, rules: Rules) -> Problem:
    """
    Check and compile.

    Raises:
        BadInput, TooLarge: something does not fit; see their facts.
        RulesConflict: the actions that must be in are forbidden, too dear, too many or exclude each other.
    """
    _check_demand(demand)
    _check_actions(actions, len(demand.children), demand.kelurahan_count)
    _check_rules(rules, len(actions.cost), demand.kelurahan_count)
    count, asked = demand.kelurahan_count, sorted(rules.least_share)
    weight, head = _on_a_grid(demand.children * demand.equity), _on_a_grid(demand.children)

    total = np.bincount(demand.kelurahan, head, count)
    served = np.bincount(demand.kelurahan, head * demand.served, count)
    least = np.zeros(count)
    for index in asked:
        least[index] = rules.least_share[index] * total[index] - served[index]
    least[least < 1e-9 * total] = 0.0
    wanted = np.zeros(count, np.int32)
    for index, number in rules.least_actions.items():
        wanted[index] = number

    shown = np.full(
        count, -1, np.int32
    )  # rows need to know their kelurahan only where it may still lack something
    lacking = np.flatnonzero(least > 0)
    shown[lacking] = lacking
    made = rows.split(
        actions.start, actions.point, actions.share, weight, head, demand.served, shown[demand.kelurahan]
    )
    value, children, where, row_start, row_set = rows.gathered(*made, len(actions.share))
    value, children = _on_a_grid(value), _on_a_grid(children)
    set_start, set_row = rows.transposed(row_start, row_set, len(actions.share))

    fixed = np.zeros(len(actions.cost), np.int8)
    fixed[list(rules.must)] = 1
    fixed[list(rules.never)] = -1
    action_start, action_set = _sets_of_actions(actions)
    in_start, in_group = _groups_of_actions(rules.exclusive, len(actions.cost))
    cover = Cover(
        value,
        children,
        where,
        set_start,
        set_row,
        row_start,
        row_set,
        np.ascontiguousarray(actions.need_start),
        np.ascontiguousarray(actions.need),
        action_start,
        action_set,
        np.flatnonzero(np.diff(actions.need_start) > 1).astype(np.int32),
        np.ascontiguousarray(actions.cost),
        np.ascontiguousarray(actions.kelurahan),
        fixed,
        in_start,
        in_group,
        len(rules.exclusive),
        least,
        wanted,
        bool((least > 0).any() or (wanted > 0).any()),
        float("inf") if rules.budget is None else float(rules.budget),
        len(actions.cost) if rules.at_most is None else int(rules.at_most),
    )
    _check_must(cover, rules)
    return Problem(demand, actions, rules, cover, float(weight @ demand.served))


def _on_a_grid(weights: Floats) -> Floats:
    """Rounded to multiples of a power of two, less than 2^-50 of their sum."""
    total = float(weights.sum())
    if not total > 0:
        return weights
    step = BITS - int(np.ceil(np.log2(total)))
    return np.ldexp(np.rint(np.ldexp(weights, step)), -step)


def _sets_of_actions(actions: Actions) -> tuple[Longs, Ints]:
    sets = np.repeat(np.arange(len(actions.share), dtype=np.int32), np.diff(actions.need_start))
    order = np.argsort(actions.need, kind="stable")
    number = np.bincount(actions.need, minlength=len(actions.cost))
    return np.concatenate([[0], np.cumsum(number)]).astype(np.int64), sets[order]


def _groups_of_actions(groups: tuple[tuple[int, ...], ...], actions: int) -> tuple[Longs, Ints]:
    pairs = sorted({(action, number) for number, group in enumerate(groups) for action in group})
    count = np.bincount(np.array([action for action, _ in pairs], np.int64), minlength=actions)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return start, np.array([number for _, number in pairs], np.int32)


def _need(good: bool, field_name: str, why: str) -> None:
    if not good:
        raise BadInput(field=field_name, why=why)


def _numbers(array: Floats, shape: int, name: str, least: float = 0.0, most: float = 1e15) -> None:
    _need(array.shape == (shape,), name, "wrong shape")
    _need(bool(np.isfinite(array).all()), name, "not a finite number")
    _need(bool((array >= least).all() and (array <= most).all()), name, f"not from {least:g} to {most:g}")


def _indices(array: NDArray[np.integer], shape: int, name: str, least: int, below: int) -> None:
    _need(array.shape == (shape,), name, "wrong shape")
    _need(bool((array >= least).all() and (array < below).all()), name, f"not from {least} to {below - 1}")


def _check_demand(demand: Demand) -> None:
    points = len(demand.children)
    if points > MOST_POINTS:
        raise TooLarge(field="points", most=MOST_POINTS)
    _numbers(demand.children, points, "children")
    _numbers(demand.equity, points, "equity", most=1e6)
    _numbers(demand.served, points, "served", most=1.0)
    _indices(demand.kelurahan, points, "kelurahan of points", 0, demand.kelurahan_count)


def _check_actions(actions: Actions, points: int, kelurahan: int) -> None:
    count, sets = len(actions.cost), len(actions.share)
    if count > MOST_ACTIONS or sets > MOST_ACTIONS * 4:
        raise TooLarge(field="actions", most=MOST_ACTIONS)
    if len(actions.point) > MOST_ENTRIES:
        raise TooLarge(field="entries", most=MOST_ENTRIES)
    _numbers(actions.cost, count, "cost")
    _indices(actions.kelurahan, count, "kelurahan of actions", -1, kelurahan)
    _check_needs(actions, sets, count)
    _numbers(actions.share, sets, "share", most=1.0)
    _need(bool((actions.share > 0).all()), "share", "must be above 0")
    _need(actions.start.shape == (sets + 1,), "start", "wrong shape")
    _need(
        bool(actions.start[0] == 0 and actions.start[-1] == len(actions.point))
        and bool((np.diff(actions.start) >= 0).all()),
        "start",
        "does not go from 0 to the number of entries",
    )
    _indices(actions.point, len(actions.point), "point", 0, points)


def _check_needs(actions: Actions, sets: int, count: int) -> None:
    _need(actions.need_start.shape == (sets + 1,), "needs", "wrong shape")
    size = np.diff(actions.need_start)
    _need(
        bool(actions.need_start[0] == 0 and actions.need_start[-1] == len(actions.need))
        and bool(((size >= 1) & (size <= MOST_NEEDED)).all()),
        "needs",
        f"not from 1 to {MOST_NEEDED} actions",
    )
    _indices(actions.need, len(actions.need), "needs", 0, count)
    key = np.repeat(np.arange(sets), size) * max(count, 1) + actions.need
    _need(len(np.unique(key)) == len(key), "needs", "an action twice")


def _check_rules(rules: Rules, actions: int, kelurahan: int) -> None:
    _need(rules.budget is None or 0 <= rules.budget < float("inf"), "budget", "not 0 or more")
    _need(rules.at_most is None or rules.at_most >= 0, "at_most", "below 0")
    for name, group in (
        ("must", rules.must),
        ("never", rules.never),
        *(("exclusive", g) for g in rules.exclusive),
    ):
        _need(all(0 <= each < actions for each in group), name, "no such action")
    for index, share in rules.least_share.items():
        _need(0 <= index < kelurahan, "least_share", "no such kelurahan")
        _need(0 <= share <= 1, "least_share", "not from 0 to 1")
    for index, number in rules.least_actions.items():
        _need(0 <= index < kelurahan, "least_actions", "no such kelurahan")
        _need(0 <= number <= actions, "least_actions", "not from 0 to the number of actions")
    if set(rules.must) & set(rules.never):
        raise RulesConflict(why="both", action=min(set(rules.must) & set(rules.never)))


def _check_must(cover: Cover, rules: Rules) -> None:
    must = sorted(set(rules.must))
    if affordable(cover) < float(cover.cost[must].sum()):
        raise RulesConflict(why="budget")
    if len(must) > cover.at_most:
        raise RulesConflict(why="at-most")
    for number, group in enumerate(rules.exclusive):
        if len(set(group) & set(must)) > 1:
            raise RulesConflict(why="exclusive", group=number)


def affordable(cover: Cover) -> float:
    """The budget and a billionth of it, so that sums of fractions do not lose an action to rounding."""
    return cover.budget * (1 + 1e-9)
