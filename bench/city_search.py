"""Nearest places, people in reach and homes on streets, beside SciPy, rustworkx, igraph, pandana and shapely."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import city_streets
from bench.in_process import PEERS, DisagreementError, child
from bench.machine import ROOT
from bench.table import Row, against_peer

CITY_PYTHON = ROOT / ".bench-city-venv" / "bin" / "python"
TIMES_SCIPY = 3.0
REACH_SECONDS = 0.5
PEAK_MIB = 400.0 * 1e6 / 2**20


def rows(folder: Path) -> list[Row]:
    compiling = [start(folder) for _ in range(2)]
    city = city_streets.write(folder)
    found = {what: ours(what, folder) for what in ("city", "grid", "reach", "snap", "memory")}
    peers = child([str(CITY_PYTHON), str(PEERS / "city_searches.py"), str(folder)])
    return [
        *nearest(f"Nearest of 300 places within 1,200 m, {city}", found["city"]),
        *(
            against_peer(
                f"Nearest of 300 places within 1,200 m, {city}",
                1 / found["city"]["ours"]["cpu"],
                name,
                1 / agreeing(name, peers, found["city"]["reached"])["cpu"],
            )
            for name in ("rustworkx", "igraph", "pandana")
        ),
        *nearest(
            f"Nearest of 1,000 places within 1,200 m, grid of {found['grid']['nodes']:,} nodes", found["grid"]
        ),
        reach(f"People within 1,200 m of every node, {city}", found["reach"], peers["pandana_reach"]),
        against_peer(
            f"Homes to the nearest point of a street, {city}",
            found["snap"]["homes"] / found["snap"]["ours"]["cpu"],
            "shapely's STRtree",
            found["snap"]["homes"] / found["snap"]["shapely"]["cpu"],
        ),
        Row(
            "A city of 1,000,000 nodes loaded and answered: peak memory of the process",
            f"{found['memory']['peak'] * 2**20 / 1e6:.0f} MB",
            limit="≤ 400 MB",
            ratio=found["memory"]["peak"] / PEAK_MIB,
            met=found["memory"]["peak"] <= PEAK_MIB,
        ),
        Row(
            "Compiling the loops, at the first start alone (wall)",
            f"{compiling[0]:.1f} s",
            peer=f"every later start, numba itself included: {compiling[1]:.1f} s",
        ),
    ]


def ours(what: str, folder: Path) -> dict[str, Any]:
    return child([sys.executable, "-m", "bench.city_searches", what, str(folder)])


def start(folder: Path) -> float:
    """Seconds of a process that imports the searches and does nothing, with a cache of compiled loops of its own."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bench.city_searches", "start", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "compiled")},
        capture_output=True,
        timeout=600,
        check=True,
    )
    return time.perf_counter() - begin


def nearest(name: str, found: dict[str, Any]) -> list[Row]:
    return [
        against_peer(
            name,
            1 / found["ours"]["cpu"],
            "SciPy's dijkstra, min_only",
            1 / found["scipy"]["cpu"],
            TIMES_SCIPY,
        )
    ]


def agreeing(name: str, peers: dict[str, Any], reached: int) -> dict[str, float]:
    """A peer's times, once it is known to reach as many nodes; one at the very limit may differ by rounding."""
    found: dict[str, float] = peers[name]
    if abs(found["reached"] - reached) > reached // 1000 + 1:
        raise DisagreementError(f"{name} reaches {found['reached']} nodes, ours {reached}")
    return found


def reach(name: str, found: dict[str, Any], pandana: dict[str, float]) -> Row:
    wall, cpu = found["ours"]["wall"], found["ours"]["cpu"]
    return Row(
        name + ": wall, two threads",
        f"{wall:.2f} s ({cpu:.2f} s of CPU)",
        peer=f"pandana: {pandana['first']:.2f} s the first time ({pandana['cpu']:.2f} s of CPU)",
        limit=f"≤ {REACH_SECONDS} s",
        ratio=wall / REACH_SECONDS,
        met=wall <= REACH_SECONDS,
    )
