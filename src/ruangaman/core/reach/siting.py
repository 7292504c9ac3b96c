"""
What to build: maximal cover under a budget, with the proven gap always beside the plan.

Greedy, then swaps, then what a bound of our own and HiGHS can prove. `siting_model` tells what may be asked for.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.reach import siting_annealing, siting_bound, siting_exact
from ruangaman.core.reach import siting_loops as loops
from ruangaman.core.reach.siting_errors import BadInput, LeastNotMet, RulesConflict, Undecided
from ruangaman.core.reach.siting_exact import Limits
from ruangaman.core.reach.siting_model import (
    Actions,
    Bytes,
    Demand,
    Floats,
    Problem,
    Rules,
    affordable,
    problem,
)

__all__ = [
    "Actions",
    "BadInput",
    "Demand",
    "Effort",
    "LeastNotMet",
    "Limits",
    "Plan",
    "Problem",
    "Rules",
    "RulesConflict",
    "Step",
    "Undecided",
    "WhatIf",
    "plan",
    "problem",
    "what_if",
]


@dataclass(frozen=True, slots=True)
class Effort:
    """
    How long to try. Counts, not seconds, so that the same question gets the same answer on every machine.

    Attributes:
        rounds: of swaps over all chosen actions.
        tries: how often a few chosen actions are taken out at random and the plan mended.
        drops: how many of them.
        exchanges: at random, after that, and the plan mended once more; a million take seconds with 16,000 rows.
        seed: of that chance.
        bound_rounds: of our own bound, about as long each as reading every covering set once.
        exact: limits of HiGHS, None to leave it out.
    """

    rounds: int = 50
    tries: int = 60
    drops: int = 4
    exchanges: int = 0
    seed: int = 1
    bound_rounds: int = 200
    exact: Limits | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """
    One action, or several that serve together, and what they add to the steps before.

    Attributes:
        value: children x equity that are newly served; `children` each counted as 1.
        price: cost for each of these children, None when there are none.
        why_not: of what was left out: `budget`, `at-most`, `exclusive`, `never`, or `worth-nothing`; else empty.
    """

    actions: tuple[int, ...]
    value: float
    children: float
    cost: float
    price: float | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Attributes:
        chosen: the actions, in the order in which they serve most for their cost.
        value: children x equity newly served; `children` each counted as 1; what was served before is in neither.
        bound: no plan within the rules has a higher value.
        proven_gap: (bound - value) / bound; 0 is optimal.
        before, after: (kelurahan,) the share of its children served, NaN where it has none.
        left_out: the best actions that are not in the plan, by what each would add to it.
    """

    chosen: tuple[int, ...]
    steps: tuple[Step, ...]
    value: float
    children: float
    cost: float
    bound: float
    proven_gap: float
    before: Floats
    after: Floats
    left_out: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """
    The plan after a change.

    Attributes:
        change: of the value against the plan before.
        breaks: rules that the new plan breaks: `budget`, `at-most`, `exclusive`, `must`, `never`, `least`.
    """

    chosen: tuple[int, ...]
    value: float
    children: float
    cost: float
    change: float
    breaks: tuple[str, ...]


def plan(asked: Problem, effort: Effort | None = None, *, left_out: int = 10) -> Plan:
    """
    The best plan that the effort finds, and the proof of how good it is.

    Raises:
        LeastNotMet: the rules allow no plan that gives each kelurahan its least.
        Undecided: no such plan was found, nor was it proved that there is none; more time may help.
        ExtraMissing: highspy is needed (asked for, or to decide whether there is a plan) and not installed.
    """
    effort = effort or Effort()
    cover = asked.cover
    chosen = search(asked, effort)
    value = float(loops.covered(cover, chosen)[0])
    proof = siting_bound.bound(cover, value, chosen, effort.bound_rounds)
    limit = proof.value
    if effort.exact is not None and limit > value:
        exact = siting_exact.solve(cover, proof.fixed, chosen, effort.exact)
        if exact.chosen is not None and not _broken(asked, exact.chosen):
            found = float(loops.covered(cover, exact.chosen)[0])
            if found > value:
                chosen, value = exact.chosen, found
        limit = max(min(limit, exact.bound), value)
        if exact.proven and effort.exact.gap == 0 and limit - value <= siting_exact.NEARLY_NOTHING * value:
            limit = value
    return _told(asked, chosen, limit, left_out)


