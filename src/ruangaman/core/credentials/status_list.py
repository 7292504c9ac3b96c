"""
Token Status List: which of many tokens still hold, in one or a few bits each.

Source: draft-ietf-oauth-status-list, sections 4 (the list), 6 (the reference), 7 (the values). Inflating is capped
before it begins; an index beyond the end is refused and never read as valid.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ruangaman.core.credentials import cbor, jose
from ruangaman.core.credentials.status_list_errors import (
    StatusIndexOutOfRange,
    StatusListInflatesTooFar,
    StatusListMalformed,
    StatusListNotZlib,
    StatusReferenceMalformed,
)

VALID, INVALID, SUSPENDED = 0, 1, 2
# Section 7.1. 3 and 12 to 15 are each application's own; all others are not given out yet.
_NAMES = {VALID: "VALID", INVALID: "INVALID", SUSPENDED: "SUSPENDED"}
_OWN = frozenset({3, 12, 13, 14, 15})

# A status token holds some ten containers and twenty values; a long chain of certificates adds a few more.
_MOST_CONTAINERS = 64
_MOST_ITEMS = 1_000
_MOST_DEPTH = 8
_LARGEST_INDEX = 2**31 - 1
_LONGEST_URI = 2_048
# No user, no fragment, no address in brackets: nothing that two readers could take for two places. Without TLS only on
# this machine itself, for a house that is tried out there; who fetches decides whether it may be called.
_URI = re.compile(
    r"(?:https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|http://(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1))"
    r"(?::[0-9]{1,5})?(?:[/?][!$-;=?-Z_a-z~%]*)?"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes are read at all, and to how many a list may inflate. 16 MiB is 134 million entries of one bit."""

    read_bytes: int = 8 << 20
    list_bytes: int = 16 << 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class StatusList:
    """
    A list in the clear.

    Args:
        bits: 1, 2, 4 or 8 for each entry.
        packed: the byte array of section 4.1; entry 0 stands in the lowest bits of the first byte.
        aggregation_uri: where the addresses of all lists of this issuer stand, if told.
    """

    bits: int
    packed: bytes = field(repr=False)
    aggregation_uri: str | None = None

    def __len__(self) -> int:
        """How many entries there are; those that fill the last byte count too."""
        return len(self.packed) * 8 // self.bits

    def status(self, idx: int) -> int:
        """
        The value of one entry, 0 to 2**bits - 1.

        Raises:
            StatusIndexOutOfRange: `idx` is negative or beyond the end.
        """
        bits = self.bits
        place = idx * bits
        if place < 0 or place >> 3 >= len(self.packed):
            raise StatusIndexOutOfRange(idx_below=len(self))
        return (self.packed[place >> 3] >> (place & 7)) & ((1 << bits) - 1)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a token's status stands: entry `idx` of the list whose token has `uri` for its `sub`. Section 6."""

    idx: int
    uri: str


def status_name(status: int) -> str:
    """
    The registered name of a value (section 14.5), `APPLICATION_SPECIFIC` or `UNKNOWN`.

    >>> status_name(2), status_name(3), status_name(9)
    ('SUSPENDED', 'APPLICATION_SPECIFIC', 'UNKNOWN')
    """
    return _NAMES.get(status) or ("APPLICATION_SPECIFIC" if status in _OWN else "UNKNOWN")


def inflate(packed: bytes, list_bytes: int) -> bytes:
    """
    The bytes of one whole zlib stream, at most `list_bytes` of them; no more is ever written to memory.

    Raises:
        StatusListInflatesTooFar: there would be more.
        StatusListNotZlib: broken, cut short, or followed by other bytes.
    """
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(packed, list_bytes + 1)
    except zlib.error:
        raise StatusListNotZlib from None
    if len(plain) > list_bytes:
        raise StatusListInflatesTooFar(at_most=list_bytes)
    if not stream.eof or stream.unused_data:
        raise StatusListNotZlib
    return plain


def parsed_json(data: bytes, limits: Limits = LIMITS) -> dict[str, Any]:
    """The JSON object of a list, or of the claims around one. Raises a `CredentialError` and nothing else."""
    return jose.read_json_object(data, limits.read_bytes, _MOST_CONTAINERS)


def parsed_cbor(data: bytes, limits: Limits = LIMITS) -> Any:
    """The CBOR item of a list, or of what stands around one. Raises a `CredentialError` and nothing else."""
    return cbor.read(data, cbor.Limits(limits.read_bytes, _MOST_ITEMS, _MOST_DEPTH))


