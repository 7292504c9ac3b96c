"""
Is this mobile document genuine, is it for us, and does it say that its holder is old enough?

The order of the checks: docType asked for, issuer's chain, issuer's signature, docType under the signature, digests of
all elements as received, time, what the profile allows, device. Nothing that was disclosed leaves this module except
the answers for the ages that were asked.

Source: ISO/IEC 18013-5 9.1 and 9.3; of the European age verification profile annex A, section 4.1.
"""

import hashlib
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ruangaman.core.credentials import cbor, cose, mdoc_quick, x509
from ruangaman.core.credentials.mdoc_reading import (
    Document,
    IssuerSigned,
    Item,
    MdocRefused,
    SecurityObject,
    ValidityInfo,
    read_device_response,
    read_security_object,
)
from ruangaman.core.credentials.mdoc_terms import (
    EU_AV,
    EU_AV_MONTHS,
    EU_PID,
    MDL,
    NAME_SPACES,
    SKEW,
    AgeContradicts,
    AgeMalformed,
    Asked,
    Checked,
    DeviceAuthWrong,
    SignedOutOfTime,
    age_claims,
    age_number,
    answer_over,
    answers,
    months_later,
)

__all__ = [
    "EU_AV",
    "EU_PID",
    "MDL",
    "NAME_SPACES",
    "SKEW",
    "AgeContradicts",
    "AgeMalformed",
    "Asked",
    "Checked",
    "DeviceAuthMissing",
    "DeviceAuthWrong",
    "DigestAlgorithmRefused",
    "DigestWrong",
    "DocTypeDiffers",
    "DocTypeNotAsked",
    "Expired",
    "NotYetValid",
    "OneDocument",
    "OutsideProfile",
    "ReaderKeyMissing",
    "SignedOutOfTime",
    "StatusUnknown",
    "age_claims",
    "age_number",
    "answer_over",
    "check_device",
    "check_device_response",
    "check_digests",
    "check_document",
    "check_eu_av",
    "check_issuer_signed",
    "check_plainly",
    "device_authentication",
    "mac_key",
    "months_later",
]

EU_AV_ALGORITHMS: Final = frozenset({cose.ES256, cose.ESP256})


class DocTypeNotAsked(MdocRefused):
    """Another kind of document than was asked for."""

    code = "mdoc.doc-type-not-asked"


class DocTypeDiffers(MdocRefused):
    """The signed docType is not the one on the document."""

    code = "mdoc.doc-type-differs"


class OneDocument(MdocRefused):
    """Not exactly one document, or the wallet reports that something went wrong."""

    code = "mdoc.one-document"


class DigestWrong(MdocRefused):
    """An element is not the one that the issuer signed, or was not signed at all."""

    code = "mdoc.digest-wrong"


class DigestAlgorithmRefused(MdocRefused):
    """Digests are neither SHA-256 nor SHA-384 nor SHA-512."""

    code = "mdoc.digest-algorithm-refused"


class NotYetValid(MdocRefused):
    """The document counts from a later time on."""

    code = "mdoc.not-yet-valid"


class Expired(MdocRefused):
    """The document's time is over."""

    code = "mdoc.expired"


class StatusUnknown(MdocRefused):
    """The document's state is kept in a way that we cannot look up."""

    code = "mdoc.status-unknown"


class DeviceAuthMissing(MdocRefused):
    """The device did not prove that the document is its own."""

    code = "mdoc.device-auth-missing"


class ReaderKeyMissing(MdocRefused):
    """The device proved itself with a MAC, which only the holder of the session's reader key can check."""

    code = "mdoc.reader-key-missing"


class OutsideProfile(MdocRefused):
    """Not what the European age verification profile allows; the fact says in what."""

    code = "mdoc.outside-profile"


def check_device_response(
    data: bytes,
    asked: Asked,
    *,
    session_transcript: bytes,
    reader_key: ec.EllipticCurvePrivateKey | None = None,
) -> Checked:
    """
    Check a wallet's answer that holds exactly one document.

    Args:
        data: DeviceResponse.
        session_transcript: SessionTranscript as we built it for this very session (its CBOR, without tag 24).
        reader_key: the session's private key, when the device may answer with a MAC.

    Raises:
        CredentialError: the refusal that came first.
    """
    found = mdoc_quick.check(data, asked, session_transcript)
    if found is not None:
        return found
    return check_plainly(data, asked, session_transcript=session_transcript, reader_key=reader_key)


