"""
Compiled loops over one inflated block of `.osm.pbf`: protobuf in, arrays out.

Every length is held against the end of its message before it is followed; what does not fit raises ValueError. Packed
fields must be packed, as every writer of the format has them. Numbers are signed 64-bit throughout.

Source: wiki.openstreetmap.org/wiki/PBF_Format (osmformat.proto).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ruangaman.adapters.osm.vocabulary import Words
from ruangaman.core.reach.extract import NUMBER_ABSENT, NUMBER_OTHER, OTHER

UNLOCATED = 2_147_483_647
"""x and y of a node whose location the file does not say, or says beyond the globe."""

NO_STRING = -1

_MAX_X, _MAX_Y = 1_800_000_000, 900_000_000
_LOW_63 = 0x7FFFFFFFFFFFFFFF
_KMH_PER_MPH = 1.609344
_MOST = 32_000
_WAY_MEMBER = 1
_PLAIN_NODE, _DENSE, _WAY, _RELATION = 1, 2, 3, 4


class Strings(NamedTuple):
    """Where each string of a block begins and ends (int64), and which word of the vocabulary it is (int32)."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    word: NDArray[np.int32]


class Rows(NamedTuple):
    """
    Tags of elements, a row for each.

    Attributes:
        codes: uint8 (rows, columns). numbers: int16 (rows, columns of numbers). kinds: uint64 (rows,).
        name: int32 (rows,), the string that is its name, or NO_STRING.
    """

    codes: NDArray[np.uint8]
    numbers: NDArray[np.int16]
    kinds: NDArray[np.uint64]
    name: NDArray[np.int32]


class NodeRows(NamedTuple):
    """
    Nodes of a block; the tags of those that have any.

    Attributes:
        ids: int64 (nodes,). x, y: int32 (nodes,), 1e-7 degrees, or UNLOCATED. tagged: int32 (rows,), which nodes.
    """

    ids: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    tagged: NDArray[np.int32]
    rows: Rows


class WayRows(NamedTuple):
    """
    Ways of a block.

    Attributes:
        ids: int64 (ways,). count: int64 (ways,), vertices of each. refs: int64 (vertices,).
        x, y: int32 (vertices,), the locations that some files write with the way itself, else UNLOCATED.
    """

    ids: NDArray[np.int64]
    count: NDArray[np.int64]
    refs: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    rows: Rows


class RelationRows(NamedTuple):
    """
    Relations of a block.

    Attributes:
        ids: int64 (relations,). multipolygon: bool (relations,). count: int64 (relations,), members that are ways.
        members: int64 (members,), ids of ways. roles: int32 (members,), strings.
    """

    ids: NDArray[np.int64]
    multipolygon: NDArray[np.bool_]
    count: NDArray[np.int64]
    members: NDArray[np.int64]
    roles: NDArray[np.int32]
    rows: Rows


@njit(cache=True, inline="never")
def varint(block, at, end):
    """A number and the place behind it."""
    value = np.int64(0)
    shift = np.int64(0)
    while True:
        if at >= end or shift > 63:
            raise ValueError("a number is cut")
        byte = np.int64(block[at])
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


@njit(cache=True)
def zigzag(value):
    return ((value >> 1) & _LOW_63) ^ -(value & 1)


@njit(cache=True)
def span(block, at, end):
    """Begin and end of the bytes of a field."""
    length, at = varint(block, at, end)
    if length < 0 or length > end - at:
        raise ValueError("a field reaches beyond its message")
    return at, at + length


@njit(cache=True)
def skip(block, at, end, kind):
    """The place behind a field that nobody reads."""
    if kind == 0:
        _, at = varint(block, at, end)
        return at
    if kind == 2:
        _, at = span(block, at, end)
        return at
    if kind != 1 and kind != 5:
        raise ValueError("wire type")
    at += 8 if kind == 1 else 4
    if at > end:
        raise ValueError("a field reaches beyond its message")
    return at


@njit(cache=True)
def varints_in(block, at, end):
    """How many numbers a packed field has."""
    found = 0
    for place in range(at, end):
        found += block[place] < 0x80
    return found


