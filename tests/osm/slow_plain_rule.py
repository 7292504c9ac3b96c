"""The plain rule again, from its words alone: objects of pyosmium one by one, SciPy for the rest."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

NOT_WALKED = [
    "motorway", "motorway_link", "trunk", "trunk_link", "construction", "proposed", "abandoned", "raceway", "platform",
    "bus_guideway", "razed",
]  # fmt: skip
KINDS = {
    "playground": ("leisure", "playground"),
    "school": ("amenity", "school"),
    "park": ("leisure", "park"),
    "library": ("amenity", "library"),
}
RADIUS, DEGREE = 6371008.8, 111194.93


def walked(tags: osmium.osm.TagList) -> bool:
    foot = tags.get("foot")
    if tags["highway"] in NOT_WALKED or foot in ("no", "private") or tags.get("area") == "yes":
        return False
    return tags.get("access") not in ("no", "private") or foot in ("yes", "designated", "permissive")


def answers(file: Path) -> dict:
    located: dict[int, tuple[float, float]] = {}
    counts: Counter[str] = Counter()
    node_places = {kind: [] for kind in KINDS}
    way_places = {kind: [] for kind in KINDS}
    ways = []
    for one in osmium.FileProcessor(str(file)):
        if one.is_node():
            if one.location.valid():
                located[one.id] = one.location.lon, one.location.lat
            counts["crossings"] += one.tags.get("highway") == "crossing"
            for kind, (key, value) in KINDS.items():
                if one.tags.get(key) == value and one.location.valid():
                    node_places[kind].append((one.location.lon, one.location.lat))
        elif one.is_way():
            refs = [node.ref for node in one.nodes]
            for kind, (key, value) in KINDS.items():
                if one.tags.get(key) == value:
                    way_places[kind].append(refs)
            if "highway" in one.tags:
                counts["highway_ways"] += 1
                if walked(one.tags):
                    counts["walk_ways"] += 1
                    ways.append(refs)
    ids = sorted({ref for refs in ways for ref in refs if ref in located})
    at = {node: number for number, node in enumerate(ids)}
    edges = {
        (min(at[a], at[b]), max(at[a], at[b]))
        for refs in ways
        for a, b in pairwise(refs)
        if a in at and b in at and a != b
    }
    lon, lat = (np.array([located[node][axis] for node in ids]) for axis in (0, 1))
    pairs = np.array(sorted(edges), int).reshape(-1, 2)
    length = np.maximum(haversine(lon, lat, pairs[:, 0], pairs[:, 1]), 0.001)
    matrix = csr_matrix((length, (pairs[:, 0], pairs[:, 1])), shape=(len(ids), len(ids)))
    _, component = connected_components(matrix, directed=False) if ids else (0, np.zeros(0, int))
    told = {
        "nodes": len(ids),
        "undirected_edges": len(edges),
        "km": round(length.sum() / 1000, 3),
        "components": len(set(component)),
        "largest": max(Counter(component).values(), default=0),
    }
    shrunk = np.cos(np.radians(lat.mean())) * DEGREE if ids else 0.0
    for kind in KINDS:
        middles = [middle(refs, located) for refs in way_places[kind]]
        middles = [each for each in middles if each is not None]
        counts[f"{kind}_node"] = len(node_places[kind])
        counts[f"{kind}_way"] = len(middles)
        places = node_places[kind] + middles
        if not places or not ids:
            continue
        nearest = {
            int(np.argmin((lon * shrunk - x * shrunk) ** 2 + (lat * DEGREE - y * DEGREE) ** 2))
            for x, y in places
        }
        distance = dijkstra(matrix, directed=False, indices=sorted(nearest), min_only=True)
        for limit in (300, 400, 800):
            near = distance[distance <= limit]
            told[f"{kind}_{limit}m"] = {
                "facilities": len(places),
                "source_nodes": len(nearest),
                "nodes_within": len(near),
                "mean_m": round(near.mean(), 2),
            }
    return {"counts": {name: number for name, number in counts.items() if number}, **told}


def middle(refs, located):
    found = [located[ref] for ref in dict.fromkeys(refs) if ref in located]
    if not found:
        return None
    return sum(lon for lon, _ in found) / len(found), sum(lat for _, lat in found) / len(found)


def haversine(lon, lat, one, other):
    x, y = np.radians(lon), np.radians(lat)
    share = np.sin((y[other] - y[one]) / 2) ** 2
    share += np.cos(y[one]) * np.cos(y[other]) * np.sin((x[other] - x[one]) / 2) ** 2
    return 2 * RADIUS * np.arcsin(np.sqrt(share))


def same(one: dict, other: dict) -> bool:
    """Whether two answers agree: kilometres within 0.002, mean metres within 0.02, all else equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            abs(one[key] - other[key]) <= {"km": 0.002, "mean_m": 0.02}[key]
            if key in ("km", "mean_m")
            else same(one[key], other[key])
            for key in one
        )
    return one == other
