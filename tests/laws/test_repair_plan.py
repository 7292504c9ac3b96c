"""Where something may be done, and that a plan for a drawn town and for Jakarta keeps what it promises."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.laws.test_repairs import again
from tests.osm import repair_town
from tests.osm.files import Node, Way, xml

from ruangaman.adapters import city_costs
from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import gates, repair_plan, repair_sites, repairs, siting, walk_network, walks
from ruangaman.core.reach.repair_plan import Asked, Town
from ruangaman.core.reach.walk_network import ACROSS
from ruangaman.core.reach.walk_rules import Answer, Profile

pytestmark = pytest.mark.slow  # the first run compiles the loops

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
RULES, CHILD, KINDS = repair_town.RULES, repair_town.CHILD, city_costs.ours()[1]
METRE = repair_town.METRE
QUICK = siting.Effort(exact=None, bound_rounds=200)


def keeps_what_it_promises(town: Town, asked: Asked, effort: siting.Effort) -> repair_plan.Planned:
    """All homes walk again, once with what is sure and once with every survey having turned out well."""
    made = repair_plan.planned(town, asked, effort)
    assert made.plan.cost <= asked.budget
    assert 0 <= made.plan.proven_gap < 1
    assert made.plan.value <= made.plan.bound
    judged = walk_network.judged(town.streets.network, town.rules, asked.profile)
    chosen = made.actions[: made.chosen]
    for doing, told in (([one for one in chosen if one.share >= 1], made.low), (list(chosen), made.high)):
        changes = [one.change for one in doing]
        served = again(town.streets, judged, town.homes, town.gates, changes, asked.limit)
        # A longer chain than was looked for is promised to nobody: at least so many walk.
        promised = float(told.sum())
        assert asked.children[sorted(served)].sum() >= promised - 1e-6
    return made


@pytest.mark.parametrize("budget", [0.0, 3e5, 2e7, 1.2e8, 5e8, 7e8, 3e9])
def test_a_plan_for_the_drawn_town_keeps_what_it_promises(budget):
    exact = siting.Effort(exact=siting.Limits(seconds=10))
    made = keeps_what_it_promises(repair_town.town(), repair_town.asked(budget), exact)
    assert made.plan.proven_gap == pytest.approx(0, abs=1e-9)


def test_every_kind_has_its_candidates_in_the_drawn_town():
    made = repair_plan.planned(repair_town.town(), repair_town.asked(3e9), QUICK)
    assert {one.kind for one in made.actions} == set(KINDS)
    north = [one for one in made.actions if one.kind == "gate"]
    assert [one.name for one in north] == ["Lapangan Utara"]
    assert made.area[list(made.actions).index(north[0])] == 0


def jakarta() -> Town | None:
    """Streets and schools of a real city with children everywhere alike; None where the data are not at hand."""
    file = SHARED / "jakarta-2012.osm.pbf"
    if not file.exists():
        return None
    found = reading.read(file)
    streets = walks.ready(walk_network.build(found, RULES))
    wanted = np.flatnonzero(found.places.kinds & np.uint64(1 << found.kinds.index("school")))
    entered = gates.gates(found, streets, RULES, wanted, gates.GateLimits())
    nodes = np.arange(0, len(found.nodes.lon), 7)
    lon, lat = found.nodes.lon[nodes] + 2e-5, found.nodes.lat[nodes] + 2e-5
    homes = walks.snap(streets, lon, lat, limit=60)
    area = (lon > np.median(lon)).astype(np.int32)
    return Town(
        streets, RULES, homes, lon, lat, area, 2, entered.points, entered.place, found.places.lon[wanted],
        found.places.lat[wanted], np.arange(len(wanted), dtype=np.int32), [found.places.names[one] for one in wanted],
    )  # fmt: skip


def test_a_plan_for_a_whole_city_keeps_what_it_promises_and_shows_its_gap():
    town = jakarta() or repair_town.town()
    asked = Asked(CHILD, np.full(len(town.lon), 10.0), 400.0, KINDS, 2e10)
    made = keeps_what_it_promises(town, asked, QUICK)
    assert made.plan.proven_gap < 0.05
    assert made.plan.children > 0


def grid(nodes, ways):
    points = [Node(at + 1, round(x * METRE), round(y * METRE), tags) for at, (x, y, tags) in enumerate(nodes)]
    lines = [Way(at + 1, path, tags) for at, (path, tags) in enumerate(ways)]
    return walk_network.build(
        reading.decode(xml([*points, *lines]), vocabulary.own(), reading.Limits()), RULES
    )


BIG, SMALL, DOUBT = repair_town.BIG, repair_town.SMALL, repair_town.DOUBT


def test_a_crossing_between_junctions_is_one_and_at_a_junction_one_for_each_arm():
    road = [(x, 0, {}) for x in (-400, 0, 400)]
    joined = grid([*road, (0, 100, {})], [([1, 2, 3], BIG), ([2, 4], SMALL)])
    judged = walk_network.judged(joined, RULES, CHILD)
    found = repair_sites.crossings(joined, RULES, CHILD, judged, KINDS["crossing"])
    assert [round(one.lon * 1e7 / METRE) for one in found] == [-400, 0, 400]
    assert (joined.part[found[0].change.edge] == ACROSS).all()
    assert found[0].cost == KINDS["crossing"].by["secondary"]
    other = {"highway": "primary", "sidewalk": "both"}
    star = grid([*road, (0, 400, {}), (0, -400, {})], [([1, 2, 3], BIG), ([4, 2, 5], other)])
    found = repair_sites.crossings(
        star, RULES, CHILD, walk_network.judged(star, RULES, CHILD), KINDS["crossing"]
    )
    middle = [one for one in found if (one.lon, one.lat) == (0, 0)]
    assert len(middle) == 4
    assert len({int(one.change.edge[0]) for one in middle}) == 4


def test_crossings_keep_apart_and_prefer_where_a_lane_joins():
    road = [(x, 0, {}) for x in range(-400, 401, 20)]
    lane = len(road) // 2 + 3  # its number, at x = 40
    network = grid(
        [*road, (40, 100, {})], [(list(range(1, len(road) + 1)), BIG), ([lane, len(road) + 1], SMALL)]
    )
    judged = walk_network.judged(network, RULES, CHILD)
    found = repair_sites.crossings(network, RULES, CHILD, judged, replace(KINDS["crossing"], apart=50.0))
    at = sorted(round(one.lon * 1e7 / METRE) for one in found)
    assert 40 in at
    assert min(np.diff(at)) >= 50


@pytest.mark.parametrize(("ends", "sides"), [
    (((0, 0), (300, 0)), ["north", "south"]), (((300, 0), (0, 0)), ["south", "north"]),
    (((0, 0), (0, 300)), ["west", "east"]), (((0, 300), (0, 0)), ["east", "west"]),
])  # fmt: skip
def test_each_side_of_a_big_road_is_a_pavement_of_its_own_named_by_the_sky(ends, sides):
    network = grid([(*one, {}) for one in ends], [([1, 2], {"highway": "primary", "sidewalk": "no"})])
    judged = walk_network.judged(network, RULES, CHILD)
    found = repair_sites.pavements(network, RULES, CHILD, judged, KINDS["pavement"])
    assert [one.side for one in found] == sides
    assert [round(one.metres, -1) for one in found] == [300, 300]
    assert found[0].cost == pytest.approx(KINDS["pavement"].metre * 300, rel=1e-3)


def test_a_small_street_has_one_pavement():
    network = grid([(0, 0, {}), (300, 0, {})], [([1, 2], DOUBT)])
    judged = walk_network.judged(network, RULES, CHILD)
    found = repair_sites.pavements(network, RULES, CHILD, judged, KINDS["pavement"])
    assert [one.side for one in found] == [""]


def test_a_long_street_is_cut_into_parts_of_about_one_length():
    network = grid([(x, 0, {}) for x in range(0, 1001, 50)], [(list(range(1, 22)), DOUBT)])
    judged = walk_network.judged(network, RULES, CHILD)
    found = repair_sites.surveys(network, judged, replace(KINDS["audit"], longest=400.0))
    assert sum(one.metres for one in found) == pytest.approx(1000, abs=1)
    assert all(300 <= round(one.metres) <= 400 for one in found)
    assert len({int(edge) for one in found for edge in one.change.edge}) == 20


def test_a_survey_looks_at_crossings_of_unknown_kind_and_not_where_there_is_none():
    unmarked = {"highway": "crossing"}
    network = grid(
        [(-200, 0, {}), (0, 0, unmarked), (200, 0, {}), (0, 90, {})], [([1, 2, 3], BIG), ([2, 4], SMALL)]
    )
    teen = Profile("13-17", "day", "foot")
    for profile in (CHILD, teen):
        judged = walk_network.judged(network, RULES, profile)
        found = repair_sites.surveys(network, judged, KINDS["audit"])
        assert [(one.metres, round(one.lon * 1e7)) for one in found] == [(0.0, 0)]
        assert (judged.answer[found[0].change.edge] == Answer.UNKNOWN).all()


def test_what_stays_unknown_after_the_work_is_no_candidate():
    network = grid([(0, 0, {}), (300, 0, {})], [([1, 2], {"highway": "primary", "sidewalk": "no"})])
    dusk = Profile("6-12", "dusk", "foot")
    judged = walk_network.judged(network, RULES, dusk)
    assert repair_sites.pavements(network, RULES, dusk, judged, KINDS["pavement"]) == []


def test_new_places_are_proposed_where_most_children_walk_to_none():
    town, asked = repair_town.town(), repair_town.asked(1e9)
    judged = walk_network.judged(town.streets.network, RULES, CHILD)
    now = repairs.standing(town.streets, judged, town.homes, town.gates, limit=400)
    children = asked.children.copy()
    children[0] = 500.0
    kind = replace(KINDS["place"], apart=200.0, most=3)
    found = repair_sites.proposed_places(now, town.homes, town.lon, town.lat, children, kind)
    assert len(found) == 3
    assert (found[0].lon, found[0].lat) == (town.lon[0], town.lat[0])
    assert not any(one.given for one in found)
