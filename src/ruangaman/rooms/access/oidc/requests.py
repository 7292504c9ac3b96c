"""
Authorization requests: read, checked, kept for a minute when pushed.

Stricter than the framework below: PKCE with S256, `nonce` and `state` from every client, the return address as it was
registered to the last character, one age. What is asked beyond that (a name, a birth date, a mail address) is passed
over, as OpenID Connect Core section 5.4 says of what a provider does not know.
"""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.http import QueryDict
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ruangaman.core import age_checks
from ruangaman.rooms.access.models import OpenIdPlatform, PushedRequest
from ruangaman.rooms.access.oidc import clients, keys
from ruangaman.rooms.access.oidc.bounds import LONGEST, PUSHED, SCOPE, SHORTEST_MAX_AGE, acr, issuer
from ruangaman.rooms.access.oidc.errors import AskedRefused, RequestUnreadable

ADDRESS: Final = "urn:ietf:params:oauth:request_uri:"
CHALLENGE: Final = re.compile(
    r"[A-Za-z0-9_-]{43}"
)  # SHA-256, base64url without padding (RFC 7636 section 4.2)
AGE: Final = re.compile(r"age_over_([0-9]{1,3})")
PRINTABLE: Final = re.compile(r"[\x20-\x7e]{1,512}")
ASSURANCES: Final = age_checks.ASSURANCES[1:]
"""The degrees that a proof can have; a mere word is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A request as it was checked.

    Attributes:
        age: the age that is asked, None when none is. assurances: the degrees asked for, the dearest wish first;
            `demanded`: whether nothing less is of use (`acr` as an essential claim).
        sub: the pairwise subject that must be the one, from `id_token_hint` or the claim `sub`.
    """

    client: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scope: str
    age: int | None
    assurances: tuple[str, ...]
    demanded: bool
    sub: str | None
    language: str | None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Asked":
        """As it was kept."""
        return cls(**{**kept, "assurances": tuple(kept["assurances"])})


def sender(params: QueryDict) -> tuple[OpenIdPlatform, str]:
    """
    Who asks, and where the answer goes.

    Raises:
        RequestUnreadable: no such client, or another address than it registered: then nobody is redirected.
    """
    platform = clients.living(params.get("client_id", ""))
    given = params.getlist("redirect_uri")
    if platform is None or len(given) != 1 or len(params.getlist("client_id")) != 1:
        raise RequestUnreadable(why="client")
    if given[0] not in platform.client.get_redirect_uris():
        raise RequestUnreadable(why="redirect_uri")
    return platform, given[0]


def read(platform: OpenIdPlatform, redirect_uri: str, params: QueryDict, *, now: datetime) -> Asked:
    """Check everything else; raises AskedRefused, whose words go to the client."""
    for name, values in params.lists():
        if len(values) != 1 or len(values[0]) > LONGEST:
            raise AskedRefused("invalid_request", f"{name[:40]}: once, {LONGEST} characters at most")
    if "request" in params:
        raise AskedRefused("request_not_supported")
    if "registration" in params:
        raise AskedRefused("registration_not_supported")
    if params.get("response_type") != "code":
        raise AskedRefused("unsupported_response_type", "code alone")
    if params.get("response_mode", "query") != "query":
        raise AskedRefused("invalid_request", "response_mode: query alone")
    if params.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(
        params.get("code_challenge", "")
    ):
        raise AskedRefused("invalid_request", "PKCE with S256 is required")
    for name in ("state", "nonce"):
        if not PRINTABLE.fullmatch(params.get(name, "")):
            raise AskedRefused("invalid_request", f"{name} is required, 512 characters at most")
    _session_wishes(params)
    scopes = params.get("scope", "").split()
    if "openid" not in scopes:
        raise AskedRefused("invalid_scope", "openid is required")
    told = _claims(params.get("claims"))
    age = _age(platform, scopes, told, now)
    assurances, demanded = _assurances(params.get("acr_values", ""), told)
    return Asked(
        client=platform.client_id,
        redirect_uri=redirect_uri,
        state=str(params["state"]),
        nonce=str(params["nonce"]),
        challenge=str(params["code_challenge"]),
        scope=" ".join(["openid", *([f"{SCOPE}{age}"] if age is not None else [])]),
        age=age,
        assurances=assurances,
        demanded=demanded,
        sub=_wanted_sub(platform, params.get("id_token_hint"), told, now),
        language=next((one for one in params.get("ui_locales", "").split() if one in ("id", "en")), None),
    )


