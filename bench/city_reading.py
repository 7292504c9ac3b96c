"""
From a file of OpenStreetMap to its walking graph, beside others: `python -m bench.city_reading WHAT FILE`.

WHAT: `ours`, or `pyosmium`, the shortest way by pyosmium and NumPy to the same graph. Prints JSON: seconds of CPU and
of wall time, and how large the graph is. The file is Jakarta's of 2012 where it is at hand, else a grid of its size.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.in_process import PEERS, DisagreementError, child
from bench.machine import ROOT
from bench.table import Row

SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
JAKARTA = SHARED / "jakarta-2012.osm.pbf"
PYTHON = ROOT / ".bench-city-venv" / "bin" / "python"
LIMIT_S = 0.20
ROUNDS = 9
GRID = 250
"""Streets each way of the made-up city: as many nodes as Jakarta's walking graph has."""


def timed(work: Callable[[], tuple[int, int]], rounds: int = ROUNDS) -> dict[str, Any]:
    """Median seconds of several rounds after a first one that is told apart."""
    start = time.process_time()
    nodes, edges = work()
    first = time.process_time() - start
    cpu, wall = [], []
    for _ in range(rounds):
        start, clock = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - start)
        wall.append(time.perf_counter() - clock)
    return {
        "first": first,
        "cpu": statistics.median(cpu),
        "wall": statistics.median(wall),
        "nodes": nodes,
        "edges": edges,
    }


def ours(file: Path) -> dict[str, Any]:
    """The plain rule's graph, and the arrays with every tag that a safe walk needs."""
    from ruangaman.adapters.osm import plain, reading

    def graph() -> tuple[int, int]:
        walk = plain.walking_graph(file)
        return len(walk.ids), len(walk.u)

    def everything() -> tuple[int, int]:
        found = reading.read(file)
        return len(found.nodes.ids), len(found.streets)

    return {"graph": timed(graph), "everything": timed(everything)}


def pyosmium(file: Path) -> dict[str, Any]:
    """Nodes into pyosmium's own index, streets by its own filters, edges by NumPy."""
    import numpy as np
    import osmium

    from ruangaman.adapters.osm.plain import rule

    plain, _ = rule()

    def graph() -> tuple[int, int]:
        reader = osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        reader = reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        ids, lon, lat, sizes = [], [], [], []
        for way in reader.with_filter(osmium.filter.KeyFilter("highway")):
            tags = way.tags
            foot = tags.get("foot")
            if tags["highway"] in plain.not_highway or foot in plain.not_foot:
                continue
            if tags.get("area") in plain.not_area:
                continue
            if tags.get("access") in plain.not_access and foot not in plain.foot_opens_access:
                continue
            before = len(ids)
            for node in way.nodes:
                if node.location.valid():
                    ids.append(node.ref)
                    lon.append(node.x)
                    lat.append(node.y)
            sizes.append(len(ids) - before)
        names, first, place = np.unique(np.array(ids), return_index=True, return_inverse=True)
        inside = np.ones(len(ids) - 1, bool)
        inside[np.cumsum(sizes)[:-1] - 1] = False
        one, other = place[:-1][inside], place[1:][inside]
        pairs = np.unique(np.minimum(one, other) * len(names) + np.maximum(one, other))
        u, v = np.divmod(pairs, len(names))
        u, v = u[u != v], v[u != v]
        x, y = np.radians(np.array(lon)[first] / 1e7), np.radians(np.array(lat)[first] / 1e7)
        share = np.sin((y[v] - y[u]) / 2) ** 2 + np.cos(y[u]) * np.cos(y[v]) * np.sin((x[v] - x[u]) / 2) ** 2
        np.maximum(2 * plain.earth_radius_m * np.arcsin(np.sqrt(share)), plain.shortest_edge_m)
        return len(names), len(u)

    return {"graph": timed(graph, 3)}


