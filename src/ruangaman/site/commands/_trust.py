"""The verbs of `ruangaman ages trust`: whose credentials count in age checks."""

import argparse
import sys
from pathlib import Path


def add_verbs(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verbs known."""
    trust = parts.add_parser("trust", help="lists of issuers whose credentials count")
    verbs = trust.add_subparsers(dest="trust_verb", required=True)
    one = verbs.add_parser("add", help="add a list, or replace the one with its name, from a YAML file")
    one.add_argument("file", type=Path, help="fields as in docs/guides/wallets.md")
    verbs.add_parser("list", help="all lists that count")
    gone = verbs.add_parser("remove", help="trust nobody of this list any more")
    gone.add_argument("name")


def run_verb(args: argparse.Namespace) -> int:
    """Do the verb; 1 when the file cannot be read."""
    import yaml

    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    if args.trust_verb == "list":
        for one in ages.wallet_lists():
            print(f"{one.slug}  {one.assurance}  {one.anchors} issuers")
        return 0
    if args.trust_verb == "remove":
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
