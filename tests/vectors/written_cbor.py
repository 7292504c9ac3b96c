"""CBOR in diagnostic notation (RFC 8949 section 8), as bytes: shortest heads, keys in the order in which they stand."""

import re

from ruangaman.core.credentials import cbor

_TOKEN = re.compile(
    r"""\s*(?:(?P<bytes>h'[0-9A-Fa-f\s]*')|(?P<text>"(?:[^"\\]|\\["\\/])*")|(?P<word>true|false|null)
    |(?P<number>-?\d+)|(?P<sign><<|>>|[{}\[\]():,]))""",
    re.VERBOSE,
)
_WORDS = {"true": b"\xf5", "false": b"\xf4", "null": b"\xf6"}


class Elided(ValueError):
    """The notation leaves something out, or has what we do not read."""


def encoded(text: str) -> bytes:
    """
    The bytes that a notation stands for.

    Raises:
        Elided: see there.

    >>> encoded("{1: [h'0A', <<true>>, 24(\\"x\\")]}").hex()
    'a10183410a41f5d8186178'
    """
    tokens = _tokens(text)
    told, at = _item(tokens, 0)
    if at != len(tokens):
        raise Elided("something follows")
    return told


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = re.sub(r"/[^/]*/", " ", text) if "/ " in text else text
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Elided(f"not read: {text[at : at + 12]!r}")
        tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
        at = found.end()
    return tokens


def _item(tokens: list[tuple[str, str]], at: int) -> tuple[bytes, int]:
    kind, told = tokens[at] if at < len(tokens) else ("", "")
    at += 1
    if kind == "bytes":
        return cbor.byte_string(bytes.fromhex(told[2:-1])), at
    if kind == "text":
        return cbor.encode(re.sub(r"\\(.)", r"\1", told[1:-1])), at
    if kind == "word":
        return _WORDS[told], at
    if kind == "number":
        if at < len(tokens) and tokens[at][1] == "(":
            inner, at = _item(tokens, at + 1)
            return cbor.head(6, int(told)) + inner, _after(tokens, at, ")")
        return cbor.encode(int(told)), at
    if told == "<<":
        inner, at = _item(tokens, at)
        return cbor.byte_string(inner), _after(tokens, at, ">>")
    if told in ("[", "{"):
        return _members(tokens, at, told)
    raise Elided(f"not read: {told!r}")


def _members(tokens: list[tuple[str, str]], at: int, opening: str) -> tuple[bytes, int]:
    closing, major = ("]", 4) if opening == "[" else ("}", 5)
    members: list[bytes] = []
    while tokens[at : at + 1] and tokens[at][1] != closing:
        member, at = _item(tokens, at)
        if major == 5:
            value, at = _item(tokens, _after(tokens, at, ":"))
            member += value
        members.append(member)
        if tokens[at : at + 1] and tokens[at][1] == ",":
            at += 1
    return cbor.head(major, len(members)) + b"".join(members), _after(tokens, at, closing)


def _after(tokens: list[tuple[str, str]], at: int, sign: str) -> int:
    if at >= len(tokens) or tokens[at][1] != sign:
        raise Elided(f"{sign} is missing")
    return at + 1
