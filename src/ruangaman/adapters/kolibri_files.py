"""
A channel as Kolibri imports it from a disk: a database of nodes (its content schema 5), and files by their MD5.

Written from the published form of channels; no code of Kolibri's is used. Kolibri checks little of what it imports: an
empty `last_updated` makes its own database unreadable, and a node whose ranges are wrong is shown nowhere.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

SCHEMA: Final = "5"
_SQLITE: Final = b"SQLite format 3\0"

# Tables stay when they are empty: an import reads each of them.
_TABLES: Final = """
CREATE TABLE content_language (
    id VARCHAR(14) NOT NULL PRIMARY KEY, lang_code VARCHAR(3) NOT NULL, lang_subcode VARCHAR(10),
    lang_name VARCHAR(100), lang_direction VARCHAR(3) NOT NULL);
CREATE TABLE content_contenttag (id CHAR(32) NOT NULL PRIMARY KEY, tag_name VARCHAR(30) NOT NULL);
CREATE TABLE content_localfile (
    id VARCHAR(32) NOT NULL PRIMARY KEY, extension VARCHAR(40) NOT NULL, available BOOLEAN NOT NULL, file_size INTEGER);
CREATE TABLE content_contentnode (
    id CHAR(32) NOT NULL PRIMARY KEY, license_name VARCHAR(50), license_description TEXT, title VARCHAR(200) NOT NULL,
    coach_content BOOLEAN NOT NULL, content_id CHAR(32) NOT NULL, channel_id CHAR(32) NOT NULL, description TEXT,
    sort_order FLOAT, license_owner VARCHAR(200) NOT NULL, author VARCHAR(200) NOT NULL, kind VARCHAR(200) NOT NULL,
    available BOOLEAN NOT NULL, options TEXT, grade_levels TEXT, resource_types TEXT, learning_activities TEXT,
    accessibility_labels TEXT, categories TEXT, learner_needs TEXT, duration INTEGER, lft INTEGER NOT NULL,
    rght INTEGER NOT NULL, tree_id INTEGER NOT NULL, level INTEGER NOT NULL,
    lang_id VARCHAR(14) REFERENCES content_language (id), parent_id CHAR(32) REFERENCES content_contentnode (id));
CREATE TABLE content_contentnode_has_prerequisite (
    id INTEGER NOT NULL PRIMARY KEY, from_contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id),
    to_contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id));
CREATE TABLE content_contentnode_related (
    id INTEGER NOT NULL PRIMARY KEY, from_contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id),
    to_contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id));
CREATE TABLE content_contentnode_tags (
    id INTEGER NOT NULL PRIMARY KEY, contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id),
    contenttag_id CHAR(32) NOT NULL REFERENCES content_contenttag (id));
CREATE TABLE content_assessmentmetadata (
    id CHAR(32) NOT NULL PRIMARY KEY, assessment_item_ids TEXT NOT NULL, number_of_assessments INTEGER NOT NULL,
    mastery_model TEXT NOT NULL, randomize BOOLEAN NOT NULL, is_manipulable BOOLEAN NOT NULL,
    contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id));
CREATE TABLE content_file (
    id CHAR(32) NOT NULL PRIMARY KEY, preset VARCHAR(150) NOT NULL, supplementary BOOLEAN NOT NULL,
    thumbnail BOOLEAN NOT NULL, priority INTEGER, contentnode_id CHAR(32) NOT NULL REFERENCES content_contentnode (id),
    lang_id VARCHAR(14) REFERENCES content_language (id),
    local_file_id VARCHAR(32) NOT NULL REFERENCES content_localfile (id));
CREATE TABLE content_channelmetadata (
    id CHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(200) NOT NULL, description VARCHAR(400) NOT NULL,
    tagline VARCHAR(150),
    author VARCHAR(400) NOT NULL, version INTEGER NOT NULL, thumbnail TEXT NOT NULL, last_updated VARCHAR,
    min_schema_version VARCHAR(50) NOT NULL, root_id CHAR(32) NOT NULL REFERENCES content_contentnode (id));
"""


@dataclass(frozen=True, slots=True)
class Language:
    """In which a channel is written; `code` after ISO 639-1."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Rights:
    """Who holds the rights, and under which licence of Kolibri's list; the description names one that is not on it."""

    owner: str
    author: str
    licence: str
    description: str


