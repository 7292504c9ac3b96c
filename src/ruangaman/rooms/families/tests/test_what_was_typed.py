"""A form that was not right keeps what was typed, and says what is missing; links lead to pages in their language."""

from urllib.parse import unquote

import pytest
from django.test import Client

from ruangaman.rooms.families import children
from ruangaman.rooms.families.models import Child
from ruangaman.rooms.families.tests.conftest import path
from ruangaman.site.public import views as public

pytestmark = pytest.mark.slow


def test_a_wrong_code_stands_in_its_field_once_and_never_in_an_address(ask):
    ask()
    browser = Client()
    there = browser.post("/kode", {"code": "7k4p-2mpq"})
    assert "7k4p" not in there["Location"].lower()
    page = browser.get(there["Location"]).content.decode()
    assert "Kode tidak cocok." in page
    assert 'value="7k4p-2mpq"' in page
    assert "7k4p-2mpq" not in browser.get(there["Location"]).content.decode()


def test_a_code_that_was_typed_is_shown_as_text_and_cannot_be_forged(ask):
    ask()
    browser = Client()
    there = browser.post("/kode", {"code": '"><script>1'})["Location"]
    assert "<script>1" not in browser.get(there).content.decode()
    browser.cookies[public.CODE_TYPED] = "AAAA-AAAA:1:forged"
    assert "AAAA-AAAA" not in browser.get(there).content.decode()


def test_my_age_is_wrong_keeps_the_sentence_and_asks_for_the_choice(ask):
    url = path(ask("Bima", 14).child_url) + "/umur"
    told = Client().post(url, {"words": "Aku sebenarnya 13."})
    page = told.content.decode()
    assert told.status_code == 400
    assert "Aku sebenarnya 13.</textarea>" in page
    assert "Pilih dulu apa yang salah." in page
    assert "Tulis satu kalimat dulu" not in page
    english = Client().post(f"{url}?bahasa=en", {"words": "I am 13."}).content.decode()
    assert "First choose what is wrong." in english


@pytest.mark.parametrize(("language", "ending"), [("id", ""), ("en", "?bahasa=en")])
def test_links_of_a_session_lead_to_pages_in_its_language(ask, language, ending):
    invitation = ask(language=language)
    child = Child.objects.get()
    given = (invitation.page_url, invitation.find_url, invitation.child_url)
    for link in (*given, children.page_url(child.pk, language)):
        assert link.partition("?")[2] == ending.removeprefix("?")
        page = Client().get(link.removeprefix("http://localhost:8000")).content.decode()
        assert f'<html lang="{language}"' in page


@pytest.mark.parametrize(("language", "link"), [("id", ""), ("en", "?bahasa=en")])
def test_the_prepared_message_carries_a_link_in_its_own_language(ask, language, link):
    invitation = ask()
    page = unquote(Client().get(path(invitation.page_url), {"bahasa": language}).content.decode())
    assert f"{invitation.find_url}{link}." in page
    assert ("Mum, I ask" in page) == (language == "en")
