"""One JSON line in, one JSON line out; never raises. The same door for the command, HTTP and files."""

import codecs
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isinf
from typing import Any

import msgspec

from ruangaman.core.law.answers import Answer, encode
from ruangaman.core.law.pack import Pack
from ruangaman.core.law.quick import whole
from ruangaman.core.law.refusals import QuestionRefused

MAX_LINE = 65_536
MAX_DEPTH = 16
MOST_DIGITS = 4_300  # of a whole number: where Python and msgspec stop

MOST_SPACES = 32_768
"""With so many more bytes than compact JSON needs, each line of an array is measured by itself."""

_decode = msgspec.json.Decoder().decode
_read_many = msgspec.json.Decoder(list[msgspec.Raw]).decode


def answer_line(packs: Mapping[str, Pack], line: bytes, *, now: datetime) -> bytes:
    """
    The answer to one line, or `{"error": {"code", "field", "message"}}`, without a line end.

    INVARIANT: an error names fields, never what the asker wrote in them.
    """
    pack = _named(packs, line) if len(line) <= MAX_LINE else None
    if pack is not None:
        answer = pack.ask_line(line, now)
        if answer is not None:
            return answer
    return _plainly(packs, line, now)


class TooManyQuestionsError(ValueError):
    """More questions at once than are answered; `count` of them came."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def answer_array(packs: Mapping[str, Pack], body: bytes, *, now: datetime, most: int) -> list[bytes]:
    """
    The answers to a JSON array of up to `most` questions, each as `answer_line` gives it.

    Raises:
        TooManyQuestionsError: nothing was answered.
        msgspec.DecodeError, RecursionError, UnicodeDecodeError: this is no JSON array.
    """
    pack = _named(packs, body)
    together = pack.ask_array(body, now, most) if pack is not None else None
    if together is not None:
        answers, left, room = together
        # What is left over is measured as it stands; around and between the questions are brackets and commas.
        lines = _lines(body) if left else []
        rest = [lines[place] for place in left]
        room[0] += sum(map(len, rest)) + len(answers) + 1
        room[1] += sum(line.count(b":") for line in rest)
        if len(body) - room[0] < MOST_SPACES and whole(body, room):
            for place, line in zip(left, rest, strict=True):
                answers[place] = answer_line(packs, line, now=now)
            return answers
    lines = _lines(body)
    if len(lines) > most:
        raise TooManyQuestionsError(len(lines))
    return [answer_line(packs, line, now=now) for line in lines]


def _lines(body: bytes) -> list[bytes]:
    return [bytes(each) for each in _read_many(body)]


def _plainly(packs: Mapping[str, Pack], line: bytes, now: datetime) -> bytes:
    try:
        return ask_line(packs, line, now=now)
    except QuestionRefused as refused:
        return error_json(refused)


def _named(packs: Mapping[str, Pack], line: bytes) -> Pack | None:
    """The pack that the line seems to name, for the quick door; whether it does, the door reads itself."""
    if len(packs) == 1:
        (only,) = packs.values()
        return only
    after = line.partition(b'"jurisdiction"')[2][:64].split(b'"', 2)
    return packs.get(after[1].decode("ascii", "replace")) if len(after) == 3 else None


def error_json(refused: QuestionRefused) -> bytes:
    """A refusal as one line of JSON."""
    return encode({"error": {"code": refused.code, "field": refused.field, "message": refused.message}})


def ask_line(packs: Mapping[str, Pack], line: bytes, *, now: datetime) -> bytes:
    """Like `answer_line`, but raises QuestionRefused."""
    if len(line) > MAX_LINE:
        raise QuestionRefused("ask.line-too-long", "", f"a line holds at most {MAX_LINE} bytes")
    try:
        facts = _decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
        raise why_unreadable(line) from None
    if facts.__class__ is not dict:
        raise QuestionRefused("ask.not-an-object", "", "one JSON object a line")
    keys = len(facts)
    for value in facts.values():
        if value.__class__ is dict:
            keys += len(value)
    # Each key that was written has its colon. As many colons as keys: no key was lost, so none stood twice.
    if line.count(b":") != keys and (b"\\" in line or line.count(b":") != keys + _colons(facts)):
        check_duplicates(line)
    try:
        return ask(packs, facts, now=now).as_json()
    except QuestionRefused:
        too_deep(line)
        raise


def _colons(facts: dict[str, Any]) -> int:
    """The colons inside strings, as in a time of the day, two levels deep."""
    found = 0
    for value in facts.values():
        if value.__class__ is str:
            found += value.count(":")
        elif value.__class__ is dict:
            found += sum(one.count(":") for one in value.values() if one.__class__ is str)
    return found


def ask(packs: Mapping[str, Pack], facts: Mapping[str, Any], *, now: datetime) -> Answer:
    """The answer of the pack that the facts name; raises QuestionRefused."""
    try:
        pack = packs[facts["jurisdiction"]]
    except (KeyError, TypeError):
        said = facts.get("jurisdiction")
        if said is None:
            raise QuestionRefused("ask.missing-field", "jurisdiction", "name the jurisdiction") from None
        if not isinstance(said, str):
            raise QuestionRefused("ask.wrong-type", "jurisdiction", "a word is expected") from None
        raise QuestionRefused(
            "ask.unknown-jurisdiction", "jurisdiction", "no pack for this jurisdiction"
        ) from None
    return pack.ask(facts, now=now)


def check_duplicates(line: bytes) -> None:
    """Raises QuestionRefused when an object has a key twice, or is nested too deep."""
    too_deep(line)

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = dict(found)
        if len(kept) != len(found):
            names = [name for name, _ in found]
            twice = next(name for name in names if names.count(name) > 1)
            raise QuestionRefused("ask.duplicate-key", twice[:64], "a key stands twice")
        return kept

    try:
        json.loads(line, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        raise QuestionRefused("ask.not-json", "", "not JSON") from None


def too_deep(line: bytes) -> None:
    """Raises QuestionRefused for more than 16 levels, counted outside strings."""
    depth, inside, escaped = 0, False, False
    for byte in line:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in (0x7B, 0x5B):
            depth += 1
            if depth > MAX_DEPTH:
                raise QuestionRefused("ask.too-deep", "", f"at most {MAX_DEPTH} levels")
        elif byte in (0x7D, 0x5D):
            depth -= 1


def why_unreadable(line: bytes) -> QuestionRefused:
    """The refusal of a line that is no JSON."""
    if not line.strip():
        return QuestionRefused("ask.blank", "", "a blank line asks nothing")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return QuestionRefused("ask.not-utf8", "", "the bytes are not UTF-8")
    try:
        too_deep(line)
    except QuestionRefused as refused:
        return refused
    if line.lstrip().startswith(codecs.BOM_UTF8):
        return QuestionRefused(
            "ask.byte-order-mark", "", "a byte order mark stands before the JSON; send UTF-8 without it"
        )
    try:
        read = json.loads(
            line, object_pairs_hook=list, parse_int=str, parse_float=str, parse_constant=_Constant
        )
    except (ValueError, RecursionError):
        return QuestionRefused("ask.not-json", "", "not JSON")
    if _first(read, lambda one: one.__class__ is _Constant) is not None:
        return QuestionRefused("ask.not-json", "", "not JSON (NaN and Infinity are not JSON)")
    field = _first(read, _is_half)
    if field is not None:
        message = (
            "half of a surrogate pair (such as \\ud800) is no character; write both halves or the character"
        )
        return QuestionRefused("ask.lone-surrogate", field, message)
    field = _too_large(line)
    if field is not None:
        return QuestionRefused("ask.wrong-value", field, "a number too large to be read")
    return QuestionRefused("ask.not-json", "", "not JSON")


class _Constant(str):
    """NaN or Infinity, where it stood."""

    __slots__ = ()


def _is_half(one: Any) -> bool:
    """Whether a text holds half of a surrogate pair without the other, which no encoding can carry."""
    if not isinstance(one, str):
        return False
    try:
        one.encode()
    except UnicodeEncodeError:
        return True
    return False


def _first(read: Any, found: Callable[[Any], bool]) -> str | None:
    """
    The names that lead to the first value (or name, told without itself) of which `found` holds; None if there is none.

    Args:
        read: what `json.loads` gives with objects as lists of pairs; at most MAX_DEPTH deep.
    """
    if found(read):
        return ""
    if not isinstance(read, list):
        return None
    for one in read:
        name, value = one if isinstance(one, tuple) else ("", one)
        if found(name):
            return ""
        inside = _first(value, found)
        if inside is not None:
            return ".".join(part for part in (name[:64], inside) if part)
    return None


class _TooLarge(str):
    """Stands where a number stood that is too large to be read; says the names that lead to it."""

    __slots__ = ()


def _too_large(line: bytes) -> str | None:
    """The field of a number such as 1e400, which is JSON and which nobody can hold; None when it is not that."""

    def pairs(found: list[tuple[str, Any]]) -> Any:
        for name, value in found:
            for one in value if value.__class__ is list else (value,):
                if one.__class__ is _TooLarge:
                    return _TooLarge(f"{name[:64]}.{one}" if one else name[:64])
        return None

    def no_constant(_text: str) -> None:
        raise ValueError

    try:
        found = json.loads(
            line,
            parse_int=lambda text: _TooLarge() if len(text.lstrip("-")) > MOST_DIGITS else None,
            parse_float=lambda text: _TooLarge() if isinf(float(text)) else None,
            parse_constant=no_constant,
            object_pairs_hook=pairs,
        )
    except (ValueError, RecursionError):
        return None
    return str(found) if found.__class__ is _TooLarge else None
