"""DCQL queries, requests, answers: whatever stands in them."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import dcql, jose, openid4vp, openid4vp_answer
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json

KEY = ec.derive_private_key(7_000_000_007, ec.SECP256R1())
QUERY = dcql.read(dcql.one_claim("age", dcql.SD_JWT, ["v"], ["age_over_16"]))
PROOF = dcql.one_proof("zk", "d", ["d", "age_over_16"], [{"system": "longfellow-libzk-v1", "id": "c"}])


def seeds() -> Iterable[bytes]:
    yield jose.write_json(PROOF)
    yield jose.write_json(dcql.one_claim("age", dcql.MDOC, ["d"], ["d", "age_over_16"]))


def target(data: bytes) -> None:
    readers = (_query, _request, _link, _answer, _object)
    for read in readers:
        try:
            read(data)
        except CredentialError:
            continue


def _query(data: bytes) -> None:
    query = dcql.read_text(data)
    for one in query.credentials:
        for kind in (*one.types, "other"):
            told = dcql.Presented(one.format, kind, {"a": {"b": [1, {"c": True}]}}, True, [("a", "b", 0)])
            try:
                dcql.check(query, {one.id: [told]})
            except CredentialError:
                continue


def _request(data: bytes) -> None:
    openid4vp.read_signed_request(data, lambda *_: KEY.public_key())


def _link(data: bytes) -> None:
    openid4vp.read_request_link(data)


def _answer(data: bytes) -> None:
    for read in (openid4vp_answer.read_post, lambda body: openid4vp_answer.read_encrypted_post(body, KEY)):
        try:
            read(data)
        except CredentialError:
            continue
    openid4vp_answer.key_id_of_post(data)


def _object(data: bytes) -> None:
    told: Json = jose.read_json(data)
    for read in (
        openid4vp_answer.read_browser,
        lambda one: openid4vp_answer.read_encrypted_browser(one, KEY),
        openid4vp.read_metadata,
        lambda one: openid4vp.read_request(one, signed=True),
        lambda one: openid4vp.read_request(one, signed=False),
        openid4vp.read_client_id,
    ):
        try:
            read(told)
        except CredentialError:
            continue
    if isinstance(told, dict):
        dcql.check(QUERY, {"age": [dcql.Presented(dcql.SD_JWT, "v", told, True, None)]})
