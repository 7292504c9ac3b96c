"""
The quick door of a mobile document: one document of one namespace, ES256 twice, age elements that are true or false.

That is what wallets answer who are asked for an age. Whatever else comes (another kind, algorithm or element, CBOR that
is longer than need be, a MAC, anything at fault) is left to the plain door in `mdoc`, which alone tells why; only what
the keys say is told here, after everything else was found right.
INVARIANT: what this door takes, the plain door takes with an equal result; what the plain door refuses, this one
refuses with the same error or leaves.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import cbor2

from ruangaman.core.credentials import cbor, cose, der, p256, x509
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.mdoc_reading import ValidityInfo
from ruangaman.core.credentials.mdoc_terms import (
    EU_AV,
    EU_AV_MONTHS,
    NAME_SPACES,
    Asked,
    Checked,
    DeviceAuthWrong,
    SignedOutOfTime,
    answers,
    months_later,
)
from ruangaman.core.credentials.status_list import Reference, reference_in

MOST_BYTES: Final = 16_384
MOST_ELEMENTS: Final = 255
MOST_DEPTH: Final = 10

_ES256: Final = b"\xa1\x01\x26"
"""The protected header that says ES256 and no more."""
_NO_NAMES: Final = cbor.embedded(b"\xa0")
_NO_NAMES_TAGGED: Final = cbor2.CBORTag(cbor.EMBEDDED, b"\xa0")
_SIGNED: Final = b"\x84\x6aSignature1\x43" + _ES256 + b"\x40"
_DEVICE: Final = b"\x84\x74DeviceAuthentication"
_NAMED: Final = {doc_type: cbor.encode(doc_type) + _NO_NAMES for doc_type in NAME_SPACES}
_LEAST_MONTHS: Final = 89 * 86_400
"""Seconds of the shortest three months, February in the middle or at an end of them."""
_TDATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII).fullmatch
# IssuerSignedItem in its shortest form, its four members in any order: that each stands there is seen by its group.
_ITEM: Final = re.compile(
    rb"\xa4(?:"
    rb"\x68digestID([\x00-\x17]|\x18[\x18-\xff])"
    rb"|\x66random(\x58\x20.{32}|\x50.{16}|\x58\x18.{24}|\x58\x40.{64})"
    rb"|\x71elementIdentifier\x6bage_over_([0-9]{2})"
    rb"|\x6celementValue([\xf4\xf5])"
    rb"){4}",
    re.DOTALL,
).fullmatch
_NUMBERS: Final = {cbor.encode(number): number for number in range(256)}
_AGES: Final = {b"%02d" % age: age for age in range(100)}
_TRUTH: Final = {b"\xf4": False, b"\xf5": True}

_LEFT: Final = (
    CredentialError,
    cbor2.CBORError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading raises where something is not as it is here."""


class _LeftError(ValueError):
    """To be looked at by the plain door."""


def _refused(_value: object, _immutable: bool) -> object:
    raise _LeftError


class _Second(int):
    """A time in tag 0, in unix seconds; nothing else that is read is one."""


def _time(value: str, _immutable: bool) -> _Second:
    if not _TDATE(value):
        raise _LeftError
    return _Second(datetime.fromisoformat(value).timestamp())


# What the parser would make something of: times, large numbers, references, patterns, messages, addresses.
_TAGS: Final[Mapping[int, Callable[[Any, bool], Any]]] = dict.fromkeys(
    (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 43, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799),
    _refused,
)
_TIMES: Final = {**_TAGS, 0: _time}


def _frame() -> int:
    """Bytes of an answer without what differs from one to the next; of that only heads of one byte."""
    signed = [_ES256, {cose.X5CHAIN: b""}, b"", b"\x00" * 64]
    device: list[Any] = [_ES256, {}, None, b"\x00" * 64]
    document = {
        "docType": "",
        "issuerSigned": {"nameSpaces": {"": []}, "issuerAuth": signed},
        "deviceSigned": {
            "nameSpaces": cbor.Encoded(_NO_NAMES),
            "deviceAuth": {"deviceSignature": device},
        },
    }
    return len(cbor.encode({"version": "1.0", "documents": [document], "status": 0}))