@njit(cache=True)
def layout(block):
    """
    The parts of a block.

    Returns:
        Begin and end of the table of strings; granularity, offsets of latitude and longitude in nanodegrees; groups
        as int64 (groups, 2).
    """
    end = len(block)
    groups = 0
    for filling in range(2):
        if filling:
            spans = np.empty((groups, 2), np.int64)
            groups = 0
        strings_at, strings_end = np.int64(0), np.int64(0)
        granularity, lat_offset, lon_offset = np.int64(100), np.int64(0), np.int64(0)
        at = np.int64(0)
        while at < end:
            key, at = varint(block, at, end)
            if key == (1 << 3 | 2):
                strings_at, strings_end = span(block, at, end)
                at = strings_end
            elif key == (2 << 3 | 2):
                first, at = span(block, at, end)
                if filling:
                    spans[groups, 0] = first
                    spans[groups, 1] = at
                groups += 1
            elif key == (17 << 3):
                granularity, at = varint(block, at, end)
            elif key == (19 << 3):
                lat_offset, at = varint(block, at, end)
            elif key == (20 << 3):
                lon_offset, at = varint(block, at, end)
            else:
                at = skip(block, at, end, key & 7)
    return strings_at, strings_end, granularity, lat_offset, lon_offset, spans


@njit(cache=True)
def strings_of(block, at, end, words):
    """The table of strings, each looked up among the words."""
    begin = at
    found = 0
    while at < end:
        key, at = varint(block, at, end)
        found += key == (1 << 3 | 2)
        at = skip(block, at, end, key & 7)
    starts, ends = np.empty(found, np.int64), np.empty(found, np.int64)
    word = np.zeros(found, np.int32)
    slots, word_starts, text = words.slots, words.starts, words.text
    mask = len(slots) - 1
    at = begin
    found = 0
    while at < end:
        key, at = varint(block, at, end)
        if key != (1 << 3 | 2):
            at = skip(block, at, end, key & 7)
            continue
        first, at = span(block, at, end)
        starts[found], ends[found] = first, at
        digest = np.uint32(0x811C9DC5)
        for place in range(first, at):
            digest = np.uint32((digest ^ np.uint32(block[place])) * np.uint32(0x01000193))
        slot = np.int64(digest) & mask
        while slots[slot]:
            number = slots[slot]
            known_at = word_starts[number]
            if word_starts[number + 1] - known_at == at - first:
                same = True
                for offset in range(at - first):
                    if block[first + offset] != text[known_at + offset]:
                        same = False
                        break
                if same:
                    word[found] = number
                    break
            slot = (slot + 1) & mask
        found += 1
    return Strings(starts, ends, word)


@njit(cache=True)
def count_of(block, groups):
    """
    How much each kind of element needs.

    Returns:
        int64 (6,): nodes, nodes that may have tags, ways, vertices of ways, relations, members.
    """
    found = np.zeros(6, np.int64)
    for group in range(len(groups)):
        at, end = groups[group, 0], groups[group, 1]
        while at < end:
            key, at = varint(block, at, end)
            if key & 7 != 2:
                at = skip(block, at, end, key & 7)
                continue
            inside, until = span(block, at, end)
            at = until
            what = key >> 3
            if what == _PLAIN_NODE:
                found[0] += 1
                found[1] += 1
                continue
            if what == _WAY:
                found[2] += 1
            elif what == _RELATION:
                found[4] += 1
            elif what != _DENSE:
                continue
            while inside < until:
                key, inside = varint(block, inside, until)
                if key & 7 != 2:
                    inside = skip(block, inside, until, key & 7)
                    continue
                first, inside = span(block, inside, until)
                if what == _DENSE and key >> 3 == 1:
                    found[0] += varints_in(block, first, inside)
                elif what == _DENSE and key >> 3 == 10:
                    for place in range(first, inside):
                        # no key or value is longer than what stands between two zeros
                        found[1] += block[place] == 0 and place > first and block[place - 1] != 0
                elif what == _WAY and key >> 3 == 8:
                    found[3] += varints_in(block, first, inside)
                elif what == _RELATION and key >> 3 == 9:
                    found[5] += varints_in(block, first, inside)
    return found


