"""
The door of the ledger: append an act, read it back, prove that none was changed.

An entry holds public facts and hashes only. What must be erasable goes in as a salted hash: the salt is kept beside the
record, and destroying it makes the leaf meaningless.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ruangaman.core import chain, merkle
from ruangaman.core.chain import EntryRefused, LedgerBroken
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ledger import tree
from ruangaman.rooms.ledger.models import Entry as Row

__all__ = [
    "Entry",
    "EntryRefused",
    "LedgerBroken",
    "NoTransaction",
    "UnknownEntry",
    "Verified",
    "append",
    "consistency",
    "entry",
    "inclusion",
    "line_up",
    "root",
    "salted",
    "verify",
]

_LOCK = 0x7275616E67  # "ruang": the advisory lock that lines up writers on PostgreSQL
_SALT_BYTES = 32
_PAGE = 2000  # entries read at once


class NoTransaction(RuangAmanError):
    """An entry was to be appended outside the transaction of its act."""

    code = "ledger.no-transaction"


class UnknownEntry(RuangAmanError):
    """There is no entry with this index."""

    code = "ledger.unknown-entry"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it stands in the ledger. `head` (32 bytes) covers it and all entries before it."""

    index: int
    kind: str
    at: datetime
    entry: bytes
    head: bytes

    @property
    def hash(self) -> bytes:
        """The leaf hash of the entry (RFC 6962 section 2.1), 32 bytes."""
        return chain.leaf(self.entry)


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify` walked: how many entries, and the head after the last."""

    count: int
    head: bytes


def append(kind: str, public: Mapping[str, str | int | bool | None], *, at: datetime) -> Entry:
    """Add one act to the ledger, in the transaction of the act itself.

    Writers are lined up, so indexes have no gap: SQLite transactions are immediate, PostgreSQL takes an advisory lock
    until the commit.

    Args:
        kind: `room.verb` in the past tense, such as `consent.withdrawn`.
        public: flat public facts and hashes; never personal data.
        at: when the act happened, aware. A late job gives the time of the fact, not of its run.

    Raises:
        NoTransaction: there is no open transaction.
        EntryRefused: a value that a ledger may not hold, or over 65,535 bytes.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind=kind)
    line_up()
    last = Row.objects.order_by("-index").first()
    index = last.index + 1 if last else 0
    told = chain.entry_bytes(index, kind, public, at)
    head = chain.head(bytes(last.head) if last else chain.START, told)
    Row.objects.create(index=index, kind=kind, at=at, entry=told, head=head)
    return Entry(index, kind, at, told, head)


def line_up() -> None:
    """
    Wait for the turn that `append` waits for, and keep it until the commit; call it inside the transaction.

    INVARIANT: who locks a row that others lock after their entry lines up before, so that the two never wait for each
    other: requests, children, deletions, accounts, age checks, the feed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def salted(data: bytes) -> tuple[bytes, str]:
    """A fresh 32-byte salt, and SHA-256 over salt and data in lower-case hex.

    The salt belongs beside the record; the hex may go to the ledger.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt, hashlib.sha256(salt + data).hexdigest()


def entry(index: int) -> Entry:
    """One entry.

    Raises:
        UnknownEntry
    """
    row = Row.objects.filter(index=index).first()
    if row is None:
        raise UnknownEntry(index=index)
    return Entry(row.index, row.kind, row.at, bytes(row.entry), bytes(row.head))


def root(size: int) -> bytes:
    """
    The root of the Merkle tree over the first `size` entries, 32 bytes (RFC 9162 2.1.1).

    Raises:
        UnknownEntry: there are not so many.
    """
    _demand(size)
    return tree.of(0, size) if size else merkle.EMPTY


def inclusion(index: int, size: int) -> list[bytes]:
    """
    The path by which `core.merkle.includes` finds entry `index` in the tree of the first `size` entries.

    Raises:
        UnknownEntry
    """
    _demand(size)
    if not 0 <= index < size:
        raise UnknownEntry(index=index)
    return merkle.inclusion(index, size, tree.of)


def consistency(old: int, size: int) -> list[bytes]:
    """
    The proof by which `core.merkle.extends` finds the first `old` entries unchanged among the first `size`.

    Raises:
        UnknownEntry: there are not so many, or `old` is none of the trees in between.
    """
    _demand(size)
    if not 0 < old <= size:
        raise UnknownEntry(index=old - 1)
    return merkle.consistency(old, size, tree.of)


def _demand(size: int) -> None:
    if size < 0 or (size and not Row.objects.filter(index=size - 1).exists()):
        raise UnknownEntry(index=size - 1)


def verify(*, upto: int | None = None) -> Verified:
    """Walk the chain from the start, through `upto` entries or all, and compare each root of a block that is kept.

    Raises:
        LedgerBroken: with the index of the first entry that does not follow, or of a block whose root is another.
    """
    count, head = chain.verify(_with_blocks(_links(upto)))
    if upto is not None and count < upto:
        raise LedgerBroken(index=count)
    return Verified(count, head)


def _with_blocks(links: Iterator[chain.Link]) -> Iterator[chain.Link]:
    leaves: list[bytes] = []
    for link in links:
        yield link
        leaves.append(chain.leaf(link.entry))
        if len(leaves) == tree.EACH:
            number = link.index // tree.EACH
            if tree.wrong(number, leaves):
                raise LedgerBroken(index=number * tree.EACH)
            leaves.clear()


def _links(upto: int | None) -> Iterator[chain.Link]:
    """The chain in pages. A cursor left open by a broken chain would disturb the caller's transaction."""
    after = -1
    while True:
        rows = Row.objects.filter(index__gt=after).order_by("index")
        page = list(
            (rows if upto is None else rows.filter(index__lt=upto)).values_list("index", "entry", "head")[
                :_PAGE
            ]
        )
        for index, told, head in page:
            if not isinstance(told, bytes | memoryview) or not isinstance(head, bytes | memoryview):
                raise LedgerBroken(index=index)  # SQLite lets anything stand in a column
            yield chain.Link(index, bytes(told), bytes(head))
        if len(page) < _PAGE:
            return
        after = page[-1][0]
