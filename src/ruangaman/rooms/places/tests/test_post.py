"""A mail that nobody took is tried again by waits that are data, then given up and told; no address is kept."""

import pytest
from django.test import Client

from ruangaman.adapters import mail as mails
from ruangaman.rooms.places import api, post
from ruangaman.rooms.places.models import Letter
from ruangaman.rooms.places.models.letters import DROPPED, GIVEN_UP, QUEUED, SENT

from .conftest import NOON
from .reporting import acting, build, published, told

PAGE = "/kota/kota-melati/kerja/surat"


class Server:
    """A mail server that refuses so long as `wrong` says why."""

    def __init__(self) -> None:
        self.wrong: mails.MailFailed | None = mails.MailFailed(False, "unreachable")
        self.taken: list[str] = []
        self.ids: set[str] = set()

    def __call__(self, where: mails.MailServer, mail) -> None:
        self.ids.add(mail["Message-ID"])
        if self.wrong is not None:
            raise self.wrong
        self.taken.append(mail["To"])


@pytest.fixture
def server(monkeypatch):
    found = Server()
    monkeypatch.setattr(mails, "send", found)
    return found


@pytest.fixture
def office(person):
    user = person("pppa")
    user.email = "pppa@kota.example"
    user.save(update_fields=["email"])
    return user


@pytest.fixture
def letter(melati, office, settings, tmp_path, hour) -> Letter:
    """The mail that an office's report is due."""
    settings.CITIES_DIR, settings.MAIL_URL, settings.STORY = tmp_path, "smtp://localhost", False
    build(tmp_path / melati.slug)
    row = published(melati, acting(office, melati, "moderate"), told(melati))
    post.put(melati, "report", row.clocks.get(what="answer").pk, "remind", [office.pk], now=NOON)
    return Letter.objects.get()


def again(letter: Letter, now) -> str:
    letter.refresh_from_db()
    return post.attempt(letter.pk, letter.tries, now=now)


def test_it_is_tried_after_each_wait_and_then_given_up(letter, server):
    at, waited = NOON, []
    while len(waited) < 20 and again(letter, at) == QUEUED:
        letter.refresh_from_db()
        waited.append(letter.next_at - at)
        assert post._claim(letter.next_at - (letter.next_at - at) / 2) == []
        at = letter.next_at
        assert post._claim(at) == [(letter.pk, letter.tries)]
    letter.refresh_from_db()
    assert tuple(waited) == post.waits()
    assert (letter.state, letter.failure, letter.tries) == (GIVEN_UP, "unreachable", len(waited) + 1)
    assert len(server.ids) == 1  # a mail box that got it twice knows it again
    assert again(letter, at) == GIVEN_UP


def test_a_server_that_comes_back_takes_it_and_nobody_sends_it_twice(letter, server):
    assert again(letter, NOON) == QUEUED
    server.wrong = None
    assert again(letter, NOON) == SENT
    assert again(letter, NOON) == SENT
    assert server.taken == ["pppa@kota.example"]


def test_of_claims_that_pile_up_one_counts(letter, server):
    assert post.attempt(letter.pk, 0, now=NOON) == QUEUED
    assert post.attempt(letter.pk, 0, now=NOON) == QUEUED
    letter.refresh_from_db()
    assert letter.tries == 1


def test_a_refused_address_is_given_up_at_once(letter, server):
    server.wrong = mails.MailFailed(True, "recipient", 550)
    assert again(letter, NOON) == GIVEN_UP


def test_an_account_that_was_closed_gets_none(letter, server, office):
    server.wrong = None
    office.is_active = False
    office.save(update_fields=["is_active"])
    assert again(letter, NOON) == DROPPED
    assert server.taken == []


def test_a_last_try_that_was_lost_with_its_runner_ends(letter, server):
    Letter.objects.update(tries=len(post.waits()) + 1)
    assert again(letter, NOON) == GIVEN_UP


def test_no_address_stands_in_the_row(letter):
    assert "@" not in " ".join(str(value) for value in Letter.objects.values_list().get())


def test_the_clock_of_the_room_hands_it_over(letter, server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert api.settle_due(NOON) == 1
        assert api.settle_due(NOON) == 0


def test_those_who_work_there_see_it_and_try_it_once_more(letter, server, office, person):
    server.wrong = mails.MailFailed(True, "recipient", 550)
    again(letter, NOON)
    page, stranger = Client(), Client()
    page.force_login(office)
    assert "1 surel belum sampai." in page.get("/kota/kota-melati/").content.decode()
    told_there = page.get(PAGE).content.decode()
    assert "Alamatnya ditolak." in told_there
    assert "Berhenti dicoba" in told_there
    assert "@" not in told_there
    for role in ("body", "forum_anak", "company", "auditor"):
        stranger.force_login(person(role))
        assert stranger.get(PAGE).status_code == 403
        assert stranger.post(PAGE).status_code == 403
        assert "surel belum sampai" not in stranger.get("/kota/kota-melati/").content.decode()
    server.wrong = None
    assert page.post(PAGE).status_code == 302
    assert again(letter, NOON) == SENT
    assert "Semua surel sudah sampai." in page.get(PAGE).content.decode()


def test_the_command_is_told_of_whom_no_address_and_tries_it_once_more(letter, server, office):
    assert api.mails_failing() == []
    server.wrong = mails.MailFailed(True, "recipient", 550)
    again(letter, NOON)
    [row] = api.mails_failing("kota-melati")
    assert (row["city"], row["about"], row["state"]) == ("kota-melati", "report remind", "given_up")
    assert (row["to"], row["tries"], row["failure"]) == (f"account {office.pk}", 1, "recipient")
    with pytest.raises(api.NotFound):
        api.mails_failing("tidak-ada")
    assert api.mails_again(now=NOON) == 1
    assert api.mails_failing() == []
    server.wrong = None
    assert again(letter, NOON) == SENT


def test_what_was_sent_is_forgotten_and_what_failed_is_kept_longer(letter, server):
    server.wrong = None
    again(letter, NOON)
    Letter.objects.filter(pk=letter.pk).update(ended_at=NOON)
    failed = Letter.objects.create(
        id=api.city("kota-melati").pk, city=letter.city, about="report", ref=letter.ref, why="late",
        to=letter.to, state=GIVEN_UP, made_at=NOON, next_at=NOON, ended_at=NOON,
    )  # fmt: skip
    days = post._rules()["keep_days"]
    post.settle_due(NOON + post.timedelta(days=days))
    assert list(Letter.objects.all()) == [failed]
