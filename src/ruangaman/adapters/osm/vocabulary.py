"""The tags that are read, from a YAML table, and their words in a form that compiled loops look up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from ruangaman.adapters.osm.errors import TableRefused

MAX_TABLE_BYTES = 256 * 1024
MAX_KINDS = 64  # bits of a mask
MAX_CODES = 250  # a byte
MAX_WORDS = 16_384

LISTS = ("streets", "barriers", "points", "places")
_LISTED_AT = 2  # codes of listed values begin behind ABSENT and OTHER


class Words(NamedTuple):
    """
    The words of a vocabulary for the kernels; a word's number is 1 or more, 0 stands for every other string.

    Attributes:
        slots: int32 (a power of two,), open addressing by FNV-1a: a word's number, or 0.
        starts: int64 (words + 2,), where each word's bytes begin in `text`.
        text: uint8, all words.
        column: int16 (words + 1,), the column whose key the word is, or -1.
        number: int16 (words + 1,), the column of numbers whose key it is, or -1.
        place: int16 (words + 1,), the row of `bits` whose key it is, or -1.
        code: uint8 (columns, words + 1), the code of a value in a column; OTHER where it is not listed.
        bits: uint64 (place keys, words + 1), the kinds that a value makes.
        special: int32 (3,), the words `name`, `type`, and `multipolygon`.
    """

    slots: NDArray[np.int32]
    starts: NDArray[np.int64]
    text: NDArray[np.uint8]
    column: NDArray[np.int16]
    number: NDArray[np.int16]
    place: NDArray[np.int16]
    code: NDArray[np.uint8]
    bits: NDArray[np.uint64]
    special: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    Which tags are read, and what makes a place.

    Attributes:
        columns: column -> its listed values.
        numbers: keys whose values are read as numbers.
        kinds: kind -> the tags (key, value) of which one is enough.
        lists: "streets", "barriers", "points", "places" -> the columns that each shows.
        point_when: columns of which one, with any value, makes a node a point.
        point_when_listed: columns of which one with a listed value does.
        words: the same for the kernels.
    """

    columns: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    kinds: Mapping[str, tuple[tuple[str, str], ...]]
    lists: Mapping[str, tuple[str, ...]]
    point_when: tuple[str, ...]
    point_when_listed: tuple[str, ...]
    words: Words

    def codes(self) -> dict[str, tuple[str, ...]]:
        """Column -> its values by code; "" for ABSENT, "*" for OTHER."""
        return {column: ("", "*", *values) for column, values in self.columns.items()}


@cache
def own() -> Vocabulary:
    """The table that ships with the house: data/osm.yaml."""
    return read_table((resources.files("ruangaman") / "data" / "osm.yaml").read_bytes())


def read_table(told: bytes) -> Vocabulary:
    """
    Read a table of tags.

    Args:
        told: YAML in the form of data/osm.yaml.

    Raises:
        TableRefused: `where` says at which entry.
    """
    if len(told) > MAX_TABLE_BYTES:
        raise TableRefused(where="size", at_most=MAX_TABLE_BYTES)
    try:
        table = yaml.safe_load(told)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as wrong:
        raise TableRefused(where="YAML", why=" ".join(str(wrong).split())[:200]) from None
    return from_mapping(table)


def from_mapping(table: object) -> Vocabulary:
    """The same from what a YAML parser gives; other entries are left to others."""
    if not isinstance(table, dict):
        raise TableRefused(where="table")
    columns = {
        name: _strings(values, f"columns.{name}") for name, values in _mapping(table, "columns").items()
    }
    if too_long := [name for name, values in columns.items() if len(values) > MAX_CODES]:
        raise TableRefused(where=f"columns.{too_long[0]}", at_most=MAX_CODES)
    numbers = _strings(table.get("numbers", []), "numbers")
    kinds = {
        name: tuple(_tag(one, name) for one in _strings(tags, f"kinds.{name}"))
        for name, tags in _mapping(table, "kinds").items()
    }
    if len(kinds) > MAX_KINDS:
        raise TableRefused(where="kinds", at_most=MAX_KINDS)
    lists = {name: _columns(table, name, columns) for name in LISTS}
    if "highway" not in columns:
        raise TableRefused(where="columns.highway")
    return Vocabulary(
        columns, numbers, kinds, lists,
        _columns(table, "point_when", columns),
        _columns(table, "point_when_listed", columns) or ("highway",),
        _words(columns, numbers, kinds),
    )  # fmt: skip


