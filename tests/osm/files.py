"""Small maps written in every form that a reader meets: XML, and PBF as different programs write it."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr


@dataclass(frozen=True)
class Node:
    id: int
    x: int | None  # 1e-7 degrees; None: no location
    y: int | None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    id: int
    refs: Sequence[int]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    id: int
    members: Sequence[tuple[str, int, str]]  # "node", "way" or "relation"; id; role
    tags: Mapping[str, str] = field(default_factory=dict)


Element = Node | Way | Relation


def xml(elements: Iterable[Element]) -> bytes:
    """The map as .osm."""
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="test">']
    for one in elements:
        tags = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in one.tags.items())
        if isinstance(one, Node):
            place = "" if one.x is None else f' lat="{one.y / 1e7:.7f}" lon="{one.x / 1e7:.7f}"'
            lines.append(f'<node id="{one.id}"{place}>{tags}</node>')
        elif isinstance(one, Way):
            refs = "".join(f'<nd ref="{ref}"/>' for ref in one.refs)
            lines.append(f'<way id="{one.id}">{refs}{tags}</way>')
        else:
            members = "".join(
                f'<member type="{kind}" ref="{ref}" role={quoteattr(role)}/>'
                for kind, ref, role in one.members
            )
            lines.append(f'<relation id="{one.id}">{members}{tags}</relation>')
    return "\n".join([*lines, "</osm>"]).encode()


def opl(elements: Iterable[Element]) -> bytes:
    """The map as OPL, a line for each element."""

    def word(text: str) -> str:
        return "".join(c if c.isalnum() or c in "_-" else f"%{ord(c):x}%" for c in text)

    lines = []
    for one in elements:
        tags = ",".join(f"{word(k)}={word(v)}" for k, v in one.tags.items())
        if isinstance(one, Node):
            place = "x y" if one.x is None else f"x{one.x / 1e7:.7f} y{one.y / 1e7:.7f}"
            lines.append(f"n{one.id} T{tags} {place}")
        elif isinstance(one, Way):
            lines.append(f"w{one.id} T{tags} N" + ",".join(f"n{ref}" for ref in one.refs))
        else:
            members = ",".join(f"{kind[0]}{ref}@{word(role)}" for kind, ref, role in one.members)
            lines.append(f"r{one.id} T{tags} M{members}")
    return "\n".join([*lines, ""]).encode()


def o5m(elements: Iterable[Element]) -> bytes:
    """The map as .o5m, each string written out and never referred to."""
    found, before = b"\xff\xe0\x04o5m2", {}

    def step(what: str, value: int) -> bytes:
        told = _varint(_zigzag(value - before.get(what, 0)))
        before[what] = value
        return told

    last: type[Element] | None = None
    for one in elements:
        if type(one) is not last:
            found, before, last = found + b"\xff", {}, type(one)
        body = step("id", one.id) + b"\0"
        if isinstance(one, Node):
            kind = b"\x10"
            body += step("x", one.x) + step("y", one.y)  # nodes without a location are not in this form
        elif isinstance(one, Way):
            kind, refs = b"\x11", b"".join(step("ref", ref) for ref in one.refs)
            body += _varint(len(refs)) + refs
        else:
            kind, refs = b"\x12", b""
            for what, ref, role in one.members:
                refs += step(what, ref) + b"\0" + str(("node", "way", "relation").index(what)).encode()
                refs += role.encode() + b"\0"
            body += _varint(len(refs)) + refs
        body += b"".join(b"\0" + k.encode() + b"\0" + v.encode() + b"\0" for k, v in one.tags.items())
        found += kind + _varint(len(body)) + body
    return found + b"\xfe"


@dataclass(frozen=True)
class Form:
    """How a PBF file is written."""

    dense: bool = True
    packed: bool = True
    a_block: int = 3  # elements
    granularity: int = 100
    offset: int = 0  # nanodegrees, of both axes
    features: Sequence[str] = ("OsmSchema-V0.6", "DenseNodes")
    with_places: Mapping[int, tuple[int, int]] | None = None  # locations written with ways
    unknown_blob: bool = False


def pbf(elements: Iterable[Element], form: Form | None = None) -> bytes:
    """The map as .osm.pbf; runs of one kind share a block."""
    form = form or Form()
    header = b"".join(_bytes(4, feature.encode()) for feature in form.features)
    found = _blob("OSMHeader", header, form.packed)
    if form.unknown_blob:
        found += _blob("Other", b"whatever", form.packed)
    run: list[Element] = []
    for one in [*elements, None]:
        if run and (one is None or type(one) is not type(run[0]) or len(run) == form.a_block):
            found += _blob("OSMData", _block(run, form), form.packed)
            run = []
        if one is not None:
            run.append(one)
    return found


def _blob(kind: str, block: bytes, packed: bool) -> bytes:
    data = _number(2, len(block)) + _bytes(3, zlib.compress(block)) if packed else _bytes(1, block)
    head = _bytes(1, kind.encode()) + _number(3, len(data))
    return len(head).to_bytes(4, "big") + head + data


def _block(run: Sequence[Element], form: Form) -> bytes:
    strings = [b""]

    def string(text: str) -> int:
        told = text.encode()
        if told not in strings:
            strings.append(told)
        return strings.index(told)

    def tags(one: Element) -> bytes:
        keys = b"".join(_varint(string(key)) for key in one.tags)
        values = b"".join(_varint(string(value)) for value in one.tags.values())
        return (_bytes(2, keys) + _bytes(3, values)) if one.tags else b""

    def steps(numbers: Iterable[int]) -> bytes:
        before, out = 0, b""
        for number in numbers:
            out += _varint(_zigzag(number - before))
            before = number
        return out

    def place(value: int | None) -> int:
        nano = (2_147_483_647 if value is None else value) * 100
        return (nano - form.offset) // form.granularity

    group = b""
    if isinstance(run[0], Node) and form.dense:
        nodes = [one for one in run if isinstance(one, Node)]
        dense = _bytes(1, steps(one.id for one in nodes))
        dense += _bytes(8, steps(place(one.y) for one in nodes))
        dense += _bytes(9, steps(place(one.x) for one in nodes))
        if any(one.tags for one in nodes):
            words = b""
            for one in nodes:
                words += b"".join(_varint(string(k)) + _varint(string(v)) for k, v in one.tags.items())
                words += b"\0"
            dense += _bytes(10, words)
        group = _bytes(2, dense)
    else:
        for one in run:
            if isinstance(one, Node):
                told = _number(1, _zigzag(one.id)) + tags(one)
                told += _number(8, _zigzag(place(one.y))) + _number(9, _zigzag(place(one.x)))
                group += _bytes(1, told)
            elif isinstance(one, Way):
                told = _number(1, one.id) + tags(one) + _bytes(8, steps(one.refs))
                if form.with_places is not None:
                    found = [form.with_places[ref] for ref in one.refs]
                    told += _bytes(9, steps(place(y) for _, y in found))
                    told += _bytes(10, steps(place(x) for x, _ in found))
                group += _bytes(3, told)
            else:
                told = _number(1, one.id) + tags(one)
                told += _bytes(8, b"".join(_varint(string(role)) for _, _, role in one.members))
                told += _bytes(9, steps(ref for _, ref, _ in one.members))
                kinds = ("node", "way", "relation")
                told += _bytes(10, b"".join(_varint(kinds.index(kind)) for kind, _, _ in one.members))
                group += _bytes(4, told)
    table = b"".join(_bytes(1, text) for text in strings)
    block = _bytes(1, table) + _bytes(2, group)
    if form.granularity != 100:
        block += _number(17, form.granularity)
    if form.offset:
        block += _number(19, form.offset) + _number(20, form.offset)
    return block


def _varint(value: int) -> bytes:
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _number(at: int, value: int) -> bytes:
    return _varint(at << 3) + _varint(value)


def _bytes(at: int, value: bytes) -> bytes:
    return _varint(at << 3 | 2) + _varint(len(value)) + value
