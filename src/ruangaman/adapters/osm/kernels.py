"""
Compiled loops over one inflated block of `.osm.pbf`: protobuf in, arrays out. What does not fit raises ValueError.

Source: wiki.openstreetmap.org/wiki/PBF_Format (osmformat.proto).
"""

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm.elements import UNLOCATED, Frame, NodeRows, RelationRows, Rows, Strings, WayRows
from ruangaman.adapters.osm.vocabulary import Words
from ruangaman.adapters.osm.wire import Bytes, skip, span, varint, varints_in, zigzag
from ruangaman.core.reach.compiled import kept
from ruangaman.core.reach.extract import NUMBER_ABSENT, NUMBER_OTHER, OTHER

Spans = NDArray[np.int64]

_MAX_X, _MAX_Y = 1_800_000_000, 900_000_000
_KMH_PER_MPH = 1.609344
_MOST = 32_000
_WAY_MEMBER = 1
_PLAIN_NODE, _DENSE, _WAY, _RELATION = 1, 2, 3, 4


@kept
def layout(block: Bytes) -> tuple[int, int, int, int, int, Spans]:
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
        strings_at, strings_end = 0, 0
        granularity, lat_offset, lon_offset = 100, 0, 0
        at = 0
        while at < end:
            key, at = varint(block, at, end)
            if key == (1 << 3 | 2):
                strings_at, strings_end = span(block, at, end)
                at = strings_end
            elif key == (2 << 3 | 2):
                begin, at = span(block, at, end)
                if filling:
                    spans[groups, 0] = begin
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


@kept
def strings_of(block: Bytes, at: int, end: int, words: Words) -> Strings:
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


@kept
def count_of(block: Bytes, groups: Spans) -> NDArray[np.int64]:
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


@kept
def number_in(block: Bytes, at: int, end: int) -> int:
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
        (
            rest == 4
            and block[at] == 107
            and block[at + 1] == 109
            and block[at + 2] == 47
            and block[at + 3] == 104
        )
        or (rest == 3 and block[at] == 107 and block[at + 1] == 109 and block[at + 2] == 104)
    ):
        return NUMBER_OTHER
    found = sign * value / scale
    if abs(found) > _MOST:
        return NUMBER_OTHER
    return int(np.round(found))


@kept
def note(block: Bytes, key: int, value: int, strings: Strings, words: Words, rows: Rows, row: int) -> bool:
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
    return bool(word == words.special[1] and meant == words.special[2])


@kept
def note_packed(
    block: Bytes, keys_at: int, keys_end: int, values_at: int, values_end: int,
    strings: Strings, words: Words, rows: Rows, row: int,
) -> bool:  # fmt: skip
    """Tags in two packed fields; whether they say type=multipolygon."""
    multipolygon = False
    while keys_at < keys_end:
        key, keys_at = varint(block, keys_at, keys_end)
        value, values_at = varint(block, values_at, values_end)
        multipolygon |= note(block, key, value, strings, words, rows, row)
    if values_at != values_end:
        raise ValueError("a value without key")
    return multipolygon


@kept
def ten_millionths(value: int, granularity: int, offset: int, most: int) -> int:
    """A coordinate in 1e-7 degrees, cut towards zero as libosmium does; UNLOCATED beyond the globe."""
    if value > 1 << 53 or value < -(1 << 53) or granularity > 1 << 31 or granularity < -(1 << 31):
        return UNLOCATED
    if abs(np.float64(value) * np.float64(granularity) + np.float64(offset)) > 1e12:
        return UNLOCATED
    nano = value * granularity + offset
    found = nano // 100 if nano >= 0 else -(-nano // 100)
    return found if -most <= found <= most else UNLOCATED


@kept
def dense(
    block: Bytes, at: int, end: int, frame: Frame,
    strings: Strings, words: Words, into: NodeRows, node: int, row: int,
) -> tuple[int, int]:  # fmt: skip
    ids_at, ids_end, lat_at, lat_end = 0, 0, 0, 0
    lon_at, lon_end, tags_at, tags_end = 0, 0, 0, 0
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
    number, lat, lon = 0, 0, 0
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
        x = ten_millionths(lon, frame.granularity, frame.lon_offset, _MAX_X)
        y = ten_millionths(lat, frame.granularity, frame.lat_offset, _MAX_Y)
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


