"""
A hash chain over the acts of the house.

An entry is hashed as a leaf of the later Merkle tree (RFC 6962 2.1: SHA-256 of 00 and the entry), and each head hashes
the head before it with that leaf. So the leaves stay valid when the chain becomes a tree, and until then no entry can
be changed, left out or put in without every later head changing.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ruangaman.core.errors import RuangAmanError

START = hashlib.sha256(b"ruangaman ledger").digest()
"""The head before the first entry."""

MOST_BYTES = 65_535
"""The longest entry; a log of tiles gives its length in two bytes (C2SP tlog-tiles)."""

Public = Mapping[str, str | int | bool | None]


class LedgerBroken(RuangAmanError):
    """The chain does not follow: the entry at `index` was changed, left out or put in."""

    code = "ledger.broken"


class EntryRefused(RuangAmanError):
    """An entry that is too long, or holds what a ledger may not hold."""

    code = "ledger.entry-refused"


@dataclass(frozen=True, slots=True)
class Link:
    """One stored entry as the chain sees it."""

    index: int
    entry: bytes
    head: bytes


def entry_bytes(index: int, kind: str, public: Public, at: datetime) -> bytes:
    """The bytes that are hashed: JSON with sorted keys and no spaces, text as UTF-8.

    Args:
        index: from 0, without a gap.
        kind: what was done, `room.verb` in the past tense.
        public: flat facts and hashes, never personal data.
        at: aware; written in UTC to the microsecond.

    Raises:
        EntryRefused: a value that is not a string, whole number, yes/no or null; over 65,535 bytes.
    """
    for name, value in public.items():
        if not isinstance(name, str) or not (value is None or isinstance(value, str | int)):
            raise EntryRefused(kind=kind, field=str(name))
    told = {"at": instant(at), "index": index, "kind": kind, "public": dict(public)}
    entry = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if len(entry) > MOST_BYTES:
        raise EntryRefused(kind=kind, bytes=len(entry))
    return entry


def instant(at: datetime) -> str:
    """An aware time as text, in UTC to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def leaf(entry: bytes) -> bytes:
    """Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def head(before: bytes, entry: bytes) -> bytes:
    """The head after `entry`, when `before` was the head before it (32 bytes each)."""
    return hashlib.sha256(b"\x01" + before + leaf(entry)).digest()


def verify(links: Iterable[Link]) -> tuple[int, bytes]:
    """How many entries follow each other from the start, and the last head.

    Raises:
        LedgerBroken: with the index of the first entry that does not follow.
    """
    count, last = 0, START
    for link in links:
        last = head(last, link.entry)
        if link.index != count or link.head != last:
            raise LedgerBroken(index=count)
        count += 1
    return count, last
