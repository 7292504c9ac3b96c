"""Before a withdrawal a guardian can keep what may be kept; looking changes nothing, and withdrawing stays two taps."""

import pytest

from .conftest import OBROL, Person, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_withdrawal_offers_to_save_first_and_the_record_names_nobody(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    url = f"/keluarga/aplikasi/{invitation.request}"
    page = mother.get(url + "/cabut").content.decode()
    assert "Simpan cerita kesukaan Sari dulu?" in page
    assert url + "/simpan" in page
    steps = mother.get(url + "/simpan").content.decode()
    assert "Buka Dongeng Kita bersama Sari." in steps
    assert "Minta salinan data ke PT Cerita Kita" in steps
    kept = mother.browser.get(url + "/simpan.json")
    assert "attachment" in kept["Content-Disposition"]
    document = kept.json()
    assert document["record"]["record_id"] == str(row(invitation).record_id)
    assert {one["feature"] for one in document["switches"]} == {"favourites", "night", "time", "strangers"}
    assert '"Sari"' not in kept.content.decode()
    assert state(invitation) == "given"
    mother.post(url + "/cabut")
    assert state(invitation) == "withdrawn"
    assert "/hapus" in mother.browser.get(url + "/simpan")["Location"]


def test_only_a_guardian_of_this_child_sees_it(ask, mother, office, stranger):
    invitation = ask("Bima", 14, OBROL)
    mother.answer(invitation, "yes", "bima")
    neighbour = Person("neighbour", office)
    neighbour.answer(ask("Rina", 10), "yes", "rina")
    for url in ("simpan", "simpan.json"):
        there = f"/keluarga/aplikasi/{invitation.request}/{url}"
        assert neighbour.browser.get(there).status_code == 404
        assert stranger.browser.get(there).status_code == 302
        assert mother.browser.post(there).status_code == 405


def test_who_said_not_my_child_is_asked_nothing_more(ask, stranger):
    page = stranger.say(ask(), "not_mine").content.decode()
    assert "Boleh?</h1>" not in page
    assert "Anda tidak perlu berbuat apa-apa.</h1>" in page
    assert "Dongeng Kita" not in page
