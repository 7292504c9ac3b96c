"""Six to nine: by which day an officer answers, in words of that age, on every visit until it is answered."""

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


def test_a_child_of_seven_reads_by_which_day_an_officer_answers(scared):
    assert Objection.objects.get().due_at.isoformat() == "2026-11-27T02:30:00+00:00"
    assert "<p data-say>Petugas menjawab paling lambat Jumat, 27 November.</p>" in told(scared)
    assert "An officer answers by Friday 27 November." in told(scared, "en")
    assert "09.30" not in told(scared)  # no times of day at this age


def test_the_day_goes_with_the_answer(scared):
    officers.answered("objection", Objection.objects.get().pk, now=clock.now())
    assert "Petugas menjawab" not in told(scared)


def test_a_late_officer_is_called_late(scared, time):
    time.move(3 * DAY)
    assert "paling lambat Jumat" in told(scared)
    time.move(timedelta(seconds=1))
    assert "Petugas terlambat menjawab. Panggil orang dewasa." in told(scared)


def test_without_a_number_in_the_law_the_page_says_so(scared):
    Objection.objects.update(due_at=None)
    assert "Harinya belum pasti" in told(scared)


def test_what_a_parent_left_passes_with_a_new_day(ask, mother, time):
    invitation = ask("Sari", 10)
    mother.answer(invitation, "yes", "sari")
    child = api.ChildRef(api.consent_of(invitation.request, now=clock.now()).child)
    api.set_child_age(child, {"at_least": 8, "at_most": 8}, "verified", None, clock.now())
    page = path(invitation.child_url)
    Client().post(page + "/tidak-setuju", {"feeling": "dislike"})
    assert "Petugas" not in told(page)  # her mother's turn first
    time.move(3 * DAY + timedelta(seconds=1))
    api.settle_due(clock.now())
    assert "Petugas menjawab paling lambat Senin, 30 November." in told(page)


def test_older_children_keep_their_own_words(ask):
    page = path(ask("Bima", 14).child_url)
    Client().post(page + "/tidak-setuju", {"words": "tidak"})
    assert "Petugas menjawab paling lambat" not in told(page)