def check_plainly(
    data: bytes,
    asked: Asked,
    *,
    session_transcript: bytes,
    reader_key: ec.EllipticCurvePrivateKey | None = None,
) -> Checked:
    """
    The plain door: as `check_device_response`, for answers of every shape, and alone in telling why one is refused.

    Raises:
        CredentialError: the refusal that came first.
    """
    response = read_device_response(data)
    if len(response.documents) != 1 or response.status != 0:
        raise OneDocument(documents=len(response.documents), status=response.status)
    return check_document(
        response.documents[0], asked, session_transcript=session_transcript, reader_key=reader_key
    )


def check_document(
    document: Document,
    asked: Asked,
    *,
    session_transcript: bytes,
    reader_key: ec.EllipticCurvePrivateKey | None = None,
) -> Checked:
    """
    Check one document of an answer, issuer and device.

    Raises:
        CredentialError: the refusal that came first.
    """
    if document.doc_type != asked.doc_type:
        raise DocTypeNotAsked
    security, signer = _check_issuer(document.issuer_signed, asked)
    check_device(document, security.device_key, session_transcript, reader_key)
    return _result(document.issuer_signed, security, signer, asked, device_bound=True)


def check_issuer_signed(issuer_signed: IssuerSigned, asked: Asked) -> Checked:
    """
    Check the issuer's part alone: a credential at rest. It says nothing about who holds it.

    Raises:
        CredentialError: the refusal that came first.
    """
    security, signer = _check_issuer(issuer_signed, asked)
    return _result(issuer_signed, security, signer, asked, device_bound=False)


def _check_issuer(issued: IssuerSigned, asked: Asked) -> tuple[SecurityObject, x509.Signer]:
    auth = issued.issuer_auth
    signer = x509.check_chain(
        cose.chain(auth),
        asked.trust,
        purpose=asked.purpose,
        kind=asked.doc_type,
        now=asked.now,
        skew=asked.skew,
    )
    key = signer.key
    if isinstance(key, rsa.RSAPublicKey):
        raise cose.AlgorithmRefused
    cose.verify_sign1(auth, key)
    security = read_security_object(auth.payload or b"")
    if security.doc_type != asked.doc_type:
        raise DocTypeDiffers
    check_digests(issued.name_spaces, security)
    _check_time(security.validity_info, signer, asked)
    if security.other_status and not asked.unknown_status:
        raise StatusUnknown
    if asked.profile and asked.doc_type == EU_AV:
        check_eu_av(issued, security, key)
    return security, signer


_DIGESTS: Final[Mapping[str, Any]] = {
    "SHA-256": hashlib.sha256,
    "SHA-384": hashlib.sha384,
    "SHA-512": hashlib.sha512,
}


def check_digests(name_spaces: Mapping[str, tuple[Item, ...]], security: SecurityObject) -> None:
    """
    Each element, as received, has the digest that the issuer signed for its place.

    Raises:
        DigestWrong, DigestAlgorithmRefused: see there. Source: ISO/IEC 18013-5 9.3.1.
    """
    digest = _DIGESTS.get(security.digest_algorithm)
    if digest is None:
        raise DigestAlgorithmRefused
    for name, items in name_spaces.items():
        signed = security.value_digests.get(name, {})
        for item in items:
            wanted = signed.get(item.digest_id)
            if not isinstance(wanted, bytes) or not compare_digest(wanted, digest(item.received).digest()):
                raise DigestWrong


def _check_time(validity: ValidityInfo, signer: x509.Signer, asked: Asked) -> None:
    if asked.now + asked.skew < validity.valid_from:
        raise NotYetValid
    if asked.now - asked.skew > validity.valid_until:
        raise Expired
    if not signer.signs_from - asked.skew <= validity.signed <= signer.signs_until + asked.skew:
        raise SignedOutOfTime


