"""What the vault holds is readable only there, only in its place, and only until it is forgotten."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core import sealing
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault
from ruangaman.rooms.vault.models import Key, Sealed

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
WHY = "a test"


@pytest.fixture
def family(db):
    return vault.open_family(now=NOON)


@pytest.fixture
def strangers(db):
    return vault.open_family(now=NOON)


def test_a_sealed_value_comes_back(family):
    value = {"nickname": "Sari", "age": {"at_least": 10, "at_most": 10}}
    ref = vault.seal(family, "test.child", value, now=NOON)
    assert vault.reveal(ref, purpose=WHY) == value
    assert vault.family_of(ref) == family


def test_a_value_is_found_by_its_text_within_its_kind_and_family_key(family, strangers):
    ref = vault.seal(family, "test.mail", "ibu@contoh.example", now=NOON, searchable="ibu@contoh.example")
    other = vault.seal(
        strangers, "test.mail", "ibu@contoh.example", now=NOON, searchable="ibu@contoh.example"
    )
    vault.seal(family, "test.note", "x", now=NOON, searchable="ibu@contoh.example")
    assert set(vault.find("test.mail", "ibu@contoh.example")) == {ref, other}
    assert vault.find("test.mail", "ayah@contoh.example") == []


def test_a_new_value_ends_the_old_look_up(family):
    ref = vault.seal(family, "test.mail", "old", now=NOON, searchable="old")
    vault.reseal(ref, "new", now=NOON, searchable="new")
    assert vault.find("test.mail", "old") == []
    assert vault.find("test.mail", "new") == [ref]
    assert vault.reveal(ref, purpose=WHY) == "new"


def test_a_seal_that_is_moved_by_hand_does_not_open(family, strangers):
    one, two = (vault.seal(family, "test.note", text, now=NOON) for text in ("one", "two"))
    stolen = Sealed.objects.get(pk=one).sealed
    Sealed.objects.filter(pk=two).update(sealed=stolen)
    with pytest.raises(vault.SealBroken):
        vault.reveal(two, purpose=WHY)
    Sealed.objects.filter(pk=one).update(family_id=strangers)
    with pytest.raises(vault.SealBroken):
        vault.reveal(one, purpose=WHY)


def test_a_field_moves_to_another_family_and_outlives_the_first(family, strangers):
    ref = vault.seal(family, "test.note", "halo", now=NOON, searchable="halo")
    vault.move([ref], strangers, now=NOON)
    vault.forget_family(family, now=NOON)
    assert vault.reveal(ref, purpose=WHY) == "halo"
    assert vault.find("test.note", "halo") == [ref]


def test_of_a_move_with_a_missing_field_nothing_is_moved(family, strangers):
    ref = vault.seal(family, "test.note", "halo", now=NOON)
    with pytest.raises(vault.Forgotten):
        vault.move([ref, vault.SealedRef(uuid4())], strangers, now=NOON)
    assert vault.family_of(ref) == family


def test_forgetting_a_family_destroys_its_key_and_says_so(family):
    ref = vault.seal(family, "test.note", "halo", now=NOON)
    kept = Sealed.objects.get(pk=ref)
    vault.forget_family(family, now=NOON)
    assert Key.objects.get(pk=family).wrapped is None
    kept.save(force_insert=True)  # even if a backup brings the row back, nothing opens it
    for gone in (
        lambda: vault.reveal(ref, purpose=WHY),
        lambda: vault.seal(family, "test.note", "x", now=NOON),
    ):
        with pytest.raises(vault.Forgotten):
            gone()
    vault.forget_family(family, now=NOON)
    assert ledger.verify().count == 1


def test_forgetting_a_field_leaves_the_others(family):
    one, two = (vault.seal(family, "test.note", text, now=NOON) for text in ("one", "two"))
    vault.forget(one, now=NOON)
    with pytest.raises(vault.Forgotten):
        vault.reveal(one, purpose=WHY)
    assert vault.reveal(two, purpose=WHY) == "two"


def test_a_value_above_the_limit_is_refused_and_leaves_nothing(family):
    with pytest.raises(vault.TooLarge):
        vault.seal(family, "test.note", "x" * 70_000, now=NOON)
    assert not Sealed.objects.exists()


def test_a_new_master_key_takes_over_and_the_old_one_may_go(family, settings):
    first, second = sealing_keys(1), sealing_keys(2)
    ref = vault.seal(family, "test.note", "halo", now=NOON)
    before = settings.MASTER_KEY
    settings.MASTER_KEY = f"{first},{before}"
    assert vault.reveal(ref, purpose=WHY) == "halo"
    assert vault.rewrap(now=NOON) == Key.objects.count()
    assert vault.rewrap(now=NOON) == 0
    settings.MASTER_KEY = first
    assert vault.reveal(ref, purpose=WHY) == "halo"
    settings.MASTER_KEY = second
    with pytest.raises(sealing.MasterKeyUnknown):
        vault.reveal(ref, purpose=WHY)


def test_a_rotation_goes_through_every_key_in_small_steps(db, settings):
    families = [vault.open_family(now=NOON) for _ in range(5)]
    vault.forget_family(families[2], now=NOON)
    settings.MASTER_KEY = f"{sealing_keys(1)},{settings.MASTER_KEY}"
    assert vault.rewrap(now=NOON, batch=2) == 4
    assert Key.objects.get(pk=families[2]).wrapped is None
    settings.MASTER_KEY = sealing_keys(1)
    for family in (families[0], families[4]):
        assert vault.reveal(vault.seal(family, "test.note", "x", now=NOON), purpose=WHY) == "x"


def sealing_keys(byte: int) -> str:
    import base64

    return base64.b64encode(bytes([byte]) * 32).decode()


@pytest.mark.django_db(transaction=True)
def test_no_planted_word_stands_anywhere_in_the_database():
    family = vault.open_family(now=NOON)
    with transaction.atomic():
        ref = vault.seal(family, "test.note", {"name": "Kembangkertas"}, now=NOON, searchable="Kembangkertas")
        ledger.append("test.sealed", {}, at=NOON)
    vault.reseal(ref, {"name": "Kembangkertas2"}, now=NOON, searchable="Kembangkertas2")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    text = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    assert b"Kembangkertas" not in text, table


KEY, NONCE = st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12)


@given(KEY, NONCE, st.binary(max_size=200), st.binary(max_size=20), st.data())
def test_a_seal_opens_as_it_was_and_never_after_a_change(key, nonce, plain, place, data):
    sealed = sealing.seal(key, nonce, plain, place)
    assert sealing.unseal(key, sealed, place) == plain
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]
    for wrong in (
        lambda: sealing.unseal(key, changed, place),
        lambda: sealing.unseal(key, sealed, place + b"x"),
    ):
        with pytest.raises(sealing.SealBroken):
            wrong()


@given(st.binary(max_size=80))
def test_no_bytes_at_all_make_the_seal_raise_anything_else(noise):
    master = sealing.MasterKeys.of([bytes(32)])
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(bytes(32), noise, b"")
    with pytest.raises((sealing.SealBroken, sealing.MasterKeyUnknown)):
        sealing.unwrap(master, noise, b"")


@pytest.mark.django_db(transaction=True)
def test_the_key_of_the_look_ups_is_kept_only_once_it_is_stored():
    with transaction.atomic():
        vault.lookup("email", "ibu@contoh.example")
        transaction.set_rollback(True)
    assert not vault._lookup_keys
    assert not Key.objects.exists()
    kept = vault.lookup("email", "ibu@contoh.example")
    assert list(vault._lookup_keys.values()) == [vault._stored_lookup_key()]
    with CaptureQueriesContext(connection) as asked:
        assert vault.lookup("email", "ibu@contoh.example") == kept
    assert len(asked) == 0
