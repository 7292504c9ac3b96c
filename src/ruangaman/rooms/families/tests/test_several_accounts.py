"""One child, one service, two accounts: it signed up in two windows, and a parent said yes to both."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.core import tegel
from ruangaman.rooms.families import actions
from ruangaman.rooms.families.errors import NothingToWithdraw
from ruangaman.rooms.families.models import DeletionTask, Guardian, Permission, Receipt, Relation, Watch

from .conftest import OBROL, OFFICE, row, state

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
