"""The files of the European age verification profile that hold mobile documents, or ask for one."""

import json
import re
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import cbor, cose, mdoc_reading, x509
from ruangaman.core.credentials.cbor import Embedded
from tests.vectors import documents
from tests.vectors.diagnostic import from_notation
from tests.vectors.outcome import Outcome, not_covered, passed, same

CHECKS: dict[str, Any] = {}
"""The folder `eu-av` holds files of other formats too; who reads it asks `check_mdoc`."""

_ELIDED = re.compile(r"\.\.\.|…")


def check_mdoc(file: Path, text: str) -> Outcome | None:
    """What comes of a file that holds a mobile document; None when it holds none."""
    if '"issuerAuth"' in text and re.search(r"\bh\s*'", text):
        return _notation(text)
    if '"docRequests"' in text and "<<" in text:
        data = from_notation(text)
        return passed(f"asks for {_kinds(data)}") if data else not_covered("a notation that we do not read")
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    if any(name in told for name in ("mdoc_hex", "mdoc")):
        return whole_document(told)
    requests = told.get("requests")
    if isinstance(requests, list) and any("deviceRequest" in one.get("data", {}) for one in requests):
        return passed("; ".join(_request(one) for one in requests if "deviceRequest" in one.get("data", {})))
    if "deviceRequest" in told:
        return passed(_request({"data": told, "protocol": "org-iso-mdoc"}))
    answer = told.get("response", told.get("data", {}))
    answer = answer.get("response") if isinstance(answer, dict) else answer
    return _sealed(answer) if isinstance(answer, str) else None


def whole_document(told: dict[str, Any]) -> Outcome:
    """An answer of a wallet with its transcript; the issuer's key is given bare."""
    data = documents.raw(told.get("mdoc_hex") or told["mdoc"])
    if "issuer_pk_x" in told or "issuer_public_key_x" in told:
        x, y = (
            int(told.get(f"issuer_pk_{one}") or told[f"issuer_public_key_{one}"], 16) for one in ("x", "y")
        )
        keys = [cose.ec_key("P-256", x, y)]
    else:
        return not_covered("no issuer's key is given")
    answer = mdoc_reading.read_device_response(data)
    same("number of documents", len(answer.documents), 1)
    document = answer.documents[0]
    if "doctype" in told:
        same("docType", document.doc_type, told["doctype"])
    if "device_namespaces" in told and document.device_name_spaces is not None:
        same(
            "names of the device",
            cbor.unwrap(document.device_name_spaces),
            documents.raw(told["device_namespaces"]),
        )
    security = mdoc_reading.read_security_object(document.issuer_signed.issuer_auth.payload or b"")
    now = documents.second(told["timestamp"]) if "timestamp" in told else security.validity_info.valid_from
    own = x509.certificate_of(documents.leaf(document.issuer_signed)).public_key()
    assert isinstance(own, ec.EllipticCurvePublicKey)
    same("the key in the certificate", own.public_numbers().x, x)
    said = documents.check(
        document.issuer_signed,
        document.doc_type,
        documents.trust([], keys),
        now,
        document,
        documents.transcript(told),
    )
    return passed(said)


def _notation(text: str) -> Outcome:
    """A credential written down for people: built again byte by byte, if nothing is left out."""
    if _ELIDED.search(text):
        return not_covered("parts are left out, so that neither digest nor signature can be checked")
    data = from_notation(text)
    if data is None:
        return not_covered("a notation that we do not read")
    if '"documents"' in text:
        answer = mdoc_reading.read_device_response(data)
        same("status", answer.status, 0)
        said = [_written(one.issuer_signed, one.doc_type) for one in answer.documents]
        return passed("; ".join([*said, "the device's part not, its session is not given"]))
    return passed(_written(mdoc_reading.read_issuer_signed(data), None))


def _written(issued: mdoc_reading.IssuerSigned, doc_type: str | None) -> str:
    security = mdoc_reading.read_security_object(issued.issuer_auth.payload or b"")
    own = documents.leaf(issued)
    now = security.validity_info.valid_from
    if doc_type is not None:
        same("docType", doc_type, security.doc_type)
    return documents.check(issued, security.doc_type, documents.trust([own]), now)


def _request(told: dict[str, Any]) -> str:
    """`org-iso-mdoc` (ISO/IEC TS 18013-7 annex C): what is asked, and to which key the answer is to be sealed."""
    same("protocol", told.get("protocol"), "org-iso-mdoc")
    asked = _kinds(documents.raw(told["data"]["deviceRequest"]))
    name, info = cbor.array_of(cbor.read(documents.raw(told["data"]["encryptionInfo"])), 2)
    same("kind of the sealing", name, "dcapi")
    cose.public_key(info["recipientPublicKey"])
    same("a nonce of 16 bytes or more", len(cbor.bytes_of(info["nonce"])) >= 16, True)
    return f"asks for {asked}; sealed to a key on P-256"


def _kinds(data: bytes) -> str:
    """The docTypes of a DeviceRequest."""
    request = cbor.map_of(cbor.read(data))
    same("version", str(request.get("version"))[:2], "1.")
    kinds = []
    for one in cbor.array_of(request.get("docRequests")):
        items = cbor.map_of(cbor.read(cbor.embedded_of(cbor.map_of(one).get("itemsRequest")).content))
        kinds.append(mdoc_reading.doc_type_of(items["docType"]))
        for row in cbor.map_of(items["nameSpaces"]).values():
            same("what is said of each element", {type(keep) for keep in cbor.map_of(row).values()}, {bool})
    return ", ".join(kinds)


def _sealed(text: str) -> Outcome | None:
    try:
        value = cbor.read(documents.raw(text))
    except (ValueError, cbor.CborRefused):
        return None
    if (
        not isinstance(value, list)
        or len(value) != 2
        or value[0] != "dcapi"
        or isinstance(value[1], Embedded)
    ):
        return None
    sealed = cbor.map_of(value[1])
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), cbor.bytes_of(sealed.get("enc")))
    same("a sealed answer longer than its tag", len(cbor.bytes_of(sealed.get("cipherText"))) > 16, True)
    return passed(
        "structure and the sender's key; it is sealed to a key that is not given, so it stays closed"
    )
