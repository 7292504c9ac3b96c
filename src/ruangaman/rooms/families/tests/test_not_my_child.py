"""Not my child, said by who has a code: over for that browser, told to the child, and no end for the real parent."""

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families.tests.conftest import DAY, Person, link_in, path, row, state

ASTRAY = "Katanya ia bukan orang tuamu. Kirim lagi ke orang tuamu."


CODE = "/kode"


@pytest.fixture
def wrong(ask, stranger):
    """A request whose code reached a stranger who says: not my child."""
    invitation = ask()
    there = stranger.browser.post(CODE, {"code": invitation.short_code})
    assert there["Location"].endswith(path(invitation.find_url))
    stranger.said = stranger.say(invitation, "not_mine").content.decode()
    return invitation


def test_it_is_over_in_that_browser_and_shows_nothing_of_the_child_there(wrong, stranger):
    for page in (stranger.said, stranger.get(wrong.find_url).content.decode()):
        assert "Terima kasih. Anda tidak perlu berbuat apa-apa." in page
        assert [word for word in ("Sari", "Dongeng Kita", "10 tahun", 'value="yes"') if word in page] == []


def test_the_request_waits_on_and_the_mother_answers_by_the_same_code(wrong, mother, heard):
    assert state(wrong) == "requested"
    assert [one.kind for one in heard] == ["consent.requested"]
    there = mother.browser.post(CODE, {"code": wrong.short_code})
    assert there["Location"].endswith(path(wrong.find_url))
    assert 'value="yes"' in mother.get(wrong.find_url).content.decode()
    mother.answer(wrong, "yes", "sari")
    assert state(wrong) == "given"
    page = Client().get(path(wrong.child_url)).content.decode()
    assert "bilang boleh" in page
    assert ASTRAY not in page


def test_letters_still_reach_the_mother(ask, stranger, deliver):
    invitation = ask(guardian_email="ibu@example.org")
    stranger.say(invitation, "not_mine")
    (letter,) = deliver()
    assert letter.state == "sent"
    ask("Budi", 12, guardian_email="ibu@example.org")
    assert len(deliver()) == 1


@pytest.mark.parametrize("age", [4, 8, 11, 14, 16])
def test_the_child_reads_that_it_reached_somebody_else(ask, stranger, age):
    invitation = ask("Sari", age)
    pages = (path(invitation.child_url), path(invitation.page_url))
    assert [url for url in pages if ASTRAY in Client().get(url).content.decode()] == []
    stranger.say(invitation, "not_mine")
    for url in pages:
        assert ASTRAY in Client().get(url).content.decode(), url
        english = Client().get(url, {"bahasa": "en"}).content.decode()
        assert "They say they are not your parent. Send it to your parent again." in english


def test_the_child_reads_so_until_it_sends_again(wrong, stranger):
    for again in (
        lambda: Client().post(path(wrong.page_url) + "/kode"),
        lambda: Client().post(path(wrong.page_url) + "/surel", {"email": "ibu@example.org"}),
    ):
        assert ASTRAY in Client().get(path(wrong.page_url)).content.decode()
        assert again().status_code == 303
        assert ASTRAY not in Client().get(path(wrong.page_url)).content.decode()
        stranger.say(wrong, "not_mine")


def test_a_slip_of_the_mother_is_undone_with_one_button(ask, mother):
    invitation = ask()
    page = mother.say(invitation, "not_mine").content.decode()
    assert "Salah tekan? Buka lagi" in page
    assert 'value="yes"' in mother.say(invitation, "mine").content.decode()
    assert ASTRAY not in Client().get(path(invitation.child_url)).content.decode()
    mother.answer(invitation, "yes", "sari")
    assert state(invitation) == "given"


def test_somebody_who_did_not_say_it_takes_nothing_back(wrong, father):
    father.say(wrong, "mine")
    assert ASTRAY in Client().get(path(wrong.child_url)).content.decode()


def test_once_it_is_over_it_is_over_for_all(wrong, stranger, time):
    time.move(2 * DAY)
    assert state(wrong) == "lapsed"
    page = stranger.get(wrong.find_url).content.decode()
    assert "Waktunya sudah lewat" in page
    before = row(wrong).astray_at
    stranger.say(wrong, "not_mine")
    assert row(wrong).astray_at == before
    assert before < clock.now()


def test_who_owns_the_address_closes_it_and_the_child_is_told_another_address(ask, office, deliver):
    invitation = ask(guardian_email="salah@example.org")
    (letter,) = deliver()
    receiver = Person("stranger", office)
    receiver.post(link_in(letter))
    receiver.say(invitation, "not_mine")
    assert state(invitation) == "not_my_child"
    for url in (invitation.child_url, invitation.page_url):
        page = Client().get(path(url)).content.decode()
        assert "Pesannya sampai ke orang lain. Minta lagi, dengan alamat orang tuamu." in page
        assert ASTRAY not in page
