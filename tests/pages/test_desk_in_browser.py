"""The officers' desk as an officer meets it: by keyboard, with and without scripts, phone and desk, both languages."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from tests.axe import complaints

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.desk import staff
from ruangaman.rooms.access.models import Matter
from ruangaman.rooms.access.tests.conftest import AYU, BIMA, Platform, make_services

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PASSWORD = "tiga kucing di atas atap"
WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.table-wrap, svg, .skip, .for-ears, .wide-only'))
    .filter(e => getComputedStyle(e).position !== 'absolute')
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""


def fits(page, scripts: bool = True) -> None:
    """Nothing is cut off, one heading, and axe (a script) finds nothing."""
    for width in (320, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) == [], width
    assert page.locator("h1").count() == 1
    if scripts:
        assert complaints(page) == []


@pytest.fixture
def letters(transactional_db) -> str:
    """A contest of an age, a request for a copy, an objection; gives the path of the child who objected."""
    staff.TRIES._left.clear()
    now = clock.now()
    make_services(now - timedelta(days=1))
    house = Platform(access.create_key(service="obrol", now=now).text)
    child = Client()

    def write(subject: str, age: dict[str, str], part: str, **form: str) -> str:
        made = house.sign_up("obrol", subject=subject, age=age).json
        path = urlsplit(made["child_url"]).path
        assert child.post(path + part, form).status_code == 303
        return path

    write("p-1", BIMA, "/umur", direction="older", words="Aku sudah 15. Rapor bisa kutunjukkan.")
    write("p-2", AYU, "/tidak-setuju", hak="salinan", words="Aku minta salinan dataku di Obrol")
    return write("p-3", BIMA, "/tidak-setuju", words="Kenapa aku tidak boleh? Temanku boleh.")


def _path_of_link(**roles: bool) -> str:
    return urlsplit(access.add_staff("dewi", now=clock.now(), **roles)).path


@pytest.mark.parametrize(("language", "scripts"), [("id", False), ("id", True), ("en", True)])
def test_an_officer_sets_a_password_signs_in_reads_and_answers_by_keyboard(
    open_page, live_server, letters, language, scripts
):
    page = open_page(f"{_path_of_link(officer=True)}?bahasa={language}", scripts=scripts)
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
    page.reload()
    fits(page, scripts)
    page.focus("#id_new_password1")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/petugas/masuk")
    fits(page, scripts)
    page.focus("#id_username")
    page.keyboard.type("dewi")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/petugas/")
    fits(page, scripts)
    assert page.locator("tbody tr").count() == 3
    row = Matter.objects.get(kind="objection")
    page.focus(f"a[href='/petugas/{row.pk}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/petugas/{row.pk}")
    fits(page, scripts)
    page.focus("button[value=read]")
    page.keyboard.press("Enter")
    page.wait_for_url("**#surat")
    assert "Temanku boleh." in page.inner_text("#surat")
    fits(page, scripts)
    page.focus("input[value=declined]")
    page.keyboard.press("Space")
    page.focus("form button.main")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error")
    assert page.is_checked("input[value=declined]")
    fits(page, scripts)
    page.fill("#id_reason", "Aturan menutupnya sampai 16 tahun. Itu bukan salahmu.")
    page.focus("form button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**#jawaban")
    assert "Itu bukan salahmu." in page.inner_text("#jawaban")
    fits(page, scripts)
    page.goto(live_server.url + letters)
    assert "Itu bukan salahmu." in page.inner_text("main")
    page.goto(live_server.url + "/petugas/")
    fits(page, scripts)


def test_a_contest_of_an_age_asks_for_the_right_age_and_its_ground(open_page, live_server, letters):
    page = open_page(_path_of_link(officer=True), width=1280)
    page.fill("#id_new_password1", PASSWORD)
    page.fill("#id_new_password2", PASSWORD)
    page.click("button.main")
    page.fill("#id_username", "dewi")
    page.fill("#id_password", PASSWORD)
    page.click("button.main")
    row = Matter.objects.get(kind="age")
    page.goto(f"{live_server.url}/petugas/{row.pk}")
    page.click("button[value=read]")
    page.check("input[value=granted]")
    page.fill("#id_reason", "Rapormu cocok. Umurmu diperbaiki.")
    page.click("form button.main")
    page.wait_for_selector(".error")
    fits(page)
    page.fill("#id_at_least", "15")
    page.select_option("#id_evidence", "verified")
    page.click("form button.main")
    page.wait_for_url("**#jawaban")
    assert Matter.objects.get(pk=row.pk).decision == "granted"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_is_no_officer_reads_why(open_page, live_server, letters, theme):
    page = open_page(_path_of_link(admin=True), theme=theme)
    page.fill("#id_new_password1", PASSWORD)
    page.fill("#id_new_password2", PASSWORD)
    page.click("button.main")
    page.fill("#id_username", "dewi")
    page.fill("#id_password", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/admin/")  # where this account begins
    page.goto(f"{live_server.url}/petugas/")
    fits(page)
    assert page.locator("a[href='/']").first.is_visible()
