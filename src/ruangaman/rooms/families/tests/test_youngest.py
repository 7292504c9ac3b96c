"""Six to nine: that an officer answers, in words of that age and without a day, on every visit until it is answered."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families import api, officers
from ruangaman.rooms.families.models import Objection

from .conftest import DAY, path

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scared(ask) -> str:
    """A child of seven without a proven guardian chose "I am afraid"; gives its page."""
    page = path(ask("Doni", 7).child_url)
    assert Client().post(page + "/tidak-setuju", {"feeling": "afraid"}).status_code == 303
    return page


def told(page: str, language: str = "id") -> str:
    return Client().get(page, {"bahasa": language}).content.decode()


DATED = re.compile(
    r"\b(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|Januari|November|Desember|20\d\d|WIB|\d\d\.\d\d)\b"
)


def test_a_child_of_seven_reads_that_an_officer_answers_and_no_day(scared):
    assert Objection.objects.get().due_at.isoformat() == "2026-11-27T02:30:00+00:00"
    assert "<p data-say>Petugas membaca pilihanmu. Jawabannya muncul di sini.</p>" in told(scared)
    assert "An officer reads what you chose. The answer will be here." in told(scared, "en")
    assert not DATED.search(told(scared)), "no times at this age"


def test_it_goes_with_the_answer_and_the_answer_has_no_day(scared, monkeypatch):
    objection = Objection.objects.get()
    answer = officers.OfficerAnswer(
        objection.pk, "objection", "granted", {"id": "Kami bantu.", "en": "We help."}, "", clock.now()
    )
    monkeypatch.setattr(officers, "_readers", [lambda refs: [answer] if objection.pk in refs else []])
    officers.answered("objection", objection.pk, now=clock.now())
    page = told(scared)
    assert "Petugas membaca pilihanmu" not in page
    assert "Kami bantu." in page
    assert not DATED.search(page)


def test_a_late_officer_is_called_late(scared, time):
    time.move(3 * DAY)
    assert "Petugas membaca pilihanmu." in told(scared)
    time.move(timedelta(seconds=1))
    assert "Petugas terlambat menjawab. Panggil orang dewasa." in told(scared)


def test_without_a_number_in_the_law_nobody_is_late(scared, time):
    Objection.objects.update(due_at=None)
    time.move(30 * DAY)
    assert "Petugas membaca pilihanmu." in told(scared)


def test_what_a_parent_left_passes_to_the_officers(ask, mother, time):
    invitation = ask("Sari", 10)
    mother.answer(invitation, "yes", "sari")
    child = api.ChildRef(api.consent_of(invitation.request, now=clock.now()).child)
    api.set_child_age(child, {"at_least": 8, "at_most": 8}, "verified", None, clock.now())
    page = path(invitation.child_url)
    Client().post(page + "/tidak-setuju", {"feeling": "dislike"})
    assert "Petugas" not in told(page)  # her mother's turn first
    time.move(3 * DAY + timedelta(seconds=1))
    api.settle_due(clock.now())
    assert "Petugas membaca pilihanmu." in told(page)
    assert not DATED.search(told(page))


def test_older_children_keep_their_own_words(ask):
    page = path(ask("Bima", 14).child_url)
    Client().post(page + "/tidak-setuju", {"words": "tidak"})
    assert "Petugas membaca pilihanmu" not in told(page)


@pytest.mark.parametrize("place", ["/tidak-setuju", "/umur"])
def test_the_forms_name_no_day_at_this_age_though_opened_by_their_address(ask, place):
    assert not DATED.search(told(path(ask("Doni", 7).child_url) + place))
    assert DATED.search(told(path(ask("Bima", 14).child_url) + place))
