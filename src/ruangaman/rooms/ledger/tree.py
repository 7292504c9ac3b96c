"""
The tree over the entries: a root of any size, and proofs. The hashes over whole blocks of entries are kept.

A kept hash only saves work: it is made again from the entries by whoever misses it, `verify` compares each, and one
that was changed gives a proof that nobody takes.
"""

from typing import Final

from ruangaman.core import chain, merkle
from ruangaman.rooms.ledger.models import Block, Entry

EACH: Final = 256
"""Entries of a block: what a full tile has (C2SP tlog-tiles)."""


def of(begin: int, end: int) -> bytes:
    """The root over the entries [begin, end); more than a block begin where a block begins, as halves of a tree do."""
    if end - begin <= EACH:
        return merkle.root(_leaves(begin, end))
    whole = end // EACH
    hashes = _blocks(begin // EACH, whole)
    if whole * EACH < end:
        hashes.append(merkle.root(_leaves(whole * EACH, end)))
    return merkle.root(hashes)


def _leaves(begin: int, end: int) -> list[bytes]:
    rows = Entry.objects.filter(index__gte=begin, index__lt=end).order_by("index")
    return [chain.leaf(bytes(told)) for told in rows.values_list("entry", flat=True)]


def _blocks(first: int, end: int) -> list[bytes]:
    """The roots of the whole blocks [first, end); those that are missing are made and kept."""
    rows = Block.objects.filter(number__gte=first, number__lt=end).values_list("number", "root")
    kept = {number: bytes(root) for number, root in rows}
    made = [number for number in range(first, end) if number not in kept]
    for number in made:
        kept[number] = merkle.root(_leaves(number * EACH, (number + 1) * EACH))
    Block.objects.bulk_create(
        [Block(number=number, root=kept[number]) for number in made], ignore_conflicts=True
    )
    return [kept[number] for number in range(first, end)]


def wrong(number: int, leaves: list[bytes]) -> bool:
    """Whether a block is kept with another root than these leaves have."""
    row = Block.objects.filter(number=number).first()
    return row is not None and bytes(row.root) != merkle.root(leaves)
