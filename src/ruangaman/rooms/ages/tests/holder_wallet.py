"""A wallet of somebody else, as far as the tests need one: keys, proofs, and the calls of OpenID4VCI."""

import json
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from ruangaman.core.credentials import jose, openid4vci
from ruangaman.rooms.ages import cards

ISSUER = "http://localhost:8000"


def a_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def proof(key, nonce, now, *, header=None, **claims) -> str:
    """A proof of a key; `header` and `claims` change it, None leaves a claim out."""
    head = {"typ": "openid4vci-proof+jwt", "jwk": jose.public_jwk(key.public_key()), **(header or {})}
    told = {"aud": ISSUER, "iat": int(now.timestamp()), "nonce": nonce, **claims}
    return jose.sign(
        head, jose.write_json({name: value for name, value in told.items() if value is not None}), key
    )


def opened(uri: str) -> dict:
    """The offer in a link."""
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("openid-credential-offer", "")
    return json.loads(parse_qs(parts.query)["credential_offer"][0])


def code_in(uri: str) -> str:
    return opened(uri)["grants"][openid4vci.PRE_AUTHORIZED]["pre-authorized_code"]


def take_token(code, digits=None, **more):
    said = {"grant_type": openid4vci.PRE_AUTHORIZED, "pre-authorized_code": code, **more}
    if digits is not None:
        said["tx_code"] = digits
    form = "&".join(f"{name}={value}" for name, value in said.items())
    return Client().post("/kartu-umur/token", form, content_type="application/x-www-form-urlencoded")


def fresh_nonce() -> str:
    return Client().post("/kartu-umur/nonce").json()["c_nonce"]


def ask(token, jwts, /, **more):
    body = {"credential_configuration_id": cards.CONFIGURATION, "proofs": {"jwt": jwts}, **more}
    return ask_raw(token, json.dumps({name: value for name, value in body.items() if value is not None}))


def ask_raw(token, body, media="application/json"):
    return Client().post(
        "/kartu-umur/credential", body, content_type=media, headers={"Authorization": f"Bearer {token}"}
    )