@njit(cache=True)
def number_in(block, at, end):
    """The number that a value begins with, in km/h where it says mph; NUMBER_OTHER for what is none."""
    while at < end and block[at] == 32:
        at += 1
    sign = 1.0
    if at < end and block[at] == 45:
        sign = -1.0
        at += 1
    digits = 0
    value, scale = 0.0, 1.0
    fraction = False
    while at < end:
        byte = block[at]
        if 48 <= byte <= 57:
            digits += 1
            value = value * 10.0 + (byte - 48)
            if fraction:
                scale *= 10.0
        elif byte == 46 and not fraction:
            fraction = True
        else:
            break
        at += 1
    while at < end and block[at] == 32:
        at += 1
    if digits == 0 or digits > 12:
        return NUMBER_OTHER
    rest = end - at
    if rest == 3 and block[at] == 109 and block[at + 1] == 112 and block[at + 2] == 104:
        scale /= _KMH_PER_MPH
    elif rest and not (
        (rest == 4 and block[at] == 107 and block[at + 1] == 109 and block[at + 2] == 47 and block[at + 3] == 104)
        or (rest == 3 and block[at] == 107 and block[at + 1] == 109 and block[at + 2] == 104)
    ):
        return NUMBER_OTHER
    found = sign * value / scale
    if abs(found) > _MOST:
        return NUMBER_OTHER
    return np.int64(np.round(found))


@njit(cache=True)
def note(block, key, value, strings, words, rows, row):
    """One tag of an element; of two with the same key the first counts. Returns whether it says what a relation is."""
    known = len(strings.word)
    if key < 0 or key >= known or value < 0 or value >= known:
        raise ValueError("a string that is not in the table")
    word = strings.word[key]
    if word == 0:
        return False
    meant = strings.word[value]
    column = words.column[word]
    if column >= 0 and rows.codes[row, column] == 0:
        rows.codes[row, column] = words.code[column, meant] if meant else OTHER
    number = words.number[word]
    if number >= 0 and rows.numbers[row, number] == NUMBER_ABSENT:
        rows.numbers[row, number] = number_in(block, strings.start[value], strings.end[value])
    place = words.place[word]
    if place >= 0 and meant:
        rows.kinds[row] |= words.bits[place, meant]
    if word == words.special[0]:
        rows.name[row] = value
    return word == words.special[1] and meant == words.special[2]


@njit(cache=True)
def note_packed(block, keys_at, keys_end, values_at, values_end, strings, words, rows, row):
    """Tags in two packed fields; whether they say type=multipolygon."""
    multipolygon = False
    while keys_at < keys_end:
        key, keys_at = varint(block, keys_at, keys_end)
        value, values_at = varint(block, values_at, values_end)
        multipolygon |= note(block, key, value, strings, words, rows, row)
    if values_at != values_end:
        raise ValueError("a value without key")
    return multipolygon


@njit(cache=True)
def ten_millionths(value, granularity, offset, most):
    """A coordinate in 1e-7 degrees, cut towards zero as libosmium does; UNLOCATED beyond the globe."""
    if value > 1 << 53 or value < -(1 << 53) or granularity > 1 << 31 or granularity < -(1 << 31):
        return UNLOCATED
    if abs(np.float64(value) * np.float64(granularity) + np.float64(offset)) > 1e12:
        return UNLOCATED
    nano = value * granularity + offset
    found = nano // 100 if nano >= 0 else -(-nano // 100)
    return found if -most <= found <= most else UNLOCATED


@njit(cache=True)
def fill_nodes(block, groups, granularity, lat_offset, lon_offset, strings, words, into):
    """Fill the nodes of a block; returns how many rows of tags were used."""
    node, row = 0, 0
    for group in range(len(groups)):
        at, end = groups[group, 0], groups[group, 1]
        while at < end:
            key, at = varint(block, at, end)
            if key == (_DENSE << 3 | 2):
                inside, at = span(block, at, end)
                node, row = dense(
                    block, inside, at, granularity, lat_offset, lon_offset, strings, words, into, node, row
                )
            elif key == (_PLAIN_NODE << 3 | 2):
                inside, at = span(block, at, end)
                row = plain_node(
                    block, inside, at, granularity, lat_offset, lon_offset, strings, words, into, node, row
                )
                node += 1
            else:
                at = skip(block, at, end, key & 7)
    return row


