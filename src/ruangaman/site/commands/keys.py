"""`ruangaman keys create|list|rotate|revoke`: the keys of platforms. A secret is printed once."""

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ruangaman.site.commands._django import on_the_database

if TYPE_CHECKING:
    from ruangaman.rooms.access.api import KeyView

SCOPES = ("ask", "sessions", "events", "webhooks", "deletions")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("keys", help="keys of platforms")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("create", help="make a key; its secret is printed once")
    whose = one.add_mutually_exclusive_group(required=True)
    whose.add_argument("--service", help="slug of the one service that the key is for")
    whose.add_argument("--operator", help="operator whose services, all of them, the key is for")
    one.add_argument(
        "--sandbox", action="store_true", help="a key for trying out; no guardian is ever reached"
    )
    one.add_argument(
        "--scopes", default=",".join(SCOPES), help=f"comma-separated, of {', '.join(SCOPES)} (all)"
    )
    one.add_argument("--label", default="", help="a name for the list")
    one.add_argument("--days", type=int, help="how many days it lives (for ever)")
    two = verbs.add_parser("rotate", help="make a new secret; the old key goes on for a while")
    two.add_argument("key_id", help="the visible part of the key")
    two.add_argument("--overlap-hours", type=int, default=24, help="how long the old key goes on (24)")
    three = verbs.add_parser("revoke", help="end a key at once")
    three.add_argument("key_id", help="the visible part of the key")
    verbs.add_parser("list", help="all keys, without their secrets")
    parser.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """Do the verb; 1 when it was refused."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access

    now = clock.now()
    match args.verb:
        case "create":
            made = access.create_key(
                service=args.service,
                operator=args.operator,
                scopes=tuple(one.strip() for one in args.scopes.split(",") if one.strip()),
                sandbox=args.sandbox,
                label=args.label,
                lifetime=timedelta(days=args.days) if args.days is not None else None,
                now=now,
            )
            print(f"key {made.key_id}, shown once:\n{made.text}")
        case "rotate":
            made = access.rotate_key(args.key_id, overlap=timedelta(hours=args.overlap_hours), now=now)
            print(f"key {made.key_id} in place of {args.key_id}, shown once:\n{made.text}")
        case "revoke":
            access.revoke_key(args.key_id, now=now)
            print(f"key {args.key_id} has ended")
        case _:
            for key in access.all_keys():
                print(_line(key, now))
    return 0


def _line(key: "KeyView", now: datetime) -> str:
    if key.revoked_at:
        state = "revoked"
    elif key.expires_at and key.expires_at <= now:
        state = "expired"
    else:
        state = (
            f"living until {key.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            if key.expires_at
            else "living"
        )
    if key.replaced_by:
        state += f", rotated to {key.replaced_by}"
    lane = "sandbox" if key.sandbox else "live"
    whose = key.service or f"all of {key.operator}"
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    return f"{key.key_id}  {state}  {lane}  {whose}  {' '.join(key.scopes)}  {used}  {key.label}".rstrip()
