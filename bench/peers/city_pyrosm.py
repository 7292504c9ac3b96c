"""A file of OpenStreetMap to its walking graph by pyrosm: `city_pyrosm.py FILE`. Prints JSON."""

import json
import sys
import time
import warnings

import pyrosm

warnings.simplefilter("ignore")


def graph(file: str) -> tuple[int, int]:
    """pyrosm's own rule of what is walked; its nodes are crossroads and ends."""
    nodes, edges = pyrosm.OSM(file).get_network(network_type="walking", nodes=True)
    return len(nodes), len(edges)


def main(file: str) -> None:
    seen = []
    for _ in range(3):
        start = time.process_time()
        nodes, edges = graph(file)
        seen.append(time.process_time() - start)
    print(json.dumps({"cpu": min(seen), "nodes": nodes, "edges": edges}))


if __name__ == "__main__":
    main(sys.argv[1])
