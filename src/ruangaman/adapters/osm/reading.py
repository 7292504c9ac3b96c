"""
A file of OpenStreetMap to plain arrays (`core.reach.extract`).

`.osm.pbf` is read by compiled loops of our own, a pass over each block; other forms are put into it first by pyosmium.
Why: docs/adr/0104.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm import assembling, container, conversion, elements, kernels
from ruangaman.adapters.osm import vocabulary as vocabularies
from ruangaman.adapters.osm.errors import FileBroken, FileEmpty, FileTooLarge, FileUnreadable
from ruangaman.adapters.osm.vocabulary import Vocabulary
from ruangaman.core.reach.extract import OTHER, Extract

_MIB = 1 << 20

MAX_IN_BLOCK = 4_000_000
"""Elements, vertices and members of one block; writers put some thousand into one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a file may cost; a metropolis of 20 million fits.

    Attributes:
        file_bytes: of the file as it lies there.
        inflated_bytes: of all its blocks, or of its XML.
        nodes, ways, vertices, relations, members: in the file, whether or not they are kept.
    """

    file_bytes: int = 1024 * _MIB
    inflated_bytes: int = 8 * 1024 * _MIB
    nodes: int = 60_000_000
    ways: int = 12_000_000
    vertices: int = 80_000_000
    relations: int = 2_000_000
    members: int = 40_000_000


@dataclass(slots=True)
class _Taken:
    """What the blocks gave so far, a list of arrays for each column."""

    street_names: bool = False
    node_ids: list[NDArray[np.int64]] = field(default_factory=list)
    node_x: list[NDArray[np.int32]] = field(default_factory=list)
    node_y: list[NDArray[np.int32]] = field(default_factory=list)
    way_ids: list[NDArray[np.int64]] = field(default_factory=list)
    way_count: list[NDArray[np.int64]] = field(default_factory=list)
    refs: list[NDArray[np.int64]] = field(default_factory=list)
    written_ids: list[NDArray[np.int64]] = field(default_factory=list)
    written_x: list[NDArray[np.int32]] = field(default_factory=list)
    written_y: list[NDArray[np.int32]] = field(default_factory=list)
    points: "_Chosen" = field(default_factory=lambda: _Chosen())
    place_nodes: "_Chosen" = field(default_factory=lambda: _Chosen())
    lines: "_Chosen" = field(default_factory=lambda: _Chosen())
    place_ways: "_Chosen" = field(default_factory=lambda: _Chosen())
    relations: list[assembling.Relation] = field(default_factory=list)
    totals: NDArray[np.int64] = field(default_factory=lambda: np.zeros(6, np.int64))


@dataclass(slots=True)
class _Chosen:
    """Elements of one use: their places among all nodes or ways of the file, and their rows of tags."""

    places: list[NDArray[np.int64]] = field(default_factory=list)
    codes: list[NDArray[np.uint8]] = field(default_factory=list)
    numbers: list[NDArray[np.int16]] = field(default_factory=list)
    kinds: list[NDArray[np.uint64]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, chosen: NDArray[np.int64], places: NDArray[np.int64], rows: elements.Rows) -> None:
        self.places.append(places)
        self.codes.append(rows.codes[chosen])
        self.numbers.append(rows.numbers[chosen])
        self.kinds.append(rows.kinds[chosen])

    def rows(self, words: vocabularies.Words) -> assembling.Rows:
        empty = elements.empty_rows(0, words)
        return assembling.Rows(
            places=np.concatenate([np.empty(0, np.int64), *self.places]),
            codes=np.concatenate([empty.codes, *self.codes]),
            numbers=np.concatenate([empty.numbers, *self.numbers]),
            kinds=np.concatenate([empty.kinds, *self.kinds]),
            names=tuple(self.names),
        )


def read(
    path: Path,
    vocabulary: Vocabulary | None = None,
    limits: Limits | None = None,
    *,
    street_names: bool = False,
) -> Extract:
    """
    Read a file; what it is (.osm.pbf, .osm, .o5m, .opl, in gzip or bzip2) its first bytes say, not its name.

    A node that stands twice is where its last line says; ways may stand before their nodes.

    Args:
        path: a plain file.
        vocabulary: the tags and kinds to read; ours when none is given.
        limits: what the file may cost.
        street_names: whether lines tell their names, which takes memory that a check of numbers does not need.

    Raises:
        FileUnreadable, FileEmpty, NotOsm, FileBroken, FileTooLarge, NotOneState, FeatureUnknown, ExtraMissing.
    """
    limits = limits or Limits()
    content = content_of(path, limits.file_bytes)
    return decode(content, vocabulary or vocabularies.own(), limits, street_names=street_names)


def content_of(path: Path, at_most: int) -> bytes:
    """The bytes of a plain file of limited size; raises FileUnreadable, FileTooLarge."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device would be waited for
            raise FileUnreadable(file=path.name, why="no plain file")
        with path.open("rb") as opened:
            content = opened.read(at_most + 1)
    except (OSError, ValueError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else None
        raise FileUnreadable(file=path.name, why=why or "no such file") from None
    if len(content) > at_most:
        raise FileTooLarge(what="file", at_most=at_most)
    return content


def decode(content: bytes, vocabulary: Vocabulary, limits: Limits, *, street_names: bool = False) -> Extract:
    """The same from the bytes of a file."""
    if not content:
        raise FileEmpty()
    content = conversion.inflated(content, at_most=limits.inflated_bytes)
    if not container.looks_like_pbf(content):
        content = conversion.to_pbf(content)
    try:
        taken = _take(content, vocabulary, limits, street_names)
    except container.OtherCompression:
        taken = _take(conversion.to_pbf(content, kind="pbf"), vocabulary, limits, street_names)
    if not taken.totals.any():
        raise FileEmpty()
    return _assembled(taken, vocabulary)


def _take(content: bytes, vocabulary: Vocabulary, limits: Limits, street_names: bool) -> _Taken:
    taken = _Taken(street_names=street_names)
    most = np.array(
        [limits.nodes, limits.nodes, limits.ways, limits.vertices, limits.relations, limits.members]
    )
    when = [list(vocabulary.columns).index(name) for name in vocabulary.point_when]
    listed = [list(vocabulary.columns).index(name) for name in vocabulary.point_when_listed]
    lines = [
        list(vocabulary.columns).index(name)
        for name in ("highway", "railway", "waterway", "barrier")
        if name in vocabulary.columns
    ]
    words = vocabulary.words
    for block in container.blocks(content, max_inflated=limits.inflated_bytes):
        data = np.frombuffer(block, np.uint8)
        try:
            strings_at, strings_end, granularity, lat_offset, lon_offset, groups = kernels.layout(data)
            counts = kernels.count_of(data, groups)
            if counts.sum() > MAX_IN_BLOCK:
                raise FileTooLarge(what="block", at_most=MAX_IN_BLOCK)
            taken.totals += counts
            if np.any(taken.totals > most):
                raise FileTooLarge(what="elements", at_most=int(most[np.argmax(taken.totals > most)]))
            strings = kernels.strings_of(data, strings_at, strings_end, words)
            frame = elements.Frame(granularity, lat_offset, lon_offset)
            if counts[0]:
                _take_nodes(taken, block, data, groups, counts, frame, strings, words, when, listed)
            if counts[2]:
                _take_ways(taken, block, data, groups, counts, frame, strings, words, lines)
            if counts[4]:
                _take_relations(taken, block, data, groups, counts, strings, words)
        except ValueError as wrong:
            raise FileBroken(why=str(wrong)[:200]) from None
    return taken


def _take_nodes(
    taken: _Taken, block: bytes, data: NDArray[np.uint8], groups: NDArray[np.int64], counts: NDArray[np.int64],
    frame: elements.Frame, strings: elements.Strings, words: vocabularies.Words, when: list[int], listed: list[int],
) -> None:  # fmt: skip
    nodes, tagged = int(counts[0]), int(counts[1])
    into = elements.NodeRows(
        np.empty(nodes, np.int64), np.empty(nodes, np.int32), np.empty(nodes, np.int32),
        np.empty(tagged, np.int32), elements.empty_rows(tagged, words),
    )  # fmt: skip
    used = kernels.fill_nodes(data, groups, frame, strings, words, into)
    before = int(taken.totals[0]) - nodes
    taken.node_ids.append(into.ids)
    taken.node_x.append(into.x)
    taken.node_y.append(into.y)
    codes = into.rows.codes[:used]
    speaks = (codes[:, listed] > OTHER).any(axis=1) | (codes[:, when] > 0).any(axis=1)
    chosen = np.flatnonzero(speaks)
    taken.points.add(chosen, before + into.tagged[chosen].astype(np.int64), into.rows)
    chosen = np.flatnonzero(into.rows.kinds[:used])
    taken.place_nodes.add(chosen, before + into.tagged[chosen].astype(np.int64), into.rows)
    taken.place_nodes.names += _names(block, strings, into.rows.name[chosen])


def _take_ways(
    taken: _Taken, block: bytes, data: NDArray[np.uint8], groups: NDArray[np.int64], counts: NDArray[np.int64],
    frame: elements.Frame, strings: elements.Strings, words: vocabularies.Words, lines: list[int],
) -> None:  # fmt: skip
    ways, vertices = int(counts[2]), int(counts[3])
    into = elements.WayRows(
        np.empty(ways, np.int64), np.zeros(ways, np.int64), np.empty(vertices, np.int64),
        np.empty(vertices, np.int32), np.empty(vertices, np.int32), elements.empty_rows(ways, words),
    )  # fmt: skip
    kernels.fill_ways(data, groups, frame, strings, words, into)
    before = int(taken.totals[2]) - ways
    taken.way_ids.append(into.ids)
    taken.way_count.append(into.size)
    taken.refs.append(into.refs)
    written = np.flatnonzero(into.x != elements.UNLOCATED)
    if len(written):
        taken.written_ids.append(into.refs[written])
        taken.written_x.append(into.x[written])
        taken.written_y.append(into.y[written])
    chosen = np.flatnonzero((into.rows.codes[:, lines] > 0).any(axis=1))
    taken.lines.add(chosen, before + chosen, into.rows)
    if taken.street_names:
        taken.lines.names += _names(block, strings, into.rows.name[chosen])
    chosen = np.flatnonzero(into.rows.kinds)
    taken.place_ways.add(chosen, before + chosen, into.rows)
    taken.place_ways.names += _names(block, strings, into.rows.name[chosen])


def _take_relations(
    taken: _Taken, block: bytes, data: NDArray[np.uint8], groups: NDArray[np.int64], counts: NDArray[np.int64],
    strings: elements.Strings, words: vocabularies.Words,
) -> None:  # fmt: skip
    relations, members = int(counts[4]), int(counts[5])
    into = elements.RelationRows(
        np.empty(relations, np.int64), np.zeros(relations, np.bool_), np.zeros(relations, np.int64),
        np.empty(members, np.int64), np.empty(members, np.int32), elements.empty_rows(relations, words),
    )  # fmt: skip
    kernels.fill_relations(data, groups, strings, words, into)
    first = np.cumsum(into.size) - into.size
    chosen = np.flatnonzero(into.multipolygon & (into.rows.kinds > 0))
    names = _names(block, strings, into.rows.name[chosen])
    for row, name in zip(chosen, names, strict=True):
        taken.relations.append(
            assembling.Relation(
                int(into.ids[row]), into.rows.kinds[row], into.rows.codes[row], name,
                into.members[first[row] : first[row] + into.size[row]],
            )
        )  # fmt: skip


def _names(block: bytes, strings: elements.Strings, chosen: NDArray[np.int32]) -> Iterator[str]:
    for string in chosen:
        if string == elements.NO_STRING:
            yield ""
        else:
            yield block[strings.start[string] : strings.end[string]].decode("utf-8", "replace")


def _assembled(taken: _Taken, vocabulary: Vocabulary) -> Extract:
    # what a way writes of its nodes counts less than what the nodes say: it stands before them
    node_ids = np.concatenate([np.empty(0, np.int64), *taken.written_ids, *taken.node_ids])
    node_x = np.concatenate([np.empty(0, np.int32), *taken.written_x, *taken.node_x])
    node_y = np.concatenate([np.empty(0, np.int32), *taken.written_y, *taken.node_y])
    written = sum(len(one) for one in taken.written_ids)
    count = np.concatenate([np.empty(0, np.int64), *taken.way_count])
    words = vocabulary.words
    return assembling.extract(
        assembling.File(
            node_ids, node_x, node_y, written,
            np.concatenate([np.empty(0, np.int64), *taken.way_ids]), count,
            np.concatenate([np.empty(0, np.int64), *taken.refs]),
            taken.points.rows(words), taken.place_nodes.rows(words), taken.lines.rows(words),
            taken.place_ways.rows(words), _sequence(taken.relations),
            (int(taken.totals[0]), int(taken.totals[2]), int(taken.totals[4])),
        ),
        vocabulary,
    )  # fmt: skip


def _sequence(relations: list[assembling.Relation]) -> Sequence[assembling.Relation]:
    return tuple(relations)
