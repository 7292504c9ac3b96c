"""`ruangaman city plan` and `city changed`: what to build within a budget, and what building it really changed."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import on_the_database, refuse, today

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_SECONDS = 3600.0
KINDS = ("crossing", "pavement", "place", "gate", "audit")


def add_verbs(verbs: "Verbs") -> None:
    """Make the verbs known."""
    one = verbs.add_parser(
        "plan", help="decide what to build within a budget, with a proof of how good the plan is"
    )
    one.add_argument("city", type=Path, metavar="CITY", help="folder that `ruangaman city build` wrote")
    one.add_argument("--budget", type=float, required=True, metavar="RUPIAH")
    one.add_argument("--age", default="6-12", help="group of ages of the table of safe walks (6-12)")
    one.add_argument("--light", default="day", help="day or dusk (day)")
    one.add_argument("--mobility", default="foot", help="foot or wheelchair (foot)")
    one.add_argument(
        "--reach", default="", metavar="ID", help="how far is reach (the first of the table for that age)"
    )
    one.add_argument(
        "--least-share", action="append", default=[], metavar="SHARE | CODE=SHARE",
        help="share of its children, 0 to 1, that every kelurahan, or this one, must have served",
    )  # fmt: skip
    one.add_argument(
        "--weights", type=Path, metavar="FILE", help="CSV of code,weight: what a child of an area counts"
    )
    one.add_argument(
        "--costs", type=Path, metavar="FILE",
        help="YAML of costs in the form of ours; kept in CITY, for later plans and for the pages",
    )  # fmt: skip
    one.add_argument(
        "--candidates", type=Path, metavar="FILE", help="CSV of kind,name,lon,lat[,cost]: places and gates"
    )
    one.add_argument(
        "--walk-rules", type=Path, metavar="FILE", help="the table of safe walks that the city was built by"
    )
    one.add_argument("--only", default="", metavar="KINDS", help=f"some of {','.join(KINDS)}")
    one.add_argument("--seconds", type=float, default=60.0, help="for the exact solver; 0 leaves it out (60)")
    one.add_argument(
        "--shown", type=int, default=120, help="actions beside the plan that the file tells as well (120)"
    )
    one.set_defaults(run=plan)
    one = verbs.add_parser("changed", help="compare two builds of a city, and both with a plan")
    one.add_argument("before", type=Path, metavar="CITY_BEFORE")
    one.add_argument("after", type=Path, metavar="CITY_AFTER")
    one.add_argument(
        "--plan", type=Path, metavar="FILE", help="a plan's file: its prediction beside what happened"
    )
    one.add_argument("--age", default="6-12")
    one.add_argument("--light", default="day")
    one.add_argument("--mobility", default="foot")
    one.add_argument("--reach", default="", metavar="ID")
    one.add_argument(
        "--keep", default="", metavar="SLUG", help="write it down beside that published plan of this city"
    )
    one.set_defaults(run=changed)


def plan(args: argparse.Namespace) -> int:
    """0 when a plan was written; 1 when something was refused."""
    from ruangaman.adapters.osm.errors import ExtraMissing

    try:
        from ruangaman.adapters import city_plan_asking
    except ModuleNotFoundError as missing:
        return refuse(ExtraMissing(package=missing.name or "numba"))
    try:
        file, told = planned(args, made_on=today())
    except RuangAmanError as error:
        return refuse(error)
    for line in city_plan_asking.lines(told):
        print(line)
    print(f"\n{file}")
    return 0


def planned(args: argparse.Namespace, *, made_on: date) -> tuple[Path, dict[str, Any]]:
    """
    The file of the plan that was asked for, and what it tells.

    Raises:
        RuangAmanError: the folder, a table or what was asked cannot be used, or there is no such plan.
    """
    from ruangaman.adapters import city_costs, city_plans, city_tables, city_town
    from ruangaman.adapters import city_plan_asking as asking
    from ruangaman.core.reach import repair_plan
    from ruangaman.core.reach.repair_plan import Asked
    from ruangaman.core.reach.repairs import Together
    from ruangaman.core.reach.siting import Effort, Limits
    from ruangaman.core.reach.siting_errors import LeastNotMet, Undecided

    rules = city_tables.walk_rules_of(args.walk_rules) if args.walk_rules else city_tables.safe_walk()
    profile, reach = asking.profile(rules, args.age, args.light, args.mobility, args.reach)
    if args.costs:
        _keep_costs(args.city, args.costs)
    version, kinds, own_costs = city_costs.of_city(args.city)
    kinds = asking.only(kinds, args.only)
    city = city_town.read(args.city, rules)
    if (args.age, args.mobility) not in city.children:
        who = args.age if args.mobility == "foot" else f"{args.age} who use a {args.mobility}"
        raise city_town.CityFolderIncomplete(file=f"work/homes.npz: children of {who}")
    codes = {one["code"]: at for at, one in enumerate(city.areas)}
    least = asking.least(args.least_share, codes)
    asked = Asked(
        profile, city.children[args.age, args.mobility], reach.metres[args.age], kinds, asking.budget(args.budget),
        least_share={codes[code]: share for code, share in least.items()},
        equity=city_town.weights(args.weights, city.areas) if args.weights else None,
        given=city_town.candidates(args.candidates, city.town, kinds) if args.candidates else (),
        shown=min(max(args.shown, 0), 1000), together=Together(*city_costs.together()),
    )  # fmt: skip
    seconds = min(max(args.seconds, 0.0), MOST_SECONDS)
    effort = Effort(exact=Limits(seconds=seconds) if seconds else None)
    try:
        found = repair_plan.planned(city.town, asked, effort)
    except (LeastNotMet, Undecided) as refused:
        at = int(refused.facts.get("kelurahan", -1))
        name = city.areas[at]["name"] if 0 <= at < len(city.areas) else ""
        raise type(refused)(**{**refused.facts, "name": name}) from None
    setting = city_plans.Setting(
        city={"code": str(city.head["code"]), "name": str(city.head["name"])},
        areas=city.areas, streets=city.streets, reach=reach.id, error=city.error, least_count=city.least_count,
        made_on=made_on.isoformat(), least_share=least, costs=version, own_costs=own_costs,
        weights=_weights(asked.equity, city.areas), attribution=tuple(city.head["attribution"]),
        kept_back=city_town.kept_back(args.city, args.age, args.mobility),
    )  # fmt: skip
    told = city_plans.document(city.town, asked, found, setting)
    try:
        return city_plans.write(args.city, told), told
    except OSError as wrong:
        raise city_town.CityFolderIncomplete(file=f"plans: {wrong.strerror}") from None


def _keep_costs(city: Path, costs: Path) -> None:
    from ruangaman.adapters import city_costs, city_town

    city_town.read_json(city, "city.json")  # nothing is put where no city is
    try:
        city_costs.keep(city, costs)
    except OSError as wrong:
        raise city_town.CityFolderIncomplete(file=f"{city_costs.OWN}: {wrong.strerror}") from None


def _weights(equity: "Any", areas: "Any") -> dict[str, float]:
    """What a child of each area counts, where that is not 1."""
    return {} if equity is None else {
        one["code"]: float(its) for one, its in zip(areas, equity, strict=True) if its != 1
    }  # fmt: skip


def changed(args: argparse.Namespace) -> int:
    """0 when the two could be compared; 1 when something was refused."""
    from ruangaman.adapters import city_changes

    try:
        told = city_changes.compared(
            args.before,
            args.after,
            city_changes.Which(args.age, args.light, args.mobility, args.reach),
            args.plan,
        )
    except RuangAmanError as error:
        return refuse(error)
    if args.keep:
        status = _keep(args.keep, told)
        if status:
            return status
    json.dump(told, sys.stdout, indent=1, ensure_ascii=False)
    print()
    return 0


def _keep(slug: str, told: Mapping[str, Any]) -> int:
    @on_the_database
    def kept(_args: argparse.Namespace) -> int:
        from ruangaman.adapters import clock
        from ruangaman.rooms.places import api as places

        places.keep_change(slug, told, now=clock.now())
        return 0

    return kept(argparse.Namespace())
