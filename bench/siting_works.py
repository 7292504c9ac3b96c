"""
What to build where works serve only together and every kelurahan must get its least.

`python -m bench.siting_works WHAT FOLDER` is one measurement in a process of its own; it prints JSON. The peer is HiGHS
alone with the same model: no plan to start from, nothing fixed by our bound.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from bench.machine import ROOT
from bench.siting import SECONDS, child
from bench.table import Row

SHARED = Path(os.environ.get("RUANGAMAN_SHARED", ROOT.parent / "shared")) / "data" / "city"
JAKARTA = SHARED / "jakarta-2012.osm.pbf"
SEED = 20261130
POINTS, SITES, WORKS, SIDE, METRES, CELLS = 4_000, 300, 300, 18_000.0, 1_000.0, 5
LEAST, BUDGET = 0.1, 6e9
PLACE, CROSSING, PAVEMENT = 9e8 / 10, 9e7 / 10, 3e7
TOGETHER = (4, 100_000)


def town() -> Any:
    """
    Places that serve some points alone, others only with one to three works on the way; 25 kelurahan.

    Who lives further from a place needs more works: the nearest crossings and pavements between.
    """
    from ruangaman.core.reach import siting

    chance = np.random.default_rng(SEED)
    home, site, work = (chance.uniform(0, SIDE, (many, 2)) for many in (POINTS, SITES, WORKS))
    near = cKDTree(work)
    sets: dict[tuple[int, ...], list[int]] = {}
    for at, point in enumerate(home):
        for number in np.flatnonzero(np.hypot(*(site - point).T) <= METRES).tolist():
            away = float(np.hypot(*(site[number] - point)))
            middle = (site[number] + point) / 2
            needed = min(int(4 * away / METRES), 3)
            between = sorted(np.atleast_1d(near.query(middle, k=needed)[1]).tolist()) if needed else []
            sets.setdefault((number, *(SITES + one for one in between)), []).append(at)
    needs = np.full((len(sets), 4), -1)
    for row, members in enumerate(sets):
        needs[row, : len(members)] = members
    lists = list(sets.values())
    cell = (home // (SIDE / CELLS)).astype(np.int32)
    cost = np.concatenate([np.full(SITES, PLACE), np.where(chance.random(WORKS) < 0.5, CROSSING, PAVEMENT)])
    kelurahan = cell[:, 0] * CELLS + cell[:, 1]
    return siting.problem(
        siting.Demand.of(np.round(chance.gamma(2, 10, POINTS)) + 1, kelurahan, kelurahan_count=CELLS**2),
        siting.Actions.of(
            cost,
            np.concatenate([[0], np.cumsum([len(one) for one in lists])]),
            np.concatenate(lists),
            needs=needs,
        ),
        siting.Rules(budget=BUDGET, least_share=dict.fromkeys(range(CELLS**2), LEAST)),
    )


def ours(_folder: Path) -> dict[str, Any]:
    from ruangaman.core.reach import siting

    asked = town()
    siting.plan(asked, siting.Effort(rounds=1, tries=1, bound_rounds=1))  # reads what was compiled
    told = {}
    for name, effort in (
        ("quick", siting.Effort(tries=10)),
        ("proof", siting.Effort(bound_rounds=600, exact=siting.Limits(seconds=SECONDS - 20))),
    ):
        cpu, wall = time.process_time(), time.monotonic()
        plan = siting.plan(asked, effort)
        told[name] = {
            "value": plan.value, "bound": plan.bound, "gap": plan.proven_gap,
            "cpu": time.process_time() - cpu, "wall": time.monotonic() - wall,
        }  # fmt: skip
    return told | {"sets": len(asked.actions.share), "joint": len(asked.cover.joint)}


def highs(_folder: Path) -> dict[str, Any]:
    """HiGHS alone."""
    from ruangaman.core.reach import siting, siting_exact
    from ruangaman.core.reach import siting_loops as loops

    cover = town().cover
    cpu, wall = time.process_time(), time.monotonic()
    found = siting_exact.solve(cover, cover.fixed, None, siting.Limits(seconds=SECONDS))
    told = {"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall, "bound": found.bound}
    return told | {"value": float(loops.covered(cover, found.chosen)[0]) if found.chosen is not None else 0.0}


def works(_folder: Path) -> dict[str, Any]:
    """Jakarta's streets with children everywhere alike: which works serve together, up to four on one way."""
    from ruangaman.adapters import city_costs, city_tables
    from ruangaman.adapters.osm import reading
    from ruangaman.core.reach import gates, repair_plan, repairs, siting, walk_network, walks
    from ruangaman.core.reach.walk_rules import Profile

    rules, found = city_tables.safe_walk(), reading.read(JAKARTA)
    streets = walks.ready(walk_network.build(found, rules))
    wanted = np.flatnonzero(found.places.kinds & np.uint64(1 << found.kinds.index("school")))
    entered = gates.gates(found, streets, rules, wanted, gates.GateLimits())
    nodes = np.arange(0, len(found.nodes.lon), 3)
    lon, lat = found.nodes.lon[nodes] + 2e-5, found.nodes.lat[nodes] + 2e-5
    homes = walks.snap(streets, lon, lat, limit=60)
    every = repair_plan.Town(
        streets, rules, homes, lon, lat, np.zeros(len(lon), np.int32), 1, entered.points, entered.place,
        found.places.lon[wanted], found.places.lat[wanted], np.arange(len(wanted), dtype=np.int32),
        [found.places.names[one] for one in wanted],
    )  # fmt: skip
    told = {}
    for most in (2, TOGETHER[0]):
        asked = repair_plan.Asked(
            Profile("6-12", "day", "foot"), np.full(len(lon), 10.0), 400.0, city_costs.ours()[1], 2e10,
            together=repairs.Together(most, TOGETHER[1]),
        )  # fmt: skip
        repair_plan.planned(every, asked, siting.Effort())
        cpu = time.process_time()
        made = repair_plan.planned(every, asked, siting.Effort())
        told[str(most)] = {
            "cpu": time.process_time() - cpu, "tried": sum(made.sets_tried), "children": made.plan.children,
            "gap": made.plan.proven_gap,
        }  # fmt: skip
    return told


