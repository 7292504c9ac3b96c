"""An adult answers three questions a day and takes a badge home: on a small phone, by keyboard, without scripts."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from tests.axe import complaints

from ruangaman.adapters import clock
from ruangaman.rooms.learning import badges

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGE = "/pelajaran/lencana/PAR-2/"
NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/pelajaran/lencana/", PAGE])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_badges_fit_and_axe_finds_nothing(open_page, path, width):
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


def answer(page):
    for item in page.locator("fieldset").all():
        name = item.locator("input").first.get_attribute("name")
        right = next(
            one.answer
            for letter in "AB"
            for one in badges.courses.course().forms["PAR-2", letter].items
            if one.id == name
        )
        item.locator(f"input[value={right}]").press("Space")
    page.get_by_role("button", name="Kirim semua jawaban").press("Enter")


def test_a_mother_takes_her_badge_home_without_scripts(open_page, monkeypatch):
    at = [NOON]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    page = open_page(PAGE, width=320, scripts=False)
    answer(page)
    assert page.get_by_role("heading", name="Hari ini selesai").is_visible()
    assert page.get_by_role("heading", name="Jawaban Anda hari ini").is_visible()
    at[0] += timedelta(days=1)
    page.goto(page.url)
    answer(page)
    assert page.get_by_role("heading", name="Lencana Anda siap").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    with page.expect_download() as taken:
        page.get_by_role("button", name="Unduh lencana").press("Enter")
    token = taken.value.path().read_text()
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["credentialSubject"]["achievement"]["id"].endswith("/pelajaran/lencana/PAR-2.json")
    assert taken.value.suggested_filename == "lencana-PAR-2.jwt"
    page.goto(page.url)
    assert page.get_by_role("button", name="Unduh lencana").count() == 0
