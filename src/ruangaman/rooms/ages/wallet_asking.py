"""What a wallet is asked: one claim, "this age or over", of any credential that somebody on our lists speaks for."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from cryptography import x509 as certificates
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings
from django.urls import reverse

from ruangaman.core.credentials import dcql, jose, mdoc, openid4vp
from ruangaman.rooms.ages import config, wallet_proofs
from ruangaman.rooms.ages.wallet_trust import Trust

IDS: Final[Mapping[str, str]] = {mdoc.MDL: "mdl", mdoc.EU_AV: "av", mdoc.EU_PID: "pid"}
PROOF: Final = "-zk"
"""Behind the id of a kind: the same as a zero-knowledge proof."""
SD_JWT_ID: Final = "vc"
ANY_SCHEME: Final = "openid4vp://"
EU_AV_SCHEME: Final = "av://"
UNSIGNED, SIGNED = "openid4vp-v1-unsigned", "openid4vp-v1-signed"
"""Protocols of the Digital Credentials API (OpenID4VP 1.0 appendix A.1)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who this house is to wallets: its key, its certificates in base64 DER (ours first), and the name they prove."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[str, ...]
    client_id: str


def element(threshold: int) -> str:
    """The name in a mobile document, which has two digits (ISO/IEC 18013-5 7.2.5): `age_over_16`."""
    return f"age_over_{threshold:02d}"


def claim(threshold: int) -> str:
    """The name in an SD-JWT VC."""
    return f"age_over_{threshold}"


def question(trust: Trust, threshold: int) -> dict[str, Any]:
    """The `dcql_query`: alternatives of which one is enough, one claim in each; who gives away least comes first."""
    asked: list[dict[str, Any]] = []
    if systems := [one.spec for one in wallet_proofs.circuits()]:
        for doc_type in trust.doc_types():
            path = [mdoc.NAME_SPACES[doc_type], element(threshold)]
            asked += dcql.one_proof(IDS[doc_type] + PROOF, doc_type, path, systems)["credentials"]
    for doc_type in trust.doc_types():
        path = [mdoc.NAME_SPACES[doc_type], element(threshold)]
        asked += dcql.one_claim(IDS[doc_type], dcql.MDOC, [doc_type], path)["credentials"]
    if vcts := trust.vcts():
        asked += dcql.one_claim(SD_JWT_ID, dcql.SD_JWT, vcts, [claim(threshold)])["credentials"]
    return {"credentials": asked, "credential_sets": [{"options": [[one["id"]] for one in asked]}]}


def origin() -> str:
    """Of our own pages, as a browser writes it."""
    parts = urlsplit(config.issuer_url())
    default = {"https": 443, "http": 80}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def can_be_asked() -> bool:
    """Wallets answer to https alone (OpenID4VP 1.0 section 8.2); the story has one on this machine (docs/adr/0097)."""
    return config.issuer_url().startswith("https://") or bool(config.story_wallet())


def request_uri(state: str) -> str:
    """Where the request of a try lies."""
    return config.issuer_url() + reverse("ages:wallet_request", args=[state])


def response_uri(state: str) -> str:
    """Where its answer goes, and no other's."""
    return config.issuer_url() + reverse("ages:wallet_answer", args=[state])


def certificate() -> Certificate | None:
    """Of the settings, read once; None where none is set."""
    chain, key = settings.WALLET_CERTIFICATE_FILE, settings.WALLET_KEY_FILE
    return _certificate(chain, key, settings.WALLET_CLIENT_ID, config.issuer_url()) if chain and key else None


