"""Not my child, said by who has a code: over for that browser, told to the child, and no end for the real parent."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families import api
from ruangaman.rooms.families.tests.conftest import ASK, DAY, DONGENG, Person, link_in, path, row, state

pytestmark = pytest.mark.slow

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
    assert "Salah pencet? Kembalikan" in page
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


def test_the_code_typed_again_on_a_shared_phone_opens_the_request_anew(wrong, stranger):
    stranger.browser.post(CODE, {"code": wrong.short_code})
    assert 'value="yes"' in stranger.get(wrong.find_url).content.decode()
    assert ASTRAY in Client().get(path(wrong.child_url)).content.decode()


WRONG = "salah@example.org"
NOT_THEIRS = "Penerimanya bilang: ini bukan anaknya. Periksa alamatnya, lalu minta lagi."
UNDO = "Salah pencet? Kembalikan"


@pytest.fixture
def receiver(office):
    return Person("mother", office)


@pytest.fixture
def by_letter(ask, deliver, receiver):
    """A request whose letter reached somebody who says: not my child."""
    invitation = ask(guardian_email=WRONG)
    (letter,) = deliver()
    receiver.post(link_in(letter))
    receiver.said = receiver.say(invitation, "not_mine").content.decode()
    return invitation


def test_who_owns_the_address_closes_it_and_the_child_is_told_another_address(by_letter):
    assert state(by_letter) == "not_my_child"
    for url in (by_letter.child_url, by_letter.page_url):
        page = Client().get(path(url)).content.decode()
        assert NOT_THEIRS in page
        assert [false for false in (ASTRAY, "Belum ada jawaban", "lewat") if false in page] == []
        english = Client().get(path(url), {"bahasa": "en"}).content.decode()
        assert "Whoever got it says: this is not their child." in english


def test_a_slip_by_letter_is_taken_back_with_one_press_for_ten_minutes(
    by_letter, receiver, heard, time, ask, deliver
):
    assert UNDO in receiver.said
    assert "Bisa sampai 09.40 WIB." in receiver.said.split("Salah pencet? Kembalikan")[1], (
        "said of the button"
    )
    time.move(timedelta(minutes=9))
    assert 'value="yes"' in receiver.say(by_letter, "mine").content.decode()
    assert state(by_letter) == "opened"
    assert [one.kind for one in heard] == ["consent.requested", "consent.lapsed", "consent.requested"]
    assert NOT_THEIRS not in Client().get(path(by_letter.child_url)).content.decode()
    receiver.answer(by_letter, "yes", "sari")
    assert state(by_letter) == "given"
    ask("Budi", 12, guardian_email=WRONG)
    assert [one.state for one in deliver()] == ["sent"]


def test_after_ten_minutes_it_stays_and_the_page_says_so(by_letter, receiver, time):
    page = receiver.get(by_letter.find_url).content.decode()
    time.move(timedelta(minutes=10, seconds=1))
    assert UNDO in page
    assert UNDO not in receiver.get(by_letter.find_url).content.decode()
    assert "Sudah tidak bisa dikembalikan." in receiver.say(by_letter, "mine").content.decode()
    assert state(by_letter) == "not_my_child"


def test_nobody_else_takes_it_back(by_letter, stranger, mother):
    for other in (stranger, mother):
        assert UNDO not in other.get(by_letter.find_url).content.decode()
        other.say(by_letter, "mine")
        assert state(by_letter) == "not_my_child"


def test_a_request_that_the_child_made_anew_meanwhile_stays_the_one_that_counts(by_letter, receiver):
    who = row(by_letter).child_id
    second = api.request_consent(
        child=api.ChildRef(who), card=DONGENG, kind="consent", due_at=clock.now() + DAY, answer=ASK,
        guardian_email=None, guardian_phone=None, now=clock.now(),
        linked_to=by_letter.request, language="id",
    )  # fmt: skip
    receiver.say(by_letter, "mine")
    assert (state(by_letter), state(second)) == ("not_my_child", "requested")


def test_the_address_that_said_no_is_not_written_to_and_this_child_is_told_plainly(
    by_letter, ask, deliver, receiver
):
    again = api.request_consent(
        child=api.ChildRef(row(by_letter).child_id), card=DONGENG, kind="consent",
        due_at=clock.now() + DAY, answer=ASK, guardian_email=WRONG, guardian_phone=None, now=clock.now(),
        linked_to=by_letter.request, language="id",
    )  # fmt: skip
    assert deliver() == []
    told = Client().post(path(again.page_url) + "/surel", {"email": WRONG})
    assert told.status_code == 400
    assert "Yang punya alamat ini bilang: bukan anaknya." in told.content.decode()
    assert WRONG in told.content.decode()  # what was typed can be checked
    other = ask("Budi", 12)  # another child learns nothing of that address
    sent = Client().post(path(other.page_url) + "/surel", {"email": WRONG}, follow=True).content.decode()
    assert "Kalau alamatnya benar dan kami boleh menulis ke sana" in sent
    assert deliver() == []
