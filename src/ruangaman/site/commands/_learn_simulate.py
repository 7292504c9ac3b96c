"""What `ruangaman learn simulate` prints: whether the measuring finds what was planted."""

import argparse
import sys

from ruangaman.core.learning import simulating
from ruangaman.core.learning.measuring import FEWEST_CLUSTERS

FEWEST_RUNS, MOST_RUNS, MOST_CLUSTERS = 10, 100_000, 1_000
SMALLEST, LARGEST = 15, 200
"""Mean sizes of clusters: with fewer, eight clusters may not hold the learners that anything is said of."""
MOST_G = 0.6
"""A lesson of which a third is forgotten cannot do much more than this."""


def simulate(args: argparse.Namespace) -> int:
    """The table; 2 when what was asked cannot be drawn."""
    if wrong := _wrong(args):
        print(f"ruangaman learn simulate: {wrong}", file=sys.stderr)
        return 2
    world = simulating.World(size=args.size)
    planted = simulating.planted(world, args.g, args.seed)
    nothing = simulating.planted(world, 0.0, args.seed)
    _assumed(args, *planted)
    print("clusters  coverage  (of g)  learners CR2  plain CR0  g +-    power  false positives")
    for clusters in args.clusters:
        row = simulating.run(planted, nothing, clusters, args.runs, args.seed)
        print(
            f"{row.clusters:>8}  {row.headline:>8.1%}  {row.headline_g:>6.1%}  {row.learners:>12.1%}  {row.plain:>9.1%}"
            f"  {row.wide:>5.2f}  {row.power:>6.1%}  {row.false:>15.1%}",
            flush=True,
        )
    return 0


def _assumed(args: argparse.Namespace, world: simulating.World, truth: simulating.Truth) -> None:
    skill = world.skill
    print(
        f"{args.runs} runs each, seed {args.seed}; clusters of {world.size} (+-{world.uneven:.0%}), half of them"
        f" taught; forms of {simulating.ITEMS} items"
    )
    print(
        f"known before {skill.p_init}, slip {skill.p_slip}, guess {skill.p_guess}, kept {world.kept}, learned elsewhere"
        f" {world.elsewhere}; scores alike within clusters (ICC) {truth.alike:.2f}"
    )
    print(
        f"p_learn {skill.p_learn:.3f} makes the truth: {truth.estimate:.4f} of a score, g {truth.g:.3f};"
        f" stay away after 28 days: waiting {truth.away[0]:.1%}, taught {truth.away[1]:.1%}"
    )


def _wrong(args: argparse.Namespace) -> str:
    if not FEWEST_RUNS <= args.runs <= MOST_RUNS:
        return f"--runs from {FEWEST_RUNS} to {MOST_RUNS}"
    if not args.clusters or not all(FEWEST_CLUSTERS <= one <= MOST_CLUSTERS for one in args.clusters):
        return f"--clusters from {FEWEST_CLUSTERS} to {MOST_CLUSTERS}"
    if not SMALLEST <= args.size <= LARGEST:
        return f"--size from {SMALLEST} to {LARGEST}"
    if not 0 <= args.g <= MOST_G:
        return f"--g from 0 to {MOST_G}"
    return "" if args.seed >= 0 else "--seed from 0"
