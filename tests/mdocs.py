"""An issuer, a signer and a wallet of our own, from fixed seeds: mobile documents for tests, right or wrong at will."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509 as c_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier
from examples.dompet_identitas import document

from ruangaman.core.credentials import cbor, cose, mdoc, x509
from ruangaman.core.credentials.cbor import Embedded, Encoded, Tagged

NOW = int(datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp())
DAY = 86_400
AV = mdoc.EU_AV
TRANSCRIPT = cbor.encode([None, None, ["OpenID4VPHandover", hashlib.sha256(b"a session").digest()]])
OTHER_TRANSCRIPT = cbor.encode([None, None, ["OpenID4VPHandover", hashlib.sha256(b"another").digest()]])
SIGNER_USAGE = "1.0.18013.5.1.2"


def private_key(seed: str, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    """The same key for the same word."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    return ec.derive_private_key(number >> 1 or 1, curve or ec.SECP256R1())


def at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def tdate(second: int) -> Tagged:
    return Tagged(0, at(second).strftime("%Y-%m-%dT%H:%M:%SZ"))


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    *,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    authority: bool = False,
    path_length: int | None = None,
    usage: str | None = None,
    signs: bool = True,
    first: int = NOW - 400 * DAY,
    last: int = NOW + 400 * DAY,
    critical_unknown: bool = False,
) -> bytes:
    """A certificate as DER."""
    name = [c_x509.Name([c_x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (subject, issuer)]
    builder = (
        c_x509.CertificateBuilder()
        .subject_name(name[0])
        .issuer_name(name[1])
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(at(first))
        .not_valid_after(at(last))
    )
    if authority:
        builder = builder.add_extension(c_x509.BasicConstraints(True, path_length), critical=True)
    builder = builder.add_extension(
        c_x509.KeyUsage(
            signs and not authority, False, False, False, False, signs and authority, False, False, False
        ),
        critical=True,
    )
    if usage:
        builder = builder.add_extension(
            c_x509.ExtendedKeyUsage([ObjectIdentifier(usage)]), critical=not authority
        )
    if critical_unknown:
        unknown = c_x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


ROOT_KEY, SIGNER_KEY, DEVICE_KEY = (private_key(one) for one in ("root", "signer", "device"))
READER_KEY = private_key("reader")


@cache
def root(**kinds: Any) -> bytes:
    told = {"authority": True, "path_length": 0} | kinds
    return certificate("Akar", ROOT_KEY, issuer="Akar", issuer_key=ROOT_KEY, **told)


@cache
def signer(**kinds: Any) -> bytes:
    told = {"usage": SIGNER_USAGE} | kinds
    return certificate("Penanda tangan", SIGNER_KEY, issuer="Akar", issuer_key=ROOT_KEY, **told)


def trust(*certificates: bytes, answers_for: tuple[str, ...] = ("*",)) -> x509.TrustList:
    """A list of these authorities, or of our root alone."""
    found = [x509.certificate_of(one) for one in certificates or (root(),)]
    return x509.TrustList.of(
        [x509.TrustAnchor("Akar", one.public_key(), frozenset(answers_for), one) for one in found]
    )


def cose_key(key: ec.EllipticCurvePrivateKey) -> dict[int, Any]:
    """Its public half, as the story's wallet writes it."""
    return document.cose_key(key.public_key())


raw_signature = document.raw_signature


def sign1(
    key: ec.EllipticCurvePrivateKey,
    payload: bytes,
    *,
    detached: bool = False,
    headers: Mapping[int, Any] | None = None,
    unprotected: Mapping[int, Any] | None = None,
) -> list[Any]:
    """COSE_Sign1 with ES256."""
    protected = cbor.encode(headers if headers is not None else {1: cose.ES256})
    signature = document.signature1(key, protected, payload)
    return [protected, unprotected or {}, None if detached else payload, signature]


def mac0(key: bytes, payload: bytes) -> list[Any]:
    """COSE_Mac0 with HMAC 256, detached."""
    from cryptography.hazmat.primitives import hmac

    protected = cbor.encode({1: cose.HMAC_256})
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(cbor.encode(["MAC0", protected, b"", payload]))
    return [protected, {}, None, made.finalize()]


def item_bytes(digest_id: int, identifier: str, value: Any) -> bytes:
    """IssuerSignedItemBytes, shortest form."""
    salt = hashlib.sha256(identifier.encode()).digest()
    told = {"digestID": digest_id, "random": salt, "elementIdentifier": identifier, "elementValue": value}
    return cbor.embedded(cbor.encode(told))


@dataclass(frozen=True)
class Wallet:
    """What goes into a document; every field can be made wrong."""

    elements: Mapping[str, Any] = field(default_factory=lambda: {"age_over_18": True})
    doc_type: str = AV
    signed_doc_type: str | None = None
    name_space: str | None = None
    valid_from: int = NOW - DAY
    valid_until: int = NOW + 80 * DAY
    signed: int = NOW - DAY
    chain: tuple[bytes, ...] | None = None
    transcript: bytes = TRANSCRIPT
    device: str = "signature"
    reader: ec.EllipticCurvePublicKey | None = None
    status: Any = None
    item: Callable[[int, str, Any], bytes] = item_bytes
    sent_item: Callable[[bytes], bytes] = lambda received: received
    digest: str = "SHA-256"
    digest_of: Callable[[bytes], Any] = hashlib.sha256
    issuer_headers: Mapping[int, Any] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def items(self) -> list[bytes]:
        return [self.item(number, name, value) for number, (name, value) in enumerate(self.elements.items())]

    def space(self) -> str:
        return self.name_space or mdoc.NAME_SPACES.get(self.doc_type, self.doc_type)

    def security_object(self) -> bytes:
        told = {
            "version": "1.0",
            "digestAlgorithm": self.digest,
            "valueDigests": {
                self.space(): {
                    number: self.digest_of(one).digest() for number, one in enumerate(self.items())
                }
            },
            "deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY)},
            "docType": self.signed_doc_type or self.doc_type,
            "validityInfo": {
                "signed": tdate(self.signed),
                "validFrom": tdate(self.valid_from),
                "validUntil": tdate(self.valid_until),
            },
        }
        if self.status is not None:
            told["status"] = self.status
        return cbor.embedded(cbor.encode(told | self.more))

    def issuer_signed(self) -> dict[str, Any]:
        chain = self.chain or (signer(),)
        auth = sign1(
            SIGNER_KEY,
            self.security_object(),
            headers=self.issuer_headers,
            unprotected={33: chain[0] if len(chain) == 1 else list(chain)},
        )
        sent = [Encoded(self.sent_item(one)) for one in self.items()]
        return {"nameSpaces": {self.space(): sent}, "issuerAuth": auth}

    def document(self) -> dict[str, Any]:
        told: dict[str, Any] = {"docType": self.doc_type, "issuerSigned": self.issuer_signed()}
        names = cbor.embedded(b"\xa0")
        covered = mdoc.device_authentication(self.doc_type, names, self.transcript)
        if self.device == "signature":
            auth: dict[str, Any] = {"deviceSignature": sign1(DEVICE_KEY, covered, detached=True)}
        elif self.device == "mac":
            key = mdoc.mac_key(DEVICE_KEY, self.reader or READER_KEY.public_key(), self.transcript)
            auth = {"deviceMac": mac0(key, covered)}
        else:
            return told
        return told | {"deviceSigned": {"nameSpaces": Embedded(b"\xa0", names), "deviceAuth": auth}}

    def response(self) -> bytes:
        return cbor.encode({"version": "1.0", "documents": [self.document()], "status": 0})


def asked(**kinds: Any) -> mdoc.Asked:
    """What we ask in tests: the European document, signed under our root, now."""
    told: dict[str, Any] = {"doc_type": AV, "trust": trust(), "now": NOW, "ages": (18,)}
    return mdoc.Asked(**(told | kinds))


def check(wallet: Wallet, *, transcript: bytes = TRANSCRIPT, **kinds: Any) -> mdoc.Checked:
    """The whole check of a wallet's answer."""
    return mdoc.check_device_response(
        wallet.response(), asked(**kinds), session_transcript=transcript, reader_key=READER_KEY
    )


def later(second: int, **kinds: int) -> int:
    return second + int(timedelta(**kinds).total_seconds())