def _mapping(table: dict[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(key, str) and key for key in found):
        raise TableRefused(where=name)
    return found


def _strings(found: object, where: str) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) and one for one in found):
        raise TableRefused(where=where)
    if len(set(found)) != len(found):
        raise TableRefused(where=where, why="twice")
    return tuple(found)


def _columns(table: dict[str, Any], name: str, columns: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    found = _strings(table.get(name, []), name)
    if unknown := [one for one in found if one not in columns]:
        raise TableRefused(where=name, column=unknown[0])
    return found


def _tag(told: str, kind: str) -> tuple[str, str]:
    key, equals, value = told.partition("=")
    if not (key and equals and value):
        raise TableRefused(where=f"kinds.{kind}", tag=told)
    return key, value


def fnv_1a(word: bytes) -> int:
    """The 32-bit hash by which words are found; Fowler, Noll, Vo."""
    found = 0x811C9DC5
    for byte in word:
        found = ((found ^ byte) * 0x01000193) & 0xFFFFFFFF
    return found


def _words(
    columns: Mapping[str, tuple[str, ...]],
    numbers: tuple[str, ...],
    kinds: Mapping[str, tuple[tuple[str, str], ...]],
) -> Words:
    place_keys = tuple(dict.fromkeys(key for tags in kinds.values() for key, _ in tags))
    names = _distinct(columns, numbers, kinds)
    if len(names) > MAX_WORDS:
        raise TableRefused(where="table", at_most=MAX_WORDS)
    number_of = {name: at for at, name in enumerate(names, start=1)}
    encoded = [b"", *(name.encode() for name in names)]
    size = 1 << (2 * len(encoded)).bit_length()
    slots = np.zeros(size, np.int32)
    for at, word in enumerate(encoded[1:], start=1):
        slot = fnv_1a(word) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = at
    code = np.ones((max(len(columns), 1), len(encoded)), np.uint8)
    for row, values in enumerate(columns.values()):
        code[row, [number_of[value] for value in values]] = np.arange(_LISTED_AT, _LISTED_AT + len(values))
    bits = np.zeros((max(len(place_keys), 1), len(encoded)), np.uint64)
    for bit, tags in enumerate(kinds.values()):
        for key, value in tags:
            bits[place_keys.index(key), number_of[value]] |= np.uint64(1 << bit)

    def rows_of(keys: Iterable[str]) -> NDArray[np.int16]:
        row = np.full(len(encoded), -1, np.int16)
        for at, key in enumerate(keys):
            row[number_of[key]] = at
        return row

    return Words(
        slots=slots,
        starts=np.concatenate([[0], np.cumsum([len(word) for word in encoded])]).astype(np.int64),
        text=np.frombuffer(b"".join(encoded), np.uint8).copy(),
        column=rows_of(columns),
        number=rows_of(numbers),
        place=rows_of(place_keys),
        code=code,
        bits=bits,
        special=np.array([number_of[word] for word in ("name", "type", "multipolygon")], np.int32),
    )


def _distinct(
    columns: Mapping[str, tuple[str, ...]],
    numbers: tuple[str, ...],
    kinds: Mapping[str, tuple[tuple[str, str], ...]],
) -> tuple[str, ...]:
    every = ["name", "type", "multipolygon", *columns, *numbers]
    every += [value for values in columns.values() for value in values]
    every += [word for tags in kinds.values() for tag in tags for word in tag]
    return tuple(dict.fromkeys(every))
