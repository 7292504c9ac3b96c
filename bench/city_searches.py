"""
Searches in street graphs, ours beside SciPy's and shapely's: `python -m bench.city_searches WHAT FOLDER`.

Prints JSON: CPU seconds, the best of rounds that take turns, each answer compared with the peer's; wall seconds where
threads count.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import city_streets as streets
from bench.machine import memory_mib
from ruangaman.adapters import street_files
from ruangaman.core.reach import people, points, search, snapping
from ruangaman.core.reach.graph import StreetGraph

ROUNDS = 9
THREADS = 2


def turns(*works: Callable[[], Any], rounds: int = ROUNDS) -> list[dict[str, float]]:
    """The best CPU and wall seconds of each, measured one after the other in every round."""
    best = [{"cpu": float("inf"), "wall": float("inf")} for _ in works]
    for _ in range(rounds):
        for work, so_far in zip(works, best, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            so_far["cpu"] = min(so_far["cpu"], time.process_time() - cpu)
            so_far["wall"] = min(so_far["wall"], time.perf_counter() - wall)
    return best


def plain(graph: StreetGraph) -> Any:
    from scipy.sparse import coo_array

    length = graph.edge_length.astype(float)
    ends = (
        np.concatenate((graph.edge_tail, graph.edge_head)),
        np.concatenate((graph.edge_head, graph.edge_tail)),
    )
    return coo_array((np.concatenate((length, length)), ends), shape=(graph.nodes, graph.nodes)).tocsr()


def nearest(name: str, folder: Path) -> dict[str, Any]:
    """The nearest of many sites, beside SciPy's Dijkstra from all of them at once."""
    from scipy.sparse.csgraph import dijkstra

    graph, sites = streets.graph(name, folder), streets.sites(name, folder)
    at, matrix = points.at_nodes(graph, sites), plain(graph)
    theirs = dijkstra(matrix, indices=sites, min_only=True, limit=streets.LIMIT)
    if not np.array_equal(theirs.astype(np.float32), search.nearest(graph, at, limit=streets.LIMIT).metres):
        raise RuntimeError("SciPy answers otherwise")
    ours, scipy = turns(
        lambda: search.nearest(graph, at, limit=streets.LIMIT),
        lambda: dijkstra(matrix, indices=sites, min_only=True, limit=streets.LIMIT),
    )
    return {"nodes": graph.nodes, "reached": int(np.isfinite(theirs).sum()), "ours": ours, "scipy": scipy}


def reach(folder: Path) -> dict[str, Any]:
    """People within reach of every node; a sample is compared with SciPy's Dijkstra from each node."""
    from scipy.sparse.csgraph import dijkstra

    graph = streets.graph("city", folder)
    weights = streets.weights(graph.nodes)
    held = people.hold(graph, points.at_nodes(graph, np.arange(graph.nodes)), weights)
    found = people.within_reach(graph, held, limit=streets.LIMIT, threads=THREADS)
    sample = streets.sites("city", folder)
    truth = np.isfinite(dijkstra(plain(graph), indices=sample, limit=streets.LIMIT)) @ weights
    if not np.array_equal(found[sample], truth):
        raise RuntimeError("SciPy answers otherwise")
    (ours,) = turns(lambda: people.within_reach(graph, held, limit=streets.LIMIT, threads=THREADS))
    return {"nodes": graph.nodes, "ours": ours, "total": float(found.sum())}


def snap(folder: Path) -> dict[str, Any]:
    """Homes to their nearest streets, beside shapely's tree of the same lines."""
    import shapely

    graph = streets.graph("city", folder)
    index = snapping.index(graph)
    lon, lat = streets.homes(graph)
    found = snapping.snap(graph, index, lon, lat, limit=streets.SNAP_LIMIT)
    ends: list[NDArray[np.float64]] = [
        np.stack((index.x[node], index.y[node]), axis=1) for node in (graph.edge_tail, graph.edge_head)
    ]
    tree = shapely.STRtree(shapely.linestrings(np.stack(ends, axis=1)))
    homes = shapely.points(
        (lon - index.west) * index.metres_east, (lat - index.south) * snapping.METRES_A_DEGREE
    )

    def by_tree() -> Any:
        return tree.query_nearest(
            homes, max_distance=streets.SNAP_LIMIT, return_distance=True, all_matches=False
        )

    (home, _), far = by_tree()
    if (
        not np.array_equal(home, np.flatnonzero(found.snapped))
        or np.abs(found.aside[home] - far).max() > 1e-3
    ):
        raise RuntimeError("shapely answers otherwise")
    ours, theirs = turns(
        lambda: snapping.snap(graph, index, lon, lat, limit=streets.SNAP_LIMIT), by_tree, rounds=3
    )
    return {"homes": int(lon.size), "ours": ours, "shapely": theirs}


def memory(folder: Path) -> dict[str, Any]:
    """A process that does nothing but load a city from disk and answer: its peak, in MiB."""
    import os

    graph = street_files.load(folder / "grid.streets")
    sites = points.at_nodes(graph, streets.sites("grid", folder))
    found = search.nearest(graph, sites, limit=streets.LIMIT)
    return {"peak": memory_mib(os.getpid(), "VmHWM"), "reached": int(np.isfinite(found.metres).sum())}


WHAT: dict[str, Callable[[Path], dict[str, Any]]] = {
    "city": lambda folder: nearest("city", folder),
    "grid": lambda folder: nearest("grid", folder),
    "reach": reach,
    "snap": snap,
    "memory": memory,
    "start": lambda _folder: {},
}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]))))
