"""
A small drawn city whose answers a person can count: nodes a thousandth of a degree apart, 111.195 m.

    9          alone, behind a node that is not there
    8
    5          a path that is private but for those who walk
    4
    3  ▭       a school beside node 3, a private drive that nobody walks
    2          a crossing
    1  ·  6    a playground beside node 1, a motorway to 6
"""

from tests.osm.files import Node, Relation, Way

X, Y, STEP = 1_068_000_000, -62_000_000, 10_000
_RING = [31, 32, 33, 34, 31]

DRAWN = [
    Node(1, X, Y),
    Node(2, X, Y + STEP, {"highway": "crossing", "crossing": "zebra", "kerb": "lowered"}),
    *(Node(number, X, Y + (number - 1) * STEP) for number in (3, 4, 5)),
    Node(6, X + STEP, Y),
    Node(7, X - STEP, Y + 2 * STEP),
    Node(8, X, Y + 5 * STEP, {"barrier": "gate", "access": "yes"}),
    Node(9, X, Y + 10 * STEP),
    Node(20, X + 100, Y - 1000, {"leisure": "playground", "name": "Taman Bermain"}),
    Node(31, X + 1500, Y + 2 * STEP - 500, {"entrance": "main"}),
    Node(32, X + 2500, Y + 2 * STEP - 500),
    Node(33, X + 2500, Y + 2 * STEP + 500),
    Node(34, X + 1500, Y + 2 * STEP + 500),
    Way(10, [1, 2, 3, 4, 5], {"highway": "residential", "maxspeed": "20 mph", "sidewalk:left": "yes", "lit": "no"}),
    Way(11, [1, 6], {"highway": "motorway", "lanes": "4", "layer": "-1"}),
    Way(12, [3, 7], {"highway": "service", "access": "private", "maxspeed": "walk"}),
    Way(13, [5, 8], {"highway": "path", "access": "private", "foot": "yes", "surface": "lumpy"}),
    Way(14, [8, 99, 9], {"highway": "footway", "footway": "sidewalk"}),
    Way(15, [6, 7], {"waterway": "canal"}),
    Way(40, _RING, {"amenity": "school", "name": "Sekolah Contoh", "access": "private"}),
    Way(41, [97, 98, 99, 97], {"amenity": "library"}),
    Relation(50, [("way", 40, "outer")], {"type": "multipolygon", "leisure": "park"}),
    Relation(51, [("way", 40, "outer")], {"type": "site", "leisure": "park"}),
]  # fmt: skip

ANSWERS = {
    "counts": {"crossings": 1, "highway_ways": 5, "walk_ways": 3, "school_way": 1, "playground_node": 1},
    "nodes": 7,
    "undirected_edges": 5,
    "km": 0.556,
    "components": 2,
    "largest": 6,
    "playground_300m": {"facilities": 1, "source_nodes": 1, "nodes_within": 3, "mean_m": 111.2},
    "playground_400m": {"facilities": 1, "source_nodes": 1, "nodes_within": 4, "mean_m": 166.79},
    "playground_800m": {"facilities": 1, "source_nodes": 1, "nodes_within": 6, "mean_m": 277.99},
    "school_300m": {"facilities": 1, "source_nodes": 1, "nodes_within": 5, "mean_m": 133.43},
    "school_400m": {"facilities": 1, "source_nodes": 1, "nodes_within": 6, "mean_m": 166.79},
    "school_800m": {"facilities": 1, "source_nodes": 1, "nodes_within": 6, "mean_m": 166.79},
}