@kept
def plain_node(
    block: Bytes, at: int, end: int, frame: Frame,
    strings: Strings, words: Words, into: NodeRows, node: int, row: int,
) -> int:  # fmt: skip
    number, lat, lon = 0, 0, 0
    keys_at, keys_end, values_at, values_end = 0, 0, 0, 0
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
    x = ten_millionths(lon, frame.granularity, frame.lon_offset, _MAX_X) if located == 3 else UNLOCATED
    y = ten_millionths(lat, frame.granularity, frame.lat_offset, _MAX_Y) if located == 3 else UNLOCATED
    into.x[node] = x if y != UNLOCATED else UNLOCATED
    into.y[node] = y if x != UNLOCATED else UNLOCATED
    if keys_at < keys_end:
        if row >= len(into.tagged):
            raise ValueError("tags without node")
        note_packed(block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, row)
        into.tagged[row] = node
        row += 1
    return row


@kept
def fill_nodes(
    block: Bytes, groups: Spans, frame: Frame,
    strings: Strings, words: Words, into: NodeRows,
) -> int:  # fmt: skip
    """Fill the nodes of a block; returns how many rows of tags were used."""
    node, row = 0, 0
    for group in range(len(groups)):
        at, end = groups[group, 0], groups[group, 1]
        while at < end:
            key, at = varint(block, at, end)
            if key == (_DENSE << 3 | 2):
                inside, at = span(block, at, end)
                node, row = dense(block, inside, at, frame, strings, words, into, node, row)
            elif key == (_PLAIN_NODE << 3 | 2):
                inside, at = span(block, at, end)
                row = plain_node(block, inside, at, frame, strings, words, into, node, row)
                node += 1
            else:
                at = skip(block, at, end, key & 7)
    if node != len(into.ids):
        raise ValueError("nodes twice")
    return row


@kept
def packed_fields(
    block: Bytes, at: int, end: int
) -> tuple[int, int, int, int, int, int, int, int, int, int, int]:
    """The id of a way or relation, then where its fields 2, 3, 8, 9 and 10 begin and end."""
    number = 0
    at_2, end_2, at_3, end_3, at_8, end_8, at_9, end_9, at_10, end_10 = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    while at < end:
        key, at = varint(block, at, end)
        if key == (1 << 3):
            number, at = varint(block, at, end)
            continue
        if key & 7 != 2:
            at = skip(block, at, end, key & 7)
            continue
        first, at = span(block, at, end)
        field = key >> 3
        if field == 2:
            at_2, end_2 = first, at
        elif field == 3:
            at_3, end_3 = first, at
        elif field == 8:
            at_8, end_8 = first, at
        elif field == 9:
            at_9, end_9 = first, at
        elif field == 10:
            at_10, end_10 = first, at
    return number, at_2, end_2, at_3, end_3, at_8, end_8, at_9, end_9, at_10, end_10


@kept
def fill_ways(
    block: Bytes, groups: Spans, frame: Frame,
    strings: Strings, words: Words, into: WayRows,
) -> None:  # fmt: skip
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
            (
                number, keys_at, keys_end, values_at, values_end,
                refs_at, refs_end, lat_at, lat_end, lon_at, lon_end,
            ) = packed_fields(block, inside, until)  # fmt: skip
            into.ids[way] = number
            note_packed(block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, way)
            begin = vertex
            with_places = lat_at < lat_end
            ref, lat, lon = 0, 0, 0
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
                    x = ten_millionths(lon, frame.granularity, frame.lon_offset, _MAX_X)
                    y = ten_millionths(lat, frame.granularity, frame.lat_offset, _MAX_Y)
                into.x[vertex] = x if y != UNLOCATED else UNLOCATED
                into.y[vertex] = y if x != UNLOCATED else UNLOCATED
                vertex += 1
            into.size[way] = vertex - begin
            way += 1
    if vertex != len(into.refs):
        raise ValueError("vertices twice")


@kept
def fill_relations(block: Bytes, groups: Spans, strings: Strings, words: Words, into: RelationRows) -> int:
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
            (
                number, keys_at, keys_end, values_at, values_end,
                roles_at, roles_end, ids_at, ids_end, types_at, types_end,
            ) = packed_fields(block, inside, until)  # fmt: skip
            into.ids[relation] = number
            into.multipolygon[relation] = note_packed(
                block, keys_at, keys_end, values_at, values_end, strings, words, into.rows, relation
            )
            begin = member
            ref = 0
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
            into.size[relation] = member - begin
            relation += 1
    return member
