"""
An age as a mobile document (ISO/IEC 18013-5): the office signs digests of all elements, the wallet sends one of them.

The kind is the age attestation of the European profile (`eu.europa.ec.av.1`, annex A 4.1): ages and nothing else, ES256
on P-256, SHA-256, valid for less than three months. The device signs for this very question: the session transcript is
the one of OpenID4VP 1.0 (B.2.6.1).
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import cbor2
from cbor2 import CBORTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from examples.dompet_identitas.office import Office, span

ES256 = -7
X5CHAIN = 33
NOTHING = b"\xa0"
"""The name spaces that the device signs itself: none."""


def encoded(told: Any) -> bytes:
    """CBOR in its deterministic form (RFC 8949 4.2.1)."""
    return cbor2.dumps(told, canonical=True)


def embedded(told: Any) -> CBORTag:
    """`#6.24(bstr .cbor ...)`."""
    return CBORTag(24, encoded(told))


def cose_key(key: ec.EllipticCurvePublicKey) -> dict[int, Any]:
    """A COSE_Key on P-256 (RFC 9053 7.1.1)."""
    numbers = key.public_numbers()
    return {1: 2, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


def raw_signature(key: ec.EllipticCurvePrivateKey, told: bytes) -> bytes:
    """r and s of ECDSA with SHA-256, 32 bytes each, as COSE and JOSE have them."""
    r, s = decode_dss_signature(key.sign(told, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def signature1(key: ec.EllipticCurvePrivateKey, protected: bytes, payload: bytes) -> bytes:
    """The signature of a COSE_Sign1 without outside data (RFC 9052 4.4)."""
    return raw_signature(key, encoded(["Signature1", protected, b"", payload]))


def sign1(
    key: ec.EllipticCurvePrivateKey, payload: bytes, *, detached: bool = False, chain: bytes | None = None
) -> list[Any]:
    """
    A COSE_Sign1 by ES256.

    Args:
        detached: whoever reads it knows the payload already. chain: the signer's certificate (DER), beside it.
    """
    protected = encoded({1: ES256})
    beside = {} if chain is None else {X5CHAIN: chain}
    return [protected, beside, None if detached else payload, signature1(key, protected, payload)]


def item(digest_id: int, name: str, value: Any) -> CBORTag:
    """An IssuerSignedItem with fresh salt."""
    return embedded(
        {
            "digestID": digest_id,
            "random": secrets.token_bytes(32),
            "elementIdentifier": name,
            "elementValue": value,
        }
    )


@dataclass(frozen=True, slots=True)
class Document:
    """One issued document in a wallet: what the office signed, every element by its age, and the device's own key."""

    doc_type: str
    issuer_auth: list[Any]
    items: Mapping[int, CBORTag]
    device: ec.EllipticCurvePrivateKey


def issue(office: Office, birth: date, now: datetime) -> Document:
    """A fresh document with a device key of its own. The names of its elements have two digits (7.2.5)."""
    device = ec.generate_private_key(ec.SECP256R1())
    first, last = span(now)
    items = {
        years: item(number, f"age_over_{years:02d}", over)
        for number, (years, over) in enumerate(office.ages(birth, now).items())
    }
    digests = {number: hashlib.sha256(encoded(one)).digest() for number, one in enumerate(items.values())}
    security = {
        "version": "1.0",
        "digestAlgorithm": "SHA-256",
        "valueDigests": {office.doc_type: digests},
        "deviceKeyInfo": {"deviceKey": cose_key(device.public_key())},
        "docType": office.doc_type,
        "validityInfo": {"signed": _time(first), "validFrom": _time(first), "validUntil": _time(last)},
    }
    signer = office.document
    auth = sign1(signer.key, encoded(embedded(security)), chain=signer.certificate)
    return Document(office.doc_type, auth, items, device)


def _time(at: datetime) -> CBORTag:
    """`tdate`: without parts of seconds, in UTC (7.2.1)."""
    return CBORTag(0, at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def transcript(client_id: str, nonce: str, thumbprint: bytes | None, response_uri: str) -> list[Any]:
    """The SessionTranscript; `thumbprint` is of the key to encrypt to (RFC 7638), None where the answer goes plain."""
    told = hashlib.sha256(encoded([client_id, nonce, thumbprint, response_uri])).digest()
    return [None, None, ["OpenID4VPHandover", told]]


def presentation(
    office: Office,
    birth: date,
    years: int,
    *,
    session: list[Any],
    now: datetime,
) -> bytes:
    """One fresh document with one element, signed by its device for this very question: the DeviceResponse."""
    document = issue(office, birth, now)
    names = CBORTag(24, NOTHING)
    covered = encoded(embedded(["DeviceAuthentication", session, document.doc_type, names]))
    shown = {
        "docType": document.doc_type,
        "issuerSigned": {
            "nameSpaces": {document.doc_type: [document.items[years]]},
            "issuerAuth": document.issuer_auth,
        },
        "deviceSigned": {
            "nameSpaces": names,
            "deviceAuth": {"deviceSignature": sign1(document.device, covered, detached=True)},
        },
    }
    return encoded({"version": "1.0", "documents": [shown], "status": 0})