def _signed_frame() -> int:
    """The same of what the issuer signs, without any digest."""
    validity = dict.fromkeys(("signed", "validFrom", "validUntil"), cbor.Tagged(0, "2026-01-01T00:00:00Z"))
    told = {
        "version": "1.0",
        "digestAlgorithm": "SHA-256",
        "valueDigests": {},
        "deviceKeyInfo": {"deviceKey": {1: 2, -1: 1, -2: b"\x00" * 32, -3: b"\x00" * 32}},
        "docType": "",
        "validityInfo": validity,
    }
    return len(cbor.encode(told))


_FRAME, _SIGNED_FRAME = _frame(), _signed_frame()


@dataclass(slots=True)
class _Answer:
    """What a wallet sent: `received` are the elements as they came, `digest_ids` and `over` what they say."""

    chain: tuple[bytes, ...]
    payload: bytes
    proof: bytes
    device_proof: bytes
    received: list[bytes]
    digest_ids: list[int]
    over: dict[int, bool]


@dataclass(slots=True)
class _Signed:
    """What the issuer signed; `point` is the device's key, uncompressed."""

    value_digests: dict[str, dict[int, bytes]]
    point: bytes
    validity: ValidityInfo
    status: Reference | None


def check(data: bytes, asked: Asked, session_transcript: bytes) -> Checked | None:
    """
    As `mdoc.check_device_response`; None: ask there.

    Raises:
        CredentialError: what chain, keys and signatures say, the plain door says too.
    """
    doc_type, now, skew = asked.doc_type, asked.now, asked.skew
    try:
        space = NAME_SPACES[doc_type]
        if len(data) > MOST_BYTES or asked.name_space not in (None, space):
            return None
        answer = _read_answer(data, doc_type, space)
        told = _read_signed(answer.payload, doc_type)
        validity, row = told.validity, told.value_digests[space]
        if [sha256(one).digest() for one in answer.received] != [row.get(one) for one in answer.digest_ids]:
            return None
        if not validity.valid_from - skew <= now <= validity.valid_until + skew:
            return None
        if asked.profile and doc_type == EU_AV:
            first, last = validity.valid_from, validity.valid_until
            long = last - first > _LEAST_MONTHS and last > months_later(first, EU_AV_MONTHS)
            if long or len(told.value_digests) != 1:
                return None
        over = answers(answer.over, asked.ages) if asked.ages else {}
        issued, proved = der.of_p256(answer.proof), der.of_p256(answer.device_proof)
    except _LEFT:
        return None
    signer = x509.check_chain(
        answer.chain, asked.trust, purpose=asked.purpose, kind=doc_type, now=now, skew=skew
    )
    if signer.by_key is None:
        return None
    covered = cbor.embedded(_DEVICE + session_transcript + _NAMED[doc_type])
    if not signer.by_key(sha256(_SIGNED + cbor.byte_string(answer.payload)).digest(), issued):
        raise cose.SignatureWrong
    try:
        by_device = p256.check_by_point(told.point)
    except ValueError:
        raise cose.KeyRefused from None
    if not signer.signs_from - skew <= validity.signed <= signer.signs_until + skew:
        raise SignedOutOfTime
    if not by_device(sha256(_SIGNED + cbor.byte_string(covered)).digest(), proved):
        raise DeviceAuthWrong
    return Checked(doc_type, space, signer.anchor.name, validity, told.status, over, True)


def _read(data: bytes, tags: Mapping[int, Callable[[Any, bool], Any]]) -> Any:
    return cbor2.loads(
        data, semantic_decoders=tags, max_depth=MOST_DEPTH, allow_indefinite=False, allow_duplicate_keys=False
    )


