"""One child, one service, two accounts: it signed up in two windows, and a parent said yes to both."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.core import tegel
from ruangaman.rooms.families import actions, guardians
from ruangaman.rooms.families.errors import NothingToWithdraw
from ruangaman.rooms.families.models import (
    DeletionTask,
    Guardian,
    Outgoing,
    Permission,
    Receipt,
    Relation,
    Watch,
)

from .conftest import OBROL, OFFICE, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def code(invitation) -> str:
    return tegel.mark(bytes(row(invitation).digest)).code


@pytest.fixture
def two(ask, mother, time):
    """Both accounts at Dongeng Kita, the older one first."""
    older = ask()
    mother.answer(older, "yes", "sari")
    time.move(timedelta(minutes=3))
    newer = ask()
    mother.answer(newer, "yes", "sari")
    return older, newer


def settings_of(invitation) -> str:
    return f"/keluarga/aplikasi/{invitation.request}"


def test_one_card_shows_every_account_and_each_one_can_be_set(two, mother):
    home = mother.get("/keluarga/")
    (card,) = home.context["apps"]
    assert card["given"]
    assert [one["row"].pk for one in card["accounts"]] == [one.request for one in two]
    page = home.content.decode()
    assert "2 akun di Dongeng Kita" in page
    for one in two:
        assert code(one) in page
        assert f'href="{settings_of(one)}"' in page
        assert code(one) in mother.get(settings_of(one)).content.decode(), "which account it is"
    english = mother.get("/keluarga/", bahasa="en").content.decode()
    assert "2 accounts at Dongeng Kita" in english


@pytest.mark.parametrize("which", [0, 1])
def test_a_withdrawal_closes_every_account_with_a_receipt_and_a_deletion_each(two, mother, which):
    url = settings_of(two[which]) + "/cabut"
    asked = mother.get(url).content.decode()
    assert "2 akun di Dongeng Kita: semuanya ditutup sekarang juga." in asked
    for one in two:
        assert code(one) in asked
    after = mother.post(url, line="Besok kita bicara").content.decode()
    assert [state(one) for one in two] == ["withdrawn", "withdrawn"]
    assert "masih terbuka" not in after
    assert code(two[1 - which]) in after, "the way to the other deletion"
    assert f"Akun ini: <b>{code(two[which])}</b>" in after
    assert DeletionTask.objects.filter(reason="withdrawn").count() == 2
    assert Receipt.objects.filter(kind="withdrawn").count() == 2
    for one in two:
        assert "Besok kita bicara" in mother.get(one.child_url).content.decode()
    home = mother.get("/keluarga/").content.decode()
    assert "Izin dicabut." in home
    for one in two:
        assert f"{settings_of(one)}/hapus" in home, "both deletions are followed"
    mother.post(url)
    assert DeletionTask.objects.count() == 2


def test_no_page_says_closed_while_an_account_of_the_service_is_open(two, mother):
    older, newer = two
    guardian = Guardian.objects.get().pk
    actions.withdraw(newer.request, guardian=guardian, now=clock.now())
    (card,) = mother.get("/keluarga/").context["apps"]
    assert (card["given"], card["door"], card["row"].pk) == (True, "open", older.request)
    after = mother.get(settings_of(newer) + "/hapus").content.decode()
    assert "Dongeng Kita masih terbuka lewat akun lain." in after
    assert f"{settings_of(older)}/cabut" in after
    mother.post(settings_of(older) + "/cabut")
    assert state(older) == "withdrawn"
    assert "masih terbuka" not in mother.get(settings_of(newer) + "/hapus").content.decode()


def test_a_refused_second_account_leaves_the_first_one_in_sight(ask, mother):
    older = ask()
    mother.answer(older, "yes", "sari")
    newer = ask()
    mother.answer(newer, "no", "sari")
    (card,) = mother.get("/keluarga/").context["apps"]
    assert (card["given"], card["row"].pk) == (True, older.request)
    assert f"{settings_of(newer)}/hapus" in mother.get("/keluarga/").content.decode()


def test_the_watch_of_the_older_account_is_turned_off_where_it_is_shown(two, mother):
    older, _newer = two
    mother.post(settings_of(older), feature="time", state="on", reason="Supaya tidur cukup")
    (seen,) = mother.get("/keluarga/").context["seen"]
    assert seen["row"].pk == older.request
    assert f'href="{settings_of(older)}#anda"' in mother.get("/keluarga/").content.decode()
    mother.post(settings_of(older), feature="time", state="off")
    assert not Watch.objects.filter(until__isnull=True).exists()
    assert not Permission.objects.filter(feature="time", state="on").exists()


def test_other_services_stay_open(two, ask, mother):
    other = ask("Sari", 10, OBROL)
    mother.answer(other, "yes", "sari")
    mother.post(settings_of(two[0]) + "/cabut")
    assert state(other) == "given"


def test_two_waiting_requests_are_told_apart(ask, mother, time):
    mother.answer(ask("Sari", 10, OBROL), "yes", "sari")
    one, other = ask(), None
    # Both children's rows must be known as Sari's; a proof that was begun binds each.
    mother.answer(one, "no", "sari")
    time.move(timedelta(minutes=4))
    child = row(one).child_id
    one = ask(child=child)
    second = ask("Sari", 10, OBROL)
    mother.answer(second, "no", "sari")
    other = ask(child=row(second).child_id, card=OBROL)
    page = mother.get("/keluarga/").content.decode()
    for each in (one, other):
        mark = tegel.mark(bytes(row(each).digest))
        assert mark.code in page
        assert ", ".join(mark.words["id"]) in page
    assert "Diminta hari ini, 09.34 WIB" in page


def test_a_receipt_in_the_list_has_its_code_and_words(two, mother):
    page = mother.get("/keluarga/").content.decode()
    for receipt in Receipt.objects.all():
        mark = tegel.mark(bytes(receipt.digest))
        assert mark.code in page
        assert ", ".join(mark.words["id"]) in page


def test_two_guardians_at_once_end_each_account_once(two, mother):
    guardian = Guardian.objects.get().pk
    actions.withdraw_all(two[0].request, guardian=guardian, now=clock.now())
    actions.withdraw_all(two[1].request, guardian=guardian, now=clock.now())
    assert DeletionTask.objects.count() == 2
    refused = row(two[0])
    refused.ended_by = None
    refused.save(update_fields=["ended_by"])
    with pytest.raises(NothingToWithdraw):
        actions.withdraw_all(two[0].request, guardian=guardian, now=clock.now())


def test_strangers_see_neither_account(two, stranger):
    assert stranger.browser.get(settings_of(two[0]) + "/cabut").status_code == 302
    assert Client().post(settings_of(two[1]) + "/cabut").status_code == 302
    assert Relation.objects.filter(provider=OFFICE).count() == 1


@pytest.fixture
def ayus_two(ask, mother, time):
    """Ayu of 17 agreed at Dongeng Kita twice; her mother confirmed the older account and then the newer one."""
    older = ask("Ayu", 17, kind="confirmation", due_at=None)
    mother.answer(older, "yes", "ayu")
    time.move(timedelta(minutes=3))
    newer = ask("Ayu", 17, kind="confirmation", due_at=None)
    mother.answer(newer, "yes", "ayu")
    return older, newer


def own(invitation, at=None) -> str:
    return f"{path((at or invitation).child_url)}/cabut/{invitation.request}"


@pytest.mark.parametrize("which", [0, 1])
def test_who_takes_her_own_consent_back_closes_every_account_of_hers(ayus_two, mother, heard, which):
    guardians.set_email(Guardian.objects.get(), "ibu@contoh.example", now=clock.now())
    url = own(ayus_two[which])
    asked = mother.get(url).content.decode()
    assert "2 akun di Dongeng Kita: semuanya ditutup sekarang juga." in asked
    assert asked.count("Kamu setuju Selasa, 24 November") == 2
    for one in ayus_two:
        assert code(one) in asked
        assert state(one) == "given", "looking changes nothing"
    english = mother.get(url, bahasa="en").content.decode()
    assert "2 accounts at Dongeng Kita" in english
    assert "You agreed Tuesday 24 November" in english
    mother.get(url, bahasa="id")
    mother.post(url)
    assert [state(one) for one in ayus_two] == ["withdrawn", "withdrawn"]
    withdrawn = [one for one in heard if one.kind == "consent.withdrawn"]
    assert {one.request for one in withdrawn} == {one.request for one in ayus_two}
    assert {one.facts["by"] for one in withdrawn} == {"child"}
    for one in ayus_two:
        assert row(one).events.filter(event_state="dpv:ConsentWithdrawn").count() == 1
        assert row(one).receipts.filter(kind="withdrawn", body__facts__by="child").count() == 1
        assert row(one).deletions.filter(reason="withdrawn").count() == 1
        assert "Kamu mencabut persetujuanmu." in mother.get(one.child_url).content.decode()
        assert f"{settings_of(one)}/hapus" in mother.get("/keluarga/").content.decode()
    assert Outgoing.objects.filter(template="withdrawn").count() == 1, "one letter for one act"
    mother.post(url)
    assert DeletionTask.objects.count() == 2


def test_an_account_that_waits_for_the_parents_word_falls_with_the_others(ayus_two, ask, mother):
    known = ask("Ayu", 17, OBROL, kind="confirmation", due_at=None)
    mother.answer(known, "yes", "ayu")
    waiting = ask(child=row(known).child_id, kind="confirmation", due_at=None)
    assert "3 akun di Dongeng Kita" in mother.get(own(ayus_two[1])).content.decode()
    mother.post(own(ayus_two[1]))
    assert state(waiting) == "invalidated"
    mother.say(waiting, "yes")
    assert state(waiting) == "invalidated", "nobody opens again what she has closed"


def test_one_that_cannot_be_ended_leaves_all_as_they_were(ayus_two, mother, monkeypatch):
    begun, start = [], actions.deletions.start

    def breaks(*args, **named):
        begun.append(args)
        if len(begun) == 2:
            raise RuntimeError("no more room")
        return start(*args, **named)

    monkeypatch.setattr(actions.deletions, "start", breaks)
    with pytest.raises(RuntimeError):
        actions.take_back(ayus_two[0].request, now=clock.now())
    assert [state(one) for one in ayus_two] == ["given", "given"]
    assert not Receipt.objects.filter(kind="withdrawn").exists()


def test_what_a_parent_opened_is_not_hers_to_close_and_the_page_says_so(ask, mother, time):
    parents = ask("Ayu", 17)
    mother.answer(parents, "yes", "ayu")
    time.move(timedelta(minutes=3))
    hers = ask("Ayu", 17, kind="confirmation", due_at=None)
    mother.answer(hers, "yes", "ayu")
    asked = mother.get(own(hers)).content.decode()
    assert "Akun lain di Dongeng Kita dibuka orang tuamu. Akun itu tetap terbuka." in asked
    assert "tertutup untukmu sekarang juga" not in asked
    after = mother.post(own(hers)).content.decode()
    assert (state(parents), state(hers)) == ("given", "withdrawn")
    assert "masih terbuka lewat akun yang dibuka orang tuamu" in after
    assert "Aplikasinya tertutup sekarang" not in after


def test_with_one_account_nothing_is_counted_and_others_of_other_services_stay(ayus_two, ask, mother):
    other = ask("Ayu", 17, OBROL, kind="confirmation", due_at=None)
    mother.answer(other, "yes", "ayu")
    assert "akun di" not in mother.get(own(other)).content.decode()
    mother.post(own(ayus_two[0]))
    assert state(other) == "given"


@pytest.fixture
def one_open_one_asked(ask, mother, time):
    """An account at Dongeng Kita is open; Sari, known by another app, asks for a second one there."""
    older = ask()
    mother.answer(older, "yes", "sari")
    other = ask("Sari", 10, OBROL)
    mother.answer(other, "yes", "sari")
    time.move(timedelta(minutes=3))
    return older, ask(child=row(other).child_id)


def test_a_no_to_one_account_does_not_say_that_the_app_is_closed(one_open_one_asked, mother, stranger):
    older, newer = one_open_one_asked
    before = mother.get(newer.find_url).content.decode()
    assert "Sari sudah punya akun lain di Dongeng Kita, dan akun itu terbuka." in before
    assert "Kalau lewat, akun ini tetap tertutup." in before
    assert "Kalau tidak: akun Sari yang ini di Dongeng Kita tetap tertutup" in before
    seen_by_others = stranger.get(newer.find_url).content.decode()
    assert "akun lain" not in seen_by_others, "who has not proven it learns of no other account"
    after = mother.say(newer, "no").content.decode()
    assert (state(older), state(newer)) == ("given", "refused")
    assert "Baik. Akun ini tetap tertutup. Datanya dihapus." in after
    assert "Dongeng Kita masih terbuka lewat akun lain." in after
    assert f'href="/keluarga/anak/{row(older).child.root.pk}">Cabut di Keluarga Anda' in after
    english = mother.get(newer.find_url, bahasa="en").content.decode()
    assert "Fine. This account stays closed." in english
    assert "Dongeng Kita is still open by another account." in english
    mother.get(newer.find_url, bahasa="id")
    pages = [
        after,
        *(mother.get(one).content.decode() for one in ("/keluarga/", settings_of(newer) + "/hapus")),
    ]
    assert "Izin untuk Dongeng Kita: tidak dulu" in pages[1]
    assert "<h1>Akun ini di Dongeng Kita tetap tertutup</h1>" in pages[2]
    for page in pages:
        assert "Dongeng Kita tetap tertutup" not in page.replace(
            "Akun ini di Dongeng Kita tetap tertutup", ""
        )
    mother.post(settings_of(older) + "/cabut")
    alone = mother.get(newer.find_url).content.decode()
    assert "Baik. Dongeng Kita tetap tertutup. Data Sari di sana dihapus." in alone
    assert "masih terbuka" not in alone
    assert (
        "<h1>Dongeng Kita tetap tertutup</h1>" in mother.get(settings_of(newer) + "/hapus").content.decode()
    )


def test_silence_about_one_account_does_not_say_that_the_app_is_closed(one_open_one_asked, mother, time):
    older, newer = one_open_one_asked
    childs = mother.get(newer.page_url).content.decode()
    assert "Kalau lewat, akun ini tetap tertutup dan kamu boleh minta lagi." in childs
    time.move(timedelta(hours=25))
    mother.visit("/masuk/kantor/kantor-contoh", None)
    page = mother.get(newer.find_url).content.decode()
    assert "Waktunya sudah lewat. Akun ini tetap tertutup." in page
    assert "Dongeng Kita masih terbuka lewat akun lain." in page
    childs = mother.get(newer.page_url).content.decode()
    assert "Akun ini tetap tertutup. Akunmu yang lain di Dongeng Kita masih terbuka." in childs
    actions.withdraw_all(older.request, guardian=Guardian.objects.get().pk, now=clock.now())
    assert (
        "Waktunya lewat tanpa jawaban. Dongeng Kita tetap tertutup."
        in mother.get(newer.page_url).content.decode()
    )
