"""Fills the story: services, keys, webhooks, office, school, the wallet's issuer, the officer, the cast, cities."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from joserfc.jwk import OKPKey

from ruangaman.adapters import packs
from ruangaman.core import accounts
from ruangaman.rooms.access import api as access
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families
from ruangaman.site.story import asker, cast, cities, issuer, learning
from ruangaman.site.story.errors import NotEmpty, NotTheStory
from ruangaman.site.story.house import AUDIENCE, PROVIDER, SCHOOL, House
from ruangaman.site.story.services import SERVICES

ZONE = ZoneInfo("Asia/Jakarta")
EDITION = 9  # of what is filled; a story of an older one is brought up to date
DETERMINED_BY = "Direktorat contoh (cerita)"
SIGNS_IN = "ramai"  # the service at which one may sign in through this house


def fill(
    house: House,
    *,
    platform_port: int,
    registry_port: int,
    school_port: int,
    wallet_port: int,
    with_jakarta: bool = False,
    now: datetime,
) -> bool:
    """
    Bring the story into this house; True when something was filled, False when it was there already.

    Raises:
        NotTheStory: this house is a real one.
        NotEmpty: the database holds services, and no story made them.
    """
    if not settings.STORY:
        raise NotTheStory
    plan = house.read(house.plan)
    ports = {"platform_port": platform_port, "registry_port": registry_port, "base_url": settings.BASE_URL}
    ports |= {"school_port": school_port, "wallet_port": wallet_port, "edition": EDITION}
    ports |= {"jakarta": with_jakarta}
    if not plan and access.public_services():
        raise NotEmpty
    if plan and {name: plan.get(name) for name in ports} == ports:
        return False
    today = now.astimezone(ZONE).date()
    born = {child.key: cast.born(child, today).isoformat() for child in (*cast.CHILDREN, cast.HERS)}
    born |= plan.get("born", {})
    password = str(plan.get("officer_password") or f"cerita-{secrets.token_hex(3)}")
    with transaction.atomic():
        _services(now)
        _platform(house, born, platform_port, now)
        _office(house, born, registry_port, now)
        _school(house, born, school_port, now)
        _wallet(house, born, now)
        _officer(password, now)
        cities.fill(password, with_jakarta=with_jakarta, now=now)
        learning.fill(password, now=now)
        house.write(house.plan, {"born": born, "officer_password": password, **ports})
    return True


def _services(now: datetime) -> None:
    for described in SERVICES:
        if access.service(described["slug"]) is None:
            access.create_service(
                **described, risk_determined_by=DETERMINED_BY, risk_determined_at=now, now=now
            )
        else:
            access.update_service(
                described["slug"],
                data_requested=described["data_requested"],
                handling=described["handling"],
                contact=described["contact"],
                now=now,
            )


def _platform(house: House, born: dict[str, str], port: int, now: datetime) -> None:
    """Keys and webhook secrets are shown once; they go to the platform's own settings file and nowhere else."""
    services: dict[str, Any] = dict(house.read(house.platform).get("services") or {})
    for described in SERVICES:
        slug = described["slug"]
        url = f"http://127.0.0.1:{port}/kait/{slug}"
        known = services.setdefault(slug, {})
        if "key" not in known:
            known["key"] = access.create_key(service=slug, label="cerita", now=now).text
        if known.get("webhook") != url:
            _, secret = access.register_webhook(service=slug, url=url, now=now)
            known |= {"webhook": url, "webhook_secret": secret}
        back = f"http://ramai.localhost:{port}/{slug}/"
        if known.get("return_to") != back:
            access.update_service(slug, return_addresses=[back], now=now)
            known["return_to"] = back
    described = next(one for one in SERVICES if one["slug"] == SIGNS_IN)
    facts = {name: described[name] for name in ("risk_profile", "designed_for_children")}
    _client(services[SIGNS_IN], accounts.opens_from(packs.load("ID"), facts, now=now), port, now)
    people = [
        {
            "key": child.key,
            "nickname": child.name["id"],
            "birth_date": born[child.key],
            "guardian_mail": cast.of_key(child.writes_to).mail,
        }
        for child in cast.CHILDREN
    ]
    told = {"ruangaman": _inside(), "house": settings.BASE_URL, "services": services, "cast": people}
    house.write(house.platform, told)


