"""
ISO/IEC 18013-5 annex D: what a file is stands in its bytes, what belongs to it in its neighbours.

A neighbour that is missing in the folder is looked for among the files of the repository.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ruangaman.core.credentials import cbor, cose, mdoc, mdoc_reading, x509
from ruangaman.core.credentials.cbor import Embedded
from tests.vectors import documents
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same

OURS = Path(__file__).resolve().parents[1] / "data" / "iso18013-5-annex-d"
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Folder:
    """The files beside one, by words of their names."""

    def __init__(self, file: Path) -> None:
        self.files: dict[str, bytes] = {}
        for place in (OURS, file.parent):
            for one in sorted(place.glob("*.hex")):
                self.files[one.stem.lower()] = documents.raw(one.read_text(encoding="ascii"))

    def find(self, *words: str) -> bytes | None:
        """The file whose name ends with these words."""
        end = "_".join(words)
        return next((data for name, data in self.files.items() if name.endswith(end)), None)

    def key(self, whose: str) -> ec.EllipticCurvePrivateKey | None:
        found = self.find(whose, "key", "d")
        return None if found is None else ec.derive_private_key(int.from_bytes(found), ec.SECP256R1())

    def points(self) -> dict[str, tuple[bytes | None, bytes | None]]:
        """Every key of which a coordinate is told, by its name."""
        stems = {name[:-2] for name in self.files if name.endswith(("_x", "_y"))}
        return {stem: (self.files.get(f"{stem}_x"), self.files.get(f"{stem}_y")) for stem in sorted(stems)}

    def session(self) -> bytes | None:
        """SessionTranscript without its tag."""
        found = self.find("session_transcript_bytes") or self.find("session_transcript")
        return found if found is None or found[:2] != b"\xd8\x18" else cbor.unwrap(found)


def check_annex(file: Path) -> Outcome:
    data = documents.raw(file.read_text(encoding="ascii"))
    folder = Folder(file)
    if data[:3] == b"\xff\xd8\xff":
        return _portrait(data, folder)
    if len(data) == 32:
        return _number(file.stem.lower(), data, folder)
    if data[0] == 0x30:
        return _certificate(data, folder)
    return _cbor(cbor.read(data), data, folder)


def _cbor(value: Any, data: bytes, folder: Folder) -> Outcome:
    if isinstance(value, Embedded):
        inner = cbor.read(value.content)
        if isinstance(inner, dict) and "valueDigests" in inner:
            return _security(value.received, folder)
        return _cbor(inner, value.content, folder)
    if isinstance(value, dict):
        for names, reader in _MAPS:
            if any(name in value for name in names):
                return reader(value, data, folder)
        if 1 in value and -2 in value:
            return passed(_point(value, folder))
        if 0 in value and 1 in value:
            return _engagement(value, folder)
    if isinstance(value, list) and len(value) == 3 and isinstance(value[1], Embedded):
        return _transcript(value, data, folder)
    if isinstance(value, list) and len(value) == 4 and isinstance(value[0], bytes):
        return _message(value, folder)
    return not_covered("CBOR of another shape than we read")


def _portrait(data: bytes, folder: Folder) -> Outcome:
    same("the end of the picture", data[-2:], b"\xff\xd9")
    answer = folder.find("device_response")
    if answer is None:
        return passed("a whole JPEG; no answer beside it to compare")
    items = mdoc_reading.read_device_response(answer).documents[0].issuer_signed.name_spaces.values()
    found = [one.element_value for row in items for one in row if one.element_identifier == "portrait"]
    same("the portrait in the answer", found, [data])
    return passed("equals the portrait in the answer")


def _number(stem: str, data: bytes, folder: Folder) -> Outcome:
    for words, info in (("skreader", b"SKReader"), ("skdevice", b"SKDevice"), ("emackey", b"EMacKey")):
        if words in stem.replace("_", ""):
            return _derived(data, info, folder)
    number = int.from_bytes(data)
    name, _, part = stem.rpartition("_")
    if part == "d":
        if not 0 < number < _ORDER:
            raise Differs("no private key of P-256")
        numbers = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
        for letter, ours in (("x", numbers.x), ("y", numbers.y)):
            theirs = folder.files.get(f"{name}_{letter}")
            if theirs is not None:
                same(f"coordinate {letter}", ours.to_bytes(32), theirs)
        return passed("a private key of P-256 with the public key beside it")
    if part in ("x", "y") and number < _P:
        x, y = (folder.files.get(f"{name}_{letter}") for letter in "xy")
        if x and y:
            cose.ec_key("P-256", int.from_bytes(x), int.from_bytes(y))
            secret = folder.files.get(f"{name}_d")
            if secret is not None:
                key = (
                    ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())
                    .public_key()
                    .public_numbers()
                )
                same("the public key", (key.x, key.y), (int.from_bytes(x), int.from_bytes(y)))
            return passed("a point of P-256" + (" of the private key beside it" if secret else ""))
        if part == "x":
            square = (number**3 - 3 * number + _B) % _P
            same("a point has this x", pow(square, (_P - 1) // 2, _P), 1)
            return passed("the x of a point of P-256; its y is not there")
    return not_covered("32 bytes of which the name does not say what they are")


def _derived(data: bytes, info: bytes, folder: Folder) -> Outcome:
    device = "static_device" if info == b"EMacKey" else "ephemeral_device"
    key = _session_key(folder, info, device)
    if key is None:
        return not_covered("the keys from which it comes are not there")
    same(info.decode(), key, data)
    return passed(f"{info.decode()} agreed and derived anew")


def _session_key(folder: Folder, info: bytes, device: str = "ephemeral_device") -> bytes | None:
    """ISO/IEC 18013-5 9.1.1.5 and 9.1.3.5."""
    mine, theirs, session = folder.key("ephemeral_reader"), folder.key(device), folder.session()
    if mine is None or theirs is None or session is None:
        return None
    digest = hashes.Hash(hashes.SHA256())
    digest.update(cbor.embedded(session))
    salt = digest.finalize()
    agreed = mine.exchange(ec.ECDH(), theirs.public_key())
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(agreed)


def _certificate(data: bytes, folder: Folder) -> Outcome:
    found = x509.certificate_of(data)
    first, last = x509.span(found)
    for purpose in (x509.DOCUMENT_SIGNER, x509.READER):
        try:
            x509.check_chain(
                [data], documents.trust([data]), purpose=purpose, kind="*", now=(first + last) // 2
            )
        except x509.WrongUse:
            continue
        other = x509.READER if purpose is x509.DOCUMENT_SIGNER else x509.DOCUMENT_SIGNER
        try:
            x509.check_chain(
                [data], documents.trust([data]), purpose=other, kind="*", now=(first + last) // 2
            )
        except x509.WrongUse:
            pass
        else:
            raise Differs("good for every purpose")
        answer = folder.find("device_response")
        if purpose is x509.DOCUMENT_SIGNER and answer is not None:
            issued = mdoc_reading.read_device_response(answer).documents[0].issuer_signed
            same("the signer of the answer", documents.leaf(issued), data)
        request = folder.find("device_request")
        if purpose is x509.READER and request is not None:
            (first_asked,) = cbor.array_of(cbor.map_of(cbor.read(request))["docRequests"])
            own = cose.chain(cose.message_of(first_asked["readerAuth"], tag=18))[0]
            same("the reader of the request", own, data)
        return passed(f"a certificate of a {purpose.name}; its root is not there")
    if found.subject == found.issuer:
        found.verify_directly_issued_by(found)
        return passed("a root that signed itself")
    answer = folder.find("device_response")
    if answer is not None:
        issued = mdoc_reading.read_device_response(answer).documents[0].issuer_signed
        if x509.certificate_of(documents.leaf(issued)).subject == found.subject:
            raise Differs("the signer of the answer, but for another purpose")
    return not_covered("a certificate for another purpose")


def _point(key: dict[Any, Any], folder: Folder) -> str:
    """A COSE_Key; told whose it is when its coordinates stand in files."""
    cose.public_key(key)
    x, y = key[-2], key[-3]
    for stem, told in folder.points().items():
        if told[0] == x or told[1] == y:
            for letter, ours, theirs in (("x", x, told[0]), ("y", y, told[1])):
                if theirs is not None:
                    same(f"coordinate {letter} of {stem}", ours, theirs)
            return f"a COSE key, equal to {stem.rsplit('_d_', 1)[-1]}"
    return "a COSE key on its curve, which no file beside it tells"


def _engagement(value: dict[Any, Any], folder: Folder) -> Outcome:
    same("version", str(value[0])[:2], "1.")
    suite, key = cbor.array_of(value[1], 2)
    same("cipher suite", suite, 1)
    return passed(_point(cbor.read(cbor.embedded_of(key).content), folder))


def _transcript(value: list[Any], data: bytes, folder: Folder) -> Outcome:
    engagement, reader = cbor.read(value[0].content), cbor.read(value[1].content)
    alone = folder.find("device_engagement")
    if alone is not None:
        # by NFC the phone tells another engagement than by QR; the key is the same
        same("the key told", engagement[1], cbor.read(alone)[1])
    _engagement(engagement, folder)
    said = f"engagement, and {_point(reader, folder)}"
    answer, key = folder.find("device_response"), folder.key("ephemeral_reader")
    if answer is not None and key is not None:
        for one in mdoc_reading.read_device_response(answer).documents:
            security = mdoc_reading.read_security_object(one.issuer_signed.issuer_auth.payload or b"")
            mdoc.check_device(one, security.device_key, data, key)
            said += "; the answer's device proved itself for it"
    return passed(said)


def _answer(value: dict[Any, Any], data: bytes, folder: Folder) -> Outcome:
    answer = mdoc_reading.read_device_response(data)
    same("status", answer.status, 0)
    said = []
    for one in answer.documents:
        given = folder.find("ds_cert") or documents.leaf(one.issuer_signed)
        security = mdoc_reading.read_security_object(one.issuer_signed.issuer_auth.payload or b"")
        validity = security.validity_info
        now = (validity.valid_from + validity.valid_until) // 2
        session, reader = folder.session(), folder.key("ephemeral_reader")
        if one.device_mac is not None and reader is None:
            session = None
        said.append(
            documents.check(
                one.issuer_signed, one.doc_type, documents.trust([given]), now, one, session, reader
            )
        )
    return passed("; ".join(said))


def _security(payload: bytes, folder: Folder) -> Outcome:
    security = mdoc_reading.read_security_object(payload)
    answer = folder.find("device_response")
    if answer is not None:
        issued = mdoc_reading.read_device_response(answer).documents[0].issuer_signed
        same("the object in the answer", issued.issuer_auth.payload, payload)
    return passed(f"security object of {security.doc_type}")


def _items(value: dict[Any, Any], data: bytes, folder: Folder) -> Outcome:
    mdoc_reading.doc_type_of(value["docType"])
    asked = cbor.map_of(value["nameSpaces"])
    kept = [flag for row in asked.values() for flag in cbor.map_of(row).values()]
    same("each element says whether it is kept", {type(one) for one in kept}, {bool})
    answer = folder.find("device_response")
    if answer is not None:
        for one in mdoc_reading.read_device_response(answer).documents:
            if one.doc_type == value["docType"]:
                for space, row in one.issuer_signed.name_spaces.items():
                    shown = {item.element_identifier for item in row}
                    same("answered, though not asked", shown - set(asked.get(space, {})), set())
                break
        else:
            raise Differs("the answer is of another kind")
    return passed(f"{len(kept)} elements of {value['docType']} are asked for")


def _request(value: dict[Any, Any], data: bytes, folder: Folder) -> Outcome:
    said = []
    for one in cbor.array_of(value["docRequests"]):
        items = cbor.embedded_of(cbor.map_of(one).get("itemsRequest"))
        said.append(_items(cbor.read(items.content), items.content, folder).detail)
        session = folder.session()
        if "readerAuth" not in one or session is None:
            continue
        message = cose.message_of(one["readerAuth"], tag=18)
        own = cose.chain(message)[0]
        first, last = x509.span(x509.certificate_of(own))
        listed = documents.trust([folder.find("reader_cert") or own])
        reader = x509.check_chain(
            cose.chain(message), listed, purpose=x509.READER, kind="*", now=(first + last) // 2
        )
        told = b"\x83\x74ReaderAuthentication" + session + items.received
        cose.verify_sign1(message, reader.key, payload=cbor.embedded(told))  # type: ignore[arg-type]
        said.append("reader's signature")
    return passed("; ".join(said))


def _sealed(value: dict[Any, Any], data: bytes, folder: Folder) -> Outcome:
    """SessionEstablishment and SessionData (9.1.1.4 and 9.1.1.5): AES-256-GCM, the first message of each side."""
    from_reader = "eReaderKey" in value
    said = []
    if from_reader:
        said.append(_point(cbor.read(cbor.embedded_of(value["eReaderKey"]).content), folder))
    if "data" not in value:
        # 8.2.1, table 20: cannot be opened, cannot be read, over
        same("a status of the standard", cbor.whole_of(value["status"]) in (10, 11, 20), True)
        return passed(f"session data with status {value['status']}")
    key = _session_key(folder, b"SKReader" if from_reader else b"SKDevice")
    if key is None:
        return not_covered("sealed, and the keys are not there")
    nonce = (b"\x00" * 8 if from_reader else b"\x00" * 7 + b"\x01") + b"\x00\x00\x00\x01"
    plain = AESGCM(key).decrypt(nonce, cbor.bytes_of(value["data"]), None)
    alone = folder.find("device_request" if from_reader else "device_response")
    if alone is not None:
        same("what was sealed", plain, alone)
    inside = _cbor(cbor.read(plain), plain, folder)
    same("what was sealed", inside.state, "pass")
    return passed("; ".join(["opened with the session's keys", *said, inside.detail]))


def _message(value: list[Any], folder: Folder) -> Outcome:
    answer = folder.find("device_response")
    if answer is None:
        return not_covered("a signed message whose answer is not there")
    read = cbor.read(answer)["documents"][0]
    whole = [read["issuerSigned"]["issuerAuth"], *read["deviceSigned"]["deviceAuth"].values()]
    if value not in whole:
        return not_covered("a signed message that stands in no answer here")
    return passed(f"stands in the answer; {_answer({}, answer, folder).detail}")


_Reader = Callable[[dict[Any, Any], bytes, Folder], Outcome]
_MAPS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("documents",), _answer),
    (("docRequests",), _request),
    (("data", "eReaderKey", "status"), _sealed),
    (("docType",), _items),
)

CHECKS = {"iso18013-5-annex-d": check_annex}
