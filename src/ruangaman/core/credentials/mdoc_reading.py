"""
Mobile documents as they come (ISO/IEC 18013-5 8.3.2.1.2.2 and 9.1.2): read and typed, nothing checked yet.

The bytes over which a digest or a signature goes are kept as received. Values of elements stay as parsed; who reads
a document for an age looks at the age elements and drops the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ruangaman.core.credentials import cbor, cose
from ruangaman.core.credentials.cbor import Embedded, Tagged
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.status_list import Reference, reference_in

LIMITS: Final = cbor.Limits(most_bytes=131_072, most_items=8_192, most_depth=12)
"""For one answer of a wallet. Portraits are never asked for, but test documents carry one."""
MOST_DOCUMENTS: Final = 4
LEAST_RANDOM: Final = 16
"""Bytes of salt in each element (ISO/IEC 18013-5 9.1.2.5)."""


class MdocRefused(CredentialError):
    """A mobile document that is not accepted."""

    code = "mdoc.refused"


class MdocMalformed(MdocRefused):
    """Not the structure of a mobile document, or two elements claim the same place in it."""

    code = "mdoc.malformed"


class DocTypeMalformed(MdocRefused):
    """A docType with a blank, or with other characters than such a name has."""

    code = "mdoc.doc-type-malformed"


@dataclass(frozen=True, slots=True)
class Item:
    """IssuerSignedItem: one element with its salt. `received` is the tag-24 item as it came; its digest is signed."""

    digest_id: int
    element_identifier: str
    element_value: Any
    received: bytes


@dataclass(frozen=True, slots=True)
class IssuerSigned:
    """What the issuer signed: elements by namespace, and COSE_Sign1 over the security object."""

    name_spaces: Mapping[str, tuple[Item, ...]]
    issuer_auth: cose.Message


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an answer. `device_name_spaces` is DeviceNameSpacesBytes as received."""

    doc_type: str
    issuer_signed: IssuerSigned
    device_name_spaces: bytes | None
    device_signature: cose.Message | None
    device_mac: cose.Message | None


@dataclass(frozen=True, slots=True)
class DeviceResponse:
    """A wallet's answer. `status` 0 is OK."""

    version: str
    documents: tuple[Document, ...]
    status: int


@dataclass(frozen=True, slots=True)
class ValidityInfo:
    """Unix seconds, fractions cut off."""

    signed: int
    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """MobileSecurityObject. `other_status` is true when a state is kept in a way that we do not read."""

    doc_type: str
    digest_algorithm: str
    value_digests: Mapping[str, Mapping[int, bytes]]
    device_key: cose.PublicKey
    validity_info: ValidityInfo
    status: Reference | None
    other_status: bool


def read_device_response(data: bytes) -> DeviceResponse:
    """
    A DeviceResponse from its bytes.

    Raises:
        CredentialError: CBOR, COSE or mdoc refusals.
    """
    told = cbor.map_of(cbor.read(data, LIMITS))
    documents = told.get("documents", [])
    if not isinstance(documents, list) or len(documents) > MOST_DOCUMENTS:
        raise MdocMalformed
    version, status = cbor.text_of(told.get("version")), cbor.whole_of(told.get("status"))
    if not version.startswith("1."):
        raise MdocMalformed
    return DeviceResponse(version, tuple([_document(one) for one in documents]), status)


def read_issuer_signed(data: bytes) -> IssuerSigned:
    """
    An IssuerSigned from its bytes: a credential as it lies in a wallet.

    Raises:
        CredentialError: CBOR, COSE or mdoc refusals.
    """
    return _issuer_signed(cbor.read(data, LIMITS))


def _document(value: object) -> Document:
    told = cbor.map_of(value)
    name_spaces = signature = mac = None
    if "deviceSigned" in told:
        device = cbor.map_of(told["deviceSigned"])
        name_spaces = cbor.embedded_of(device.get("nameSpaces")).received
        auth = cbor.map_of(device.get("deviceAuth"))
        if len(auth) != 1:
            raise MdocMalformed
        if "deviceSignature" in auth:
            signature = cose.message_of(auth["deviceSignature"], tag=18)
        elif "deviceMac" in auth:
            mac = cose.message_of(auth["deviceMac"], tag=17)
        else:
            raise MdocMalformed
    return Document(
        doc_type_of(told.get("docType")),
        _issuer_signed(told.get("issuerSigned")),
        name_spaces,
        signature,
        mac,
    )


