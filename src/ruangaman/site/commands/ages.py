"""`ruangaman ages ...`: the issuer's keys of age tokens, and who answers questions about an age."""

import argparse
from datetime import UTC

from ruangaman.site.commands import _face, _institutions, _trust
from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ages", help="age proofs: the issuer's keys, and who may be asked")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("keys", help="the keys that are still taken, and what each stands for")
    one = verbs.add_parser(
        "withdraw-key", help="end a key and all its tokens at once; a new one takes its place"
    )
    one.add_argument("key_id", help="its id in hexadecimal, or how it begins")
    _institutions.add_verbs(verbs)
    _trust.add_verbs(verbs)
    _face.add_verbs(verbs)
    parser.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    if args.verb in _institutions.VERBS:
        return _institutions.run_verb(args)
    if args.verb == "trust":
        return _trust.run_verb(args)
    if args.verb == "face":
        return _face.run_verb(args)
    from ruangaman.adapters import clock
    from ruangaman.rooms.ages import api as ages

    now = clock.now()
    if args.verb == "withdraw-key":
        ages.withdraw_key(args.key_id, now=now)
        print(f"key {args.key_id} is withdrawn; platforms know it within an hour")
        return 0
    for key in ages.issuer_keys(now):
        begins, ends = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (key.not_before, key.not_after))
        print(f"{key.key_id}  {key.claim}  {key.assurance}  {begins} to {ends} UTC")
    return 0
