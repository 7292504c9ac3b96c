"""
What to build: 50 of 2,000 sites for 20,000 points within 1,600 m, straight lines standing in for streets.

`python -m bench.siting WHAT FOLDER` is one measurement in a process of its own; it prints JSON. Peers solve the same
covering sets in `.bench-city-venv`: HiGHS with the plain model, and spopt's MCLP through pulp's HiGHS.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from bench.in_process import PEERS
from bench.machine import ROOT
from bench.table import Row

POINTS, SITES, CHOSEN, METRES = 20_000, 2_000, 50, 1_600.0
SEED = 20261130
SIDE, CENTRES = 60_000.0, 60
ROUNDS = 7
SECONDS = 60
EXCHANGES = 4_000_000
PEERS_WAIT = 120
OWN_WAIT = 900  # what compiles everything on a busy machine takes minutes; it is measured by CPU
NEAR_ENOUGH, QUICK_SECONDS = 0.994, 0.1
PYTHON = ROOT / ".bench-city-venv" / "bin" / "python"
SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
JAKARTA = SHARED / "jakarta_demand.parquet"
DEGREE = 111194.93


def spread() -> tuple[Any, Any, Any]:
    """Most points around centres of different size, the rest anywhere; sites stand near points."""
    chance = np.random.default_rng(SEED)
    middle = chance.uniform(0, SIDE, (CENTRES, 2))
    width = chance.uniform(600, 3000, CENTRES)
    clustered = POINTS * 7 // 10
    which = chance.integers(0, CENTRES, clustered)
    around = middle[which] + chance.normal(0, 1, (clustered, 2)) * width[which, None]
    place = np.concatenate([around, chance.uniform(0, SIDE, (POINTS - clustered, 2))])
    site = place[chance.choice(POINTS, SITES, replace=False)] + chance.normal(0, 100, (SITES, 2))
    return place, site, np.round(chance.gamma(2, 10, POINTS)) + 1


def jakarta() -> tuple[Any, Any, Any]:
    """Points of the density grid, taken as children; sites at others of its points."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(JAKARTA)
    lon, lat, people = (table.column(name).to_numpy() for name in ("lon", "lat", "people"))
    chance = np.random.default_rng(SEED)
    place = np.column_stack([lon * DEGREE * np.cos(np.radians(lat.mean())), lat * DEGREE])
    points, sites = (chance.choice(len(place), count, replace=False) for count in (POINTS, SITES))
    return place[points], place[sites], people[points]


CITIES = {"spread": spread, "jakarta": jakarta}


def covering(city: str, folder: Path) -> Path:
    """The city's covering sets as a file that ours and the peers read."""
    path = folder / f"siting-{city}.npz"
    if not path.exists():
        place, site, children = CITIES[city]()
        lists = cKDTree(place).query_ball_point(site, METRES, return_sorted=True)
        start = np.concatenate([[0], np.cumsum([len(each) for each in lists])])
        np.savez(path, start=start, point=np.concatenate(lists), children=children, chosen=CHOSEN)
    return path


def ours(city: str, folder: Path) -> dict[str, Any]:
    from ruangaman.core.reach import siting

    read = np.load(covering(city, folder))
    children, start, point = read["children"], read["start"], read["point"]

    def asked() -> siting.Problem:
        return siting.problem(
            siting.Demand.of(children),
            siting.Actions.of(np.ones(SITES), start, point),
            siting.Rules(at_most=CHOSEN),
        )

    siting.search(asked(), siting.Effort())  # reads what was compiled
    spent, greedy = [], siting.Effort(rounds=0, tries=0)
    for _ in range(ROUNDS):
        begin = time.process_time()
        problem = asked()
        chosen = siting.search(problem, siting.Effort())
        spent.append(time.process_time() - begin)
    value = siting.what_if(problem, [], add=np.flatnonzero(chosen).tolist()).value
    of_greedy = siting.search(problem, greedy)
    plan = np.flatnonzero(chosen).tolist()
    begin = time.process_time()
    for _ in range(100):
        siting.what_if(problem, plan, remove=plan[:1])
    change = (time.process_time() - begin) / 100
    cpu, wall = time.process_time(), time.monotonic()
    exact = siting.Limits(seconds=SECONDS - 30, threads=2)
    effort = siting.Effort(tries=600, exchanges=EXCHANGES, bound_rounds=1500, exact=exact)
    proved = siting.plan(problem, effort)
    return {
        "seconds": min(spent),
        "value": value,
        "greedy": siting.what_if(problem, [], add=np.flatnonzero(of_greedy).tolist()).value,
        "what_if": change,
        "best": proved.value,
        "bound": proved.bound,
        "gap": proved.proven_gap,
        "cpu": time.process_time() - cpu,
        "wall": time.monotonic() - wall,
    }


