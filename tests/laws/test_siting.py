"""What to build, beside a plain reading that tries every plan."""

import math
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.core.reach import siting, siting_bound, siting_exact, siting_loops
from ruangaman.core.reach.siting import Actions, Demand, Effort, Limits, Rules

EXACT = Effort(tries=4, bound_rounds=30, exact=Limits(seconds=20, threads=1))
QUICK = Effort(tries=4, bound_rounds=30)
KELURAHAN = 3


def compressed(lists):
    return np.concatenate([[0], np.cumsum([len(each) for each in lists])]), [x for each in lists for x in each]


def actions_of(cost, sets, home=None):
    """Sets are (first, second or -1, share, points)."""
    start, point = compressed([each[3] for each in sets])
    return Actions.of(
        np.array(cost, float),
        start,
        np.array(point, np.int32),
        first=np.array([each[0] for each in sets], np.int32),
        second=np.array([each[1] for each in sets], np.int32),
        share=np.array([each[2] for each in sets], float),
        kelurahan=home,
    )


# --- the slow truth -------------------------------------------------------------------------------------------------


def slow_shares(demand, actions, chosen):
    found = []
    for point, share in enumerate(demand.served):
        for one in range(len(actions.first)):
            needs = {int(actions.first[one]), int(actions.second[one])} - {-1}
            if needs <= chosen and point in actions.point[actions.start[one] : actions.start[one + 1]]:
                share = max(share, actions.share[one])  # noqa: PLW2901
        found.append(share)
    return found


def slow_value(demand, actions, chosen):
    gained = zip(slow_shares(demand, actions, chosen), demand.served, demand.children, demand.equity, strict=True)
    return math.fsum((now - before) * children * equity for now, before, children, equity in gained)


def slow_allowed(demand, actions, rules, chosen):
    if rules.budget is not None and math.fsum(actions.cost[list(chosen)]) > rules.budget * (1 + 1e-9):
        return False
    if rules.at_most is not None and len(chosen) > rules.at_most:
        return False
    if not set(rules.must) <= chosen or set(rules.never) & chosen:
        return False
    if any(len(set(group) & chosen) > 1 for group in rules.exclusive):
        return False
    if any(sum(actions.kelurahan[a] == home for a in chosen) < least for home, least in rules.least_actions.items()):
        return False
    now = slow_shares(demand, actions, chosen)
    for home, least in rules.least_share.items():
        here = [point for point in range(len(demand.children)) if demand.kelurahan[point] == home]
        reached = math.fsum(demand.children[point] * now[point] for point in here)
        if reached < least * math.fsum(demand.children[here]) - 1e-6:
            return False
    return True


def every_plan(count):
    return map(set, chain.from_iterable(combinations(range(count), size) for size in range(count + 1)))


def slow_best(demand, actions, rules):
    """The highest value of all plans within the rules; None if there is none."""
    values = [
        slow_value(demand, actions, chosen)
        for chosen in every_plan(len(actions.cost))
        if slow_allowed(demand, actions, rules, chosen)
    ]
    return max(values, default=None)


# --- cities ---------------------------------------------------------------------------------------------------------


@st.composite
def cities(draw, least=True, pairs=True):
    points, count = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    whole = st.integers(0, 9).map(float)
    demand = Demand.of(
        np.array(draw(st.lists(whole, min_size=points, max_size=points))),
        np.array(draw(st.lists(st.integers(0, KELURAHAN - 1), min_size=points, max_size=points)), np.int32),
        kelurahan_count=KELURAHAN,
        equity=np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 1.5]), min_size=points, max_size=points))),
        served=np.array(draw(st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0]), min_size=points, max_size=points))),
    )
    sets = []
    for _ in range(draw(st.integers(0, 8))):
        first, second = draw(st.integers(0, count - 1)), draw(st.integers(-1, count - 1)) if pairs else -1
        where = draw(st.lists(st.integers(0, points - 1), max_size=5))
        sets.append((first, -1 if second == first else second, draw(st.sampled_from([1.0, 1.0, 0.25, 0.6])), where))
    actions = actions_of(
        draw(st.lists(st.integers(0, 5), min_size=count, max_size=count)),
        sets,
        np.array(draw(st.lists(st.integers(-1, KELURAHAN - 1), min_size=count, max_size=count)), np.int32),
    )
    some = st.integers(0, count - 1)
    homes = st.integers(0, KELURAHAN - 1)
    rules = Rules(
        budget=draw(st.none() | st.integers(0, 12).map(float)),
        at_most=draw(st.none() | st.integers(0, count)),
        must=tuple(draw(st.sets(some, max_size=1))),
        never=tuple(draw(st.sets(some, max_size=1))),
        exclusive=tuple(tuple(group) for group in draw(st.lists(st.sets(some, min_size=1, max_size=3), max_size=2))),
        least_share=draw(st.dictionaries(homes, st.sampled_from([0.2, 0.5]), max_size=1)) if least else {},
        least_actions=draw(st.dictionaries(homes, st.integers(0, min(2, count)), max_size=1)) if least else {},
    )
    return demand, actions, rules


def solved(city, effort):
    """The plan, or None when the rules are refused as impossible."""
    try:
        return siting.plan(siting.problem(*city), effort)
    except (siting.RulesConflict, siting.LeastNotMet):
        return None


def near(value):
    return pytest.approx(value, rel=1e-6, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(cities())
def test_a_plan_keeps_the_rules_and_its_bound_stands_above_every_plan(city):
    best = slow_best(*city)
    plan = solved(city, QUICK)
    assert (plan is None) == (best is None)
    if plan is None:
        return
    assert slow_allowed(*city, set(plan.chosen))
    assert len(plan.chosen) == len(set(plan.chosen))
    assert plan.value == near(slow_value(*city[:2], set(plan.chosen)))
    assert plan.value <= best + 1e-6
    assert plan.bound >= best - 1e-6
    assert 0 <= plan.proven_gap <= 1


@settings(max_examples=100, deadline=None)
@given(cities())
def test_the_exact_plan_is_the_best_of_all_plans(city):
    best = slow_best(*city)
    plan = solved(city, EXACT)
    assert (plan is None) == (best is None)
    if plan is not None:
        assert slow_allowed(*city, set(plan.chosen))
        assert plan.value == near(best)
        assert plan.bound == near(best)
        assert plan.proven_gap <= 1e-6
