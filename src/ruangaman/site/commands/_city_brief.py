"""`ruangaman city brief CITY`: the mayor's brief of a city that was built, in Indonesian and in English."""

import argparse
from pathlib import Path

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verb known."""
    one = verbs.add_parser(
        "brief", help="write the mayor's brief, with maps and charts, as PDF in two languages"
    )
    one.add_argument("city", type=Path, metavar="CITY", help="folder that `ruangaman city build` made")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the files that were written."""
    from ruangaman.adapters import city_brief, clock

    try:
        written = city_brief.write(args.city, at=clock.now())
    except RuangAmanError as error:
        return refuse(error)
    for path in written:
        print(path)
    return 0
