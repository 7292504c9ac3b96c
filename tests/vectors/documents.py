"""Mobile documents of others: handovers that were final, or not yet; clocks; and the whole check with what is given."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography import x509 as c_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from ruangaman.core.credentials import cbor, cose, jose, mdoc, mdoc_reading, x509
from ruangaman.core.credentials.errors import CredentialError
from tests.vectors.outcome import Differs, same


def raw(text: str) -> bytes:
    """Hex with `0x` or without, or base64url without padding, with blanks anywhere."""
    told = "".join(text.split())
    if told[:2] in ("0x", "0X"):
        told = told[2:]
    try:
        return bytes.fromhex(told)
    except ValueError:
        return base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=True)


def pick(told: Mapping[str, Any], *names: str) -> Any:
    """The first of these fields that is there, however its words are joined: `client_id`, `clientId`; None for none."""
    spelt = {name.lower().replace("_", "").replace("-", ""): value for name, value in told.items()}
    return next((spelt[name] for name in names if spelt.get(name) is not None), None)


def second(told: str) -> int:
    """A day or a time as unix seconds; a day begins in UTC."""
    at = datetime.fromisoformat(told)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def sha256(value: object) -> bytes:
    return hashlib.sha256(cbor.encode(value)).digest()


def transcript(told: Mapping[str, Any]) -> bytes | None:
    """The SessionTranscript that a file describes in words, or gives; None when we do not know the handover."""
    given = pick(told, "sessiontranscripthex", "transcripthex", "transcript", "sessiontranscriptcbor")
    if isinstance(given, str):
        return raw(given)
    words = str(pick(told, "sessiontranscript", "handover", "handovertype") or "").lower()
    print_ = pick(told, "jwkthumbprint", "jwkthumbprinthex", "encryptionjwkthumbprint")
    jwk = pick(told, "jwk", "encryptionjwk", "encryptionkey")
    thumbprint = raw(print_) if print_ else jose.thumbprint(jwk) if isinstance(jwk, dict) else None
    client, nonce = pick(told, "clientid"), pick(told, "nonce", "verifiergeneratednonce")
    if "dc api" in words or "dcapi" in words:
        origin = str(pick(told, "verifierorigin", "weborigin", "origin") or "")
        if not origin.startswith("http"):
            # the file's own `origin` says where it comes from; the page's stands in the client's name
            origin = str(client).split(":", 1)[1]
        if "draft" in words:
            return _handover("OpenID4VPDCAPIHandover", [origin, client, nonce])
        return _handover("OpenID4VPDCAPIHandover", [origin, nonce, thumbprint])
    if "draft 18" in words or "18013-7" in words:
        salt, uri = pick(told, "mdocgeneratednonce", "walletnonce") or "", pick(told, "responseuri")
        return cbor.encode([None, None, [sha256([client, salt]), sha256([uri, salt]), nonce]])
    if "openid4vp" in words and ("1.0" in words or "final" in words):
        return _handover("OpenID4VPHandover", [client, nonce, thumbprint, pick(told, "responseuri")])
    return None


def _handover(name: str, told: list[Any]) -> bytes:
    return cbor.encode([None, None, [name, sha256(told)]])


def trust(certificates: Sequence[bytes], keys: Sequence[x509.Key] = ()) -> x509.TrustList:
    """Everything that a file gives is trusted, for whatever it answers."""
    everything = frozenset({x509.ANYTHING})
    read = [x509.certificate_of(one) for one in certificates]
    listed = [x509.TrustAnchor("given", one.public_key(), everything, one) for one in read]  # type: ignore[arg-type]
    return x509.TrustList.of([*listed, *(x509.TrustAnchor("given", one, everything) for one in keys)])


def ders(told: str | Sequence[str]) -> list[bytes]:
    """Certificates in PEM, one or several in a text, or in hex or base64."""
    found = []
    for one in [told] if isinstance(told, str) else told:
        if "BEGIN" in one:
            read = c_x509.load_pem_x509_certificates(one.encode())
        else:
            read = [
                c_x509.load_der_x509_certificate(raw(one.replace("+", "-").replace("/", "_").rstrip("=")))
            ]
        found += [certificate.public_bytes(Encoding.DER) for certificate in read]
    return found


def leaf(issued: mdoc_reading.IssuerSigned) -> bytes:
    return cose.chain(issued.issuer_auth)[0]


def check(
    issued: mdoc_reading.IssuerSigned,
    doc_type: str,
    listed: x509.TrustList,
    now: int,
    document: mdoc_reading.Document | None = None,
    session: bytes | None = None,
    reader_key: ec.EllipticCurvePrivateKey | None = None,
) -> str:
    """
    The whole check, or the issuer's part where there is no session; what was checked, in words.

    A signer that is given itself, but whose certificate says nothing of its purpose, counts by its key.
    """
    said = []
    ask = mdoc.Asked(doc_type, listed, now, profile=False, unknown_status=True)
    try:
        checked = mdoc.check_issuer_signed(issued, ask)
    except x509.WrongUse:
        own = x509.certificate_of(leaf(issued))
        if listed.signer(leaf(issued)):
            ask = mdoc.Asked(doc_type, trust([], [own.public_key()]), now, profile=False, unknown_status=True)  # type: ignore[list-item]
            said.append("by the signer's key alone, its certificate is not made for documents")
        else:
            ask = mdoc.Asked(
                doc_type, listed, now, profile=False, unknown_status=True, purpose=x509.ANY_SIGNER
            )
            said.append("the signer's certificate names no purpose")
        checked = mdoc.check_issuer_signed(issued, ask)
    elements = sum(len(items) for items in issued.name_spaces.values())
    if not elements:
        raise Differs("no element is disclosed")
    said.insert(0, f"issuer's signature, chain, time, {elements} digests")
    if document is not None and session is not None:
        checked = mdoc.check_document(document, ask, session_transcript=session, reader_key=reader_key)
        same("device bound", checked.device_bound, True)
        said.append("device " + ("MAC" if document.device_mac else "signature"))
        for wrong in (session + b"\x00", session[:-1] + bytes((session[-1] ^ 1,))):
            try:
                mdoc.check_document(document, ask, session_transcript=wrong, reader_key=reader_key)
            except mdoc.DeviceAuthWrong:
                continue
            raise Differs("another session was accepted")
        said.append("not for another session")
    _refuses_late_and_changed(issued, ask)
    said.append("refused late and changed")
    if doc_type == mdoc.EU_AV:
        said.append(_profile(issued, checked.doc_type, ask))
    return "; ".join(said)


def _refuses_late_and_changed(issued: mdoc_reading.IssuerSigned, ask: mdoc.Asked) -> None:
    """A check that cannot fail is none: the same document long after, and with one byte of one element changed."""
    security = mdoc_reading.read_security_object(issued.issuer_auth.payload or b"")
    late = security.validity_info.valid_until + 2 * mdoc.SKEW
    try:
        mdoc.check_issuer_signed(
            issued, mdoc.Asked(ask.doc_type, ask.trust, late, purpose=ask.purpose, unknown_status=True)
        )
    except CredentialError as refused:
        if refused.code not in ("mdoc.expired", "x509.out-of-time"):
            raise Differs(f"long after: {refused.code}") from refused
    else:
        raise Differs("accepted long after its end")
    for name, items in issued.name_spaces.items():
        for item in items:
            changed = bytearray(item.received)
            changed[-1] ^= 1
            odd = mdoc_reading.Item(
                item.digest_id, item.element_identifier, item.element_value, bytes(changed)
            )
            try:
                mdoc.check_digests({name: (odd,)}, security)
            except mdoc.DigestWrong:
                continue
            raise Differs("a changed element was accepted")


def _profile(issued: mdoc_reading.IssuerSigned, doc_type: str, ask: mdoc.Asked) -> str:
    try:
        mdoc.check_issuer_signed(
            issued, mdoc.Asked(doc_type, ask.trust, ask.now, purpose=ask.purpose, unknown_status=True)
        )
    except mdoc.OutsideProfile as told:
        return f"outside the profile of age documents in its {told.facts['of']}"
    return "within the profile of age documents"
