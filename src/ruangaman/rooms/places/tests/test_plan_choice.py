"""Another budget for a plan: within it, never above its bound, and the bound never below the best there is."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.rooms.places import plan_bound, plan_choice, plan_sums
from ruangaman.rooms.places.plan_sums import Group, Pool, Set

ACTIONS = 5


@st.composite
def pools(draw) -> Pool:
    groups = draw(
        st.lists(
            st.builds(Group, st.integers(0, 30).map(float), st.sampled_from([0.0, 1.0, 2.5]), st.just(-1)),
            min_size=1,
            max_size=6,
        )
    )
    which = st.one_of(
        st.tuples(st.integers(0, ACTIONS - 1)),
        st.lists(st.integers(0, ACTIONS - 1), min_size=2, max_size=4, unique=True).map(tuple),
    )
    some = st.lists(st.integers(0, len(groups) - 1), min_size=1, unique=True).map(tuple)
    sets = draw(st.lists(st.builds(Set, which, st.sampled_from([0.0, 0.3, 0.5, 1.0]), some), max_size=8))
    costs = draw(st.lists(st.integers(0, 10).map(float), min_size=ACTIONS, max_size=ACTIONS))
    of_action = tuple(
        tuple(at for at, one in enumerate(sets) if action in one.actions) for action in range(ACTIONS)
    )
    return Pool(tuple(map(str, range(ACTIONS))), tuple(costs), tuple(groups), tuple(sets), of_action, 0.1, ())


def optimum(found: Pool, budget: float) -> float:
    """Every choice within the budget."""
    return max(
        plan_sums.sums(found, choice).value
        for size in range(ACTIONS + 1)
        for choice in combinations(range(ACTIONS), size)
        if sum(found.costs[one] for one in choice) <= budget
    )


@given(found=pools(), budget=st.integers(0, 30).map(float))
@settings(max_examples=300, deadline=None)
def test_a_choice_keeps_its_budget_and_no_choice_is_above_the_bound(found, budget):
    chosen = plan_choice.best(found, budget)
    sums = plan_sums.sums(found, chosen)
    assert len(set(chosen)) == len(chosen)
    assert sums.cost <= budget
    best = optimum(found, budget)
    assert sums.value <= best + 1e-9
    assert plan_bound.bound(found, budget, chosen) >= best - 1e-6
    assert plan_bound.bound(found, budget, ()) >= best - 1e-6


@given(found=pools())
@settings(max_examples=100, deadline=None)
def test_with_money_for_all_everything_worth_it_is_done_and_proved(found):
    chosen = plan_choice.best(found, 1e6)
    everything = plan_sums.sums(found, range(ACTIONS)).value
    assert abs(plan_sums.sums(found, chosen).value - everything) < 1e-9
    assert abs(plan_bound.bound(found, 1e6, chosen) - everything) < 1e-3 * max(everything, 1)


@given(found=pools(), budget=st.integers(0, 30).map(float))
@settings(max_examples=100, deadline=None)
def test_steps_add_up_to_the_plan(found, budget):
    chosen = plan_choice.best(found, budget)
    told = plan_choice.steps(found, chosen)
    assert sorted(action for action, _ in told) == sorted(chosen)
    assert abs(sum(adds for _, adds in told) - plan_sums.sums(found, chosen).children) < 1e-9
