"""`ruangaman services add FILE` and `list`: the services of platforms."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("services", help="services of platforms")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add", help="add a service, or change it, from a YAML or JSON file")
    one.add_argument("file", type=Path, help="fields as in docs/guides/platform.md")
    verbs.add_parser("list", help="all living services")
    parser.set_defaults(run=run)


def _read(file: Path) -> dict[str, Any]:
    import yaml

    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise ValueError("the file holds no fields")
    if wrong := [name for name in found if not isinstance(name, str) or name == "now"]:
        raise ValueError(f"no such field: {wrong[0]}")
    at = found.get("risk_determined_at")
    if isinstance(at, str):
        found["risk_determined_at"] = datetime.fromisoformat(at)
    at = found.get("risk_determined_at")
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise ValueError("risk_determined_at is a time with its offset")
    return found


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access

    if args.verb == "list":
        for one in access.public_services():
            made = "for children" if one.designed_for_children else "for all"
            back = f"  returns to {' '.join(one.return_addresses)}" if one.return_addresses else ""
            print(f"{one.slug}  {one.operator}  {one.type}  {one.risk_profile}  {made}  {one.name}{back}")
        return 0
    try:
        fields = _read(args.file)
        slug = str(fields.get("slug", ""))
        known = access.service(slug)
        if known is None:
            access.create_service(now=clock.now(), **fields)
            print(f"{slug} was added")
        else:
            if fields.get("operator", known.operator) != known.operator:
                raise ValueError(f"{slug} is a service of {known.operator}; its operator cannot change")
            changes = {
                name: value
                for name, value in fields.items()
                if name not in ("slug", "operator", "jurisdiction")
            }
            access.update_service(slug, now=clock.now(), **changes)
            print(f"{slug} was changed")
    except (OSError, ValueError, TypeError) as error:
        print(f"ruangaman: {args.file}: {error}", file=sys.stderr)
        return 1
    return 0
