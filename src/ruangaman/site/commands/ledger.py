"""`ruangaman ledger verify`: walk the chain from its first entry."""

import argparse

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake_migrated


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ledger", help="prove that no entry was changed")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="walk the whole chain")
    verify.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    if refused := wake_migrated():
        return refused
    from ruangaman.rooms.ledger import api as ledger

    try:
        walked = ledger.verify()
    except RuangAmanError as error:
        return refuse(error)
    print(f"{walked.count} entries follow each other; head {walked.head.hex()}")
    return 0
