"""What to build, beside a plain reading that tries every plan."""

import math
import os
import sys
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from scipy.spatial import cKDTree

from ruangaman.core.reach import siting, siting_annealing, siting_bound, siting_exact
from ruangaman.core.reach import siting_loops as loops
from ruangaman.core.reach.extra import ExtraMissing
from ruangaman.core.reach.siting import Actions, Demand, Effort, Limits, Rules

pytestmark = pytest.mark.slow  # the first run compiles the loops

EXACT = Effort(tries=4, bound_rounds=30, exact=Limits(seconds=20, threads=1))
QUICK = Effort(tries=4, bound_rounds=30)
PATIENT = Effort(tries=2, exchanges=400, bound_rounds=30)
KELURAHAN = 3
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"


def compressed(lists):
    return np.concatenate([[0], np.cumsum([len(each) for each in lists])]), [
        x for each in lists for x in each
    ]


def actions_of(cost, sets, home=None):
    """Sets are (actions, share, points)."""
    start, point = compressed([each[2] for each in sets])
    needs = np.full((len(sets), max((len(each[0]) for each in sets), default=1)), -1)
    for at, each in enumerate(sets):
        needs[at, : len(each[0])] = each[0]
    return Actions.of(
        np.array(cost, float),
        start,
        np.array(point, np.int32),
        needs=needs,
        share=np.array([each[1] for each in sets], float),
        kelurahan=home,
    )


# --- the slow truth -------------------------------------------------------------------------------------------------


def slow_shares(demand, actions, chosen):
    found = []
    for point, before in enumerate(demand.served):
        best = before
        for one in range(len(actions.share)):
            needs = set(actions.need[actions.need_start[one] : actions.need_start[one + 1]].tolist())
            if needs <= chosen and point in actions.point[actions.start[one] : actions.start[one + 1]]:
                best = max(best, actions.share[one])
        found.append(best)
    return found


def slow_value(demand, actions, chosen):
    gained = zip(
        slow_shares(demand, actions, chosen), demand.served, demand.children, demand.equity, strict=True
    )
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
    if any(
        sum(actions.kelurahan[a] == home for a in chosen) < least
        for home, least in rules.least_actions.items()
    ):
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
def cities(draw, least=True):
    points, count = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    whole = st.integers(0, 9).map(float)
    demand = Demand.of(
        np.array(draw(st.lists(whole, min_size=points, max_size=points))),
        np.array(draw(st.lists(st.integers(0, KELURAHAN - 1), min_size=points, max_size=points)), np.int32),
        kelurahan_count=KELURAHAN,
        equity=np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 1.5]), min_size=points, max_size=points))),
        served=np.array(
            draw(st.lists(st.sampled_from([0.0, 0.0, 0.3, 1.0]), min_size=points, max_size=points))
        ),
    )
    sets = []
    for _ in range(draw(st.integers(0, 8))):
        needs = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=4, unique=True))
        where = draw(st.lists(st.integers(0, points - 1), max_size=5))
        sets.append((needs, draw(st.sampled_from([1.0, 1.0, 0.25, 0.6])), where))
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
        exclusive=tuple(
            tuple(group) for group in draw(st.lists(st.sets(some, min_size=1, max_size=3), max_size=2))
        ),
        least_share=draw(st.dictionaries(homes, st.sampled_from([0.2, 0.5]), max_size=1)) if least else {},
        least_actions=draw(st.dictionaries(homes, st.integers(0, min(2, count)), max_size=1))
        if least
        else {},
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
@given(cities(), st.sampled_from([QUICK, PATIENT]))
def test_a_plan_keeps_the_rules_and_its_bound_stands_above_every_plan(city, effort):
    best = slow_best(*city)
    plan = solved(city, effort)
    assert (plan is None) == (best is None)
    if plan is None:
        return
    assert slow_allowed(*city, set(plan.chosen))
    assert len(plan.chosen) == len(set(plan.chosen))
    assert plan.value == near(slow_value(*city[:2], set(plan.chosen)))
    assert plan.value <= best + 1e-6
    assert plan.bound >= best - 1e-6
    assert 0 <= plan.proven_gap <= 1


