"""Somebody with a card of this house in a wallet of its own: offered, fetched, shown and looked up."""

import json

from django.test import Client

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_vc, status_token
from ruangaman.core.credentials.sd_jwt import KeyBinding
from ruangaman.rooms.ages import cards
from ruangaman.rooms.ages.tests.conftest import NOON
from ruangaman.rooms.ages.tests.holder_wallet import (
    ISSUER,
    a_key,
    ask,
    code_in,
    fresh_nonce,
    proof,
    take_token,
)

AUD, NONCE = "x509_san_dns:ramai.example", "n" * 22


def offered(holder, now=NOON, **more):
    """The offer of a wallet, its code and its digits."""
    row = cards.offer(holder, now=now, **more)
    return row, code_in(cards.link(row)), cards.digits_of(row) if row.digits else None


def token_for(holder, now=NOON):
    _, code, digits = offered(holder, now)
    return take_token(code, digits).json()["access_token"]


def batch_for(holder, count=3, now=NOON):
    """Keys and the cards for them."""
    token, nonce, keys = token_for(holder, now), fresh_nonce(), [a_key() for _ in range(count)]
    reply = ask(token, [proof(key, nonce, now) for key in keys])
    assert reply.status_code == 200, reply.content
    return keys, [one["credential"] for one in reply.json()["credentials"]]


def issuer_key(kid):
    told = Client().get("/.well-known/jwt-vc-issuer").json()
    assert told["issuer"] == ISSUER
    return jose.public_key(next(one for one in told["jwks"]["keys"] if one["kid"] == kid))


def shown(card, key, claim="age_over_16", now=NOON):
    """What a holder shows: one claim, and the proof of the key."""
    held = sd_jwt.read(card)
    kept = tuple(
        one for one in held.disclosures if json.loads(jose.from_base64url(one))[1] == claim
    )  # one claim alone
    part = sd_jwt.SdJwt(held.issuer_jwt, kept, None)
    claims = {
        "iat": int(now.timestamp()),
        "aud": AUD,
        "nonce": NONCE,
        "sd_hash": sd_jwt.digest(part.presented),
    }
    return part.presented + jose.sign({"typ": "kb+jwt"}, jose.write_json(claims), key)


def verified(card, key, now=NOON, claim="age_over_16"):
    return sd_jwt_vc.verify(
        shown(card, key, claim, now),
        key_of=lambda header, payload: issuer_key(header["kid"]),
        now=int(now.timestamp()),
        key_binding=KeyBinding(NONCE, AUD),
        vct={f"{ISSUER}/vct/umur/1"},
    )


def standing(status, now=NOON, accept="application/statuslist+jwt"):
    path = status.uri.removeprefix(ISSUER)
    reply = Client().get(path, headers={"Accept": accept})
    assert (reply.status_code, reply["Content-Type"]) == (200, accept)
    body = reply.content if accept.endswith("cwt") else reply.content.decode()

    def key_of(header):
        return issuer_key(header.get("kid") or header[4].decode())

    return status_token.standing(status, body, now=int(now.timestamp()), key_of=key_of).status
