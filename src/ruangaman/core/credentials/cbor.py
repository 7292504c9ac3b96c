"""
CBOR from strangers (RFC 8949): looked over before it is parsed, and written in one form only.

`read` first walks the heads of the bytes without building anything: size, number of items, depth, lengths that reach
past the end, tags, reserved heads. Only then `cbor2` parses. Embedded CBOR (tag 24) stays unparsed and keeps the very
bytes that came, head included, because a digest is taken over them and their sender need not write the shortest form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import cbor2

from ruangaman.core.credentials.errors import CredentialError

EMBEDDED: Final = 24
"""The tag of a byte string that holds CBOR (RFC 8949 section 3.4.5.1)."""

TAGS: Final = frozenset({0, 1, 17, 18, EMBEDDED, 32, 37, 61, 1004})
"""Times, dates, COSE, CWT, links and ids. Shared references, expressions and big numbers are none of our formats'."""


class CborRefused(CredentialError):
    """Bytes that are not the CBOR we read."""

    code = "cbor.refused"


class TooLarge(CborRefused):
    """More bytes than the format may have."""

    code = "cbor.too-large"


class TooManyItems(CborRefused):
    """More items than the format may have."""

    code = "cbor.too-many-items"


class TooDeep(CborRefused):
    """Containers and tags inside each other beyond the limit."""

    code = "cbor.too-deep"


class Malformed(CborRefused):
    """A reserved head, a length past the end, text that is not UTF-8."""

    code = "cbor.malformed"


class TrailingBytes(CborRefused):
    """Something stands after the one item."""

    code = "cbor.trailing-bytes"


class TagRefused(CborRefused):
    """A tag that no format of ours uses."""

    code = "cbor.tag-refused"


class KeyRefused(CborRefused):
    """A map that repeats a key, or has a container as one."""

    code = "cbor.key-refused"


class ShapeRefused(CborRefused):
    """Good CBOR of another type than must stand here."""

    code = "cbor.shape-refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is looked at before parsing: bytes, items (keys and values count alike), containers inside each other."""

    most_bytes: int = 262_144
    most_items: int = 20_000
    most_depth: int = 16


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Embedded:
    """Tag 24: `content` is what the byte string holds, `received` the tag, head and content exactly as they came."""

    content: bytes
    received: bytes


@dataclass(frozen=True, slots=True)
class Tagged:
    """Any other tag with its value."""

    tag: int
    value: Any


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes that are CBOR already; `encode` copies them."""

    encoded: bytes


def _steps() -> bytes:
    """For each head byte, how far a whole item that holds no other reaches; 0 where the head must be looked at."""
    steps = bytearray(256)
    for info in range(24):
        steps[info] = steps[0x20 | info] = 1
        steps[0x40 | info] = steps[0x60 | info] = 1 + info
    for width in range(4):
        steps[0x18 + width] = steps[0x38 + width] = 1 + (1 << width)
    for simple in range(0xE0, 0xF8):
        steps[simple] = 1
    steps[0xF9], steps[0xFA], steps[0xFB] = 3, 5, 9
    return bytes(steps)


_STEPS: Final = _steps()
_BREAK: Final = 0xFF
_ARRAY, _MAP, _TAG = 4, 5, 6


def scan(data: bytes, limits: Limits = USUAL) -> list[tuple[int, int]]:
    """
    Walk over one CBOR item that fills `data`, building nothing.

    Returns:
        Start and end of each tag-24 item, in the order in which they stand (RFC 8949 section 3).

    Raises:
        CborRefused: one of its kinds, for whatever `Limits` or the walk forbids.
    """
    end = len(data)
    if end > limits.most_bytes:
        raise TooLarge(bytes=end, most=limits.most_bytes)
    budget = limits.most_items
    found: list[tuple[int, int]] = []
    around: list[tuple[int, bool]] = []  # of each container around this one: items it lacks, and is it a map
    lacking, in_map = 1, False  # below 0 in a container of indefinite length: -1 less what it has
    at = 0
    steps = _STEPS
    while True:
        while not lacking:
            if not around:
                if at > end:
                    raise Malformed
                if at < end:
                    raise TrailingBytes
                return found
            lacking, in_map = around.pop()
        if at >= end:
            raise Malformed
        head = data[at]
        step = steps[head]
        lacking -= 1
        if step:
            at += step
            continue
        if head == _BREAK:
            have = -2 - lacking
            if have < 0 or (in_map and have & 1):
                raise Malformed
            budget -= have
            if budget < 0:
                raise TooManyItems(most=limits.most_items)
            lacking, in_map = around.pop()
            at += 1
            continue
        major, number, after = head >> 5, head & 0x1F, at + 1
        if number > 23:
            number, after = _argument(data, at, end)
        if major < _ARRAY:
            if number < 0 or number > end - after:
                raise Malformed
            at = after + number
            continue
        if in_map and (lacking & 1 if lacking >= 0 else not lacking & 1):
            raise KeyRefused
        if major == _TAG:
            if number not in TAGS:
                raise TagRefused
            if number == EMBEDDED:
                start, at = at, _after_bytes(data, after, end)
                found.append((start, at))
                continue
            number = 1
        elif major not in (_ARRAY, _MAP):
            raise Malformed
        elif number >= 0:
            if major == _MAP:
                number *= 2
            if number > end - after:
                raise Malformed
            budget -= number
            if budget < 0:
                raise TooManyItems(most=limits.most_items)
        at = after
        if number:
            around.append((lacking, in_map))
            if len(around) > limits.most_depth:
                raise TooDeep(most=limits.most_depth)
            lacking, in_map = number, major == _MAP


def _argument(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The argument of the head at `at` and where it ends; -1 for an indefinite length of an array or a map."""
    info = data[at] & 0x1F
    if info == 24 and at + 2 <= end:
        return data[at + 1], at + 2
    if info < 24:
        return info, at + 1
    if info < 28:
        after = at + 1 + (1 << (info - 24))
        if after > end:
            raise Malformed
        return int.from_bytes(data[at + 1 : after]), after
    if info == 31 and data[at] >> 5 in (_ARRAY, _MAP):
        return -1, at + 1
    raise Malformed


