"""`ruangaman staff add NAME [--admin]`: the first administrator, and every account of the staff."""

import argparse
import secrets
import sys

from ruangaman.site.commands._django import wake_migrated


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("staff", help="accounts of the staff")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("add", help="make an account, or give it a new password")
    one.add_argument("name", help="name to sign in with")
    one.add_argument("--admin", action="store_true", help="may do everything, also give rights to others")
    one.add_argument(
        "--password-from-input",
        action="store_true",
        help="read the password from standard input, not make one",
    )
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Never takes a password as an argument: the list of processes shows arguments to everyone."""
    if refused := wake_migrated():
        return refused
    from django.contrib.auth import get_user_model
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from ruangaman.adapters import clock
    from ruangaman.rooms.ledger import api as ledger

    password = sys.stdin.readline().rstrip("\n") if args.password_from_input else secrets.token_urlsafe(15)
    users = get_user_model()
    try:
        users.username_validator(args.name)
        validate_password(password)
    except ValidationError as error:
        print("ruangaman: " + " ".join(error.messages), file=sys.stderr)
        return 1
    with transaction.atomic():
        user, made = users.objects.get_or_create(username=args.name)
        user.is_staff, user.is_superuser = True, args.admin or user.is_superuser
        user.set_password(password)
        user.save()
        ledger.append(
            "staff.added" if made else "staff.password-set", {"admin": user.is_superuser}, at=clock.now()
        )
    if not args.password_from_input:
        print(f"password, shown once: {password}")
    return 0