def write_grid(file: Path) -> None:
    """A made-up city of straight streets."""
    import osmium

    with osmium.SimpleWriter(str(file)) as writer:
        for number in range(GRID * GRID):
            place = (106.7 + number % GRID * 1e-3, -6.3 + number // GRID * 1e-3)
            writer.add_node(osmium.osm.mutable.Node(id=number + 1, location=place))
        for street in range(GRID):
            along = range(street * GRID + 1, (street + 1) * GRID + 1)
            across = range(street + 1, GRID * GRID + 1, GRID)
            for way, nodes in ((2 * street + 1, along), (2 * street + 2, across)):
                writer.add_way(osmium.osm.mutable.Way(id=way, nodes=list(nodes), tags={"highway": "footway"}))


def as_xml(file: Path) -> Path:
    """The same map as XML."""
    import osmium

    xml = file.parent / "map.osm"
    with osmium.io.Reader(str(file)) as reader, osmium.SimpleWriter(str(xml)) as writer:
        osmium.apply(reader, writer)
    return xml


def compiling(file: Path) -> float:
    """Seconds of the first call with nothing kept: numba compiles into an empty folder."""
    folder = file.parent / "compiled"
    folder.mkdir(exist_ok=True)
    told = subprocess.run(
        [sys.executable, "-m", "bench.city_reading", "once", str(file)],
        cwd=ROOT, env=os.environ | {"NUMBA_CACHE_DIR": str(folder)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(told.stdout)["first"])


def once(file: Path) -> dict[str, Any]:
    """The first call of a process."""
    from ruangaman.adapters.osm import plain

    start = time.process_time()
    plain.walking_graph(file)
    return {"first": time.process_time() - start}


def rows(folder: Path) -> list[Row]:
    """The rows of the bench; others' graphs follow their own rules and are told by their size."""
    file, city = JAKARTA, "Jakarta of 2012"
    if not file.is_file():
        file, city = folder / "grid.osm.pbf", f"a grid of {GRID} × {GRID}"
        write_grid(file)
    else:
        (folder / file.name).write_bytes(file.read_bytes())
        file = folder / file.name
    found = child([sys.executable, "-m", "bench.city_reading", "ours", str(file)])
    graph, everything = found["graph"], found["everything"]
    other = child([sys.executable, "-m", "bench.city_reading", "pyosmium", str(file)])["graph"]
    if (other["nodes"], other["edges"]) != (graph["nodes"], graph["edges"]):
        raise DisagreementError(f"pyosmium's way gives another graph: {other}, ours {graph}")
    what = f"{city}, .osm.pbf"
    told = [
        Row(
            f"{what} → walking graph, {graph['nodes']:,} nodes, {graph['edges']:,} edges",
            f"{graph['cpu']:.3f} s of CPU, {graph['wall']:.3f} s",
            peer=f"pyosmium and NumPy: {other['cpu']:.2f} s of CPU, {other['wall']:.2f} s",
            limit=f"≤ {LIMIT_S:g} s",
            ratio=other["cpu"] / graph["cpu"],
            met=graph["cpu"] <= LIMIT_S,
        )
    ]
    peers = (("pyrosm", "city_pyrosm.py", file), ("OSMnx, from XML", "city_osmnx.py", as_xml(file)))
    for name, program, form in peers:
        peer = child([str(PYTHON), str(PEERS / program), str(form)])
        told.append(
            Row(
                f"{what} → walking graph",
                f"{graph['cpu']:.3f} s of CPU",
                peer=f"{name}: {peer['cpu']:.2f} s of CPU, {peer['nodes']:,} nodes, {peer['edges']:,} edges",
                ratio=peer["cpu"] / graph["cpu"],
            )
        )
    return [
        *told,
        Row(f"{what} → all that a safe walk needs, and places", f"{everything['cpu']:.3f} s of CPU"),
        Row("Reading, first call of a process", f"{once_in_a_process(file):.2f} s of CPU"),
        Row("Reading, first call on a machine: compiled and kept", f"{compiling(file):.1f} s of CPU"),
    ]


def once_in_a_process(file: Path) -> float:
    return float(child([sys.executable, "-m", "bench.city_reading", "once", str(file)])["first"])


WHAT: dict[str, Callable[[Path], dict[str, Any]]] = {"ours": ours, "pyosmium": pyosmium, "once": once}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]))))
