"""From a decision to a lesson: whoever reads a reason finds the screen that explains it, in a lesson of their age."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from ruangaman.rooms.families import api

from .conftest import ASK, DENY, DONGENG, RAMAI, path

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ASKED = ASK | {"reason": "ID/account/no-consent-under-17"}
CLOSED = DENY | {"reason": "ID/account/high-risk-under-16"}
LINK = re.compile(r'<a class="link" href="(/pelajaran/[^"]+)"[^>]*>Kenapa begitu\? Belajar 2 menit</a>')


def links(page: str, browser: Client | None = None) -> set[str]:
    return set(LINK.findall((browser or Client()).get(page).content.decode()))


@pytest.mark.parametrize(
    ("name", "age", "answer", "leads"),
    [
        ("Sari", 10, CLOSED, {"/pelajaran/B3-5/#aturan"}),
        ("Sari", 10, ASKED, {"/pelajaran/B4-4/#siapa-mengizinkan"}),
        ("Bima", 14, CLOSED, {"/pelajaran/B4-8/#isi"}),
        ("Ayu", 17, ASKED | {"reason": "ID/account/no-consent-at-17"}, {"/pelajaran/B5-2/#di-bawah-18"}),
        ("Sari", 10, ASK, set()),
        ("Sari", 10, ASK | {"reason": "ID/account/no-such-reason"}, set()),
        ("Doni", 7, CLOSED, set()),
    ],
)
def test_a_childs_page_leads_to_a_lesson_that_the_child_can_read(ask, name, age, answer, leads):
    card = RAMAI if answer is CLOSED else DONGENG
    assert links(path(ask(name, age, card, answer=answer).child_url)) == leads


def test_a_guardian_who_is_asked_finds_why_and_at_home_why_it_is_closed(ask, mother):
    invitation = ask("Sari", 10, answer=ASKED)
    assert links(path(invitation.find_url), mother.browser) == {"/pelajaran/PAR-2/#empat-tanya"}
    mother.answer(invitation, "no", "sari")
    assert links("/keluarga/", mother.browser) == {"/pelajaran/PAR-2/#empat-tanya"}


def test_what_the_law_keeps_off_is_explained_where_it_stands(ask, mother):
    off = api.Feature("precise_location", {"id": "Lokasi", "en": "Location"}, "off", "nobody", "Pasal 19")
    invitation = ask("Sari", 10, replace(DONGENG, features=(*DONGENG.features, off)), answer=ASKED)
    mother.answer(invitation, "yes", "sari")
    assert links(reverse("families:atur", args=[invitation.request]), mother.browser) == {
        "/pelajaran/PAR-2/#membatasi"
    }
