"""
Zero-knowledge proofs and what they are made from: circuits, proofs, presentations, credentials, certificates, keys.

A description (`.json`) and what it describes (`.circuit`, `.proof`, `.cbor`, `.pem`) share a name; either is enough to
find the other. Only what verifies proofs needs the extra.
"""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509 as c_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import cose, mdoc, mdoc_reading, mdoc_zk, x509
from ruangaman.core.credentials.errors import CredentialError
from tests.vectors import documents
from tests.vectors.kinds.eu_av_mdoc import whole_document
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same

MISSING = "the extra is not installed"
# How a description says that its bytes were made wrong on purpose, so that they must be refused.
_SPOILT = re.compile(r"flip|tamper|corrupt|truncat|zeroed|malformed|invalid|wrong", re.IGNORECASE)
_EMPTY = b"\xa0"
DATA = Path(__file__).resolve().parents[1] / "data" / "longfellow-zk"


def check_longfellow(file: Path) -> Outcome:
    if file.suffix != ".json":
        beside = _beside(file, f"{file.stem}.json")
        if beside is None:
            return _alone(file)
        told = json.loads(beside.read_text(encoding="utf-8"))
    else:
        told = json.loads(file.read_text(encoding="utf-8"))
    if "ZKDeviceResponseCBOR" in told:
        return _posted(told, file)
    kind = str(told.get("schema", ""))
    for word, reader in _KINDS:
        if word in kind:
            return reader(told, file)
    return not_covered(f"no reader for the schema {kind!r}")


def _alone(file: Path) -> Outcome:
    if file.suffix == ".pem":
        if b"BEGIN CERTIFICATE" not in file.read_bytes():
            return not_covered("a key without its description")
        found = c_x509.load_pem_x509_certificate(file.read_bytes())
        return passed(f"a certificate: {x509.span(found)}")
    if file.suffix == ".cbor":
        return _issued(file.read_bytes(), None, file)
    return not_covered("no description stands beside it")


def _beside(file: Path, name: str) -> Path | None:
    """A file of this name in the folder, or among those of the repository."""
    return next((one for one in (file.parent / name, DATA / name) if one.is_file()), None)


def _blob(told: dict[str, Any], file: Path, suffix: str) -> bytes | None:
    place = _beside(file, f"{file.stem}{suffix}")
    if place is None:
        return None
    data = place.read_bytes()
    if "sha256" in told:
        same("SHA-256 of what it describes", hashlib.sha256(data).hexdigest(), told["sha256"])
    return data


def _spoilt(told: dict[str, Any]) -> bool:
    """Must what this describes be refused?"""
    origin = told.get("provenance")
    generator = origin.get("generator", "") if isinstance(origin, dict) else ""
    return bool(_SPOILT.search(f"{generator} {told.get('comment', '')}"))


def _point(told: dict[str, Any], prefix: str = "") -> ec.EllipticCurvePublicKey:
    return cose.ec_key("P-256", *(int(told[f"{prefix}public_key_{one}"], 16) for one in "xy"))


@cache
def _circuit_id(circuit: bytes) -> str:
    from pylongfellow.backends.google_cpp import circuit_id

    return circuit_id(circuit)


def _circuit(told: dict[str, Any], file: Path) -> Outcome:
    data = _blob(told, file, ".circuit")
    if data is None:
        return not_covered("the circuit itself is not there")
    if not longfellow.installed():
        return not_covered(MISSING)
    from pylongfellow.backends.google_cpp import find_zk_spec

    spec = find_zk_spec(told["system"], _circuit_id(data))
    if spec is None:
        raise Differs("the verifier knows no such circuit")
    same("version and claims", (spec.version, spec.num_attributes), (told["version"], told["num_attributes"]))
    pinned = [one for one in mdoc_zk.PINNED if one.circuit_hash == spec.circuit_hash]
    same("SHA-256 on our list", [one.sha256 for one in pinned], [told["sha256"] for _ in pinned])
    return passed(f"SHA-256 and id {spec.circuit_hash[:8]}, {'pinned' if pinned else 'not on our list'}")


