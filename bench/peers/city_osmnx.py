"""A file of OpenStreetMap to its walking graph by OSMnx, which reads XML: `city_osmnx.py FILE.osm`. Prints JSON."""

import json
import sys
import time
import warnings

import osmnx

warnings.simplefilter("ignore")


def main(file: str) -> None:
    start = time.process_time()
    found = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    seconds = time.process_time() - start
    print(json.dumps({"cpu": seconds, "nodes": len(found), "edges": found.number_of_edges()}))


if __name__ == "__main__":
    main(sys.argv[1])
