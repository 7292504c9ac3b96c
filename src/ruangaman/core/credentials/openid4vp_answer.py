"""
OpenID4VP 1.0 answers: what a wallet posts or the browser hands over, and what proofs in it must be bound to.

Source: OpenID for Verifiable Presentations 1.0, sections 8 and 14.1, B.2.6 (handovers of mdocs), appendix A.3 and A.4.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose, jwe
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json
from ruangaman.core.credentials.openid4vp import read_form

MOST_BYTES = 786_432
"""The longest answer that is looked at; it holds a JWE of at most 704 KiB."""

MOST_QUERIES = 32
MOST_PRESENTATIONS = 32

Presentation = str | Mapping[str, Json]

ERRORS = frozenset(
    {
        "access_denied",
        "invalid_client",
        "invalid_request",
        "invalid_request_uri_method",
        "invalid_scope",
        "invalid_transaction_data",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
        "vp_formats_not_supported",
        "wallet_unavailable",
    }
)
"""What a wallet may say instead of an answer (section 8.5, RFC 6749 4.1.2.1)."""


class AnswerMalformed(CredentialError):
    """No `vp_token` of the form id -> list of presentations; `field` names where."""

    code = "openid4vp.answer-malformed"


class AnswerNotEncrypted(CredentialError):
    """An encrypted answer was asked for, and a plain one came."""

    code = "openid4vp.answer-not-encrypted"


class WalletRefused(CredentialError):
    """The wallet sent an error in place of an answer; `error` is its code, `other` for one that nobody defined."""

    code = "openid4vp.wallet-refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """Presentations by the id of their query, none of them verified yet."""

    vp_token: Mapping[str, tuple[Presentation, ...]] = field(repr=False)
    state: str | None


def read_post(body: bytes) -> Answer:
    """
    The body of a `direct_post` (section 8.2).

    Raises:
        WalletRefused: the wallet sent an error.
        CredentialError: AnswerMalformed and those of `read_form`, `jose.read_json`.
    """
    told: dict[str, Json] = dict(read_form(body, MOST_BYTES))
    if "vp_token" in told:
        told["vp_token"] = jose.read_json(told["vp_token"].encode("utf-8"), MOST_BYTES)
    return _answer(told)


def read_encrypted_post(body: bytes, key: ec.EllipticCurvePrivateKey, kid: str | None = None) -> Answer:
    """
    The body of a `direct_post.jwt` (section 8.3.1).

    Args:
        key, kid: as in `jwe.decrypt`, of this one request.

    Raises:
        AnswerNotEncrypted: a plain answer; only an error may come so.
        CredentialError: as `read_post` and `jwe.decrypt`.
    """
    return _encrypted(dict(read_form(body, MOST_BYTES)), key, kid)


def key_id_of_post(body: bytes) -> str | None:
    """The `kid` of an encrypted post, so that its request can be found; None where it names none."""
    told = read_form(body, MOST_BYTES).get("response")
    return jwe.key_id(told) if told is not None else None


def read_browser(told: Json) -> Answer:
    """The `data` that the Digital Credentials API hands over for `dc_api` (A.3); raises as `read_post`."""
    return _answer(_object(told))


def read_encrypted_browser(told: Json, key: ec.EllipticCurvePrivateKey, kid: str | None = None) -> Answer:
    """The `data` for `dc_api.jwt`; raises as `read_encrypted_post`."""
    return _encrypted(_object(told), key, kid)


def _object(told: Json) -> dict[str, Json]:
    if type(told) is not dict:
        _malformed("data")
    return told


def _encrypted(told: Mapping[str, Json], key: ec.EllipticCurvePrivateKey, kid: str | None) -> Answer:
    if "error" in told:
        _refused(told)
    response = told.get("response")
    if "vp_token" in told or response is None:
        raise AnswerNotEncrypted
    if not isinstance(response, str):
        _malformed("response")
    inside = jose.read_json_object(jwe.decrypt(response, key, kid=kid), jwe.MOST_BYTES)
    if "state" in told and told["state"] != inside.get("state", told["state"]):
        _malformed("state")
    return _answer({"state": told["state"], **inside} if "state" in told else inside)


def _answer(told: Mapping[str, Json]) -> Answer:
    if "error" in told:
        _refused(told)
    state = told.get("state")
    if state is not None and not isinstance(state, str):
        _malformed("state")
    return Answer(read_vp_token(told.get("vp_token")), state)


def _refused(told: Mapping[str, Json]) -> NoReturn:
    said = told["error"]
    # Words of a stranger do not go into a log: only codes that the standard knows.
    raise WalletRefused(error=said if isinstance(said, str) and said in ERRORS else "other")


def read_vp_token(told: Json) -> dict[str, tuple[Presentation, ...]]:
    """
    `vp_token`: an object of id -> list of presentations, each a string or an object (section 8.1).

    Raises:
        AnswerMalformed: another form, nothing in it, or too much.
    """
    if type(told) is not dict or not 0 < len(told) <= MOST_QUERIES:
        _malformed("vp_token")
    found: dict[str, tuple[Presentation, ...]] = {}
    for id_, presentations in told.items():
        if type(presentations) is not list or not 0 < len(presentations) <= MOST_PRESENTATIONS:
            _malformed("vp_token")
        if not all(type(one) is dict or (isinstance(one, str) and one) for one in presentations):
            _malformed("vp_token")
        found[id_] = tuple(presentations)
    return found


def _malformed(name: str) -> NoReturn:
    raise AnswerMalformed(field=name)


def browser_aud(origin: str) -> str:
    """The `aud` of a holder's proof through the browser: the origin, also for signed requests (A.4)."""
    return f"origin:{origin}"


def post_transcript(
    client_id: str, nonce: str, response_uri: str, encryption_key: Mapping[str, Json] | None
) -> bytes:
    """
    SessionTranscript of an mdoc that comes by post or redirect (B.2.6.1), as CBOR.

    Args:
        client_id: with its prefix.
        encryption_key: our JWK to which the answer was encrypted, None where it came plain.

    Raises:
        jose.KeyRefused: a JWK without a thumbprint.
    """
    print_ = jose.thumbprint(dict(encryption_key)) if encryption_key is not None else None
    return _transcript("OpenID4VPHandover", [client_id, nonce, print_, response_uri])


def browser_transcript(origin: str, nonce: str, encryption_key: Mapping[str, Json] | None) -> bytes:
    """SessionTranscript of an mdoc that comes through the Digital Credentials API (B.2.6.2); the bare origin."""
    print_ = jose.thumbprint(dict(encryption_key)) if encryption_key is not None else None
    return _transcript("OpenID4VPDCAPIHandover", [origin, nonce, print_])


def _transcript(name: str, info: list[str | bytes | None]) -> bytes:
    told = hashlib.sha256(cbor2.dumps(info, canonical=True)).digest()
    return cbor2.dumps([None, None, [name, told]], canonical=True)
