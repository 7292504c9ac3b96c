"""`ruangaman staff add NAME [--admin] [--officer] [--mail ADDRESS]`: the first administrator, all other accounts."""

import argparse

from ruangaman.site.commands._django import on_the_database


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("staff", help="accounts of the staff")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser(
        "add",
        help="make an account, or end its password, and print a link to set one; with --mail the password stays",
    )
    one.add_argument("name", help="name to sign in with, not a person's name")
    one.add_argument("--admin", action="store_true", help="may do everything at /admin/, also give rights")
    one.add_argument(
        "--officer",
        action="store_true",
        help="may read and answer at /petugas/ what people write to officers",
    )
    one.add_argument(
        "--mail", metavar="ADDRESS", help="where the house reminds it of what is due; empty takes it away"
    )
    one.set_defaults(run=run)


@on_the_database
def run(args: argparse.Namespace) -> int:
    """No password passes through here: its person sets it by the link."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access

    had = access.staff_signs_in(args.name)
    link = access.add_staff(
        args.name, admin=args.admin, officer=args.officer, mail=args.mail, now=clock.now()
    )
    if not link:
        print(f"{args.name} is changed; its password stays as it is")
        return 0
    if had:
        print(f"the password of {args.name} no longer works")
    print(f"give this link to {args.name}; it sets the password, once, within a day:\n{link}")
    return 0