def search(asked: Problem, effort: Effort) -> Bytes:
    """Greedy by both measures, swaps, and shaking: (actions,) 1 where chosen. Raises as `plan` does."""
    cover = asked.cover
    most = affordable(cover)
    prices = cover.cost[cover.fixed >= 0]
    priced = bool(np.isfinite(cover.budget)) and len(prices) > 0 and float(prices.min()) < float(prices.max())
    must = np.flatnonzero(cover.fixed > 0)
    tried = []
    for by_cost in (False, True) if priced else (False,):
        made = loops.state(cover, must)
        loops.fill(cover, made, most, by_cost)
        tried.append(made)
    best = min(tried, key=lambda one: (loops.lacking(cover, one), -one.totals[loops.VALUE]))
    loops.swaps(cover, best, most, priced, effort.rounds, True)
    if loops.lacking(cover, best) > 0:
        loops.shaken(cover, best, most, priced, effort.tries, effort.drops, effort.seed)
    if loops.lacking(cover, best) > 0:
        best = loops.state(cover, np.flatnonzero(_meeting(asked, effort.exact or Limits())))
        loops.fill(cover, best, most, priced)
        loops.swaps(cover, best, most, priced, effort.rounds, True)
    loops.shaken(cover, best, most, priced, effort.tries, effort.drops, effort.seed)
    if effort.exchanges:  # from a plan that is good already, so that more effort never ends with less
        moving = loops.state(cover, np.flatnonzero(best.chosen))
        siting_annealing.annealed(cover, best, moving, most, priced, effort.exchanges, effort.seed)
        loops.shaken(cover, best, most, priced, effort.tries, effort.drops, effort.seed + 1)
    loops.swaps(cover, best, most, priced, effort.rounds, True)
    return best.chosen


def _meeting(asked: Problem, limits: Limits) -> Bytes:
    """A plan that gives each kelurahan its least, or the refusal that names one that cannot have it."""
    found = siting_exact.least_lack(asked.cover, limits)
    if found.chosen is not None and not _broken(asked, found.chosen):
        return found.chosen
    worst = int(np.argmax(found.lack)) if found.lack.any() else _first_asked(asked)
    if found.bound > siting_exact.NEARLY_NOTHING or found.proven:
        raise LeastNotMet(kelurahan=worst)
    raise Undecided(kelurahan=worst)


def _first_asked(asked: Problem) -> int:
    return int(np.flatnonzero((asked.cover.least_children > 0) | (asked.cover.least_actions > 0))[0])


def _broken(asked: Problem, chosen: Bytes) -> tuple[str, ...]:
    """The rules that a plan breaks."""
    cover = asked.cover
    done = np.flatnonzero(chosen)
    here = cover.kelurahan[done]
    got = np.bincount(here[here >= 0], minlength=len(cover.least_actions))
    _, children = loops.covered(cover, chosen)
    short = cover.least_children - children > loops.NEARLY * np.abs(cover.least_children)
    member = np.repeat(chosen > 0, np.diff(cover.in_start))
    return tuple(
        name
        for name, broken in (
            ("budget", float(cover.cost[done].sum()) > affordable(cover)),
            ("at-most", len(done) > cover.at_most),
            ("exclusive", bool((np.bincount(cover.in_group[member], minlength=cover.groups) > 1).any())),
            ("must", bool((chosen[cover.fixed > 0] == 0).any())),
            ("never", bool((chosen[cover.fixed < 0] > 0).any())),
            ("least", bool((short & (cover.least_children > 0)).any() or (got < cover.least_actions).any())),
        )
        if broken
    )


def shares(asked: Problem, chosen: Iterable[int]) -> Floats:
    """(points,) the share of each point's children that is served once these actions are done."""
    actions = asked.actions
    there = np.zeros(len(actions.cost), bool)
    there[list(chosen)] = True
    served = asked.demand.served.copy()
    for one in actions.opened(there):
        points = actions.point[actions.start[one] : actions.start[one + 1]]
        served[points] = np.maximum(served[points], actions.share[one])
    return served


def what_if(
    asked: Problem, chosen: Iterable[int], *, add: Iterable[int] = (), remove: Iterable[int] = ()
) -> WhatIf:
    """
    A plan with actions added and removed, and what that changes: at once, rules are told and not enforced.

    Raises:
        BadInput: no such action.
    """
    before = set(chosen)
    after = (before | set(add)) - set(remove)
    if not all(0 <= each < len(asked.actions.cost) for each in before | after | set(remove)):
        raise BadInput(field="actions", why="no such action")
    cover = asked.cover
    old = _value(asked, before)
    new = _value(asked, after)
    served = shares(asked, after) - asked.demand.served
    return WhatIf(
        tuple(sorted(after)),
        new,
        float(asked.demand.children @ served),
        math.fsum(cover.cost[sorted(after)]),
        new - old,
        _broken(asked, _flags(asked, after)),
    )