def _client(known: dict[str, Any], age: int, port: int, now: datetime) -> None:
    """
    The platform's client of the OpenID Provider; after a change of port it is a new one. It asks the age from which the
    law lets anybody in there.
    """
    back = f"http://ramai.localhost:{port}/{SIGNS_IN}/masuk/kembali"
    before = known.get("openid")
    if before and before["back"] == back:
        return
    if before:
        access.end_openid_client(before["client"], now=now)
    made = access.add_openid_client(SIGNS_IN, redirects=[back], age=age, now=now)
    known["openid"] = {"client": made.client, "secret": made.secret, "age": age, "back": back}


def _inside() -> str:
    """Where the platform reaches this house on this machine: the loopback address, whatever the browser resolves."""
    port = urlsplit(settings.BASE_URL).port or 80
    return f"http://127.0.0.1:{port}"


def _officer(password: str, now: datetime) -> None:
    """An account of the story alone, whose password its start page shows; a real house prints a link instead."""
    access.add_staff(cast.OFFICER, admin=False, officer=True, now=now)
    account = User.objects.get(username=cast.OFFICER)
    account.set_password(password)
    account.save(update_fields=["password"])


def _office(house: House, born: dict[str, str], port: int, now: datetime) -> None:
    """The office gets a key of its own; the house learns the public half."""
    issuer = f"http://kantor.localhost:{port}"
    before = house.read(house.registry)
    key = _key(before, now)
    families.register_provider(
        slug=PROVIDER,
        name={"id": "Kantor Contoh", "en": "Example Office"},
        issuer=issuer,
        audience=AUDIENCE,
        ask_url=f"{issuer}/tanya",
        keys={"keys": [key.as_dict(private=False)]},
        checks_names=True,
        now=now,
    )
    ours, hers = [child.key for child in cast.CHILDREN], [cast.HERS.key]
    people = [
        {
            "id": one.key,
            "name": one.name,
            "relation": one.relation,
            "children": children,
        }
        for one, children in (
            *((guardian, ours) for guardian in cast.GUARDIANS),
            (cast.NEIGHBOUR, hers),
            (cast.STRANGER, []),
        )
    ]
    house.write(
        house.registry,
        {
            "issuer": issuer,
            "slug": PROVIDER,
            "audiences": {AUDIENCE: f"{settings.BASE_URL}/izin/bukti/kembali"},
            "key": key.as_dict(private=True),
            "pairwise_key": before.get("pairwise_key") or secrets.token_urlsafe(32),
            "people": people,
            "children": {
                child.key: {
                    "nickname": child.name["id"],
                    "given_names": child.given_names,
                    "birth_date": born[child.key],
                }
                for child in (*cast.CHILDREN, cast.HERS)
            },
        },
    )


def _key(before: dict[str, Any], now: datetime) -> OKPKey:
    """The key that signed before, or a fresh one."""
    if before:
        return OKPKey.import_key(before["key"])
    return OKPKey.generate_key("Ed25519", {"kid": f"cerita-{now:%Y-%m}"}, private=True)


def _school(house: House, born: dict[str, str], port: int, now: datetime) -> None:
    """The children's school, which answers "this age or over?" (docs/guides/age-verdict.md)."""
    issuer = f"http://sekolah.localhost:{port}"
    key = _key(house.read(house.school), now)
    name = {"id": "Sekolah Contoh", "en": "Example School"}
    ages.register_institution(
        SCHOOL,
        kind="school",
        name=name,
        issuer=issuer,
        audience=AUDIENCE,
        ask_url=f"{issuer}/tanya",
        keys={"keys": [key.as_dict(private=False)]},
        assurance="enhanced",
        now=now,
    )
    house.write(
        house.school,
        {
            "name": name,
            "issuer": issuer,
            "audiences": {AUDIENCE: f"{settings.BASE_URL}/cek-umur/kembali"},
            "key": key.as_dict(private=True),
            "people": [
                {"id": child.key, "name": child.name, "birth_date": born[child.key]}
                for child in cast.CHILDREN
            ],
        },
    )


def _wallet(house: House, born: dict[str, str], now: datetime) -> None:
    """The wallet, the made-up office that this house trusts, and the house's certificate, which the wallet trusts."""
    before: dict[str, Any] = house.read(house.wallet).get("issuer") or {}
    made = before if issuer.whole(before) else issuer.fresh(now)
    ages.trust_wallets(issuer.trust(made), now=now)
    people = [{"id": one.key, "name": one.name, "birth_date": born[one.key]} for one in cast.CHILDREN]
    house.write(
        house.wallet,
        {
            "name": issuer.NAME,
            "vct": issuer.VCT,
            "doc_type": issuer.DOC_TYPE,
            "iss": issuer.ISSUER,
            "issuer": made,
            "askers": asker.prepare(house, now),
            "on_this_machine": True,
            "people": people,
        },
    )
