"""`ruangaman credentials keys | rotate | request | certify`: the keys that sign age cards and status lists."""

import argparse
from pathlib import Path

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("credentials", help="the key that signs age cards for other wallets")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listed = verbs.add_parser("keys", help="the keys whose cards are good")
    listed.add_argument("--consents", action="store_true", help="those of the status lists of consents")
    listed.set_defaults(run=keys)
    turn = verbs.add_parser("rotate", help="sign with a new key from now on")
    turn.add_argument("--lost", action="store_true", help="distrust the old key, and every card it signed")
    turn.add_argument("--consents", action="store_true", help="the key of the status lists of consents")
    turn.set_defaults(run=rotate)
    verbs.add_parser("request", help="print a request for a certificate (PEM)").set_defaults(run=request)
    certify_ = verbs.add_parser("certify", help="put certificates beside the key; each card then names them")
    certify_.add_argument("file", type=Path, help="PEM, the key's own certificate first")
    certify_.set_defaults(run=certify)


@on_the_database
def keys(args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    for kid, does in ages.card_keys(clock.now(), consents=args.consents):
        print(f"{kid}  {does}")
    return 0


@on_the_database
def rotate(args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    print(f"{ages.rotate_card_key(lost=args.lost, consents=args.consents, now=clock.now())}  signs")
    return 0


@on_the_database
def request(_args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    print(ages.card_key_request(clock.now()), end="")
    return 0


@on_the_database
def certify(args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    try:
        pem = args.file.read_bytes()
    except OSError as error:
        print(f"{args.file}: {error.strerror}")
        return 2
    ages.set_card_chain(pem, now=clock.now())
    print("the cards name these certificates from now on")
    return 0
