"""Roots and proofs over the entries, with what is kept of whole blocks and without."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from ruangaman.core import merkle
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.ledger import tree
from ruangaman.rooms.ledger.models import Block, Entry

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def acts(db, monkeypatch):
    """29 entries, in blocks of four."""
    monkeypatch.setattr(tree, "EACH", 4)
    with transaction.atomic():
        return [ledger.append("test.act", {"number": number}, at=NOON).hash for number in range(29)]


def test_every_root_is_that_over_the_leaves_and_whole_blocks_are_kept_once(acts):
    for size in range(30):
        assert ledger.root(size) == merkle.root(acts[:size])
    assert [row.number for row in Block.objects.order_by("number")] == list(range(7))
    assert bytes(Block.objects.get(number=6).root) == merkle.root(acts[24:28])


@pytest.mark.parametrize("kept", [True, False])
def test_every_proof_holds_with_kept_blocks_and_without(acts, kept):
    if kept:
        ledger.root(29)
    for size in (1, 3, 4, 5, 16, 17, 23, 29):
        for index in range(size):
            path = ledger.inclusion(index, size)
            assert merkle.includes(acts[index], index, size, path, ledger.root(size))
        for old in range(1, size + 1):
            assert merkle.extends(
                old, ledger.root(old), size, ledger.root(size), ledger.consistency(old, size)
            )


def test_a_proof_reads_blocks_and_not_the_whole_ledger(acts, django_assert_max_num_queries):
    ledger.root(29)
    with django_assert_max_num_queries(12):
        ledger.inclusion(3, 29)


def test_where_there_are_not_so_many_entries_there_is_no_proof(acts):
    for ask in (
        lambda: ledger.root(30),
        lambda: ledger.root(-1),
        lambda: ledger.inclusion(0, 30),
        lambda: ledger.inclusion(29, 29),
        lambda: ledger.inclusion(-1, 29),
        lambda: ledger.consistency(1, 30),
        lambda: ledger.consistency(0, 29),
        lambda: ledger.consistency(29, 28),
    ):
        with pytest.raises(ledger.UnknownEntry):
            ask()
    assert ledger.root(0) == merkle.EMPTY


def test_a_kept_block_that_was_changed_is_named_and_proves_nothing(acts):
    right = ledger.root(29)
    Block.objects.filter(number=2).update(root=bytes(32))
    with pytest.raises(ledger.LedgerBroken) as caught:
        ledger.verify()
    assert caught.value.facts == {"index": 8}
    assert not merkle.includes(acts[0], 0, 29, ledger.inclusion(0, 29), right)
    Block.objects.all().delete()
    assert ledger.verify().count == 29
    assert ledger.root(29) == right
    assert Entry.objects.count() == 29
