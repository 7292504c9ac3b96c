"""A plan's file is summed alike by the planner, by the house without the streets, and by the page in a browser."""

import json
import subprocess
from itertools import combinations
from pathlib import Path

import pytest
from tests.osm import repair_town
from tests.peers import FOLDER, NODE

from ruangaman.adapters import city_plans
from ruangaman.core.reach import repair_plan, rounding, siting
from ruangaman.rooms.places import plan_bound, plan_choice, plan_sums
from ruangaman.rooms.places.errors import LeastNotReached, PlanRefused

pytestmark = pytest.mark.slow  # the first run compiles the loops

MODULE = Path(plan_sums.__file__).parent / "static" / "places" / "kalau.js"
QUICK = siting.Effort(exact=None)


@pytest.fixture(scope="module")
def town():
    return repair_town.town()


@pytest.fixture(scope="module")
def made(town):
    asked = repair_town.asked(1e9, equity=[1.0, 2.0])
    planned = repair_plan.planned(town, asked, QUICK)
    return planned, city_plans.document(
        town, asked, planned, repair_town.setting(weights={"99.71.01.1002": 2.0})
    )


@pytest.fixture(scope="module")
def choices(made):
    """Every choice of the file's actions."""
    every = range(len(made[1]["actions"]))
    return [list(one) for size in range(len(every) + 1) for one in combinations(every, size)]


def test_every_choice_is_worth_what_the_planner_says(made, choices):
    planned, told = made
    found = plan_sums.pool(told)
    assert len(choices) == 2 ** len(found.keys) >= 64
    for choice in choices:
        numbers = [planned.numbers[at] for at in choice]
        expected = siting.what_if(planned.problem, numbers)
        sums = plan_sums.sums(found, choice)
        assert sums.value == pytest.approx(expected.value, abs=1e-6)
        assert sums.children == pytest.approx(expected.children, abs=1e-6)
        assert sums.cost == expected.cost
        assert sums.low <= sums.children + 1e-9 <= sums.high + 1e-6


COUNTS = [
    (count, least, way)
    for count in (
        0,
        0.4,
        3,
        4.9999999999,
        5,
        9.9,
        10,
        12.5,
        14.999,
        15,
        29.99999999999,
        30.2,
        1234.6,
        -4,
        -15.1,
        -38,
    )
    for least in (5, 10)
    for way in ("nearest", "down", "up")
]


def test_the_browser_sums_and_tells_the_same(made, choices, tmp_path):
    found, file = plan_sums.pool(made[1]), tmp_path / "data.json"
    file.write_text(json.dumps(plan_sums.without_areas(made[1])))
    done = subprocess.run(
        [NODE, FOLDER / "kalau.mjs", MODULE, file, json.dumps(choices), json.dumps(COUNTS)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for choice, theirs in zip(choices, told["sums"], strict=True):
        ours = plan_sums.sums(found, choice)
        assert theirs == {"cost": ours.cost, "children": ours.children, "low": ours.low, "high": ours.high,
                          "value": ours.value}  # fmt: skip
    shown = [rounding.shown(*one) for one in COUNTS]
    assert None in shown
    assert told["told"] == [
        "kurang dari 10" if one is None else f"{round(one):,}".replace(",", ".") for one in shown
    ]
    assert told["rupiah"] == "Rp1.234,6 juta"


def test_the_page_is_told_no_area_of_any_group(made):
    assert all(len(group) == 3 for group in made[1]["whatif"]["groups"])
    assert all(len(group) == 2 for group in plan_sums.without_areas(made[1])["whatif"]["groups"])


def test_a_plan_for_another_budget_stays_within_it_and_below_its_bound(made, choices):
    found = plan_sums.pool(made[1])
    worth = [(plan_sums.sums(found, one).cost, plan_sums.sums(found, one).value) for one in choices]
    for budget in (0.0, 3e5, 2e7, 1.2e8, 4e8, 9.5e8, 1.5e9, 3e9):
        chosen = plan_choice.best(found, budget)
        sums = plan_sums.sums(found, chosen)
        optimum = max(value for cost, value in worth if cost <= budget)
        assert sums.cost <= budget
        assert sums.value >= 0.9 * optimum
        assert plan_bound.bound(found, budget, chosen) >= optimum - 1e-6
        assert [action for action, _ in plan_choice.steps(found, chosen)] == sorted(
            chosen, key=[action for action, _ in plan_choice.steps(found, chosen)].index
        )
        assert sum(adds for _, adds in plan_choice.steps(found, chosen)) == pytest.approx(sums.children)


def test_what_a_kelurahan_is_promised_is_kept_or_refused_by_name(made):
    found = plan_sums.pool(made[1])
    south = next(at for at, one in enumerate(found.areas) if one["name"] == "Selatan")
    chosen = plan_choice.best(found, 7e8, {south: 0.9})
    rows = plan_sums.by_area(found, chosen)
    assert rows[south][0] + found.areas[south]["before"] >= 0.9 * found.areas[south]["children"]
    with pytest.raises(LeastNotReached) as refused:
        plan_choice.best(found, 1e6, {south: 0.9})
    assert refused.value.facts["kelurahan"] == "Selatan"


def test_known_outcomes_replace_what_was_expected(made):
    told = made[1]
    found = plan_sums.pool(told)
    survey = next(at for at, one in enumerate(told["actions"]) if one["kind"] == "audit" and one["children"])
    expected = plan_sums.sums(found, [survey])
    assert plan_sums.sums(found, [survey], {survey: False}).high == 0
    sure = plan_sums.sums(found, [survey], {survey: True})
    assert sure.children == pytest.approx(expected.children / told["actions"][survey]["share"])
    assert sure.low > 0


@pytest.mark.parametrize("wrong", [
    {"format": 2}, {"actions": None}, {"error": 1.0}, {"error": "x"}, {"whatif": {}}, {"by_area": None},
    {"actions": [{"id": "a", "cost": 1}] * 2}, {"actions": [{"id": str(at), "cost": 1} for at in range(3001)]},
    {"actions": [{"id": "a", "cost": -1}]}, {"actions": [{"id": "a", "cost": float("nan")}]},
    {"whatif": {"groups": [[1, 1, 9]], "sets": []}}, {"whatif": {"groups": [[-1, 1, 0]], "sets": []}},
    {"whatif": {"groups": [], "sets": [{"actions": [0], "share": 1, "groups": [0]}]}},
    {"whatif": {"groups": [], "sets": [{"actions": [-1], "share": 1, "groups": []}]}},
    {"whatif": {"groups": [], "sets": [{"actions": [], "share": 1, "groups": []}]}},
])  # fmt: skip
def test_a_file_that_is_none_of_ours_is_refused(made, wrong):
    with pytest.raises(PlanRefused):
        plan_sums.pool({**made[1], **wrong})
