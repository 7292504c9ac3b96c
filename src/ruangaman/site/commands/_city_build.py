"""`ruangaman city build OSM --out CITY`: a city's files become the folder that its pages, brief and plans read."""

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, today


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verb known."""
    one = verbs.add_parser(
        "build", help="read a city (map, areas, people, children, places) and write its folder of results"
    )
    one.add_argument("osm", type=Path, metavar="OSM", help=".osm.pbf, .osm, .o5m, .opl, also .gz, .bz2")
    one.add_argument("--out", type=Path, required=True, metavar="CITY", help="the folder to write")
    one.add_argument(
        "--replace", action="store_true", help="put it in place of a city's folder that is there"
    )
    one.add_argument(
        "--city",
        default="",
        metavar="CODE",
        help="Kemendagri's, 31.71, or 31 for a province that is one city",
    )
    one.add_argument("--name", default="", help="of the city, as people read it")
    one.add_argument(
        "--areas", nargs="+", default=[], metavar="[LEVEL=]FILE",
        help="layers of areas; LEVEL is city, kecamatan, kelurahan or rw, else it is seen from the columns",
    )  # fmt: skip
    one.add_argument(
        "--columns", nargs="+", default=[], metavar="WHAT=COLUMN",
        help="how columns are called in the layers: code, bps, kab, kec, kel, rw, name",
    )  # fmt: skip
    one.add_argument(
        "--codes",
        type=Path,
        metavar="FOLDER",
        help="provinces.csv, regencies.csv, districts.csv, villages.csv(.gz)",
    )
    one.add_argument(
        "--population", type=Path, metavar="FILE", help="GeoTIFF, layer of points or areas, or table"
    )
    one.add_argument("--population-column", default="people", metavar="NAME")
    one.add_argument(
        "--population-total",
        type=float,
        metavar="PEOPLE",
        help="the numbers of the file are weights of this total",
    )
    one.add_argument(
        "--children", type=Path, metavar="TABLE", help="code, age_from, age_to, children or share"
    )
    one.add_argument(
        "--places",
        type=Path,
        metavar="TABLE",
        help="the city's own safe places: kind, name, lon, lat or a drawing",
    )
    one.add_argument(
        "--kinds", nargs="+", default=[], metavar="KIND", help="kinds of the map that count as safe places"
    )
    one.add_argument("--built-up", type=Path, metavar="LAYER", help="built-up land, for SDG 11.7.1")
    one.add_argument(
        "--rules", type=Path, metavar="YAML", help="distances and limits, as data/city_build.yaml"
    )
    one.add_argument(
        "--walk-rules", type=Path, metavar="YAML", help="what is safe to walk, as data/safe_walk.yaml"
    )
    for word, help_ in (
        ("origin", "where a file comes from"),
        ("licence", "of a file"),
        ("date", "of a file's data"),
    ):
        one.add_argument(f"--{word}", nargs="+", default=[], metavar="FILE=TEXT", help=help_)
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 and a summary when the folder stands; 1 when something was refused, and nothing was written."""
    from ruangaman.adapters import city_brief, clock
    from ruangaman.adapters.osm.errors import ExtraMissing

    try:
        from ruangaman.adapters.city_build import run as building
        from ruangaman.adapters.city_build.request import NoCityFolder, Request
    except ModuleNotFoundError as missing:
        return refuse(ExtraMissing(package=missing.name or "numba"))
    try:
        asked = Request(
            osm=args.osm, out=args.out, areas=_areas(args.areas), columns=_pairs(args.columns),
            codes=args.codes, city=args.city, name=args.name, population=args.population,
            people_column=args.population_column, people_total=args.population_total, children=args.children,
            places=args.places, kinds=tuple(args.kinds), built_up=args.built_up, rules=args.rules,
            walk_rules=args.walk_rules, replace=args.replace, origins=_pairs(args.origin),
            licences=_pairs(args.licence), dates=_pairs(args.date),
        )  # fmt: skip
        told = building.build(
            asked, made_on=today(), then=lambda folder: city_brief.write(folder, at=clock.now())
        )
    except RuangAmanError as error:
        return refuse(error)
    except ModuleNotFoundError as missing:
        return refuse(ExtraMissing(package=missing.name or "shapely"))
    except OSError as wrong:  # no room, or no right to write; what was there is as it was
        return refuse(NoCityFolder(folder=args.out.name, why=wrong.strerror or type(wrong).__name__))
    print("\n".join(summary(told.city, told.main, told.quality, told.seconds)))
    print(args.out)
    return 0


