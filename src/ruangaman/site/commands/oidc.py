"""`ruangaman oidc add|list|secret|end|rotate`: clients and keys of the OpenID Provider. A secret is printed once."""

import argparse
from datetime import UTC

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("oidc", help="clients and keys of the OpenID Provider")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add", help="add a client of a service; its secret is printed once")
    one.add_argument("service", help="slug of the service that the client speaks for")
    one.add_argument(
        "--redirect",
        action="append",
        required=True,
        metavar="URI",
        help="where it may return; once for each address",
    )
    one.add_argument("--age", type=int, metavar="N", help="the one age that it may ask (age_over:N)")
    one.add_argument("--public", action="store_true", help="an app that can keep no secret")
    one.add_argument("--par", action="store_true", help="only requests that were pushed (RFC 9126)")
    two = verbs.add_parser("secret", help="make a new secret; the old one ends at once")
    two.add_argument("client")
    three = verbs.add_parser("end", help="end a client at once")
    three.add_argument("client")
    verbs.add_parser("list", help="all clients, without their secrets")
    four = verbs.add_parser("rotate", help="make a new key for ID tokens")
    four.add_argument("--now", action="store_true", help="at once, since the old key is lost (in two hours)")
    parser.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access

    now = clock.now()
    match args.verb:
        case "add":
            made = access.add_openid_client(
                args.service,
                redirects=args.redirect,
                age=args.age,
                public=args.public,
                pushed_only=args.par,
                now=now,
            )
            print(f"client {made.client}")
            if made.secret:
                print(f"its secret, shown once:\n{made.secret}")
        case "secret":
            print(f"its secret, shown once:\n{access.renew_openid_secret(args.client, now=now).secret}")
        case "end":
            access.end_openid_client(args.client, now=now)
            print(f"client {args.client} has ended")
        case "rotate":
            kid, begins = access.rotate_openid_key(at_once=args.now, now=now)
            print(f"key {kid} signs from {begins.astimezone(UTC):%Y-%m-%d %H:%M} UTC on")
        case _:
            for one in access.all_openid_clients():
                asks = f"age_over:{one.age}" if one.age else "no age"
                kind = "public" if one.public else "confidential"
                more = " pushed requests alone" if one.pushed_only else ""
                state = "ended" if one.ended else "living"
                print(
                    f"{one.client}  {state}  {one.service}  {asks}  {kind}{more}  {' '.join(one.redirects)}"
                )
    return 0
