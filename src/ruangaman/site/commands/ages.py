"""`ruangaman ages add-institution|close-institution|list`: who answers questions about an age."""

import argparse

from ruangaman.site.commands import _institutions
from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ages", help="age proofs: who may be asked")
    verbs = parser.add_subparsers(dest="verb", required=True)
    _institutions.add_verbs(verbs)
    parser.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    return _institutions.run_verb(args)
