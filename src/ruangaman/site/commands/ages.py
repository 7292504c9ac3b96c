"""`ruangaman ages trust add FILE | list | remove NAME`: whose credentials count in age checks."""

import argparse
import sys
from pathlib import Path

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ages", help="age checks")
    parts = parser.add_subparsers(dest="part", required=True)
    trust = parts.add_parser("trust", help="lists of issuers whose credentials count")
    verbs = trust.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add", help="add a list, or replace the one with its name, from a YAML file")
    one.add_argument("file", type=Path, help="fields as in docs/guides/wallets.md")
    verbs.add_parser("list", help="all lists that count")
    gone = verbs.add_parser("remove", help="trust nobody of this list any more")
    gone.add_argument("name")
    trust.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    import yaml

    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    if args.verb == "list":
        for one in ages.wallet_lists():
            print(f"{one.slug}  {one.assurance}  {one.anchors} issuers")
        return 0
    if args.verb == "remove":
        ages.distrust_wallets(args.name, now=clock.now())
        print(f"{args.name} counts no more")
        return 0
    try:
        told = yaml.safe_load(args.file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        print(f"ruangaman: {args.file}: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    if not isinstance(told, dict):
        print(f"ruangaman: {args.file}: the file holds no fields", file=sys.stderr)
        return 1
    ages.trust_wallets(told, now=clock.now())
    print(f"{told['slug']} counts from now on")
    return 0