def _session_wishes(params: QueryDict) -> None:
    prompts = params.get("prompt", "").split()
    if "none" in prompts:
        # Somebody is always asked: nobody's age is told behind his back.
        raise AskedRefused("interaction_required" if len(prompts) == 1 else "invalid_request", "prompt=none")
    most = params.get("max_age")
    if most is not None and not (most.isascii() and most.isdigit() and int(most) >= SHORTEST_MAX_AGE):
        raise AskedRefused("invalid_request", f"max_age: {SHORTEST_MAX_AGE} or more, auth_time is a day")


def _claims(text: str | None) -> dict[str, Any]:
    """The members for the ID token and for userinfo, which this house has none of, as one."""
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise AskedRefused("invalid_request", "claims: no JSON") from None
    if not isinstance(found, dict):
        raise AskedRefused("invalid_request", "claims: an object")
    both: dict[str, Any] = {}
    for name in ("userinfo", "id_token"):
        part = found.get(name) or {}
        if not isinstance(part, dict) or any(not isinstance(one, dict | None) for one in part.values()):
            raise AskedRefused("invalid_request", f"claims: {name} is an object of objects")
        both |= part
    return both


def _age(platform: OpenIdPlatform, scopes: list[str], told: dict[str, Any], now: datetime) -> int | None:
    asked = {one.removeprefix(SCOPE) for one in scopes if one.startswith(SCOPE)}
    for name, wish in told.items():
        found = AGE.fullmatch(name)
        if found is None:
            continue
        asked.add(found.group(1))
        # A wish for `false` would ask for proof of being younger, which nobody gives here.
        if any(wish.get(key, True) is not True for key in ("value",)) if wish else False:
            raise AskedRefused("invalid_request", "an age is only ever told as true")
        if wish and "values" in wish and wish["values"] != [True]:
            raise AskedRefused("invalid_request", "an age is only ever told as true")
    if len(asked) > 1:
        raise AskedRefused("invalid_scope", "two ages in one request would narrow an age; ask one")
    if not asked:
        return None
    text = asked.pop()
    known = clients.law_ages(platform.service.jurisdiction, now)
    if text not in {str(one) for one in known} or int(text) != platform.age:
        raise AskedRefused("invalid_scope", "not the age that this client registered")
    return int(text)


def _assurances(text: str, told: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
    names = {acr(one): one for one in ASSURANCES}
    wish = told.get("acr") or {}
    values = wish.get("values", [wish["value"]] if "value" in wish else None)
    if values is None:
        return tuple(names[one] for one in text.split() if one in names), False
    if not isinstance(values, list) or any(not isinstance(one, str) for one in values):
        raise AskedRefused("invalid_request", "acr: values are strings")
    found = tuple(names[one] for one in values if one in names)
    demanded = wish.get("essential") is True
    if demanded and not found:
        raise AskedRefused("unmet_authentication_requirements", "acr")
    return found, demanded


def _wanted_sub(
    platform: OpenIdPlatform, hint: str | None, told: dict[str, Any], now: datetime
) -> str | None:
    wanted = (told.get("sub") or {}).get("value")
    if wanted is not None and not isinstance(wanted, str):
        raise AskedRefused("invalid_request", "sub is a string")
    if hint is None:
        return wanted
    try:
        ring = KeySet.import_key_set(keys.jwks(now))  # type: ignore[arg-type]
        signed = jws.deserialize_compact(hint.encode("ascii"), ring, algorithms=["RS256"])
        claims = json.loads(signed.payload or b"")
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        raise AskedRefused("invalid_request", "id_token_hint: not signed by this house") from None
    if claims.get("iss") != issuer() or claims.get("aud") != platform.client_id:
        raise AskedRefused("invalid_request", "id_token_hint: of another client")
    if wanted not in (None, claims["sub"]):
        raise AskedRefused("invalid_request", "two different subjects")
    return str(claims["sub"])


def push(platform: OpenIdPlatform, asked: Asked, *, now: datetime) -> str:
    """Keep a pushed request; gives its address, which finds it once, within a minute."""
    word = secrets.token_urlsafe(32)
    PushedRequest.objects.create(
        digest=_digest(word), platform=platform, asked=asked.as_json(), ends_at=now + PUSHED
    )
    return ADDRESS + word


@transaction.atomic
def take_pushed(platform: OpenIdPlatform, address: str, *, now: datetime) -> Asked | None:
    """The pushed request of this address, once; None when it is over, was taken before or is another client's."""
    if not address.startswith(ADDRESS):
        return None
    rows = PushedRequest.objects.select_for_update().filter(
        digest=_digest(address.removeprefix(ADDRESS)), platform=platform
    )
    row = rows.first()
    if row is None or not rows.delete()[0]:
        return None
    return Asked.of(row.asked) if now < row.ends_at else None


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
