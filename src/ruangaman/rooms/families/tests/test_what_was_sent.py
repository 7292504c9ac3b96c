"""After sending: what was sent, when, who answers and by when, on every visit; and words with a way to send them."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.families import api, officers
from ruangaman.rooms.families.models import AgeReview, Objection
from ruangaman.rooms.families.tests.conftest import DAY, RAMAI, path

pytestmark = pytest.mark.slow


def told(page, language="id"):
    return Client().get(page, {"bahasa": language}).content.decode()


def wrote(page, **form):
    assert Client().post(page + "/tidak-setuju", form or {"words": "Temanku boleh."}).status_code == 303
    return page


@pytest.mark.parametrize("age", [11, 14, 16])
def test_what_went_to_an_officer_keeps_its_day_until_it_is_answered(ask, age):
    page = wrote(path(ask("Sari", age).child_url))
    by = "Petugas menjawab sebelum Jumat, 27 November, pukul 09.30 WIB."
    assert f"<b>Ceritamu</b>: terkirim Selasa, 24 November 2026. {by}" in told(page)
    assert "An officer answers before Friday 27 November, 09:30 WIB." in told(page, "en")
    officers.answered("objection", Objection.objects.get().pk, now=clock.now())
    assert by not in told(page)


def test_what_went_home_names_the_parent_until_it_passes_on(ask, mother, time):
    invitation = ask("Sari", 10)
    mother.answer(invitation, "yes", "sari")
    page = wrote(path(invitation.child_url))
    assert "Orang tuamu menjawab sebelum Jumat, 27 November, pukul 09.30 WIB." in told(page)
    time.move(3 * DAY + timedelta(seconds=1))
    api.settle_due(clock.now())
    page = told(page)
    assert "Orang tuamu menjawab sebelum" not in page
    assert "Sekarang petugas membacanya dan menjawab." in page


def test_a_contest_of_the_age_keeps_its_day_too_and_a_late_answer_is_called_late(ask, time):
    page = path(ask("Bima", 14).child_url)
    Client().post(page + "/umur", {"direction": "younger"})
    assert "<b>Soal umurmu</b>: terkirim Selasa, 24 November 2026. Petugas menjawab sebelum" in told(page)
    AgeReview.objects.update(due_at=clock.now())
    time.move(timedelta(seconds=1))
    assert "Petugas terlambat menjawab." in told(page)


def test_the_youngest_read_no_such_line(ask):
    page = wrote(path(ask("Doni", 7).child_url), feeling="like")
    assert "terkirim Selasa" not in told(page)


def test_at_13_the_page_says_by_when_one_must_answer_and_gives_words_with_a_way_to_send_them(ask):
    page = told(path(ask("Bima", 14).child_url))
    must = "Orang tuamu atau petugas wajib menjawab sebelum Jumat, 27 November, pukul 09.30 WIB."
    assert must in page
    for link in ("https://wa.me/?text=Boleh%20kita%20bicara", "sms:?body=Boleh%20kita%20bicara"):
        assert link in page
    assert page.count("https://wa.me/?text=") == page.count("sms:?body=") == 3


def test_a_high_risk_page_says_who_assessed_it_and_when(ask, mother):
    from dataclasses import replace

    card = replace(RAMAI, determined_by="Komdigi", determined_at="2026-11-01T03:00:00+00:00")
    page = mother.get(ask("Ayu", 17, card).find_url).content.decode()
    assert "Risikonya tinggi" in page
    assert "Sudah dinilai Komdigi, Minggu, 1 November 2026." in page