def _proof(told: dict[str, Any], file: Path) -> Outcome:
    proof = _blob(told, file, ".proof")
    described = _beside(file, f"{told.get('circuit')}.json")
    circuit = _beside(file, f"{told.get('circuit')}.circuit")
    if proof is None or circuit is None or described is None:
        return not_covered("the proof or its circuit is not there")
    if not longfellow.installed():
        return not_covered(MISSING)
    row, data = json.loads(described.read_text()), circuit.read_bytes()
    listed = mdoc_zk.Circuit(
        _circuit_id(data), row["version"], row["num_attributes"], hashlib.sha256(data).hexdigest()
    )
    key = _point(told, "issuer_").public_numbers()
    claims = tuple(
        mdoc_zk.Claim(one["namespace"], one["id"], documents.raw(one["cbor_value"])) for one in told["claims"]
    )
    now = documents.second(told["timestamp"])
    session = documents.raw(told["transcript"])
    task = mdoc_zk.Task(listed, key.x, key.y, session, claims, now, told["doctype"], proof)
    names = documents.raw(told.get("device_namespaces") or _EMPTY.hex())
    if _spoilt(told) or names != _EMPTY:
        why = "spoilt on purpose" if names == _EMPTY else "the device signed names of its own"
        try:
            _verify(task, data)
        except longfellow.ProofWrong:
            return passed(f"refused, as it must be: {why}")
        raise Differs(f"the proof holds: {why}")
    _verify(task, data)
    wrong = mdoc_zk.Task(listed, key.x, key.y, session + b"\x00", claims, now, told["doctype"], proof)
    try:
        _verify(wrong, data)
    except longfellow.ProofWrong:
        return passed("the proof holds, and not for another session")
    raise Differs("the proof holds for another session")


def _verify(task: mdoc_zk.Task, circuit: bytes) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / f"{task.circuit.circuit_hash}.circuit").write_bytes(circuit)
        longfellow.verify(task, longfellow.Verifier(place, place / "lock", 60, 6 << 30))


def _posted(told: dict[str, Any], file: Path) -> Outcome:
    """A request as Google's reference verifier takes it."""
    data = base64.b64decode(told["ZKDeviceResponseCBOR"])
    document = mdoc_zk.read_zk_device_response(data)
    session = base64.b64decode(told["Transcript"])
    circuits = [one for place in {file.parent, DATA} for one in place.glob("*.circuit")]
    found: dict[str, bytes] = {}
    if longfellow.installed():
        found = {_circuit_id(one.read_bytes()): one.read_bytes() for one in circuits}
    listed = []
    if document.circuit_hash in found:
        from pylongfellow.backends.google_cpp import find_zk_spec

        spec = find_zk_spec(mdoc_zk.SYSTEM, document.circuit_hash)
        if spec is not None:
            digest = hashlib.sha256(found[document.circuit_hash]).hexdigest()
            listed = [mdoc_zk.Circuit(spec.circuit_hash, spec.version, spec.num_attributes, digest)]
    else:
        listed = [mdoc_zk.Circuit(document.circuit_hash, 0, len(document.claims), "")]
    age = mdoc.age_number(document.claims[0].element_identifier)
    ask: dict[str, Any] = {
        "doc_type": document.doc_type,
        "age": -1 if age is None else age,
        "trust": documents.trust([document.chain[0]]),
        "now": document.timestamp,
        "session_transcript": session,
        "circuits": tuple(listed),
        "purpose": x509.ANY_SIGNER,
    }
    task, over = mdoc_zk.task(document, **ask)
    for change, refusal in (
        ({"now": document.timestamp + 301}, mdoc_zk.ProofOutOfTime),
        ({"now": document.timestamp - 301}, mdoc_zk.ProofOutOfTime),
        ({"circuits": ()}, mdoc_zk.CircuitUnknown),
        ({"age": ask["age"] + 1}, mdoc_zk.ProofNotAsked),
    ):
        try:
            mdoc_zk.task(document, **(ask | change))
        except refusal:
            continue
        raise Differs(f"accepted with another {next(iter(change))}")
    said = f"over {age}: {over}; structure, signer's certificate, time, what is asked"
    if document.circuit_hash not in found:
        return passed(f"{said}; the proof not, its circuit {document.circuit_hash[:8]} is not there")
    _verify(task, found[document.circuit_hash])
    return passed(f"{said}; the proof holds")


def _presentation(told: dict[str, Any], file: Path) -> Outcome:
    if told.get("transcript") is None:
        return not_covered("no transcript, so nothing that a device signed")
    came = whole_document(told)
    described = _described(file, told.get("credential"))
    own = _pem(file, described.get("ds_certificate"))
    if own is not None:
        document = mdoc_reading.read_device_response(documents.raw(told["mdoc"])).documents[0]
        same("the signer", documents.leaf(document.issuer_signed), own)
    if told.get("credential"):
        credential = _beside(file, f"{told['credential']}.cbor")
        if credential is not None:
            answer = mdoc_reading.read_device_response(documents.raw(told["mdoc"])).documents[0]
            issued = mdoc_reading.read_issuer_signed(credential.read_bytes())
            same("the credential shown", answer.issuer_signed.issuer_auth.proof, issued.issuer_auth.proof)
    return came