def child(command: list[str], wait: int = OWN_WAIT, **more: str) -> dict[str, Any]:
    ran = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=wait,
        check=False,
        env=os.environ | more,
    )
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {ran.returncode}\n{ran.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def peer(name: str, path: Path) -> dict[str, Any] | None:
    """A peer's plan; None when it stays without an answer long after the seconds that it was told to keep."""
    try:
        return child([str(PYTHON), str(PEERS / "siting_peers.py"), name, str(path), str(SECONDS)], PEERS_WAIT)
    except subprocess.TimeoutExpired:
        return None


def rows_of(city: str, folder: Path) -> list[Row]:
    own = [sys.executable, "-m", "bench.siting", city, str(folder)]
    found = child(own)
    best, bound = found["best"], found["bound"]
    what = f"Siting, {city}"
    proven = "proven optimum" if found["gap"] == 0 else "upper bound"
    share = found["value"] / bound
    rows = [
        Row(
            f"{what}: plan by greedy, swaps and mending",
            f"{share:.2%} of the {proven} in {found['seconds']:.3f} s",
            peer=f"greedy alone: {found['greedy'] / bound:.2%}; best plan known: {best / bound:.2%}",
            limit=f"≥ {NEAR_ENOUGH:.1%} in {QUICK_SECONDS} s",
            ratio=share / NEAR_ENOUGH,
            met=(share >= NEAR_ENOUGH and found["seconds"] <= QUICK_SECONDS) if found["gap"] == 0 else None,
        ),
        Row(
            f"{what}: a change answered (what-if)",
            f"{found['what_if'] * 1e3:.2f} ms",
        ),
    ]
    peers: dict[str, dict[str, Any] | None] = {}
    if city == "spread":
        peers = {name: peer(name, covering(city, folder)) for name in ("highs", "spopt")}
    told = "; ".join(
        f"{name}: no answer in {PEERS_WAIT} s"
        if each is None
        else f"{name}: {each['value'] / bound:.2%}, gap {each['gap']:.2%}, "
        f"{each['cpu']:.1f} s CPU, {each['wall']:.0f} s"
        for name, each in peers.items()
    )
    alone = peers.get("highs")
    rows.append(
        Row(
            f"{what}: proof",
            f"gap {found['gap']:.3%}, {found['cpu']:.1f} s CPU, {found['wall']:.0f} s",
            peer=told or "–",
            limit=f"a proven gap within {SECONDS} s",
            ratio=alone["cpu"] / found["cpu"] if alone else None,
            met=found["gap"] < 1 and found["wall"] <= SECONDS + 5,
        )
    )
    return rows


def rows(folder: Path) -> list[Row]:
    every = [
        row for city in CITIES if city != "jakarta" or JAKARTA.is_file() for row in rows_of(city, folder)
    ]
    cold = child(
        [sys.executable, "-m", "bench.siting", "cold", str(folder)], NUMBA_CACHE_DIR=str(folder / "numba")
    )
    every.append(Row("Siting: first call of all, compiling", f"{cold['first']:.1f} s CPU"))
    return every


def cold(folder: Path) -> dict[str, Any]:
    """The first plan of a machine that has compiled nothing yet."""
    from ruangaman.core.reach import siting

    read = np.load(covering("spread", folder))
    begin = time.process_time()
    siting.plan(
        siting.problem(
            siting.Demand.of(read["children"]),
            siting.Actions.of(np.ones(SITES), read["start"], read["point"]),
            siting.Rules(at_most=CHOSEN),
        )
    )
    return {"first": time.process_time() - begin}


if __name__ == "__main__":
    name, place = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(cold(place) if name == "cold" else ours(name, place)))