_DOC_TYPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def doc_type_of(value: object) -> str:
    """
    A docType or namespace: words with dots between, no blank anywhere.

    Raises:
        DocTypeMalformed: see there.
    """
    if isinstance(value, str) and _DOC_TYPE.fullmatch(value):
        return value
    raise DocTypeMalformed


def _issuer_signed(value: object) -> IssuerSigned:
    told = cbor.map_of(value)
    auth = cose.message_of(told.get("issuerAuth"), tag=18)
    name_spaces = {}
    for name, items in cbor.map_of(told.get("nameSpaces", {})).items():
        read = tuple([_item(one) for one in cbor.array_of(items)])
        if len({one.digest_id for one in read}) != len(read):
            raise MdocMalformed
        if len({one.element_identifier for one in read}) != len(read):
            raise MdocMalformed
        name_spaces[cbor.text_of(name)] = read
    return IssuerSigned(name_spaces, auth)


def _item(value: object) -> Item:
    if not isinstance(value, Embedded):
        raise MdocMalformed
    told = cbor.read(value.content, LIMITS)
    if not isinstance(told, dict) or len(told) != 4 or "elementValue" not in told:
        raise MdocMalformed
    digest_id, identifier, salt = told.get("digestID"), told.get("elementIdentifier"), told.get("random")
    if type(digest_id) is not int or not 0 <= digest_id < 1 << 32 or not isinstance(identifier, str):
        raise MdocMalformed
    if not isinstance(salt, bytes) or len(salt) < LEAST_RANDOM:
        raise MdocMalformed
    return Item(digest_id, identifier, told["elementValue"], value.received)


def read_security_object(payload: bytes) -> SecurityObject:
    """
    A MobileSecurityObject from the payload of issuerAuth: tag 24 around it.

    Raises:
        CredentialError: CBOR, COSE or mdoc refusals.
    """
    told = cbor.map_of(cbor.read(cbor.unwrap(payload, LIMITS), LIMITS))
    if not cbor.text_of(told.get("version")).startswith("1."):
        raise MdocMalformed
    digests: dict[str, Mapping[int, bytes]] = {}
    for name, row in cbor.map_of(told.get("valueDigests")).items():
        digests[cbor.text_of(name)] = cbor.map_of(row)
    key_info = cbor.map_of(told.get("deviceKeyInfo"))
    state = told.get("status")
    status = None if state is None else reference_in(state)
    return SecurityObject(
        doc_type=doc_type_of(told.get("docType")),
        digest_algorithm=cbor.text_of(told.get("digestAlgorithm")),
        value_digests=digests,
        device_key=cose.public_key(key_info.get("deviceKey")),
        validity_info=_validity(told.get("validityInfo")),
        status=status,
        other_status=state is not None and status is None,
    )


def _validity(value: object) -> ValidityInfo:
    told = cbor.map_of(value)
    times = [tdate(told.get(name)) for name in ("signed", "validFrom", "validUntil")]
    found = ValidityInfo(*times)
    if found.valid_until < found.valid_from:
        raise MdocMalformed
    return found


_TDATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def tdate(value: object) -> int:
    """
    A time in tag 0 as unix seconds (RFC 8949 section 3.4.1); wallets write fractions though ISO/IEC 18013-5 bars them.

    Raises:
        MdocMalformed: another tag, or no such time.
    """
    if not isinstance(value, Tagged) or value.tag != 0 or not isinstance(value.value, str):
        raise MdocMalformed
    if not _TDATE.fullmatch(value.value):
        raise MdocMalformed
    try:
        return int(datetime.fromisoformat(value.value).timestamp() // 1)
    except (ValueError, OverflowError):
        raise MdocMalformed from None