def rows(folder: Path) -> list[Row]:
    ran = {
        name: child([sys.executable, "-m", "bench.siting_works", name, str(folder)])
        for name in ("ours", "highs")
    }
    found, alone = ran["ours"], ran["highs"]
    quick, proof = found["quick"], found["proof"]
    bound = min(proof["bound"], alone["bound"])
    what = f"Siting, {found['sets']:,} sets ({found['joint']:,} of 2 to 4 works), a least in {CELLS**2} kelurahan"
    every = [
        Row(
            f"{what}: plan by greedy, swaps and mending",
            f"{quick['value'] / bound:.2%} of the upper bound in {quick['cpu']:.1f} s CPU",
        ),
        Row(
            f"{what}: proof",
            f"gap {proof['gap']:.3%}, {proof['cpu']:.1f} s CPU, {proof['wall']:.0f} s",
            peer=f"HiGHS alone: {alone['value'] / bound:.2%}, gap "
            f"{(alone['bound'] - alone['value']) / alone['bound']:.3%}, {alone['cpu']:.1f} s CPU, "
            f"{alone['wall']:.0f} s",
            limit=f"a proven gap within {SECONDS} s",
            met=proof["gap"] < 1 and proof["wall"] <= SECONDS + 5,
        ),
    ]
    if JAKARTA.is_file():
        told = child([sys.executable, "-m", "bench.siting_works", "works", str(folder)])
        few, all_ = told["2"], told[str(TOGETHER[0])]
        every.append(
            Row(
                f"A plan for Jakarta's streets, up to {TOGETHER[0]} works that serve only together",
                f"{all_['cpu']:.1f} s CPU, {all_['tried']:,} sets tried, {all_['children']:,.0f} children, "
                f"gap {all_['gap']:.2%}",
                peer=f"ours, pairs alone: {few['cpu']:.1f} s, {few['tried']:,} sets, {few['children']:,.0f} children",
            )
        )
    return every


if __name__ == "__main__":
    name, place = sys.argv[1], Path(sys.argv[2])
    print(json.dumps({"ours": ours, "highs": highs, "works": works}[name](place)))
