"""`ruangaman city ...`: streets and places of a city."""

import argparse

from ruangaman.site.commands import _city_build, _city_check, _city_people


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its verbs."""
    parser = subparsers.add_parser(
        "city", help="streets and places of a city; needs the extra ruangaman[city]"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    _city_check.add_verb(verbs)
    _city_build.add_verb(verbs)
    _city_people.add_verbs(verbs)
