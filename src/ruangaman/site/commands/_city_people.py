"""`ruangaman city add`, `role` and `mail`: the cities of this house, who does what there, mails that did not go out."""

import argparse
from typing import TYPE_CHECKING

from ruangaman.site.commands._django import on_the_database

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]


def add_verbs(verbs: "Verbs") -> None:
    """Make the verbs known."""
    one = verbs.add_parser("add", help="describe a city, or rename it")
    one.add_argument(
        "slug", help="its name in addresses and the name of its folder: small letters, digits, hyphens"
    )
    one.add_argument("code", help="of Kemendagri, dotted: 31.71, or 31 for a province that is one city")
    one.add_argument("name", help="as people read it")
    one.set_defaults(run=add)
    one = verbs.add_parser("role", help="give an account of the staff a role in a city or a province")
    one.add_argument("account", help="made by `ruangaman staff add`")
    one.add_argument(
        "role", help="bappeda, pppa, kelurahan, body, ngo, company, forum_anak, auditor, or province"
    )
    one.add_argument("--city", default="", metavar="SLUG")
    one.add_argument("--province", default="", metavar="CODE", help="two digits")
    one.add_argument("--area", default="", metavar="CODE", help="dotted code of the kelurahan")
    one.add_argument("--organisation", default="", metavar="NAME", help="public name of the NGO or company")
    one.add_argument("--body", default="", metavar="ID", help="of an office in the city's table of bodies")
    one.add_argument("--end", action="store_true", help="take the role away; what was done by it stays")
    one.set_defaults(run=role)
    one = verbs.add_parser("mail", help="list mails of cities that no server took")
    one.add_argument("--city", default="", metavar="SLUG")
    one.add_argument("--again", action="store_true", help="try them once more now")
    one.set_defaults(run=mail)


@on_the_database
def mail(args: argparse.Namespace) -> int:
    """One line for each; 1 when some were given up, for who asks by a clock."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.places import api as places

    if args.again:
        print(f"tried again: {places.mails_again(args.city, now=clock.now())}")
        return 0
    rows = places.mails_failing(args.city)
    for row in rows:
        print(
            f"{row['city']}: {row['about']} to {row['to']}: {row['state']}, {row['tries']} tries, {row['failure']}"
        )
    if not rows:
        print("every mail was taken")
    return int(any(row["state"] == "given_up" for row in rows))


@on_the_database
def add(args: argparse.Namespace) -> int:
    """Its folder is told, and whether it is there."""
    from ruangaman.adapters import clock
    from ruangaman.rooms.places import api as places

    city = places.add_city(args.slug, args.code, args.name, now=clock.now())
    print(f"{city.code} {city.name}: /kota/{city.slug}/")
    return 0


@on_the_database
def role(args: argparse.Namespace) -> int:
    """The account must be there."""
    from django.contrib.auth.models import User

    from ruangaman.adapters import clock
    from ruangaman.rooms.places import api as places

    user = User.objects.filter(username=args.account, is_active=True).first()
    if user is None:
        raise places.NotFound(what=args.account)
    city = places.city(args.city) if args.city else None
    if args.end:
        places.end_role(
            user, args.role, city=city, province=args.province, area=args.area, body=args.body,
            now=clock.now(),
        )  # fmt: skip
        print(f"{args.account}: no longer {args.role}")
        return 0
    places.give_role(
        user, args.role, city=city, province=args.province, area=args.area,
        organisation=args.organisation, body=args.body, now=clock.now(),
    )  # fmt: skip
    print(f"{args.account}: {args.role}")
    return 0
