"""The clients: each speaks for one service, returns to the addresses it named, and may ask one age."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import unquote_plus

from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from ruangaman.adapters import packs
from ruangaman.core import age_checks
from ruangaman.rooms.access import addresses
from ruangaman.rooms.access.api import ClientView, NewClient
from ruangaman.rooms.access.errors import NotFound, ServiceUnknown
from ruangaman.rooms.access.models import OpenIdPlatform, Service
from ruangaman.rooms.access.oidc.bounds import SCOPE
from ruangaman.rooms.access.oidc.errors import ClientRefused
from ruangaman.rooms.access.oidc.hashing import RandomSecretHasher
from ruangaman.rooms.ledger import api as ledger


def law_ages(jurisdiction: str, now: datetime) -> tuple[int, ...]:
    """The ages that the law itself asks for on this day."""
    pack = packs.load(jurisdiction)
    return age_checks.claim_ages(pack, age_checks.local_day(pack, now))


def _refuse_address(text: str) -> None:
    why = addresses.refusal(text)
    if why is not None:
        raise ClientRefused(field="redirect", why=why)


@transaction.atomic
def add(
    slug: str,
    *,
    redirects: Sequence[str],
    age: int | None = None,
    public: bool = False,
    pushed_only: bool = False,
    now: datetime,
) -> NewClient:
    """
    Add a client of a service.

    Args:
        redirects: the addresses to which it may return, each compared as it stands.
        age: the one age that it may ask. All clients of a service ask the same: two ages would narrow one.
        public: an app that can keep no secret; PKCE alone then binds the code, as it does for every client.

    Raises:
        ServiceUnknown; ClientRefused: `facts["field"]` and `facts["why"]`.
    """
    service = Service.objects.select_for_update().filter(slug=slug, retired_at__isnull=True).first()
    if service is None:
        raise ServiceUnknown
    if not 1 <= len(redirects) <= addresses.MOST or len(set(redirects)) != len(redirects):
        raise ClientRefused(field="redirect", why="one to ten addresses, each once")
    for one in redirects:
        _refuse_address(one)
    if age is not None:
        ages = law_ages(service.jurisdiction, now)
        if age not in ages:
            raise ClientRefused(field="age", why=f"one of {', '.join(map(str, ages))}")
        others = OpenIdPlatform.objects.filter(service=service, ended_at__isnull=True, age__isnull=False)
        if others.exclude(age=age).exists():
            raise ClientRefused(field="age", why="another client of this service asks another age")
    secret = None if public else _fresh()
    client = Client(
        name=service.name[:100],
        type=Client.Type.PUBLIC if public else Client.Type.CONFIDENTIAL,
        secret=_kept(secret or _fresh()),
        created_at=now,
    )
    client.set_scopes(["openid", *([f"{SCOPE}{age}"] if age is not None else [])])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_redirect_uris(list(redirects))
    client.save()
    OpenIdPlatform.objects.create(
        client=client, service=service, age=age, pushed_only=pushed_only, created_at=now
    )
    ledger.append(
        "access.openid-client",
        {"client": client.id, "service": slug, "age": age, "redirects": " ".join(redirects)},
        at=now,
    )
    return NewClient(client.id, secret)


def _fresh() -> str:
    """A secret of letters and digits alone: for anything else clients differ in how they write it (RFC 6749 2.3.1)."""
    return secrets.token_hex(32)


def _kept(secret: str) -> str:
    return make_password(secret, hasher=RandomSecretHasher.algorithm)


@transaction.atomic
def renew_secret(client: str, *, now: datetime) -> NewClient:
    """A new secret in place of the old one, at once; raises NotFound, ClientRefused."""
    row = living(client, lock=True)
    if row is None:
        raise NotFound(what="client")
    if row.client.type == Client.Type.PUBLIC:
        raise ClientRefused(field="client", why="a public client has no secret")
    secret = _fresh()
    row.client.secret = _kept(secret)
    row.client.save(update_fields=["secret"])
    ledger.append("access.openid-client-secret", {"client": client}, at=now)
    return NewClient(client, secret)


@transaction.atomic
def end(client: str, *, now: datetime) -> None:
    """End a client at once; raises NotFound."""
    row = living(client, lock=True)
    if row is None:
        raise NotFound(what="client")
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    row.pushed.all().delete()
    row.flows.all().delete()
    ledger.append("access.openid-client-ended", {"client": client}, at=now)


def living(client: str, *, lock: bool = False) -> OpenIdPlatform | None:
    """A client that may still ask, of a service that is still there."""
    rows = OpenIdPlatform.objects.select_related("client", "service")
    rows = rows.filter(client_id=client[:100], ended_at__isnull=True, service__retired_at__isnull=True)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def every() -> list[ClientView]:
    """All clients, ended ones too, the oldest first."""
    rows = OpenIdPlatform.objects.select_related("client", "service")
    return [
        ClientView(
            client=row.client_id,
            service=row.service.slug,
            age=row.age,
            public=row.client.type == Client.Type.PUBLIC,
            pushed_only=row.pushed_only,
            redirects=tuple(row.client.get_redirect_uris()),
            ended=row.ended_at is not None,
        )
        for row in rows
    ]


def authenticated(request: HttpRequest) -> OpenIdPlatform | None:
    """
    The client that calls (RFC 6749 section 2.3.1): by Basic, by its secret in the body, or, for a public one, by its
    name alone. None when it is not who it says; two ways at once are none.
    """
    name, secret = _basic(request.headers.get("Authorization", ""))
    told = request.POST.get("client_secret")
    if name is None:
        name, secret = request.POST.get("client_id", ""), told
    elif told is not None or request.POST.get("client_id", name) != name:
        return None
    row = living(name or "")
    if row is None:
        return None
    if row.client.type == Client.Type.PUBLIC:
        return row if secret is None else None
    return row if secret and row.client.check_secret(secret) else None


def _basic(header: str) -> tuple[str | None, str | None]:
    scheme, _, text = header.partition(" ")
    if not header:
        return None, None
    try:
        name, colon, secret = base64.b64decode(text.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", None
    if scheme.lower() != "basic" or not colon:
        return "", None
    return unquote_plus(name), unquote_plus(secret)