def _after_bytes(data: bytes, at: int, end: int) -> int:
    """The end of the byte string at `at`."""
    if at >= end or data[at] >> 5 != 2:
        raise Malformed
    number, after = _argument(data, at, end)
    if number > end - after:
        raise Malformed
    return after + number


def _tagged(tag: int) -> Any:
    return lambda value, _immutable: Tagged(tag, value)


_DISARMED: Final = {tag: _tagged(tag) for tag in TAGS}
"""No tag is turned into a time, an id or a pattern by the parser; each format reads its own."""


def read(data: bytes, limits: Limits = USUAL) -> Any:
    """
    One CBOR item that fills `data`: int, float, bytes, str, bool, None, list, dict, `Embedded` or `Tagged`.

    Raises:
        CborRefused: one of its kinds.
    """
    spans = scan(data, limits)
    hooks = _DISARMED
    if spans:
        following = iter(spans)

        def embedded(content: bytes, _immutable: bool) -> Embedded:
            start, stop = next(following)
            return Embedded(content, data[start:stop])

        hooks = _DISARMED.copy()
        hooks[EMBEDDED] = embedded
    try:
        return cbor2.loads(
            data, semantic_decoders=hooks, max_depth=limits.most_depth + 2, allow_duplicate_keys=False
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError) as refused:
        if "uplicate" in str(refused):
            raise KeyRefused from None
        raise Malformed from None


def unwrap(data: bytes, limits: Limits = USUAL) -> bytes:
    """
    What embedded CBOR holds, when `data` is one such item and nothing else.

    Raises:
        CborRefused: it is not.
    """
    if len(data) > limits.most_bytes:
        raise TooLarge(bytes=len(data), most=limits.most_bytes)
    if data[:2] != b"\xd8\x18" or len(data) < 3 or data[2] >> 5 != 2:
        return embedded_of(read(data, limits)).content
    length, after = _argument(data, 2, len(data))
    if after + length != len(data):
        raise TrailingBytes if after + length < len(data) else Malformed
    return data[after:]


def map_of(value: object) -> dict[Any, Any]:
    """`value` if it is a map.

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, dict):
        return value
    raise ShapeRefused


def array_of(value: object, count: int | None = None) -> list[Any]:
    """`value` if it is an array, of `count` members when given.

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, list) and count in (None, len(value)):
        return value
    raise ShapeRefused


def bytes_of(value: object) -> bytes:
    """`value` if it is a byte string.

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, bytes):
        return value
    raise ShapeRefused


def text_of(value: object) -> str:
    """`value` if it is text.

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, str):
        return value
    raise ShapeRefused


def whole_of(value: object) -> int:
    """`value` if it is a whole number (yes and no are none).

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ShapeRefused


def embedded_of(value: object) -> Embedded:
    """`value` if it is embedded CBOR.

    Raises:
        ShapeRefused: it is none.
    """
    if isinstance(value, Embedded):
        return value
    raise ShapeRefused


def head(major: int, number: int) -> bytes:
    """The shortest head of a major type with its argument (RFC 8949 section 3)."""
    kind = major << 5
    if number < 24:
        return bytes((kind | number,))
    if number < 0x100:
        return bytes((kind | 24, number))
    if number < 0x1_0000:
        return bytes((kind | 25,)) + number.to_bytes(2)
    if number < 0x1_0000_0000:
        return bytes((kind | 26,)) + number.to_bytes(4)
    return bytes((kind | 27,)) + number.to_bytes(8)


def byte_string(content: bytes) -> bytes:
    """The encoding of a byte string."""
    return head(2, len(content)) + content


def embedded(content: bytes) -> bytes:
    """Tag 24 around encoded CBOR."""
    return b"\xd8\x18" + head(2, len(content)) + content


def encode(value: object) -> bytes:
    """
    Deterministic encoding: shortest heads, definite lengths, keys in the order of their encodings (RFC 8949 4.2.1).

    Takes None, bool, int of 64 bits, bytes, str, list, tuple, mapping, `Embedded`, `Tagged` and `Encoded`.

    Raises:
        ValueError: another type, or a number too large; it is the caller's mistake.

    >>> encode({"b": 1, "a": [None, True, b"x"]}).hex()
    'a2616183f6f54178616201'
    """
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        if not -(1 << 64) <= value < 1 << 64:
            raise ValueError("a number of more than 64 bits")
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return byte_string(value)
    if isinstance(value, str):
        text = value.encode()
        return head(3, len(text)) + text
    if isinstance(value, Encoded):
        return value.encoded
    if isinstance(value, Embedded):
        return value.received
    if isinstance(value, Tagged):
        return head(_TAG, value.tag) + encode(value.value)
    if isinstance(value, Mapping):
        members = sorted((encode(key), encode(member)) for key, member in value.items())
        return head(_MAP, len(members)) + b"".join(chain.from_iterable(members))
    if isinstance(value, Sequence):
        return head(_ARRAY, len(value)) + b"".join(encode(member) for member in value)
    raise ValueError(f"no CBOR for {type(value).__name__}")