def _credential(told: dict[str, Any], file: Path) -> Outcome:
    data = _blob(told, file, ".cbor")
    if data is None:
        return not_covered("the credential itself is not there")
    return _issued(data, told, file)


def _issued(data: bytes, told: dict[str, Any] | None, file: Path) -> Outcome:
    issued = mdoc_reading.read_issuer_signed(data)
    security = mdoc_reading.read_security_object(issued.issuer_auth.payload or b"")
    given, said = [documents.leaf(issued)], ""
    if told is not None:
        if "doctype" in told:
            same("docType", security.doc_type, told["doctype"])
        own = _pem(file, told.get("ds_certificate"))
        if own is not None:
            same("the signer", documents.leaf(issued), own)
        above = _described(file, told.get("ds_certificate")).get("signed_by")
        given = [_pem(file, above) or given[0]]
        device = _described(file, told.get("device_key"))
        if device:
            same("the device's key", security.device_key, _point(device))
            said = "; device's key"
    now = security.validity_info.valid_from
    came = documents.check(issued, security.doc_type, documents.trust(given), now)
    return passed(f"{came}{said}")


def _described(file: Path, name: object) -> dict[str, Any]:
    place = _beside(file, f"{name}.json") if name else None
    found = {} if place is None else json.loads(place.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def _pem(file: Path, name: object) -> bytes | None:
    place = _beside(file, f"{name}.pem") if name else None
    if place is None:
        return None
    return c_x509.load_pem_x509_certificate(place.read_bytes()).public_bytes(Encoding.DER)


def _certificate(told: dict[str, Any], file: Path) -> Outcome:
    if _blob(told, file, ".pem") is None:
        return not_covered("the certificate itself is not there")
    own = _pem(file, file.stem) or b""
    found = x509.certificate_of(own)
    key = found.public_key()
    said = ["SHA-256"]
    if "public_key_x" in told:
        same("its key", key, _point(told))
        said.append("key")
    named = _described(file, told.get("key"))
    if "public_key_x" in named:
        same("the key that it names", key, _point(named))
    middle = sum(x509.span(found)) // 2
    above = _pem(file, told.get("signed_by"))
    if above is not None:
        x509.check_chain(
            [own], documents.trust([above]), purpose=x509.ANY_SIGNER, kind=x509.ANYTHING, now=middle
        )
        try:
            other = ec.derive_private_key(7, ec.SECP256R1()).public_key()
            x509.check_chain(
                [own], documents.trust([], [other]), purpose=x509.ANY_SIGNER, kind=x509.ANYTHING, now=middle
            )
        except x509.IssuerUnknown:
            said.append("signed by its authority")
        else:
            raise Differs("accepted without its authority")
    elif found.issuer == found.subject:
        found.verify_directly_issued_by(found)
        said.append("signed by itself")
        try:
            x509.check_chain([own], documents.trust([own]), purpose=x509.ANY_SIGNER, kind="*", now=middle)
        except CredentialError:
            said.append("and refused as a signer of documents")
    return passed(", ".join(said))


def _key(told: dict[str, Any], file: Path) -> Outcome:
    key = _point(told)
    said = ["a point of P-256"]
    if "fingerprint" in told:
        whole = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        same("fingerprint", hashlib.sha256(whole).hexdigest(), told["fingerprint"])
    beside = _beside(file, f"{file.stem}.pem")
    if beside is not None and "sha256" in told:
        same("SHA-256 of the key's file", hashlib.sha256(beside.read_bytes()).hexdigest(), told["sha256"])
    if "private_key" in told:
        own = ec.derive_private_key(int(told["private_key"], 16), ec.SECP256R1())
        same("the public key", own.public_key(), key)
        said.append("of the private key")
        written = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        if beside is None and hashlib.sha256(written).hexdigest() == told.get("sha256"):
            said.append("whose file has this SHA-256")
    return passed(" ".join(said))


_KINDS = (
    ("circuit", _circuit),
    ("proof", _proof),
    ("presentation", _presentation),
    ("credential", _credential),
    ("certificate", _certificate),
    ("key", _key),
)

CHECKS = {"longfellow-zk": check_longfellow}
