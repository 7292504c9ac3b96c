"""
Searches in street graphs by rustworkx, igraph and pandana: `python city_searches.py FOLDER`.

rustworkx and igraph have no search from many places and none with a limit, so they go from one more node that all
places touch, through the whole city. Prints JSON: CPU and wall seconds, how many nodes are reached, who is in reach.
"""

import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path

import igraph
import numpy as np
import pandana
import pandas as pd
import rustworkx

LIMIT = 1200.0
ROUNDS = 3
TOUCHING = 1e-6
"""Metres from the additional node to each place: 0 is refused."""


def measured(work, rounds=ROUNDS):
    best = {"cpu": float("inf"), "wall": float("inf")}
    for number in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if number == 0:
            best["first"] = wall
        best["cpu"], best["wall"] = min(best["cpu"], cpu), min(best["wall"], wall)
    return best, found


def main(folder):
    with np.load(folder / "city.npz") as arrays:
        lon, lat, u, v, length, sites, weights = (
            arrays[name] for name in ("lon", "lat", "u", "v", "length", "sites", "weights")
        )
    nodes = lon.size
    ends = np.stack((np.append(u, np.full(sites.size, nodes)), np.append(v, sites)), axis=1)
    metres = np.append(length.astype(float), np.full(sites.size, TOUCHING))
    answers = {}

    one = igraph.Graph(n=nodes + 1, edges=ends)
    listed = metres.tolist()
    best, found = measured(lambda: one.distances(source=[nodes], weights=listed))
    answers["igraph"] = {**best, "reached": int((np.array(found[0][:nodes]) <= LIMIT).sum())}

    other = rustworkx.PyGraph()
    other.add_nodes_from(range(nodes + 1))
    other.add_edges_from(list(zip(*ends.T.tolist(), listed, strict=True)))
    best, found = measured(lambda: rustworkx.dijkstra_shortest_path_lengths(other, nodes, float))
    answers["rustworkx"] = {
        **best,
        "reached": sum(found[node] <= LIMIT for node in found.keys() if node != nodes),  # noqa: SIM118
    }

    network = pandana.Network(
        *(pd.Series(each) for each in (lon, lat, u, v)), pd.DataFrame({"metres": length.astype(float)})
    )
    network.set_pois("places", LIMIT, 1, pd.Series(lon[sites]), pd.Series(lat[sites]))
    best, found = measured(lambda: network.nearest_pois(LIMIT, "places", num_pois=1))
    answers["pandana"] = {**best, "reached": int((found[1] < LIMIT).sum())}
    network.set(pd.Series(np.arange(nodes)), variable=pd.Series(weights), name="people")
    best, found = measured(lambda: network.aggregate(LIMIT, type="sum", name="people", decay="flat"))
    answers["pandana_reach"] = {**best, "total": float(found.sum())}
    return answers


if __name__ == "__main__":
    # pandana writes to the standard output from C++, below Python.
    real = os.dup(1)
    os.dup2(2, 1)
    with contextlib.redirect_stdout(io.StringIO()):
        told = json.dumps(main(Path(sys.argv[1])))
    os.write(real, told.encode())
