"""`ruangaman families show | due | forget`: why a family is kept, and forgetting it before its term."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ruangaman.site.commands._django import on_the_database

if TYPE_CHECKING:
    from ruangaman.rooms.families.api import FamilyView


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("families", help="why a family is kept, and forgetting it")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("show", help="what holds a family, and until when; names nobody")
    one.add_argument("family", type=UUID, help="id of the family, or of a session of it")
    verbs.add_parser("due", help="the families that the next daily run forgets")
    one = verbs.add_parser("forget", help="forget a family before its term")
    one.add_argument("family", type=UUID, help="id of the family, or of a session of it")
    one.add_argument(
        "--why", required=True, help="stands in the ledger for ever: a case number, never a person"
    )
    one.add_argument(
        "--despite-open", action="store_true", help="also while an answer or a proof of deletion is owed"
    )
    parser.set_defaults(run=run)


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else "no instant known"


def _tell(one: "FamilyView") -> None:
    print(f"family {one.family}: {one.children} children's accounts")
    if one.forgotten_at:
        print(f"forgotten {_when(one.forgotten_at)}; ledger {one.ledger_index}, {one.salted_sha256}")
        return
    for held in one.held:
        print(f"held by {held.kind}{f' at {held.service}' if held.service else ''}: {_when(held.until)}")
    if one.ends_at:
        print(f"forgotten by itself {_when(one.ends_at)}")


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access
    from ruangaman.rooms.families import api as families
    from ruangaman.rooms.vault import api as vault

    now = clock.now()
    if args.verb == "due":
        found = families.families_over(now=now)
        for one in found:
            print(one)
        print(f"{len(found)} families are due")
        return 0
    ref = vault.FamilyRef(access.family_of_session(args.family) or args.family)
    if args.verb == "forget":
        _tell(families.forget_family(ref, why=args.why, despite_open=args.despite_open, now=now))
    else:
        _tell(families.family(ref, now=now))
    return 0
