"""`ruangaman ledger verify`: walk the chain from its first entry."""

import argparse

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ledger", help="prove that no entry was changed")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="walk the whole chain")
    verify.set_defaults(run=run)


@on_the_database
def run(_args: argparse.Namespace) -> int:
    from ruangaman.rooms.ledger import api as ledger

    walked = ledger.verify()
    print(f"{walked.count} entries follow each other; head {walked.head.hex()}")
    return 0
