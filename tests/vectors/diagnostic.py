"""CBOR as documents write it: hex in lines with comments, or the diagnostic notation of RFC 8949 section 8."""

import re
from collections.abc import Callable

from ruangaman.core.credentials import cbor

_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_TOKEN = re.compile(
    r"""\s+ | /[^/]*/ | \#[^\n]* | (?P<open><<|>>|[\[\](){},:])
    | (?:(?P<bytes>h|b64)\s*)?'(?P<quoted>[^']*)' | "(?P<text>(?:[^"\\]|\\.)*)"
    | (?P<number>-?(?:0x[0-9a-fA-F]+|0b[01]+|\d+)) | (?P<word>true|false|null|undefined)""",
    re.VERBOSE,
)
_WORDS = {"true": b"\xf5", "false": b"\xf4", "null": b"\xf6", "undefined": b"\xf7"}


def from_hex(text: str) -> bytes | None:
    """The bytes of hex lines, `#` and what follows it left out; None when it is anything else."""
    digits = "".join("".join(line.partition("#")[0].split()) for line in text.splitlines())
    return bytes.fromhex(digits) if _HEX.fullmatch(digits) else None


def from_notation(text: str) -> bytes | None:
    """
    The CBOR bytes of a text in diagnostic notation: shortest heads, keys in the order in which they stand.

    None when it is not that, or has gaps (`h'...'`).

    >>> from_notation("{1: [h'0A', <<true>>, 24(\\"x\\"), h '0B']}").hex()
    'a10184410a41f5d8186178410b'
    """
    try:
        reader = _Notation(text)
        found = reader.value()
    except (LookupError, ValueError):
        return None
    return found if reader.at_end() else None


class _Notation:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found:
                raise ValueError(text[place])
            place = found.end()
            kind = found.lastgroup
            if found["quoted"] is not None:
                self.tokens.append((found["bytes"] or "plain", found["quoted"]))
            elif kind:
                self.tokens.append((kind, found[kind]))
        self.place = 0

    def at_end(self) -> bool:
        return self.place == len(self.tokens)

    def next(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def seen(self, sign: str) -> bool:
        if not self.at_end() and self.tokens[self.place] == ("open", sign):
            self.place += 1
            return True
        return False

    def value(self) -> bytes:
        kind, told = self.next()
        if kind == "number":
            number = int(told, 0)
            if self.seen("("):
                inside = self.value()
                self.must(")")
                return cbor.head(6, number) + inside
            return cbor.encode(number)
        if kind == "word":
            return _WORDS[told]
        if kind == "text":
            return cbor.encode(re.sub(r"\\(.)", r"\1", told))
        if kind in ("h", "plain"):
            return cbor.byte_string(bytes.fromhex(told) if kind == "h" else told.encode())
        if told == "[":
            items = self.many("]", self.value)
            return cbor.head(4, len(items)) + b"".join(items)
        if told == "{":
            items = self.many("}", self.pair)
            return cbor.head(5, len(items)) + b"".join(items)
        if told == "<<":
            return cbor.byte_string(b"".join(self.many(">>", self.value)))
        raise ValueError(told)

    def pair(self) -> bytes:
        key = self.value()
        self.must(":")
        return key + self.value()

    def many(self, end: str, one: Callable[[], bytes]) -> list[bytes]:
        """Items until `end`; the commas between them may be missing, as some leave them out."""
        found: list[bytes] = []
        while not self.seen(end):
            found.append(one())
            self.seen(",")
        return found

    def must(self, sign: str) -> None:
        if not self.seen(sign):
            raise ValueError(sign)
