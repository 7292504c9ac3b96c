"""`ruangaman learn ...`: lessons, their checks, and how plain they are."""

import argparse
from datetime import datetime
from pathlib import Path

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its verbs."""
    parser = subparsers.add_parser("learn", help="lessons: check them, and explain how plain they are")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("check", help="what must hold before lessons are given to anybody; 1 on a fault")
    one.add_argument(
        "folder", nargs="?", type=Path, default=None, help="of lessons; ours when it is left out"
    )
    one.add_argument("--only", action="append", default=[], metavar="OBJECTIVE", help="tell these alone")
    one.add_argument("--on", type=datetime.fromisoformat, default=None, help="the law as of this day; today")
    one.set_defaults(run=check)
    one = verbs.add_parser("plain", help="how plain a lesson is, sentence by sentence")
    one.add_argument("objective", help="of the lesson, such as B3-2")
    one.add_argument("folder", nargs="?", type=Path, default=None)
    one.set_defaults(run=explain)
    one = verbs.add_parser(
        "simulate", help="draw learners, and show what the measuring finds of a planted effect"
    )
    one.add_argument("--runs", type=int, default=1000, help="trials of each number of clusters; 1000")
    one.add_argument(
        "--clusters", type=_numbers, default=(8, 16, 40, 80), metavar="N,N", help="of both arms; 8,16,40,80"
    )
    one.add_argument("--size", type=int, default=25, help="of a cluster, at the mean; 25")
    one.add_argument("--g", type=float, default=0.2, help="the true effect in standard deviations; 0.2")
    one.add_argument("--seed", type=int, default=1, help="the same one draws the same; 1")
    one.set_defaults(run=simulate)
    _organiser(verbs)


def _organiser(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("organiser", help="accounts that may start campaigns for a region")
    acts = parser.add_subparsers(dest="act", required=True)
    for act in ("give", "end"):
        one = acts.add_parser(act)
        one.add_argument("user", help="name by which the account signs in (`ruangaman staff add`)")
        one.add_argument(
            "--region",
            default="",
            metavar="CODE",
            help="Kemendagri's, such as 33 or 33.74; the country without",
        )
        if act == "give":
            one.add_argument("--name", required=True, help="of the office, never of a person")
        one.set_defaults(run=organise)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(","))


# The law and the lessons are read by what only these two need: other commands start without it.
def check(args: argparse.Namespace) -> int:
    """0 without faults, 1 with one."""
    from ruangaman.site.commands import _learn

    return _learn.check(args)


def explain(args: argparse.Namespace) -> int:
    """Each hard sentence with why."""
    from ruangaman.site.commands import _learn

    return _learn.explain(args)


def simulate(args: argparse.Namespace) -> int:
    """A table of what was planted and what was found."""
    from ruangaman.site.commands import _learn_simulate

    return _learn_simulate.simulate(args)


@on_the_database
def organise(args: argparse.Namespace) -> int:
    """Give or end the right to organise."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.learning import api as learning

    where = args.region or "the whole country"
    if args.act == "give":
        learning.give_organiser(args.user, name=args.name, region=args.region, now=clock.now())
        print(f"{args.user} may start campaigns for {where}, as {args.name}")
        return 0
    learning.end_organiser(args.user, region=args.region, now=clock.now())
    print(f"{args.user} may no longer start campaigns for {where}")
    return 0