def _areas(given: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    found = []
    for one in given:
        level, is_level, path = one.partition("=")
        found.append((level, Path(path)) if is_level and re.fullmatch(r"[a-z]+", level) else ("", Path(one)))
    return tuple(found)


def _pairs(given: Sequence[str]) -> dict[str, str]:
    return {name: value for name, _, value in (one.partition("=") for one in given)}


def summary(
    city: Mapping[str, Any], main: Mapping[str, Any], quality: Mapping[str, Any], seconds: Mapping[str, float]
) -> list[str]:
    """What was found, in plain words, and how long each step took."""
    counts = city["counts"]
    people = "people not told" if counts["people"] is None else f"{counts['people']:,} people"
    children = (
        "children not told"
        if counts["children"] is None
        else f"{sum(counts['children'].values()):,} children"
    )
    lines = [
        f"{city['name']} ({city['code']}): {counts['streets_km']:,} km of streets, {counts['places']:,} safe places, "
        f"{people}, {children}."
    ]
    if without := len(quality["places_without_gate"]):
        lines.append(f"{without} places cannot be entered from any street.")
    lines += [*_shares(main["rows"], city["code"]), *_kilometres(main["network"], counts["streets_km"])]
    a, b = main["sdg"]["part_a"]["value"], (main["sdg"]["part_b"] or {}).get("value")
    lines.append(
        f"SDG 11.7.1: open space and streets {_percent(a)} of built-up land; "
        f"{_percent(b)} of people within reach of open space."
    )
    if most := sorted(quality["unknown"].items(), key=lambda one: -one[1]["share"])[:4]:
        told = ", ".join(f"{tag} on {_percent(its['share'])}" for tag, its in most if its["share"] > 0)
        lines.append(f"Not mapped: {told or 'nothing that the rules ask for'} of the streets.")
    for one in quality["survey_first"][:3]:
        if one["children"]:
            lines.append(
                f"Survey first: {one['name'] or one['class']} ({', '.join(one['what'])}), "
                f"{one['children']:,} children would know that their walk is safe."
            )
    if unmatched := sum(one["drawings"] for one in quality["areas_unmatched"]):
        lines.append(f"{unmatched} areas have no code; quality.json says why.")
    outside = quality["people_outside"]
    if outside is not None and outside["off_street"]["share"] is not None:
        lines.append(f"{_percent(outside['off_street']['share'])} of people live near no street of the map.")
    lines.append("; ".join(f"{name} {time:.2f} s" for name, time in seconds.items()))
    return lines


def _shares(rows: Sequence[Sequence[Any]], city: str) -> list[str]:
    from ruangaman.adapters.city_build.answers import COLUMNS

    found = []
    for row in rows:
        told = dict(zip(COLUMNS, row, strict=True))
        if told["code"] != city or told["light"] != "day" or told["mobility"] != "foot":
            continue
        if told["share_low"] is None:
            continue
        low, high = told["share_low"], told["share_high"]
        who = "People, as if all were" if told["of"] == "people" else "Children"
        found.append(
            f"{who} {told['age']}, {told['metres']:.0f} m by day ({told['reach']}): "
            f"{_percent(low)} walk safely to a place, {_percent(high - low)} not known, {_percent(1 - high)} not."
        )
    return found


def _kilometres(network: Sequence[Mapping[str, Any]], whole: float) -> list[str]:
    return [
        f"Streets for {one['age']} by day on foot: "
        + ", ".join(f"{_percent(km / whole)} {answer}" for answer, km in one["km"].items())
        + "."
        for one in network
        if one["light"] == "day" and one["mobility"] == "foot" and whole
    ]


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{100 * share:.1f}%"