def read_json(data: bytes, limits: Limits = LIMITS) -> StatusList:
    """A list from its JSON text (section 4.2). Raises a `CredentialError` and nothing else."""
    return of_json(parsed_json(data, limits), limits)


def read_cbor(data: bytes, limits: Limits = LIMITS) -> StatusList:
    """A list from its CBOR bytes (section 4.3). Raises a `CredentialError` and nothing else."""
    return of_cbor(parsed_cbor(data, limits), limits)


def of_json(found: object, limits: Limits = LIMITS) -> StatusList:
    """A list from the parsed `status_list` of a JWT: `bits`, `lst` in base64url, `aggregation_uri` or none."""
    members = _members(found)
    bits = _bits(members)
    lst = members.get("lst")
    if type(lst) is not str:
        raise StatusListMalformed(member="lst")
    return StatusList(bits, inflate(jose.from_base64url(lst), limits.list_bytes), _aggregation(members))


def of_cbor(found: object, limits: Limits = LIMITS) -> StatusList:
    """A list from the parsed claim 65533 of a CWT: `bits`, `lst` in bytes, `aggregation_uri` or none."""
    members = _members(found)
    bits = _bits(members)
    lst = members.get("lst")
    if type(lst) is not bytes:
        raise StatusListMalformed(member="lst")
    return StatusList(bits, inflate(lst, limits.list_bytes), _aggregation(members))


def json_form(status_list: StatusList) -> dict[str, Any]:
    """The `status_list` of a JWT, compressed as far as zlib can (section 4.2)."""
    return _form(status_list, jose.to_base64url(deflate(status_list.packed)))


def cbor_form(status_list: StatusList) -> dict[str, Any]:
    """The claim 65533 of a CWT as a map that is not yet encoded (section 4.3)."""
    return _form(status_list, deflate(status_list.packed))


def write_cbor(status_list: StatusList) -> bytes:
    """The CBOR bytes that `read_cbor` reads."""
    return cbor.encode(cbor_form(status_list))


def deflate(packed: bytes) -> bytes:
    """zlib at its highest level, as section 4.1 recommends; the same bytes give the same stream with one zlib."""
    return zlib.compress(packed, 9)


def _form(status_list: StatusList, lst: str | bytes) -> dict[str, Any]:
    form: dict[str, Any] = {"bits": status_list.bits, "lst": lst}
    if status_list.aggregation_uri is not None:
        form["aggregation_uri"] = status_list.aggregation_uri
    return form


def _members(found: object) -> Mapping[Any, object]:
    if not isinstance(found, Mapping):
        raise StatusListMalformed(member="status_list")
    return found


def _bits(members: Mapping[Any, object]) -> int:
    bits = members.get("bits")
    if type(bits) is not int or bits not in (1, 2, 4, 8):
        raise StatusListMalformed(member="bits")
    return bits


def _aggregation(members: Mapping[Any, object]) -> str | None:
    found = members.get("aggregation_uri")
    if found is None and "aggregation_uri" not in members:
        return None
    if type(found) is not str or not _is_uri(found):
        raise StatusListMalformed(member="aggregation_uri")
    return found


def _is_uri(text: str) -> bool:
    return len(text) <= _LONGEST_URI and _URI.fullmatch(text) is not None


def reference_in_jwt(claims: Mapping[str, object]) -> Reference | None:
    """The reference in the claims of a JWT or SD-JWT (section 6.2); None where no `status_list` is named."""
    return reference_in(claims["status"]) if "status" in claims else None


def reference_in_cwt(claims: Mapping[Any, object]) -> Reference | None:
    """The reference in the claims of a CWT (section 6.3), claim 65535; None where no `status_list` is named."""
    return reference_in(claims[65535]) if 65535 in claims else None


def reference_in(status: object) -> Reference | None:
    """
    The reference in a `status` of any format, that of an mdoc too; None where another mechanism alone is named.

    Raises:
        StatusReferenceMalformed: no map, `idx` is no integer from 0 to 2**31 - 1, `uri` is no https URI (http on this
            machine) of at most 2,048 letters.
    """
    if not isinstance(status, Mapping):
        raise StatusReferenceMalformed(member="status")
    if "status_list" not in status:
        return None
    found = status["status_list"]
    if not isinstance(found, Mapping):
        raise StatusReferenceMalformed(member="status_list")
    idx, uri = found.get("idx"), found.get("uri")
    if type(idx) is not int or not 0 <= idx <= _LARGEST_INDEX:
        raise StatusReferenceMalformed(member="idx")
    if type(uri) is not str or not _is_uri(uri):
        raise StatusReferenceMalformed(member="uri")
    return Reference(idx, uri)
