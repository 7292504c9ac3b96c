"""A platform that signs people in through the OpenID Provider, and the browser of one of them."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.tests.conftest import NOON

BACK = "https://obrol.example/kembali"


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Relying:
    """The platform's side: what it asks, and what it makes of the answer."""

    client: str
    secret: str | None
    age: int | None = None
    http: Client = field(default_factory=Client)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @classmethod
    def of(cls, service: str = "obrol", age: int | None = 16, **more: Any) -> "Relying":
        made = access.add_openid_client(service, redirects=[BACK], age=age, now=NOON, **more)
        return cls(made.client, made.secret, age)

    def params(self, **changed: Any) -> dict[str, str]:
        found = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": BACK,
            "scope": "openid" + (f" age_over:{self.age}" if self.age else ""),
            "state": "s-1",
            "nonce": "n-1",
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
        } | changed
        return {name: value for name, value in found.items() if value is not None}

    def send(self, browser: Client, **changed: Any) -> Any:
        """The browser is sent to the house."""
        return browser.get(f"/oidc/authorize?{urlencode(self.params(**changed))}")

    def basic(self) -> dict[str, str]:
        if self.secret is None:
            return {}
        text = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        return {"HTTP_AUTHORIZATION": f"Basic {text}"}

    def exchange(self, given: str, **changed: Any) -> Any:
        body = {
            "grant_type": "authorization_code",
            "code": given,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
        } | ({} if self.secret else {"client_id": self.client})
        body = {name: value for name, value in (body | changed).items() if value is not None}
        return self.http.post("/oidc/token", body, **self.basic())

    def claims(self, told: Any) -> dict[str, Any]:
        keys = KeySet.import_key_set(self.http.get("/oidc/jwks.json").json())
        return dict(jwt.decode(told.json()["id_token"], keys, algorithms=["RS256"]).claims)


def step(browser: Client, page: str, name: str) -> Any:
    return browser.post(page, {"langkah": name})


def answer_of(reply: Any) -> dict[str, str]:
    """What the browser brings back to the platform."""
    assert reply.status_code == 303, reply.content.decode()[-2000:]
    where = urlsplit(reply["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == BACK
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def payload(token: str) -> str:
    text = token.split(".")[1]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def parsed(token: str) -> dict[str, Any]:
    return dict(json.loads(payload(token)))
