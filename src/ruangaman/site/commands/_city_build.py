"""`ruangaman city build OSM --out CITY`: a city's files become the folder that its pages, brief and plans read."""

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verb known."""
    one = verbs.add_parser(
        "build", help="read a city (map, areas, people, children, places) and write its folder of results"
    )
    one.add_argument("osm", type=Path, metavar="OSM", help=".osm.pbf, .osm, .osm.gz, .osm.bz2")
    one.add_argument("--out", type=Path, required=True, metavar="CITY", help="the folder to write")
    one.add_argument("--replace", action="store_true", help="put it in place of a city's folder that is there")
    one.add_argument("--city", default="", metavar="CODE", help="Kemendagri's, 31.71, or 31 for a province that is one city")
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
        "--codes", type=Path, metavar="FOLDER", help="provinces.csv, regencies.csv, districts.csv, villages.csv(.gz)"
    )
    one.add_argument("--population", type=Path, metavar="FILE", help="GeoTIFF, layer of points or areas, or table")
    one.add_argument("--population-column", default="people", metavar="NAME")
    one.add_argument(
        "--population-total", type=float, metavar="PEOPLE", help="the numbers of the file are weights of this total"
    )
    one.add_argument("--children", type=Path, metavar="TABLE", help="code, age_from, age_to, children or share")
    one.add_argument("--places", type=Path, metavar="TABLE", help="the city's own safe places: kind, name, lon, lat or a drawing")
    one.add_argument("--kinds", nargs="+", default=[], metavar="KIND", help="kinds of the map that count as safe places")
    one.add_argument("--built-up", type=Path, metavar="LAYER", help="built-up land, for SDG 11.7.1")
    one.add_argument("--rules", type=Path, metavar="YAML", help="distances and limits, as data/city_build.yaml")
    one.add_argument("--walk-rules", type=Path, metavar="YAML", help="what is safe to walk, as data/safe_walk.yaml")
    for word, help_ in (("origin", "where a file comes from"), ("licence", "of a file"), ("date", "of a file's data")):
        one.add_argument(f"--{word}", nargs="+", default=[], metavar="FILE=TEXT", help=help_)
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 and a summary when the folder stands; 1 when something was refused, and nothing was written."""
    from ruangaman.adapters import clock
    from ruangaman.adapters.osm.errors import ExtraMissing

    try:
        from ruangaman.adapters.city_build import run as building
        from ruangaman.adapters.city_build.request import Request
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
        told = building.build(asked, made_on=clock.now().date())
    except RuangAmanError as error:
        return refuse(error)
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
    """What was found, in plain words."""
    return [str(city["name"]), str(city["counts"]), str(dict(seconds))]