@lru_cache(maxsize=2)
def _certificate(chain_file: str, key_file: str, prefix: str, base_url: str) -> Certificate:
    """
    Raises:
        ValueError: what stands there cannot be used together; said without a part of the key.
    """
    chain = certificates.load_pem_x509_certificates(Path(chain_file).read_bytes())
    try:
        key = load_pem_private_key(Path(key_file).read_bytes(), None)
    except (TypeError, UnsupportedAlgorithm):
        raise ValueError("a private key without a password") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("a private key on P-256 in PEM")
    first = chain[0]
    if first.public_key() != key.public_key():
        raise ValueError("the first certificate belongs to another key")
    host = urlsplit(base_url).hostname or ""
    if prefix == "X509_SAN_DNS":
        if host not in _dns_names(first):
            raise ValueError("the first certificate does not name this host")
        client_id = f"x509_san_dns:{host}"
    else:
        print_ = hashlib.sha256(first.public_bytes(Encoding.DER)).digest()
        client_id = f"x509_hash:{jose.to_base64url(print_)}"
    # Both forms leave out the root, which the wallet must know by itself (OpenID4VP 1.0 section 5.9.3).
    sent = [one for one in chain if one is first or one.issuer != one.subject]
    encoded = tuple(_base64(one.public_bytes(Encoding.DER)) for one in sent)
    return Certificate(key, encoded, client_id)


def _dns_names(certificate: certificates.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(certificates.SubjectAlternativeName)
    except certificates.ExtensionNotFound:
        return []
    return list(names.value.get_values_for_type(certificates.DNSName))


def _base64(raw: bytes) -> str:
    """Plain base64, as `x5c` has it (RFC 7515 4.1.6)."""
    return b64encode(raw).decode("ascii")


def client_id(state: str) -> str:
    """Our name for one try, with its prefix: by certificate, or by the address of the answer itself."""
    ours = certificate()
    return ours.client_id if ours else f"redirect_uri:{response_uri(state)}"


def by_post(
    state: str, nonce: str, asked: Mapping[str, Any], key: Mapping[str, str] | None
) -> dict[str, Any]:
    """
    The parameters of a request that is answered by a post.

    Args:
        key: our public key of this one try; None asks for a plain answer.
    """
    return openid4vp.post_request(
        client_id=client_id(state),
        response_uri=response_uri(state),
        nonce=nonce,
        state=state,
        dcql_query=asked,
        metadata=_metadata(key),
        encrypted=key is not None,
        on_this_machine=bool(config.story_wallet()),
    )


def _metadata(key: Mapping[str, str] | None) -> dict[str, Any]:
    kid = jose.to_base64url(jose.thumbprint(dict(key))) if key else ""
    return openid4vp.client_metadata(key, kid, proofs=wallet_proofs.on())


def signed(parameters: Mapping[str, Any], ours: Certificate) -> str:
    """The request object (OpenID4VP 1.0 section 5.8)."""
    on_this_machine = bool(config.story_wallet())
    return openid4vp.sign_request(parameters, ours.key, chain=ours.chain, on_this_machine=on_this_machine)


def link(state: str, parameters: Mapping[str, Any], scheme: str = "") -> str:
    """What opens the wallet: who asks and where the request lies; or, without a certificate, the whole request."""
    scheme = scheme or config.story_wallet() or ANY_SCHEME
    ours = certificate()
    if ours is not None:
        return openid4vp.link(ours.client_id, request_uri(state), scheme)
    told = {
        name: value if isinstance(value, str) else jose.write_json(value).decode()
        for name, value in parameters.items()
    }
    return f"{scheme}?{urlencode(told)}"


def av_link(trust: Trust, state: str, parameters: Mapping[str, Any]) -> str:
    """The same for wallets of the European age profile; empty where nobody is asked for one, and in the story."""
    # Nothing on the story's machine opens this scheme: its wallet answers by the other link.
    if config.story_wallet() or mdoc.EU_AV not in trust.doc_types():
        return ""
    return link(state, parameters, EU_AV_SCHEME)


def by_browser(nonce: str, asked: Mapping[str, Any], key: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The `requests` for `navigator.credentials.get`: signed where there is a certificate, and unsigned."""
    metadata = _metadata(key)
    encrypted = key is not None
    plain = openid4vp.browser_request(nonce=nonce, dcql_query=asked, metadata=metadata, encrypted=encrypted)
    requests: list[dict[str, Any]] = [{"protocol": UNSIGNED, "data": plain}]
    if (ours := certificate()) is not None:
        told = openid4vp.browser_request(
            nonce=nonce,
            dcql_query=asked,
            metadata=metadata,
            encrypted=encrypted,
            client_id=ours.client_id,
            expected_origins=[origin()],
        )
        requests.insert(0, {"protocol": SIGNED, "data": {"request": signed(told, ours)}})
    return requests
