"""The streets that searches are measured on: Jakarta's where they are at hand, and a grid of a million crossings."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.machine import ROOT
from ruangaman.adapters import street_files
from ruangaman.core.reach.graph import DEGREE, StreetGraph, build

LIMIT = 1200.0
SNAP_LIMIT = 300.0
SITES = {"city": 300, "grid": 1000}
HOMES = 250_000
SIDE = {"city": 246, "grid": 1000}  # crossings along a side of a drawn grid
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
SEED = 20261130


def write(folder: Path) -> str:
    """Write the graphs, and the same as plain arrays for peers; gives what the city is."""
    jakarta = SHARED / "jakarta_walk_graph.npz"
    real = jakarta.is_file()
    if real:
        with np.load(jakarta) as arrays:
            city = tuple(arrays[name] for name in ("lon", "lat", "u", "v", "length_m"))
    else:
        city = grid(SIDE["city"])
    for name, arrays in (("city", city), ("grid", grid(SIDE["grid"]))):
        graph = build(*arrays)
        street_files.save(graph, folder / f"{name}.streets")
        chance = np.random.default_rng(SEED)
        np.savez(
            folder / f"{name}.npz",
            lon=graph.lon / DEGREE,
            lat=graph.lat / DEGREE,
            u=graph.edge_tail,
            v=graph.edge_head,
            length=graph.edge_length,
            sites=chance.choice(graph.nodes, SITES[name], replace=False),
            weights=weights(graph.nodes),
        )
    return f"Jakarta, {city[0].size:,} nodes" if real else f"drawn town, {city[0].size:,} nodes"


def grid(side: int) -> tuple[NDArray[Any], ...]:
    """Streets of 80 to 120 metres between side * side crossings."""
    chance = np.random.default_rng(SEED)
    at = np.arange(side * side).reshape(side, side)
    u = np.concatenate((at[:, :-1].ravel(), at[:-1].ravel()))
    v = np.concatenate((at[:, 1:].ravel(), at[1:].ravel()))
    north, east = np.divmod(np.arange(side * side), side)
    return 106 + east * 0.0009, -6.5 + north * 0.0009, u, v, chance.uniform(80, 120, u.size)


def graph(name: str, folder: Path) -> StreetGraph:
    return street_files.load(folder / f"{name}.streets")


def sites(name: str, folder: Path) -> NDArray[np.int64]:
    with np.load(folder / f"{name}.npz") as arrays:
        found: NDArray[np.int64] = arrays["sites"]
        return found


def weights(nodes: int) -> NDArray[np.float64]:
    return np.random.default_rng(SEED).integers(0, 200, nodes).astype(np.float64)


def homes(graph: StreetGraph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions in degrees, all over the city."""
    chance = np.random.default_rng(SEED)
    lon, lat = (each.astype(np.float64) / DEGREE for each in (graph.lon, graph.lat))
    return chance.uniform(lon.min(), lon.max(), HOMES), chance.uniform(lat.min(), lat.max(), HOMES)
