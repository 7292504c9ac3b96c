"""`ruangaman vault new-master-key | rewrap`: the two steps of a key rotation."""

import argparse
from pathlib import Path

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("vault", help="rotate the master key")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("new-master-key", help="put a fresh key before those in the key file").set_defaults(
        run=make
    )
    verbs.add_parser("rewrap", help="wrap every family's key with the current master key").set_defaults(
        run=rewrap
    )


@on_the_database
def make(_args: argparse.Namespace) -> int:
    from django.conf import settings

    from ruangaman.adapters import keystore

    if settings.MASTER_KEY:
        print(
            "the keys come from RUANGAMAN_MASTER_KEY: put the new one first there, the old one after a comma"
        )
        return 1
    keystore.make(Path(settings.MASTER_KEY_FILE))
    print("made a new master key; restart the processes, then run: ruangaman vault rewrap")
    return 0


@on_the_database
def rewrap(_args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.rooms.vault import api as vault

    count = vault.rewrap(now=clock.now())
    print(f"wrapped {count} keys anew; the older master keys may go")
    return 0
