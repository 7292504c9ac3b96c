"""
A drawn town in which each kind of repair serves somebody, in metres from the junction in its middle.

    y = 360        the school, 60 m from where the lane ends, with no way in
    y = 0..300     Kelurahan Utara: lanes at x = -300, 0, 300, joined at y = 150
    y = 0          Jalan Raya, big, with pavements and nowhere to cross
    y = -150..0    Kelurahan Selatan: a lane at x = 0 beside the park; Jalan Kenanga at y = -150, not surveyed
"""

import numpy as np

from ruangaman.adapters import city_costs, city_tables
from ruangaman.adapters.city_plans import Setting
from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import gates, walk_network, walks
from ruangaman.core.reach.repair_plan import Asked, Town
from ruangaman.core.reach.walk_rules import Profile
from tests.osm.files import Node, Way, xml

RULES = city_tables.safe_walk()
CHILD = Profile("6-12", "day", "foot")
METRE = 1 / 0.0111195  # units of 1e-7 degrees, near the equator
SMALL, BIG, DOUBT = (
    {"highway": "residential"},
    {"highway": "secondary", "sidewalk": "both"},
    {"highway": "tertiary"},
)
AREAS = (
    {"code": "99.71.01.1001", "name": "Utara", "parent": "99.71.01"},
    {"code": "99.71.01.1002", "name": "Selatan", "parent": "99.71.01"},
)
STREETS = (
    "Jalan Raya",
    "Gang Barat",
    "Gang Tengah",
    "Gang Timur",
    "Gang Sambung",
    "Gang Taman",
    "Jalan Kenanga",
    "",
)
NORTH = [(x + 5, y) for x in (-300, 0, 300) for y in (40, 100, 160, 220, 280)]
SOUTH = [(-5, -40), (-5, -100), (150, -155), (250, -155), (350, -155), (390, -145)]


def at(number, east, north, tags=None):
    return Node(number, round(east * METRE), round(north * METRE), tags or {})


def elements():
    nodes = [
        at(1, -600, 0), at(2, -300, 0), at(3, 0, 0), at(4, 300, 0), at(5, 600, 0),
        at(11, -300, 150), at(12, -300, 300), at(13, 0, 150), at(14, 0, 300), at(15, 300, 150), at(16, 300, 300),
        at(21, 0, -150), at(22, 200, -150), at(23, 400, -150),
        at(31, 10, -50), at(32, 110, -50), at(33, 110, -140), at(34, 10, -140),
        at(41, 0, 360, {"leisure": "playground", "name": "Lapangan Utara"}),
    ]  # fmt: skip
    ways = [
        Way(1, [1, 2, 3, 4, 5], BIG), Way(2, [2, 11, 12], SMALL), Way(3, [3, 13, 14], SMALL),
        Way(4, [4, 15, 16], SMALL), Way(5, [11, 13, 15], SMALL), Way(6, [3, 21], SMALL), Way(7, [21, 22, 23], DOUBT),
        Way(8, [31, 32, 33, 34, 31], {"leisure": "park", "name": "Taman Selatan"}),
    ]  # fmt: skip
    return [*nodes, *ways]


def extract():
    return reading.decode(xml(elements()), vocabulary.own(), reading.Limits())


def town() -> Town:
    found = extract()
    streets = walks.ready(walk_network.build(found, RULES))
    wanted = np.arange(len(found.places))
    entered = gates.gates(found, streets, RULES, wanted, gates.GateLimits())
    where = np.array(NORTH + SOUTH, float) * METRE / 1e7
    lon, lat = where[:, 0].copy(), where[:, 1].copy()
    homes = walks.snap(streets, lon, lat, limit=60)
    area = np.array([0] * len(NORTH) + [1] * len(SOUTH), np.int32)
    return Town(
        streets, RULES, homes, lon, lat, area, 2, entered.points, entered.place,
        found.places.lon, found.places.lat, np.arange(len(found.places), dtype=np.int32), found.places.names,
    )  # fmt: skip


def asked(budget: float, **more) -> Asked:
    kinds = more.pop("kinds", city_costs.ours()[1])
    children = np.full(len(NORTH) + len(SOUTH), 12.0)
    return Asked(more.pop("profile", CHILD), children, more.pop("limit", 400.0), kinds, budget, **more)


def setting(**more) -> Setting:
    told = {
        "city": {"code": "99.71", "name": "Kota Melati"}, "areas": AREAS, "streets": STREETS, "reach": "play",
        "error": 0.1, "least_count": 10, "made_on": "2026-11-30", "least_share": {}, "costs": "2026-11-30",
        "own_costs": False, "weights": {}, "attribution": ["drawn for tests"],
    }  # fmt: skip
    return Setting(**(told | more))