def _read_answer(data: bytes, doc_type: str, space: str) -> _Answer:
    told = _read(data, _TAGS)
    document = told["documents"][0]
    issued = document["issuerSigned"]
    items = issued["nameSpaces"][space]
    _, unprotected, payload, proof = issued["issuerAuth"]
    certificates = unprotected[cose.X5CHAIN]
    device_proof = document["deviceSigned"]["deviceAuth"]["deviceSignature"][3]
    chain = (certificates,) if type(certificates) is bytes else tuple(certificates)
    if (
        told != _shape(doc_type, space, items, certificates, payload, proof, device_proof)
        or type(told["status"]) is not int
        or type(items) is not list
        or not 0 < len(items) <= MOST_ELEMENTS
        or not type(payload) is type(proof) is type(device_proof) is bytes
        or not len(proof) == len(device_proof) == 64
        or set(map(type, chain)) != {bytes}
    ):
        raise _LeftError
    contents = [one.value for one in items if one.tag == cbor.EMBEDDED]
    members = [found.groups() for found in map(_ITEM, contents) if found is not None]
    if len(members) != len(items):
        raise _LeftError
    numbers, salts, ages, truths = zip(*members, strict=True)
    # None, where a member is missing, stands in none of these.
    digest_ids = [_NUMBERS[one] for one in numbers]
    over = {_AGES[age]: _TRUTH[truth] for age, truth in zip(ages, truths, strict=True)}
    if None in salts or not len(over) == len(set(digest_ids)) == len(items):
        raise _LeftError
    received = [b"\xd8\x18\x58%c%b" % (len(one), one) for one in contents]
    # No head is shorter than the shortest: as many bytes as those would have are those, so `received` is as it came.
    length = _FRAME + _long(doc_type) + _long(space) + _long(payload) + sum(map(len, received))
    length += sum(map(_long, chain)) + (len(items) > 23) + (0 if type(certificates) is bytes else len(chain))
    if length != len(data):
        raise _LeftError
    return _Answer(chain, payload, proof, device_proof, received, digest_ids, over)


def _shape(
    doc_type: str,
    space: str,
    items: object,
    chain: object,
    payload: object,
    proof: object,
    device_proof: object,
) -> dict[str, Any]:
    """An answer with these parts and nothing else."""
    issued = {
        "nameSpaces": {space: items},
        "issuerAuth": [_ES256, {cose.X5CHAIN: chain}, payload, proof],
    }
    device: dict[str, Any] = {
        "nameSpaces": _NO_NAMES_TAGGED,
        "deviceAuth": {"deviceSignature": [_ES256, {}, None, device_proof]},
    }
    document = {"docType": doc_type, "issuerSigned": issued, "deviceSigned": device}
    return {"version": "1.0", "documents": [document], "status": 0}


def _long(part: str | bytes) -> int:
    """Bytes of a string with what its shortest head has more than one."""
    size = len(part)
    return size if size < 24 else size + 1 if size < 256 else size + 2


def _read_signed(payload: bytes, doc_type: str) -> _Signed:
    content = cbor.unwrap(payload)
    told = _read(content, _TIMES)
    rows, times, key = told["valueDigests"], told["validityInfo"], told["deviceKeyInfo"]["deviceKey"]
    shape = {
        "version": "1.0",
        "digestAlgorithm": "SHA-256",
        "valueDigests": rows,
        "deviceKeyInfo": {"deviceKey": {1: 2, -1: 1, -2: key[-2], -3: key[-3]}},
        "docType": doc_type,
        "validityInfo": {name: times[name] for name in ("signed", "validFrom", "validUntil")},
    }
    status = None
    if "status" in told:
        status = reference_in(told["status"])
        if status is None:
            raise _LeftError
        shape["status"] = {"status_list": {"idx": status.idx, "uri": status.uri}}
    length = _SIGNED_FRAME + _long(doc_type)
    if status is not None:
        length += len(cbor.encode({"status": shape["status"]})) - 1
    for name, row in rows.items():
        numbers, hashes = list(row), list(row.values())
        if (
            not name.isascii()
            or set(map(type, numbers)) != {int}
            or set(map(type, hashes)) != {bytes}
            or set(map(len, hashes)) != {32}
            or min(numbers) < 0
            or max(numbers) > 255
        ):
            raise _LeftError
        length += 2 + _long(name) + (len(row) > 23) + 35 * len(row) + sum([one > 23 for one in numbers])
    # As many bytes as the shortest heads make are all that there are: nothing stands behind.
    if told != shape or length != len(content) or len(rows) > 23:
        raise _LeftError
    if set(map(type, key)) | {type(key[1]), type(key[-1])} != {int} or not len(key[-2]) == len(key[-3]) == 32:
        raise _LeftError
    point = b"\x04%b%b" % (key[-2], key[-3])
    signed, first, last = times["signed"], times["validFrom"], times["validUntil"]
    if not type(signed) is type(first) is type(last) is _Second or last < first:
        raise _LeftError
    validity = ValidityInfo(int(signed), int(first), int(last))
    return _Signed(rows, point, validity, status)