@settings(max_examples=150, deadline=None)
@given(cities(), st.integers(1, 300), st.integers(1, 9))
def test_exchanges_at_random_never_make_a_plan_worse_and_leave_its_sums_right(city, exchanges, seed):
    demand, actions, rules = city
    try:
        cover = siting.problem(*city).cover
    except siting.RulesConflict:
        return
    plans = [
        plan
        for plan in every_plan(len(actions.cost))
        if slow_allowed(demand, actions, without_least(rules), plan)
    ]
    for plan in plans[:: max(len(plans) // 5, 1)]:
        state, moving = (loops.state(cover, np.array(sorted(plan), np.int64)) for _ in range(2))
        before = loops.lacking(cover, state), -state.totals[loops.VALUE]
        most = np.inf if rules.budget is None else rules.budget
        siting_annealing.annealed(cover, state, moving, most, True, exchanges, seed)
        after = set(np.flatnonzero(state.chosen).tolist())
        assert slow_allowed(demand, actions, without_least(rules), after)
        assert (loops.lacking(cover, state), -state.totals[loops.VALUE]) <= (
            before[0] + 1e-9,
            before[1] + 1e-9,
        )
        assert state.totals[loops.VALUE] == near(slow_value(demand, actions, after))
        assert state.totals[loops.VALUE] == loops.covered(cover, state.chosen)[0]


def without_least(rules):
    return Rules(rules.budget, rules.at_most, rules.must, rules.never, rules.exclusive)


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


@settings(max_examples=100, deadline=None)
@given(cities(), st.integers(0, 40))
def test_each_bound_by_itself_stands_above_the_best_and_fixes_only_what_every_better_plan_has(city, rounds):
    demand, actions, _ = city
    allowed = [chosen for chosen in every_plan(len(actions.cost)) if slow_allowed(*city, chosen)]
    if not allowed:
        return
    cover = siting.problem(*city).cover
    values = [slow_value(demand, actions, chosen) for chosen in allowed]
    known = sorted(values)[len(values) // 2]
    start = np.zeros(len(actions.cost), np.int8)
    assert siting_exact.solve(cover, cover.fixed, None, EXACT.exact).bound == near(max(values))
    assert siting_bound.bound(cover, -math.inf, start, rounds).value >= max(values) - 1e-6
    found = siting_bound.bound(cover, known, start, rounds)
    assert found.value >= max(values) - 1e-6
    for chosen, value in zip(allowed, values, strict=True):
        if value > known + 1e-6:
            assert all(found.fixed[action] >= 0 for action in chosen)
            assert set(np.flatnonzero(found.fixed > 0).tolist()) <= chosen


@settings(max_examples=60, deadline=None)
@given(cities(least=False), st.integers(1, 5))
def test_more_budget_never_serves_fewer_and_never_lowers_the_bound(city, more):
    demand, actions, rules = city
    budget = rules.budget or 0.0
    plans = [solved((demand, actions, with_budget(rules, each)), EXACT) for each in (budget, budget + more)]
    if plans[0] is not None:
        assert plans[1] is not None
        assert plans[1].value >= plans[0].value - 1e-6


def with_budget(rules, budget):
    return Rules(budget, rules.at_most, rules.must, rules.never, rules.exclusive)


@settings(max_examples=60, deadline=None)
@given(cities(), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_what_if_tells_the_value_and_the_rules_of_any_change(city, chosen, add, remove):
    demand, actions, rules = city
    try:
        asked = siting.problem(*city)
    except siting.RulesConflict:
        return
    chosen, add, remove = (
        {each for each in some if each < len(actions.cost)} for some in (chosen, add, remove)
    )
    told = siting.what_if(asked, chosen, add=add, remove=remove)
    after = (chosen | add) - remove
    assert set(told.chosen) == after
    assert told.value == near(slow_value(demand, actions, after))
    assert told.change == near(slow_value(demand, actions, after) - slow_value(demand, actions, chosen))
    assert (not told.breaks) == slow_allowed(demand, actions, rules, after)


@settings(max_examples=60, deadline=None)
@given(cities())
def test_steps_add_up_and_tell_a_price_for_each_child(city):
    plan = solved(city, QUICK)
    if plan is None:
        return
    demand, actions = city[0], city[1]
    assert math.fsum(step.value for step in plan.steps) == near(plan.value)
    assert math.fsum(step.children for step in plan.steps) == near(plan.children)
    assert math.fsum(step.cost for step in plan.steps) == near(plan.cost)
    now = slow_shares(demand, actions, set(plan.chosen))
    for home in range(KELURAHAN):
        here = np.flatnonzero(demand.kelurahan == home)
        total = demand.children[here].sum()
        if total:
            assert plan.after[home] == near((demand.children[here] * np.array(now)[here]).sum() / total)
            assert plan.after[home] >= plan.before[home] - 1e-9
    for step in plan.steps:
        assert step.price is None or step.price == near(step.cost / step.children)
    for step in plan.left_out:
        assert not set(step.actions) & set(plan.chosen)
        assert step.why_not
        together = slow_value(demand, actions, {*plan.chosen, *step.actions})
        assert step.value == near(together - plan.value)


# --- one street, by hand ----------------------------------------------------------------------------------------------

PLACE, CROSSING, AUDIT, FAR = range(4)


def street(**rules):
    """Ten children beside a place, thirty over the road from it, twenty on a street nobody has looked at."""
    demand = Demand.of(np.array([10.0, 30.0, 20.0]), np.array([0, 1, 1]))
    sets = [([PLACE], 1.0, [0]), ([PLACE, CROSSING], 1.0, [1]), ([AUDIT], 0.25, [2]), ([FAR], 1.0, [0])]
    actions = actions_of([5, 3, 1, 9], sets, np.array([0, 1, 1, -1], np.int32))
    return siting.problem(demand, actions, Rules(**rules))


def test_a_crossing_alone_serves_nobody_and_with_the_place_those_over_the_road():
    asked = street(budget=8.0)
    assert siting.what_if(asked, [], add=[CROSSING]).value == 0
    assert siting.what_if(asked, [PLACE], add=[CROSSING]).change == 30
    plan = siting.plan(asked, EXACT)
    assert (set(plan.chosen), plan.value, plan.proven_gap) == ({PLACE, CROSSING}, 40, 0)
    assert [(set(step.actions), step.price) for step in plan.steps] == [({PLACE, CROSSING}, 0.2)]
    assert [(step.actions, step.children, step.why_not) for step in plan.left_out][:1] == [
        ((AUDIT,), 5, "budget")
    ]


def test_four_that_serve_only_together_are_chosen_together_or_not_at_all():
    sets = [([0, 1, 2, 3], 1.0, [0]), ([4], 1.0, [1])]
    actions = actions_of([3, 3, 3, 3, 9], sets, np.full(5, -1, np.int32))
    demand = Demand.of(np.array([40.0, 10.0]))
    for budget, chosen, value in ((8.0, set(), 0), (11.0, {4}, 10), (12.0, {0, 1, 2, 3}, 40)):
        plan = siting.plan(siting.problem(demand, actions, Rules(budget=budget)), EXACT)
        assert (set(plan.chosen), plan.value, plan.bound) == (chosen, value, value)
        quick = siting.plan(siting.problem(demand, actions, Rules(budget=budget)), QUICK)
        assert (set(quick.chosen), quick.value) == (chosen, value)
    poor = siting.plan(siting.problem(demand, actions, Rules(budget=11.0)), EXACT)
    assert next((set(step.actions), step.value, step.why_not) for step in poor.left_out) == (
        {0, 1, 2, 3}, 40, "budget",
    )  # fmt: skip


def test_sets_of_no_action_of_one_twice_or_of_too_many_are_refused():
    for needs in ([[-1]], [[0, 0]], [list(range(9))]):
        told = Actions.of(np.ones(9), [0, 1], np.array([0], np.int32), needs=np.array(needs))
        with pytest.raises(siting.BadInput) as refused:
            siting.problem(Demand.of(np.ones(1)), told, Rules())
        assert refused.value.facts["field"] == "needs"


def test_an_audit_serves_the_share_that_is_expected_to_be_safe():
    plan = siting.plan(street(budget=1.0), EXACT)
    assert (plan.chosen, plan.children, plan.steps[0].price) == ((AUDIT,), 5, 0.2)
    assert plan.after.tolist() == [0.0, 0.1]


def test_what_cannot_be_given_to_a_kelurahan_is_refused_by_its_index():
    with pytest.raises(siting.LeastNotMet) as refused:
        siting.plan(street(budget=2.0, least_share={1: 0.5}), QUICK)
    assert refused.value.facts == {"kelurahan": 1}
    assert set(siting.plan(street(budget=8.0, least_share={1: 0.5}), QUICK).chosen) == {PLACE, CROSSING}


def test_a_missing_solver_is_named_like_all_that_a_city_needs(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    asked = siting.problem(Demand.of([1.0, 1.0]), Actions.of([1.0, 1.0], [0, 1, 2], [0, 1]), Rules(at_most=1))
    with pytest.raises(ExtraMissing) as refused:
        siting_exact.solve(asked.cover, asked.cover.fixed, None, Limits())
    assert (refused.value.code, refused.value.facts) == ("city.extra-missing", {"package": "highspy"})
    assert siting.plan(asked).value == 1  # nobody asked for a proof


def test_without_budget_or_demand_the_plan_is_empty():
    assert siting.plan(street(budget=0.0), EXACT).chosen == ()
    empty = siting.problem(Demand.of(np.zeros(0)), actions_of([1.0], []), Rules(budget=5.0))
    plan = siting.plan(empty, EXACT)
    assert (plan.chosen, plan.value, plan.bound, plan.proven_gap) == ((), 0, 0, 0)


@pytest.mark.parametrize(
    ("children", "cost", "rules", "field"),
    [
        ([math.nan], [1.0], {}, "children"),
        ([-1.0], [1.0], {}, "children"),
        ([1.0], [math.inf], {}, "cost"),
        ([1.0], [1.0], {"budget": math.nan}, "budget"),
        ([1.0], [1.0], {"budget": -1.0}, "budget"),
        ([1.0], [1.0], {"at_most": -1}, "at_most"),
        ([1.0], [1.0], {"must": (7,)}, "must"),
        ([1.0], [1.0], {"exclusive": ((0, -1),)}, "exclusive"),
        ([1.0], [1.0], {"least_share": {0: math.nan}}, "least_share"),
        ([1.0], [1.0], {"least_actions": {4: 1}}, "least_actions"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(children, cost, rules, field):
    with pytest.raises(siting.BadInput) as refused:
        siting.problem(Demand.of(np.array(children)), actions_of(cost, [([0], 1.0, [0])]), Rules(**rules))
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"must": (0,), "never": (0,)}, "both"),
        ({"must": (0,), "budget": 4.0}, "budget"),
        ({"must": (0, 1), "at_most": 1}, "at-most"),
        ({"must": (0, 1), "exclusive": ((0, 1, 2),)}, "exclusive"),
    ],
)
def test_what_must_be_done_and_cannot_is_refused_with_the_rule(rules, why):
    with pytest.raises(siting.RulesConflict) as refused:
        street(**rules)
    assert refused.value.facts["why"] == why


def test_a_town_is_planned_nearly_as_well_as_can_be_and_the_best_is_proved():
    chance = np.random.default_rng(1)
    place, site = chance.uniform(0, 8_000, (600, 2)), chance.uniform(0, 8_000, (80, 2))
    lists = [np.flatnonzero(np.hypot(*(place - each).T) <= 900).tolist() for each in site]
    start, point = compressed(lists)
    asked = siting.problem(
        Demand.of(chance.integers(1, 30, 600).astype(float)),
        Actions.of(np.ones(80), start, np.array(point, np.int32)),
        Rules(at_most=10),
    )
    proved, quick = siting.plan(asked, EXACT), siting.plan(asked)
    assert proved.proven_gap == 0
    assert 0.99 * proved.value <= quick.value <= proved.value <= quick.bound
    assert quick.chosen == siting.plan(asked).chosen


def of_points(place, site, children, metres, chosen):
    start, point = compressed(cKDTree(place).query_ball_point(site, metres, return_sorted=True))
    return siting.problem(
        Demand.of(children),
        Actions.of(np.ones(len(site)), start, np.array(point, np.int32)),
        Rules(at_most=chosen),
    )


def test_where_sites_lie_densely_exchanges_find_what_swaps_do_not():
    chance = np.random.default_rng(4)
    place, site = chance.uniform(0, 12_000, (4_000, 2)), chance.uniform(0, 12_000, (500, 2))
    asked = of_points(place, site, chance.integers(1, 30, 4_000).astype(float), 1_200, 20)
    swapped = siting.plan(asked, Effort(tries=0, bound_rounds=600))
    patient = siting.plan(asked, Effort(tries=0, bound_rounds=600, exchanges=150_000))
    assert swapped.value < patient.value <= patient.bound
    assert patient.proven_gap < 0.04
    assert patient.chosen == siting.plan(asked, Effort(tries=0, bound_rounds=1, exchanges=150_000)).chosen


def test_jakartas_grid_is_planned_within_a_few_hundredths_of_what_is_possible():
    for file in [SHARED / "jakarta_demand.parquet"] if SHARED.is_dir() else []:
        table = parquet.read_table(file)
        lon, lat, people = (table.column(name).to_numpy() for name in ("lon", "lat", "people"))
        place = np.column_stack([lon * 111_195 * np.cos(np.radians(lat.mean())), lat * 111_195])
        chance = np.random.default_rng(1)
        points, sites = (chance.choice(len(place), count, replace=False) for count in (20_000, 2_000))
        asked = of_points(place[points], place[sites], people[points], 1_600, 50)
        quick = siting.plan(asked, Effort(bound_rounds=600))
        assert 0 < quick.proven_gap < 0.035
        patient = siting.plan(asked, Effort(tries=0, bound_rounds=1, exchanges=100_000))
        assert siting.plan(asked, Effort(tries=0, bound_rounds=1)).value < patient.value <= quick.bound
