"""The ledger only grows, has no gap, and shows any change."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core import chain
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.ledger import triggers
from ruangaman.rooms.ledger.models import Entry

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def three_acts(db):
    with transaction.atomic():
        return [ledger.append("test.act", {"number": n}, at=NOON) for n in range(3)]


def test_entries_follow_each_other_from_zero(three_acts):
    assert [entry.index for entry in three_acts] == [0, 1, 2]
    assert ledger.verify() == ledger.Verified(3, three_acts[2].head)
    assert ledger.verify(upto=2) == ledger.Verified(2, three_acts[1].head)
    assert ledger.entry(1) == three_acts[1]


def test_an_entry_tells_its_facts_and_time_in_bytes_that_anyone_can_hash(three_acts):
    assert three_acts[1].entry == (
        b'{"at":"2026-11-24T05:00:00.000000Z","index":1,"kind":"test.act","public":{"number":1}}'
    )


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_changed_entry_is_named(three_acts, index):
    row = Entry.objects.get(index=index)
    Entry.objects.filter(index=index).update(entry=bytes(row.entry).replace(b"act", b"akt"))
    with pytest.raises(ledger.LedgerBroken) as caught:
        ledger.verify()
    assert caught.value.facts == {"index": index}


def test_an_entry_that_is_left_out_is_named(three_acts):
    Entry.objects.filter(index=1).delete()
    with pytest.raises(ledger.LedgerBroken) as caught:
        ledger.verify()
    assert caught.value.facts == {"index": 1}


def test_a_cut_end_is_seen_by_who_knows_the_length(three_acts):
    Entry.objects.filter(index=2).delete()
    with pytest.raises(ledger.LedgerBroken):
        ledger.verify(upto=3)


def test_an_act_that_fails_leaves_no_entry(three_acts):
    def act_that_fails():
        with transaction.atomic():
            ledger.append("test.act", {}, at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act_that_fails()
    assert ledger.verify().count == 3


@pytest.mark.django_db(transaction=True)
def test_no_entry_without_the_transaction_of_its_act():
    with pytest.raises(ledger.NoTransaction):
        ledger.append("test.act", {}, at=NOON)


def test_the_database_refuses_to_change_or_delete_an_entry(three_acts):
    with connection.schema_editor() if connection.vendor != "sqlite" else transaction.atomic():
        for statement in triggers._CREATE[connection.vendor]:
            with connection.cursor() as cursor:
                cursor.execute(statement)
    for change in (
        lambda: Entry.objects.filter(index=1).update(kind="other"),
        lambda: Entry.objects.filter(index=1).delete(),
    ):
        with pytest.raises(IntegrityError, match=triggers.REFUSAL), transaction.atomic():
            change()
    assert ledger.verify().count == 3


@pytest.mark.parametrize("public", [{"name": 1.5}, {"list": []}, {"long": "x" * 66_000}])
def test_what_a_ledger_may_not_hold_is_refused(db, public):
    with pytest.raises(ledger.EntryRefused), transaction.atomic():
        ledger.append("test.act", public, at=NOON)
    assert not Entry.objects.exists()


def test_a_salted_hash_tells_nothing_twice():
    (salt, told), (other_salt, other) = ledger.salted(b"Sari"), ledger.salted(b"Sari")
    assert len(salt) == 32
    assert salt != other_salt
    assert told != other


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.booleans())))
def test_every_chain_of_acts_verifies_and_no_swap_does(acts):
    links, last = [], chain.START
    for index, public in enumerate(acts):
        entry = chain.entry_bytes(index, "test.act", public, NOON)
        last = chain.head(last, entry)
        links.append(chain.Link(index, entry, last))
    assert chain.verify(links) == (len(acts), last)
    if len(links) > 1:
        with pytest.raises(chain.LedgerBroken):
            chain.verify([links[1], links[0], *links[2:]])
