"""YAML in, a tree of plain strings out; whatever could mean two things is refused."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from ruangaman.core.law.refusals import PackRefused

Tree = str | list["Tree"] | dict[str, "Tree"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
MAX_FILES = 64

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(raw: bytes, file: str) -> Tree:
    """
    One document with every scalar a string.

    Raises:
        PackRefused: not UTF-8, not YAML, above 1 MiB or 12 levels, a duplicate key, an anchor, an alias or a tag.

    >>> read_yaml(b"on: NO", "x.yaml")
    {'on': 'NO'}
    """
    if len(raw) > MAX_BYTES:
        raise PackRefused("pack.too-large", f"a file holds at most {MAX_BYTES} bytes", file=file)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise PackRefused("pack.not-utf8", "the bytes are not UTF-8", file=file) from None
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        next(events)  # stream start
        first = next(events)
        if isinstance(first, yaml.StreamEndEvent):
            raise PackRefused("pack.not-yaml", "the file is empty", file=file)
        tree = _node(next(events), events, file, 1)
        next(events)  # document end
        if not isinstance(next(events), yaml.StreamEndEvent):
            raise PackRefused("pack.not-yaml", "one document a file", file=file)
    except (yaml.YAMLError, RecursionError) as wrong:
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        place = "" if line is None else f"line {line + 1}"
        raise PackRefused("pack.not-yaml", "not YAML", file=file, rule=place) from None
    return tree


def _node(event: Any, events: Any, file: str, depth: int) -> Tree:
    """The tree that begins with `event`."""
    line = f"line {event.start_mark.line + 1}"
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise PackRefused("pack.anchor", "anchors and aliases are refused", file=file, rule=line)
    if event.tag is not None:
        raise PackRefused("pack.tag", "tags are refused", file=file, rule=line)
    if depth > MAX_DEPTH:
        raise PackRefused("pack.too-deep", f"at most {MAX_DEPTH} levels", file=file, rule=line)
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, file, depth + 1))
        return items
    found: dict[str, Tree] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, file, depth + 1)
        line = f"line {event.start_mark.line + 1}"
        if not isinstance(key, str):
            raise PackRefused("pack.wrong-type", "a key is a word", file=file, rule=line)
        if key in found:
            raise PackRefused("pack.duplicate-key", f"the key {key!r} stands twice", file=file, rule=line)
        found[key] = _node(next(events), events, file, depth + 1)
    return found


class Node:
    """A part of a tree with its place, read key by key; a key that nobody read is refused by `done`."""

    def __init__(self, tree: Tree, file: str, rule: str = "") -> None:
        self.tree, self.file, self.rule = tree, file, rule
        self._read: set[str] = set()

    def refuse(self, code: str, message: str) -> PackRefused:
        """A refusal at this place."""
        return PackRefused(code, message, file=self.file, rule=self.rule or self.file.removesuffix(".yaml"))

    def at(self, key: str) -> str:
        """The place of a part of this node, as shown in refusals."""
        return f"{self.rule}.{key}" if self.rule else key

    def has(self, key: str) -> bool:
        """Whether the map has this key."""
        return key in self.mapping()

    def mapping(self) -> dict[str, Tree]:
        """This node as a map."""
        if not isinstance(self.tree, dict):
            raise self.refuse("pack.wrong-type", "a map is expected")
        return self.tree

    def sub(self, key: str) -> "Node":
        """The part under a required key."""
        found = self.mapping()
        if key not in found:
            raise self.refuse("pack.missing-key", f"the key {key!r} is missing")
        self._read.add(key)
        return Node(found[key], self.file, self.at(key))

    def items(self) -> list[tuple[str, "Node"]]:
        """Each key of the map with its part; marks them read."""
        found = self.mapping()
        self._read.update(found)
        return [(key, Node(part, self.file, self.at(key))) for key, part in found.items()]

    def list(self) -> list["Node"]:
        """Each part of a list."""
        if not isinstance(self.tree, list):
            raise self.refuse("pack.wrong-type", "a list is expected")
        return [Node(part, self.file, f"{self.rule}[{n}]") for n, part in enumerate(self.tree)]

    def text(self) -> str:
        """This node as a filled string."""
        if not isinstance(self.tree, str) or not self.tree.strip():
            raise self.refuse("pack.wrong-type", "a filled word is expected")
        return self.tree

    def word(self, key: str, default: str | None = None) -> str:
        """The string under a key; with a default, the key may be left out."""
        if default is not None and not self.has(key):
            return default
        return self.sub(key).text()

    def words(self, key: str) -> tuple[str, ...]:
        """The list of strings under a key; empty when left out."""
        if not self.has(key):
            return ()
        return tuple(part.text() for part in self.sub(key).list())

    def done(self, also: Sequence[str] = ()) -> None:
        """Refuse keys that nothing has read."""
        unknown = [key for key in self.mapping() if key not in self._read and key not in also]
        if unknown:
            raise self.refuse("pack.unknown-key", f"unknown key {unknown[0]!r}")


def read_files(files: Mapping[str, bytes]) -> dict[str, Tree]:
    """Every YAML file of a folder as a tree, within the limits."""
    if len(files) > MAX_FILES:
        raise PackRefused("pack.too-large", f"at most {MAX_FILES} files a pack")
    return {name: read_yaml(raw, name) for name, raw in sorted(files.items())}