def check_device(
    document: Document,
    device_key: cose.PublicKey,
    session_transcript: bytes,
    reader_key: ec.EllipticCurvePrivateKey | None = None,
) -> None:
    """
    The device signed, or made a MAC, for this session and this document.

    Raises:
        DeviceAuthMissing, DeviceAuthWrong, ReaderKeyMissing: see there; AlgorithmRefused. Source: ISO/IEC 18013-5
        9.1.3.
    """
    proof = document.device_signature or document.device_mac
    if proof is None or document.device_name_spaces is None:
        raise DeviceAuthMissing
    covered = device_authentication(document.doc_type, document.device_name_spaces, session_transcript)
    try:
        if document.device_mac is None:
            cose.verify_sign1(proof, device_key, payload=covered)
            return
        if reader_key is None:
            raise ReaderKeyMissing
        cose.verify_mac0(proof, mac_key(reader_key, device_key, session_transcript), payload=covered)
    except (cose.SignatureWrong, cose.PayloadMissing):
        raise DeviceAuthWrong from None


def device_authentication(doc_type: str, device_name_spaces: bytes, session_transcript: bytes) -> bytes:
    """DeviceAuthenticationBytes: tag 24 around the array that the device signs (ISO/IEC 18013-5 9.1.3.4)."""
    told = b"\x84\x74DeviceAuthentication" + session_transcript + cbor.encode(doc_type) + device_name_spaces
    return cbor.embedded(told)


def mac_key(reader: ec.EllipticCurvePrivateKey, device: cose.PublicKey, session_transcript: bytes) -> bytes:
    """
    EMacKey: 32 bytes agreed between the reader's session key and the device's own key.

    Raises:
        DeviceAuthWrong: the keys lie on different curves. Source: ISO/IEC 18013-5 9.1.3.5.
    """
    if not isinstance(device, ec.EllipticCurvePublicKey) or device.curve.name != reader.curve.name:
        raise DeviceAuthWrong
    salt = hashlib.sha256(cbor.embedded(session_transcript)).digest()
    agreed = reader.exchange(ec.ECDH(), device)
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"EMacKey").derive(agreed)


def _result(
    issued: IssuerSigned,
    security: SecurityObject,
    signer: x509.Signer,
    asked: Asked,
    *,
    device_bound: bool,
) -> Checked:
    name_space = asked.name_space or NAME_SPACES.get(asked.doc_type, asked.doc_type)
    over: dict[int, bool] = {}
    if asked.ages:
        over = answers(age_claims(issued.name_spaces.get(name_space, ())), asked.ages)
    return Checked(
        doc_type=security.doc_type,
        name_space=name_space,
        issuer=signer.anchor.name,
        validity_info=security.validity_info,
        status=security.status,
        over=over,
        device_bound=device_bound,
    )


def check_eu_av(issued: IssuerSigned, security: SecurityObject, key: cose.PublicKey) -> None:
    """
    The European profile: ES256 on P-256, SHA-256, age elements and nothing else, valid for three months at most.

    Raises:
        OutsideProfile: with what is outside. Source: age verification profile, annex A, section 4.1.
    """
    if issued.issuer_auth.algorithm not in EU_AV_ALGORITHMS:
        raise OutsideProfile(of="algorithm")
    for one in (key, security.device_key):
        curve = cose.curve_of(one)
        if curve is None or curve.name != "secp256r1":
            raise OutsideProfile(of="key")
    if security.digest_algorithm != "SHA-256":
        raise OutsideProfile(of="digest algorithm")
    if set(security.value_digests) != {EU_AV} or not set(issued.name_spaces) <= {EU_AV}:
        raise OutsideProfile(of="namespace")
    if not all(age_number(item.element_identifier) is not None for item in issued.name_spaces.get(EU_AV, ())):
        raise OutsideProfile(of="element")
    try:
        latest = months_later(security.validity_info.valid_from, EU_AV_MONTHS)
    except (ValueError, OverflowError):
        raise OutsideProfile(of="validity") from None
    if security.validity_info.valid_until > latest:
        raise OutsideProfile(of="validity")