@njit(cache=True)
def dense(block, at, end, granularity, lat_offset, lon_offset, strings, words, into, node, row):
    ids_at, ids_end, lat_at, lat_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    lon_at, lon_end, tags_at, tags_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    while at < end:
        key, at = varint(block, at, end)
        if key & 7 != 2:
            at = skip(block, at, end, key & 7)
            continue
        first, at = span(block, at, end)
        field = key >> 3
        if field == 1:
            ids_at, ids_end = first, at
        elif field == 8:
            lat_at, lat_end = first, at
        elif field == 9:
            lon_at, lon_end = first, at
        elif field == 10:
            tags_at, tags_end = first, at
    with_tags = tags_at < tags_end
    number, lat, lon = np.int64(0), np.int64(0), np.int64(0)
    while ids_at < ids_end:
        if node >= len(into.ids):
            raise ValueError("nodes twice")
        step, ids_at = varint(block, ids_at, ids_end)
        number += zigzag(step)
        step, lat_at = varint(block, lat_at, lat_end)
        lat += zigzag(step)
        step, lon_at = varint(block, lon_at, lon_end)
        lon += zigzag(step)
        into.ids[node] = number
        x = ten_millionths(lon, granularity, lon_offset, _MAX_X)
        y = ten_millionths(lat, granularity, lat_offset, _MAX_Y)
        into.x[node] = x if y != UNLOCATED else UNLOCATED
        into.y[node] = y if x != UNLOCATED else UNLOCATED
        if with_tags:
            tagged = False
            while True:
                key, tags_at = varint(block, tags_at, tags_end)
                if key == 0:
                    break
                value, tags_at = varint(block, tags_at, tags_end)
                if row >= len(into.tagged):
                    raise ValueError("tags without node")
                note(block, key, value, strings, words, into.rows, row)
                tagged = True
            if tagged:
                into.tagged[row] = node
                row += 1
        node += 1
    if lat_at != lat_end or lon_at != lon_end or (with_tags and tags_at != tags_end):
        raise ValueError("dense nodes of different lengths")
    return node, row


@njit(cache=True)
def plain_node(block, at, end, granularity, lat_offset, lon_offset, strings, words, into, node, row):
    number, lat, lon = np.int64(0), np.int64(0), np.int64(0)
    keys_at, keys_end, values_at, values_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    located = 0
    while at < end:
        key, at = varint(block, at, end)
        if key == (1 << 3):
            number, at = varint(block, at, end)
            number = zigzag(number)
        elif key == (8 << 3):
            lat, at = varint(block, at, end)
            lat = zigzag(lat)
            located |= 1
        elif key == (9 << 3):
            lon, at = varint(block, at, end)
            lon = zigzag(lon)
            located |= 2
        elif key == (2 << 3 | 2):
            keys_at, keys_end = span(block, at, end)
            at = keys_end
        elif key == (3 << 3 | 2):
            values_at, values_end = span(block, at, end)
            at = values_end
        else:
            at = skip(block, at, end, key & 7)
    into.ids[node] = number
    x = ten_millionths(lon, granularity, lon_offset, _MAX_X) if located == 3 else UNLOCATED
    y = ten_millionths(lat, granularity, lat_offset, _MAX_Y) if located == 3 else UNLOCATED
    into.x[node] = x if y != UNLOCATED else UNLOCATED
    into.y[node] = y if x != UNLOCATED else UNLOCATED
    if keys_at < keys_end:
        note_packed(block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, row)
        into.tagged[row] = node
        row += 1
    return row