def _flags(asked: Problem, chosen: Iterable[int]) -> Bytes:
    flags = np.zeros(len(asked.cover.cost), np.int8)
    flags[list(chosen)] = 1
    return flags


def _value(asked: Problem, chosen: Iterable[int]) -> float:
    return float(loops.covered(asked.cover, _flags(asked, chosen))[0])


def _by_kelurahan(asked: Problem, served: Floats) -> Floats:
    demand = asked.demand
    total = np.bincount(demand.kelurahan, demand.children, demand.kelurahan_count)
    reached = np.bincount(demand.kelurahan, demand.children * served, demand.kelurahan_count)
    shares_of = np.full(demand.kelurahan_count, np.nan)
    np.divide(reached, total, out=shares_of, where=total > 0)
    return shares_of


def _told(asked: Problem, chosen: Bytes, limit: float, left_out: int) -> Plan:
    demand, cover = asked.demand, asked.cover
    steps, made = _steps(asked, chosen)
    order = tuple(action for step in steps for action in step.actions)
    served = shares(asked, order)
    value = float(made.totals[loops.VALUE])
    limit = max(limit, value)
    return Plan(
        order,
        steps,
        value,
        float(demand.children @ (served - demand.served)),
        math.fsum(cover.cost[list(order)]),
        limit,
        (limit - value) / limit if limit > 0 else 0.0,
        _by_kelurahan(asked, demand.served),
        _by_kelurahan(asked, served),
        _below(asked, made, left_out),
    )


def _steps(asked: Problem, chosen: Bytes) -> tuple[tuple[Step, ...], loops.State]:
    """The chosen actions, each time what serves most for its cost, alone or together; last what adds nothing."""
    cover = asked.cover._replace(budget=np.inf, at_most=len(asked.cover.cost))
    made = loops.state(cover)
    made.allowed[:] = chosen
    steps, served = list[Step](), asked.demand.served
    while True:
        together = tuple(loops.best(cover, made, np.inf, True).tolist())
        if not together:
            break
        before = float(made.totals[loops.VALUE])
        for action in together:
            loops.toggle(cover, made, action)
        done = np.flatnonzero(made.chosen)
        now = shares(asked, done)
        children = float(asked.demand.children @ (now - served))
        steps.append(_step(asked, together, float(made.totals[loops.VALUE]) - before, children))
        served = now
    for rest in np.flatnonzero((chosen > 0) & (made.chosen == 0)).tolist():
        loops.toggle(cover, made, rest)
        steps.append(_step(asked, (rest,), 0.0, 0.0))
    return tuple(steps), made


def _step(asked: Problem, actions: tuple[int, ...], value: float, children: float, why_not: str = "") -> Step:
    cost = math.fsum(asked.cover.cost[list(actions)])
    return Step(actions, value, children, cost, cost / children if children > 0 else None, why_not)


def _below(asked: Problem, made: loops.State, count: int) -> tuple[Step, ...]:
    """The actions, and those that serve together, that would add most to the plan; the rule that kept each out."""
    cover = asked.cover
    every = {(each,) for each in np.flatnonzero(made.chosen == 0).tolist()}
    every |= {
        tuple(sorted(loops.left_of(cover, made, one).tolist()))
        for one in cover.joint.tolist()
        if made.missing[one] > 1
    }
    out = [(float(loops.gain(cover, made, np.array(each, np.int32))), each) for each in sorted(every)]
    best = sorted(out, key=lambda each: (-each[0], each[1]))[:count]
    served = shares(asked, np.flatnonzero(made.chosen))
    told = []
    for value, actions in best:
        now = shares(asked, [*np.flatnonzero(made.chosen), *actions])
        children = float(asked.demand.children @ (now - served))
        told.append(_step(asked, actions, value, children, _why_not(asked, made, actions, value)))
    return tuple(told)


def _why_not(asked: Problem, made: loops.State, actions: tuple[int, ...], value: float) -> str:
    cover = asked.cover
    flags: NDArray[np.int8] = made.chosen.copy()
    flags[list(actions)] = 1
    if value <= 0:
        return "worth-nothing"
    rules = [rule for rule in _broken(asked, flags) if rule in ("never", "exclusive", "budget", "at-most")]
    for rule in ("never", "exclusive", "at-most", "budget"):
        if rule in rules:
            return rule
    return "budget" if np.isfinite(cover.budget) else "at-most"
