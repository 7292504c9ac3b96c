"""`ruangaman city check FILE...`: numbers about files of OpenStreetMap that anybody can repeat with SciPy alone."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verb known."""
    one = verbs.add_parser(
        "check", help="read files of OpenStreetMap and print what the plain rule says of each, as JSON"
    )
    one.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=".osm.pbf, .osm, .o5m, .opl, also .gz, .bz2"
    )
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every file was read; 1 when one was refused, the others are told; 2 when two have the same name."""
    if twice := [name for name, times in Counter(file.name for file in args.files).items() if times > 1]:
        print(
            f"ruangaman city check: answers are keyed by name, and two files are called {twice[0]}",
            file=sys.stderr,
        )
        return 2
    from ruangaman.adapters.osm.errors import ExtraMissing

    try:
        from ruangaman.adapters.osm import plain
    except ModuleNotFoundError as missing:
        return refuse(ExtraMissing(package=missing.name or "numba"))
    told, refused = {}, 0
    for file in args.files:
        try:
            told[file.name] = plain.check(file)
        except RuangAmanError as error:
            print(f"ruangaman city check: {file}", file=sys.stderr)
            refused = refuse(error)
    # names of files may be no UTF-8, and not every console writes what they say: in ASCII it is JSON all the same
    print(json.dumps(told, indent=1))
    return refused
