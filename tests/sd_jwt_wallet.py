"""A holder's wallet for the tests: it keeps an SD-JWT, shows what it chooses, and proves its key."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwe
from joserfc.jwk import ECKey

from ruangaman.core.credentials import jose, sd_jwt
from ruangaman.core.credentials.sd_jwt import SdJwt

NOW = 1_764_500_000
AUD = "x509_san_dns:aman.example"
NONCE = "n-0S6_WzA2Mj"


def private_key(jwk: Mapping[str, str]) -> ec.EllipticCurvePrivateKey:
    """From a published test key with its `d`."""
    return ec.derive_private_key(int.from_bytes(jose.from_base64url(jwk["d"]), "big"), ec.SECP256R1())


def opened(held: SdJwt) -> dict[str, tuple[str, list[Any]]]:
    """digest -> disclosure as text and as values."""
    algorithm = payload(held).get("_sd_alg", "sha-256")
    return {
        sd_jwt.digest(text, algorithm): (text, json.loads(jose.from_base64url(text)))
        for text in held.disclosures
    }


def payload(held: SdJwt) -> dict[str, Any]:
    return json.loads(jose.from_base64url(held.issuer_jwt.split(".")[1]))


def choose(held: SdJwt, wanted: Any) -> SdJwt:
    """
    Keep the disclosures that `wanted` names: an object or list that mirrors the claims, true-ish where to disclose.

    This is how the published test cases write `holder_disclosed_claims`.
    """
    known, kept = opened(held), []

    def walk(node: Any, want: Any) -> None:
        if isinstance(node, dict):
            want = want if isinstance(want, dict) else {}
            for name, value in node.items():
                if name != "_sd":
                    walk(value, want.get(name))
            for digest in node.get("_sd", ()):
                if digest in known:
                    text, (_, name, value) = known[digest]
                    if want.get(name):
                        kept.append(text)
                        walk(value, want[name])
        elif isinstance(node, list):
            wants = want if isinstance(want, list) else []
            real = [one for one in node if not _is_digest(one) or one["..."] in known]  # decoys have no place
            for one, want_one in zip(real, wants, strict=False):
                if not _is_digest(one):
                    walk(one, want_one)
                elif want_one not in (False, None):
                    text, (_, value) = known[one["..."]]
                    kept.append(text)
                    walk(value, want_one)

    walk(payload(held), wanted)
    return SdJwt(held.issuer_jwt, tuple(kept), None, held.further)


def _is_digest(one: Any) -> bool:
    return isinstance(one, dict) and set(one) == {"..."}


def prove(
    held: SdJwt, key: ec.EllipticCurvePrivateKey, *, nonce=NONCE, aud=AUD, now=NOW, header=None, **claims: Any
) -> SdJwt:
    """With a KB-JWT over what is shown; `header` and `claims` change it for the tests of refusals."""
    algorithm = payload(held).get("_sd_alg", "sha-256")
    told = {
        "iat": now,
        "aud": aud,
        "nonce": nonce,
        "sd_hash": sd_jwt.digest(held.presented, algorithm),
    } | claims
    told = {name: value for name, value in told.items() if value is not None}
    kb_jwt = jose.sign(header or {"typ": "kb+jwt"}, jose.write_json(told), key)
    return SdJwt(held.issuer_jwt, held.disclosures, kb_jwt, held.further)


def as_json(held: SdJwt, *, general: bool) -> str:
    """The flattened or the general JSON form (RFC 9901 8)."""
    unprotected: dict[str, Any] = {"disclosures": list(held.disclosures)}
    if held.kb_jwt:
        unprotected["kb_jwt"] = held.kb_jwt
    signatures = []
    for place, jwt in enumerate((held.issuer_jwt, *held.further)):
        protected, _, signature = jwt.split(".")
        header = unprotected if place == 0 else {}
        signatures.append({"header": header, "protected": protected, "signature": signature})
    told = {"payload": held.issuer_jwt.split(".")[1]}
    return json.dumps(told | ({"signatures": signatures} if general else signatures[0]))


def encrypt(plain: bytes, to: Mapping[str, str], enc: str = "A256GCM", **header: Any) -> str:
    """A compact JWE to a public JWK, as a wallet makes it; by another library than the house reads it with."""
    told = {"alg": "ECDH-ES", "enc": enc, "kid": to["kid"]} | header
    key = ECKey.import_key({name: to[name] for name in ("kty", "crv", "x", "y")})
    return jwe.encrypt_compact(told, plain, key, algorithms=["ECDH-ES", enc, "DEF"])
