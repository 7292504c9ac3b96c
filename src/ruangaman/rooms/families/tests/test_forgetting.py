"""A family is forgotten on time, by wish, by an operator; never while it is in use or something is owed to it."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from tests.once import migrated

from ruangaman.adapters import clock
from ruangaman.rooms.families import (
    actions,
    api,
    children,
    deletions,
    forgetting,
    guardians,
    holding,
    objections,
)
from ruangaman.rooms.families import models as tables
from ruangaman.rooms.families.errors import NoSuchFamily, StillHeld, WhyRefused
from ruangaman.rooms.families.models import Child, DeletionTask, Forgotten, Guardian, Receipt, Token
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault import api as vault
from ruangaman.rooms.vault.models import Key, Sealed

from .conftest import DAY, OBROL, link_in, path, row

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TERM = timedelta(days=30)


def confirm(invitation: api.Invitation) -> None:
    task = DeletionTask.objects.get(request=invitation.request)
    api.confirm_deletion(
        api.DeletionRef(task.pk),
        systems=["accounts"],
        counts={"accounts": 1},
        done_at=clock.now(),
        by="data officer",
        now=clock.now(),
    )


@pytest.fixture
def closed(ask, mother, deliver):
    """Sari's mother said yes, the account was closed, and the platform has deleted."""
    invitation = ask(guardian_email="ibu.sari@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    mother.answer(invitation, "yes", "sari")
    api.close(child_of(invitation), now=clock.now())
    confirm(invitation)
    return invitation


def child_of(invitation: api.Invitation) -> api.ChildRef:
    return api.ChildRef(row(invitation).child_id)


def family_of(invitation: api.Invitation) -> vault.FamilyRef:
    return vault.FamilyRef(row(invitation).family)


def test_the_term_ends_at_its_instant_and_not_before(closed, time):
    family, begun = family_of(closed), clock.now()
    assert api.family(family, now=begun).ends_at == begun + TERM
    time.at = begun + TERM - timedelta(microseconds=1)
    assert forgetting.forget_due(clock.now()) == 0
    assert children.nickname(row(closed).child) == "Sari"
    time.at = begun + TERM
    assert forgetting.forget_due(clock.now()) == 1
    with pytest.raises(vault.Forgotten):
        children.nickname(row(closed).child)
    assert Forgotten.objects.get().why == "term"
    assert forgetting.forget_due(clock.now()) == 0


def test_the_jobs_do_it_once_a_day(closed, time):
    api.settle_due(clock.now())
    assert not Forgotten.objects.exists()
    time.move(TERM + DAY)
    api.settle_due(clock.now())
    assert Forgotten.objects.count() == 1


def test_one_that_cannot_be_forgotten_keeps_no_other_waiting(closed, ask, time, monkeypatch, caplog):
    other = ask("Bima")
    api.close(child_of(other), now=clock.now())
    confirm(other)
    stuck, forget = family_of(closed), vault.forget_family
    assert family_of(other) != stuck

    def broken(family, *, now):
        if family == stuck:
            raise OSError("the key store does not answer")
        forget(family, now=now)

    time.move(TERM)
    monkeypatch.setattr(vault, "forget_family", broken)
    assert forgetting.forget_due(clock.now()) == 1
    assert [one.family for one in Forgotten.objects.all()] == [family_of(other)]
    assert "could not be forgotten" in caplog.text
    assert children.nickname(row(closed).child) == "Sari", "nothing of it is half gone"
    monkeypatch.setattr(vault, "forget_family", forget)
    assert forgetting.forget_due(clock.now()) == 1


def test_the_setting_moves_the_term(closed, time, settings):
    settings.FORGET_AFTER_DAYS = 2
    time.move(2 * DAY)
    assert forgetting.forget_due(clock.now()) == 1


def test_nothing_that_finds_joins_or_proves_stays_in_the_rows(closed, time):
    family = family_of(closed)
    guardian = Guardian.objects.get()
    hashes = [bytes(h) for h in (guardian.identity, row(closed).child.person_hash) if h]
    hashes += [bytes(one) for one in Sealed.objects.exclude(lookup=None).values_list("lookup", flat=True)]
    assert len(hashes) >= 4
    sealed = Sealed.objects.filter(family_id=family).count()
    assert sealed > 4
    time.move(TERM)
    forgetting.forget_due(clock.now())
    told = " ".join(
        repr([bytes(v) if isinstance(v, memoryview) else v for v in line])
        for name in tables.__all__
        if name != "Limit"  # counts of the day, dropped after two
        for line in getattr(tables, name).objects.values_list()
    )
    for one in hashes:
        assert repr(one)[2:-1] not in told
    assert not Sealed.objects.filter(family_id=family).exists()
    assert Key.objects.get(pk=family).wrapped is None
    assert {bytes(one.salt) for one in Receipt.objects.all()} == {b""}
    assert set(tables.RecordEvent.objects.values_list("salt", "guardian")) == {(None, None)}
    assert set(Token.objects.values_list("purpose", flat=True)) == {"receipt", "forgotten"}
    assert "mother" not in told


def test_the_proof_stands_in_the_ledger_and_can_be_checked_without_us(closed, time):
    time.move(TERM)
    forgetting.forget_due(clock.now())
    one = Forgotten.objects.get()
    shown = Client().get(forgetting.page_url(one))
    assert bytes(one.digest).hex() in shown.content.decode()
    kept = Client().get(forgetting.page_url(one) + "/json").json()
    proof = kept.pop("proof")
    body = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(bytes.fromhex(proof["salt"]) + body).hexdigest() == proof["salted_sha256"]
    entry = ledger.entry(proof["ledger_index"])
    assert proof["salted_sha256"].encode() in entry.entry
    assert Entry.objects.filter(kind="vault.family-forgotten").count() == 1
    ledger.verify()


def test_a_receipt_that_was_handed_over_can_still_be_compared(closed, time):
    from ruangaman.rooms.families.views.terima import check_url

    receipt = Receipt.objects.get(kind="deletion")
    address = path(check_url(receipt))
    time.move(TERM)
    forgetting.forget_due(clock.now())
    shown = Client().get(address)
    assert shown.status_code == 200
    assert bytes(receipt.digest).hex() in shown.content.decode()
    assert Client().get(path(closed.child_url)).status_code == 404
    assert Client().get(path(closed.find_url)).status_code == 404


@pytest.mark.parametrize("held", ["account", "deletion", "objection", "age", "complaint"])
def test_what_holds_a_family_keeps_it(held, ask, mother, time):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = row(invitation).child
    if held == "account":
        time.move(timedelta(days=4000))
    else:
        if held == "objection":
            objections.disagree(child, words="tidak", now=clock.now())
        if held == "age":
            objections.wrong_age(child, direction="older", words="", now=clock.now())
        if held == "complaint":  # a withdrawal has an instant by which processing must stop
            actions.withdraw(invitation.request, guardian=Guardian.objects.get().pk, now=clock.now())
        api.close(api.ChildRef(child.pk), now=clock.now())
        if held == "complaint":
            time.move(timedelta(days=10))
            assert deletions.complain(DeletionTask.objects.get().pk, words="terlambat", now=clock.now())
        if held != "deletion":
            confirm(invitation)
        time.move(timedelta(days=4000))
    assert [one.kind for one in holding.what_holds([Child.objects.get(pk=child.pk)], clock.now())] == [held]
    assert forgetting.forget_due(clock.now()) == 0
    with pytest.raises(StillHeld) as refused:
        api.forget_family(family_of(invitation), why="perkara 7", now=clock.now())
    assert refused.value.facts["why"] == held
    assert children.nickname(row(invitation).child) == "Sari"


def test_an_operator_may_forget_despite_what_is_owed_but_not_what_is_in_use(ask, mother, time):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    family = family_of(invitation)
    with pytest.raises(StillHeld):
        api.forget_family(family, why="perkara 7", despite_open=True, now=clock.now())
    api.close(child_of(invitation), now=clock.now())
    done = api.forget_family(family, why="perkara 7/2026", despite_open=True, now=clock.now())
    assert done.forgotten_at == clock.now()
    assert b"perkara 7/2026" in bytes(Entry.objects.get(kind="family.forgotten").entry)
    with pytest.raises(NoSuchFamily):
        api.forget_family(family, why="lagi", now=clock.now())
    confirm(invitation)  # the platform is bound to it all the same


@pytest.mark.parametrize(
    "why", ["", "   ", "x" * 201, "minta ibu@example.org", "hp 0812-3456-7890", "nik 3174012345678901"]
)
def test_a_reason_that_may_name_a_person_is_refused(why, closed):
    with pytest.raises(WhyRefused):
        api.forget_family(family_of(closed), why=why, now=clock.now())


def test_a_family_that_never_closed_but_stayed_shut_is_forgotten_after_the_longer_term(ask, time):
    invitation = ask()  # nobody ever answered
    time.move(timedelta(days=364))
    api.settle_due(clock.now())
    assert not Forgotten.objects.exists()
    time.move(timedelta(days=3))
    api.settle_due(clock.now())
    assert Forgotten.objects.count() == 1
    assert Child.objects.get(pk=row(invitation).child_id).closed_at is not None


def test_a_refusal_whose_data_are_proven_deleted_ends_like_a_closed_account(ask, mother, time):
    invitation = ask()
    mother.answer(invitation, "no", "sari")
    confirm(invitation)
    assert api.family(family_of(invitation), now=clock.now()).ends_at == clock.now() + TERM
    time.move(TERM)
    assert forgetting.forget_due(clock.now()) == 1


def test_an_account_that_needs_no_guardian_is_in_use(ask, time):
    grown = api.add_child(nickname="Rani", age={"at_least": 18, "at_most": 20}, now=clock.now())
    api.show_decision(grown, card=OBROL, answer={"outcome": "not_a_child"}, now=clock.now())
    time.move(timedelta(days=4000))
    assert forgetting.forget_due(clock.now()) == 0


def test_a_guardians_wish_is_done_at_once_and_signs_her_out(closed, mother):
    child = row(closed).child.root.pk
    home = mother.browser.get("/keluarga/").content.decode()
    assert f"/keluarga/anak/{child}/lupakan" in home
    assert "Kamis, 24 Desember 2026" in home
    page = mother.browser.get(f"/keluarga/anak/{child}/lupakan").content.decode()
    assert "Yang tetap ada" in page
    assert Child.objects.get().person_hash is not None  # a look changes nothing
    done = mother.post(f"/keluarga/anak/{child}/lupakan")
    assert "Sudah dilupakan." in done.content.decode()
    assert Forgotten.objects.get().why == "wish"
    assert mother.browser.get("/keluarga/").status_code == 302
    assert guardians.by_email("ibu.sari@example.org") == []


def test_another_window_of_the_guardian_is_signed_out_too(closed, mother, office, time):
    from .conftest import Person

    phone = Person("mother", office)
    phone.browser.cookies.update(mother.browser.cookies)
    time.move(timedelta(minutes=1))
    api.forget_family(family_of(closed), why="perkara", now=clock.now())
    assert phone.browser.get("/keluarga/").status_code == 302


def test_the_wish_waits_for_what_is_open_and_says_what(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    child = row(invitation).child.root.pk
    address = f"/keluarga/anak/{child}/lupakan"
    assert address not in mother.browser.get("/keluarga/").content.decode()
    assert "Dongeng Kita masih dipakai" in mother.browser.get(address).content.decode()
    assert mother.post(address, follow=False).status_code == 409
    mother.post(f"/keluarga/aplikasi/{invitation.request}/cabut")
    assert address in mother.browser.get("/keluarga/").content.decode()
    assert "belum membuktikan" in mother.browser.get(address).content.decode()
    assert mother.post(address, follow=False).status_code == 409
    confirm(invitation)
    assert mother.post(address, follow=False).status_code == 303


def test_a_stranger_forgets_nobody(closed, stranger, ask):
    other = ask("Doni", 5)
    stranger.answer(other, "yes", "doni")
    child = row(closed).child.root.pk
    assert stranger.post(f"/keluarga/anak/{child}/lupakan", follow=False).status_code == 404
    assert Client().post(f"/keluarga/anak/{child}/lupakan").status_code == 302
    assert not Forgotten.objects.exists()


def test_one_guardian_does_not_take_the_proofs_of_the_other(closed, mother, father):
    child = row(closed).child.root
    token = guardians.invite(Guardian.objects.get(), child, address=None, now=clock.now())
    father.visit(f"/undangan/{token}/kantor/kantor-contoh", "sari")
    assert len(children.guardians_of(child, now=clock.now())) == 2
    page = mother.browser.get(f"/keluarga/anak/{child.pk}/lupakan").content.decode()
    assert "Ada wali lain" in page
    assert "kami lupakan sendiri pada" in page
    assert mother.post(f"/keluarga/anak/{child.pk}/lupakan", follow=False).status_code == 409


def test_an_answer_stays_for_its_child_to_read_whatever_a_parent_wishes(closed, mother, time):
    child = row(closed).child
    one = objections.disagree(child, words="aku takut", now=clock.now())
    objections.reply(one.pk, guardian=Guardian.objects.get(), words="kita bicara", now=clock.now())
    address = f"/keluarga/anak/{child.root.pk}/lupakan"
    assert "Anak masih punya waktu" in mother.browser.get(address).content.decode()
    assert mother.post(address, follow=False).status_code == 409


def test_somebody_grown_up_is_forgotten_alone(ask, mother, time):
    sari = ask()
    mother.answer(sari, "yes", "sari")
    ayu = ask("Ayu", {"birth_date": "2009-02-20"}, OBROL)
    mother.answer(ayu, "no", "ayu")
    confirm(ayu)
    assert family_of(ayu) == family_of(sari)
    address = path(ayu.child_url) + "/lupakan"
    assert Client().post(address).status_code == 303  # 17: back to the page
    assert not Forgotten.objects.exists()
    time.move(timedelta(days=100))
    api.settle_due(clock.now())
    assert "/lupakan" in Client().get(path(ayu.child_url)).content.decode()
    assert Client().get(address).status_code == 200
    done = Client().post(address, follow=True)
    assert "Sudah dilupakan." in done.content.decode()
    assert children.nickname(row(sari).child) == "Sari"
    with pytest.raises(vault.Forgotten):
        children.nickname(row(ayu).child)


def test_a_parents_wish_does_not_reach_who_is_grown_up(ask, mother, time):
    sari = ask()
    mother.answer(sari, "no", "sari")
    ayu = ask("Ayu", {"birth_date": "2009-02-20"}, OBROL)
    mother.answer(ayu, "no", "ayu")
    confirm(sari)
    confirm(ayu)
    time.move(timedelta(days=100))
    again = ask(card=OBROL)
    mother.answer(again, "no", "sari")
    confirm(again)
    mother.post(f"/keluarga/anak/{row(sari).child.root.pk}/lupakan")
    assert Forgotten.objects.count() == 1
    assert children.nickname(row(ayu).child) == "Ayu"
    with pytest.raises(vault.Forgotten):
        children.nickname(row(sari).child)
    assert not row(ayu).child.relations.exists()


def test_an_address_that_is_asked_no_more_stays_so_after_the_family_is_forgotten(ask, deliver, mother, time):
    invitation = ask(guardian_email="orang.lain@example.org")
    (letter,) = deliver()
    mother.post(link_in(letter))
    actions.not_my_child(invitation.request, now=clock.now(), letter=letter.pk)
    api.close(child_of(invitation), now=clock.now())
    confirm(invitation)
    time.move(TERM)
    assert forgetting.forget_due(clock.now()) == 1
    ask("Tono", 10, guardian_email="orang.lain@example.org")
    assert deliver() == []


def test_the_key_of_a_family_that_everybody_left_is_destroyed(ask, mother):
    first = ask()
    mother.answer(first, "yes", "sari")
    second = ask(card=OBROL)
    old = family_of(second)
    mother.answer(second, "yes", "sari")
    assert family_of(second) == family_of(first) != old
    assert Key.objects.get(pk=old).wrapped is None
    assert children.nickname(row(second).child) == "Sari"


HOUSE = """
import sys
from datetime import UTC, datetime, timedelta
import django
django.setup()
from ruangaman.rooms.families import api
from ruangaman.rooms.families.models import Child
from ruangaman.rooms.families.tests.conftest import ASK, DONGENG
from ruangaman.rooms.vault.models import Key, Sealed
now = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
child = api.add_child(nickname="Kirana Rahasia", age={"birth_date": "2016-03-17"}, now=now)
asked = api.request_consent(child=child, card=DONGENG, kind="consent", due_at=now + timedelta(days=1), answer=ASK,
    now=now, guardian_email="ibu.kirana@example.org", guardian_phone="081234567890")
family = Child.objects.get(pk=child).family
print(family)
print(bytes(Key.objects.get(pk=family).wrapped).hex())
for one in Sealed.objects.filter(family_id=family):
    print(bytes(one.sealed).hex())
    if one.lookup: print(bytes(one.lookup).hex())
task = api.close(child, now=now)
api.confirm_deletion(task, systems=["accounts"], counts={}, done_at=now, by="data officer", now=now)
api.settle_due(now + timedelta(days=31))
"""


@pytest.mark.slow
def test_no_byte_of_a_person_stays_in_a_real_database_file(tmp_path, tmp_path_factory):
    (tmp_path / "house").mkdir(mode=0o700)
    shutil.copy(migrated(tmp_path_factory), tmp_path / "house" / "ruangaman.sqlite3")
    house = {**os.environ, "RUANGAMAN_DATA_DIR": str(tmp_path / "house"), "RUANGAMAN_DATABASE_URL": ""}
    house |= {"DJANGO_SETTINGS_MODULE": "ruangaman.site.settings"}
    command = [sys.executable, "-m", "ruangaman.site.cli", "init"]
    subprocess.run(command, env=house, check=True, capture_output=True, timeout=120)
    told = subprocess.run(
        [sys.executable, "-c", HOUSE], env=house, check=True, capture_output=True, text=True, timeout=120
    )
    family, *found = told.stdout.split()
    secrets = [bytes.fromhex(line) for line in found]
    assert len(secrets) > 4
    (file,) = (tmp_path / "house").glob("*.sqlite3")
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM families_forgotten").fetchone() == (1,)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"Kirana" not in b"".join(repr(line).encode() for line in database.iterdump())
    database.close()
    raw = b"".join(one.read_bytes() for one in (tmp_path / "house").glob("*.sqlite3*"))
    for secret in [*secrets, b"Kirana", b"ibu.kirana", b"6281234567890", b"2016-03-17"]:
        assert secret not in raw
    command[-1:] = ["families", "show", family]
    shown = subprocess.run(command, env=house, check=True, capture_output=True, text=True, timeout=120)
    assert "forgotten 2026-12-25 02:30Z" in shown.stdout
    command[-2:] = ["forget", family, "--why", "perkara 7"]
    again = subprocess.run(command, env=house, capture_output=True, text=True, timeout=120)
    assert again.returncode == 1
    assert "families.no-such-family" in again.stderr


def test_a_guardian_of_two_families_loses_the_keys_of_one(ask, mother, time):
    sari, bima = ask(), ask("Bima", 14, OBROL)
    mother.answer(sari, "no", "sari")
    mother.answer(bima, "no", "bima")
    confirm(sari)
    confirm(bima)
    apart = row(bima).child.root
    guardian = Guardian.objects.get()
    children.move(apart, vault.open_family(now=clock.now()), now=clock.now())
    apart.refresh_from_db()
    here = Guardian.objects.create(
        id=apart.pk, family=apart.family, identity=bytes(guardian.identity), created_at=clock.now()
    )
    apart.relations.update(guardian=here)
    address = f"/keluarga/anak/{row(sari).child.root.pk}/lupakan"
    page = mother.browser.get(address).content.decode()
    assert "Kunci dan tautan untuk keluarga ini." in page
    assert "Anda tidak bisa masuk lagi" not in page
    assert mother.post(address, follow=False).status_code == 303
    assert children.nickname(row(bima).child) == "Bima"
    assert guardians.children_of(here, now=clock.now())