@dataclass(frozen=True, slots=True)
class Payload:
    """The file of a node. `preset`: which of Kolibri's viewers shows it (`html5_zip`, `exercise`, `qti`)."""

    content: bytes
    preset: str
    extension: str

    @property
    def checksum(self) -> str:
        """MD5, by which Kolibri names files; it protects nothing."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()

    @property
    def path(self) -> str:
        """Where it lies in a folder of channels."""
        found = self.checksum
        return f"content/storage/{found[0]}/{found[1]}/{found}.{self.extension}"


@dataclass(frozen=True, slots=True)
class Node:
    """
    A topic with nodes below it, or something to learn with its file.

    Attributes:
        content: by which progress is kept; the same over versions and channels. kind: topic, html5 or exercise.
        questions: ids of an exercise's questions. mastery: right answers, of how many, that make it done.
        seconds: how long it takes. activities, levels, categories: Kolibri's labels.
    """

    id: UUID
    content: UUID
    kind: str
    title: str
    description: str
    payload: Payload | None = None
    below: tuple["Node", ...] = ()
    questions: tuple[str, ...] = ()
    mastery: tuple[int, int] | None = None
    seconds: int | None = None
    activities: str | None = None
    levels: str | None = None
    categories: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """
    Everything that is imported in one go.

    Attributes:
        root: its first topic; a channel has its id. version: whole, and greater in each release.
        thumbnail: a picture as a data address, or nothing.
    """

    root: Node
    version: int
    released_at: datetime
    language: Language
    rights: Rights
    thumbnail: str = ""


def files(channel: Channel) -> dict[str, bytes]:
    """The folder that is imported, by paths in it; the same channel gives the same bytes."""
    found = {f"content/databases/{channel.root.id.hex}.sqlite3": database(channel)}
    for node in _every(channel.root):
        if node.payload:
            found[node.payload.path] = node.payload.content
    return found


def database(channel: Channel) -> bytes:
    """The channel's database, as a file of SQLite."""
    opened = sqlite3.connect(":memory:")
    try:
        opened.executescript(_TABLES)
        _fill(opened, channel)
        opened.commit()
        return opened.serialize()
    finally:
        opened.close()


def version_in(content: bytes) -> int:
    """Of a database, the channel's version. Raises sqlite3.Error on something else."""
    if not content.startswith(_SQLITE):
        raise sqlite3.DatabaseError("not a database")
    opened = sqlite3.connect(":memory:")
    try:
        opened.deserialize(content)
        row = opened.execute("SELECT version FROM content_channelmetadata").fetchone()
        if row is None or not isinstance(row[0], int):
            raise sqlite3.DatabaseError("no channel in it")
        return row[0]
    finally:
        opened.close()


def _fill(opened: sqlite3.Connection, channel: Channel) -> None:
    language, root = channel.language, channel.root
    _insert(
        opened,
        "content_language",
        id=language.code,
        lang_code=language.code,
        lang_subcode=None,
        lang_name=language.name,
        lang_direction="ltr",
    )
    _insert(
        opened,
        "content_channelmetadata",
        id=root.id.hex,
        name=root.title[:200],
        description=root.description[:400],
        tagline=None,
        author=channel.rights.author,
        version=channel.version,
        thumbnail=channel.thumbnail,
        last_updated=f"{channel.released_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}(UTC)",
        min_schema_version=SCHEMA,
        root_id=root.id.hex,
    )
    _node(opened, channel, root, parent=None, level=0, order=1, left=1)


def _node(
    opened: sqlite3.Connection,
    channel: Channel,
    node: Node,
    *,
    parent: Node | None,
    level: int,
    order: int,
    left: int,
) -> int:
    """Write a node and those below it; its right end, as nested sets number them."""
    right = left + 1
    for place, child in enumerate(node.below, 1):
        right = 1 + _node(opened, channel, child, parent=node, level=level + 1, order=place, left=right)
    rights = channel.rights
    _insert(
        opened,
        "content_contentnode",
        id=node.id.hex,
        content_id=node.content.hex,
        channel_id=channel.root.id.hex,
        parent_id=parent.id.hex if parent else None,
        kind=node.kind,
        title=node.title[:200],
        description=node.description,
        coach_content=0,
        sort_order=float(order),
        license_name=rights.licence if node.payload else None,
        license_description=rights.description if node.payload else None,
        license_owner=rights.owner if node.payload else "",
        author=rights.author if node.payload else "",
        available=0,
        options=json.dumps(dict(node.options)),
        grade_levels=node.levels,
        resource_types=None,
        learning_activities=node.activities,
        accessibility_labels=None,
        categories=node.categories,
        learner_needs=None,
        duration=node.seconds,
        lft=left,
        rght=right,
        tree_id=1,
        level=level,
        lang_id=channel.language.code,
    )
    if node.payload:
        _file(opened, channel, node, node.payload)
    if node.mastery:
        right_ones, of = node.mastery
        _insert(
            opened,
            "content_assessmentmetadata",
            id=uuid5(node.id, "questions").hex,
            assessment_item_ids=json.dumps(node.questions),
            number_of_assessments=len(node.questions),
            mastery_model=json.dumps({"type": "m_of_n", "m": right_ones, "n": of}),
            randomize=1,
            is_manipulable=1,
            contentnode_id=node.id.hex,
        )
    return right


def _file(opened: sqlite3.Connection, channel: Channel, node: Node, payload: Payload) -> None:
    opened.execute(
        "INSERT OR IGNORE INTO content_localfile (id, extension, available, file_size) VALUES (?, ?, 0, ?)",
        (payload.checksum, payload.extension, len(payload.content)),
    )
    _insert(
        opened,
        "content_file",
        id=uuid5(node.id, f"{payload.preset} {payload.checksum}").hex,
        preset=payload.preset,
        supplementary=0,
        thumbnail=0,
        priority=1,
        contentnode_id=node.id.hex,
        lang_id=channel.language.code,
        local_file_id=payload.checksum,
    )


def _insert(opened: sqlite3.Connection, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    opened.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608


def _every(node: Node) -> Iterator[Node]:
    yield node
    for one in node.below:
        yield from _every(one)
