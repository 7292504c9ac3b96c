"""What is kept of a contest ends: after its term, and with its family."""

import pytest
from django.test import Client

from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.contest_files import pdf
from ruangaman.rooms.access.tests.contesting import (
    STORY,
    WHY,
    files,
    kinds,
    known,
    look,
    proved,
    send,
    state,
    waits,
)
from ruangaman.rooms.access.tests.test_age_checks import school
from ruangaman.rooms.access.tests.test_desk import signed_in
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages.models import Contest
from ruangaman.rooms.vault.models import Key, Sealed

__all__ = ["school", "waits"]

pytestmark = pytest.mark.slow


def test_what_nobody_decided_is_forgotten_after_its_term_and_a_held_age_stays_unknown(platform, school, hour):
    house, session, path = proved(platform, hour)
    send(Client(), f"{path}/banding", "never", words=STORY, files=files(pdf()))
    hour.pass_(days=33, minutes=-1)
    ages.settle_due(hour())
    assert Contest.objects.get().forgotten_at is None
    hour.pass_(minutes=2)
    ages.settle_due(hour())
    row = Contest.objects.get()
    assert row.forgotten_at == row.forget_at
    assert (row.evidence, row.words, bytes(row.salt), row.files.count()) == (None, None, b"", 0)
    assert Sealed.objects.filter(kind__startswith="ages.contest").count() == 0
    assert kinds()[-2:] == ["contest.late", "contest.forgotten"]
    assert state(house, session)["next"]["kind"] == "age_check"
    assert known(session) is None
    assert ages.settle_due(hour()) == 0


def test_an_answer_can_be_read_for_its_term_and_then_nobody_finds_it(waits, hour):
    row, desk, number, word = waits
    officer = signed_in("dewi")
    officer.post(desk, {"act": "open"})
    officer.post(desk, {"act": "answer", "decision": "declined", **WHY})
    hour.pass_(days=30, minutes=-1)
    assert WHY["reason"] in look(Client(), number, word).content.decode()
    hour.pass_(minutes=2)
    assert look(Client(), number, word).status_code == 404
    ages.settle_due(hour())
    row.refresh_from_db()
    assert (row.reason, row.answer, row.decision) == (None, None, "declined")
    assert Key.objects.filter(use="family", destroyed_at=None).count() == 0
    assert WHY["reason"] not in officer.get(desk).content.decode()


def test_with_its_family_the_contest_of_an_account_is_forgotten(platform, school, hour):
    _, session, path = proved(platform, hour)
    send(Client(), f"{path}/banding", "older", words=STORY)
    ages.forget_contests(AccessSession.objects.get(id=session["id"]).id, now=hour())
    assert Contest.objects.get().words is None
    assert kinds()[-1] == "contest.forgotten"