@njit(cache=True)
def fill_ways(block, groups, granularity, lat_offset, lon_offset, strings, words, into):
    """Fill the ways of a block."""
    way, vertex = 0, 0
    for group in range(len(groups)):
        at, end = groups[group, 0], groups[group, 1]
        while at < end:
            key, at = varint(block, at, end)
            if key != (_WAY << 3 | 2):
                at = skip(block, at, end, key & 7)
                continue
            inside, until = span(block, at, end)
            at = until
            number = np.int64(0)
            keys_at, keys_end, values_at, values_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
            refs_at, refs_end = np.int64(0), np.int64(0)
            lat_at, lat_end, lon_at, lon_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
            while inside < until:
                key, inside = varint(block, inside, until)
                if key == (1 << 3):
                    number, inside = varint(block, inside, until)
                    continue
                if key & 7 != 2:
                    inside = skip(block, inside, until, key & 7)
                    continue
                first, inside = span(block, inside, until)
                field = key >> 3
                if field == 2:
                    keys_at, keys_end = first, inside
                elif field == 3:
                    values_at, values_end = first, inside
                elif field == 8:
                    refs_at, refs_end = first, inside
                elif field == 9:
                    lat_at, lat_end = first, inside
                elif field == 10:
                    lon_at, lon_end = first, inside
            into.ids[way] = number
            note_packed(block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, way)
            begin = vertex
            with_places = lat_at < lat_end
            ref, lat, lon = np.int64(0), np.int64(0), np.int64(0)
            while refs_at < refs_end:
                if vertex >= len(into.refs):
                    raise ValueError("vertices twice")
                step, refs_at = varint(block, refs_at, refs_end)
                ref += zigzag(step)
                into.refs[vertex] = ref
                x = y = UNLOCATED
                if with_places:
                    step, lat_at = varint(block, lat_at, lat_end)
                    lat += zigzag(step)
                    step, lon_at = varint(block, lon_at, lon_end)
                    lon += zigzag(step)
                    x = ten_millionths(lon, granularity, lon_offset, _MAX_X)
                    y = ten_millionths(lat, granularity, lat_offset, _MAX_Y)
                into.x[vertex] = x if y != UNLOCATED else UNLOCATED
                into.y[vertex] = y if x != UNLOCATED else UNLOCATED
                vertex += 1
            into.count[way] = vertex - begin
            way += 1


@njit(cache=True)
def fill_relations(block, groups, strings, words, into):
    """Fill the relations of a block; returns how many members that are ways were written."""
    relation, member = 0, 0
    for group in range(len(groups)):
        at, end = groups[group, 0], groups[group, 1]
        while at < end:
            key, at = varint(block, at, end)
            if key != (_RELATION << 3 | 2):
                at = skip(block, at, end, key & 7)
                continue
            inside, until = span(block, at, end)
            at = until
            number = np.int64(0)
            keys_at, keys_end, values_at, values_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
            ids_at, ids_end, roles_at, roles_end = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
            types_at, types_end = np.int64(0), np.int64(0)
            while inside < until:
                key, inside = varint(block, inside, until)
                if key == (1 << 3):
                    number, inside = varint(block, inside, until)
                    continue
                if key & 7 != 2:
                    inside = skip(block, inside, until, key & 7)
                    continue
                first, inside = span(block, inside, until)
                field = key >> 3
                if field == 2:
                    keys_at, keys_end = first, inside
                elif field == 3:
                    values_at, values_end = first, inside
                elif field == 8:
                    roles_at, roles_end = first, inside
                elif field == 9:
                    ids_at, ids_end = first, inside
                elif field == 10:
                    types_at, types_end = first, inside
            into.ids[relation] = number
            into.multipolygon[relation] = note_packed(
                block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, relation
            )
            begin = member
            ref = np.int64(0)
            while ids_at < ids_end:
                step, ids_at = varint(block, ids_at, ids_end)
                ref += zigzag(step)
                role, roles_at = varint(block, roles_at, roles_end)
                kind, types_at = varint(block, types_at, types_end)
                if role < 0 or role >= len(strings.word):
                    raise ValueError("a string that is not in the table")
                if kind != _WAY_MEMBER:
                    continue
                if member >= len(into.members):
                    raise ValueError("members twice")
                into.members[member] = ref
                into.roles[member] = role
                member += 1
            into.count[relation] = member - begin
            relation += 1
    return member


def rows(number: int, words: Words) -> Rows:
    """Empty rows of tags."""
    return Rows(
        np.zeros((number, words.code.shape[0]), np.uint8),
        np.full((number, max(int(words.number.max()) + 1, 1)), NUMBER_ABSENT, np.int16),
        np.zeros(number, np.uint64),
        np.full(number, NO_STRING, np.int32),
    )
