"""The verbs of `ruangaman ages` about institutions: `add-institution FILE`, `close-institution`, `list`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

NEEDED = {"kind": str, "name": dict, "issuer": str, "audience": str, "ask_url": str, "keys": dict}
FIELDS = {"slug": str, **NEEDED, "assurance": str}


VERBS = ("add-institution", "close-institution", "list")


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the verbs known."""
    one = verbs.add_parser("add-institution", help="add an institution, or change it, from a JSON file")
    one.add_argument("file", type=Path, help="fields as in docs/guides/age-verdict.md")
    one = verbs.add_parser("close-institution", help="ask an institution no more")
    one.add_argument("slug")
    verbs.add_parser("list", help="the institutions that may be asked")


def read(file: Path) -> dict[str, Any]:
    """The fields of a file; raises ValueError with a sentence, OSError."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("the file holds no fields")
    if missing := [name for name in FIELDS if name not in found]:
        raise ValueError(f"missing: {', '.join(missing)}")
    if unknown := [name for name in found if name not in FIELDS]:
        raise ValueError(f"no such field: {', '.join(unknown)}")
    if wrong := [name for name, kind in FIELDS.items() if not isinstance(found[name], kind)]:
        raise ValueError(f"{wrong[0]} has the wrong form")
    return found


def run_verb(args: argparse.Namespace) -> int:
    """Do one of `VERBS`, with Django awake; 1 when it was refused."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    if args.verb == "list":
        found = ages.institutions()
        for one in found:
            print(f"{one.slug}  {one.kind}  {one.assurance}  {one.ask_url}  {one.name['id']}")
        print(f"{len(found)} institutions may be asked")
        return 0
    if args.verb == "close-institution":
        ages.close_institution(args.slug, now=clock.now())
        print(f"{args.slug} is asked no more")
        return 0
    try:
        fields = read(args.file)
    except (OSError, ValueError) as error:
        print(f"ruangaman: {args.file}: {error}", file=sys.stderr)
        return 1
    ages.register_institution(fields.pop("slug"), now=clock.now(), **fields)
    print("the institution may be asked now")
    return 0
