"""When something fails a page says what happened, that nothing changed, and what to do."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views.csrf import csrf_failure

pytestmark = pytest.mark.django_db


def test_a_missing_page_is_answered_in_both_languages(client):
    for language, words in (("id", "Halaman ini tidak ada."), ("en", "This page does not exist.")):
        page = client.get(f"/tidak-ada?bahasa={language}")
        assert page.status_code == 404
        assert f"<h1>{words}</h1>" in page.content.decode()


def test_our_own_failure_is_called_ours_and_needs_nothing_to_be_shown():
    page = render_to_string("500.html")
    assert "<h1>Ada yang salah di pihak kami.</h1>" in page
    assert "Tidak ada yang berubah." in page
    with translation.override("en"):
        page = render_to_string("500.html")
    assert "Something failed on our side." in page
    assert "Nothing changed." in page


def test_a_form_that_was_open_too_long_says_that_the_answer_was_not_sent():
    page = csrf_failure(RequestFactory().post("/"))
    assert page.status_code == 403
    assert "Jawaban Anda belum terkirim. Tidak ada yang berubah." in page.content.decode()
