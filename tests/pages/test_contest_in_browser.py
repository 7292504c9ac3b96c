"""A contest as a child and an officer meet it: a phone, both languages, keyboard alone, with and without scripts."""

import os
import re
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.axe import complaints
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.desk import staff
from ruangaman.rooms.access.tests.conftest import Platform, make_services
from ruangaman.rooms.access.tests.contest_files import chunk, pdf
from ruangaman.rooms.access.tests.test_age_checks import SCHOOL
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import checks
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Contest, ContestFile

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
STORY = "Aku lahir 2009. Di rapor, tahunnya salah tulis."


def picture(width: int = 2400, height: int = 1800) -> bytes:
    """A real photo as large as a phone makes it."""
    line = b"\x00" + os.urandom(width // 8) * 8
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = b"".join(line[:1] + line[1 + y % 50 :] + line[1 : 1 + y % 50] for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body, 0)) + chunk(b"IEND", b"")


def taken(page, name: str) -> None:
    """A picture of the page, for people to look at."""
    folder = os.environ.get("RUANGAMAN_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def proved(transactional_db) -> str:
    """The path of a check that a school answered with "not yet"."""
    staff.TRIES._left.clear()
    now = clock.now()
    make_services(now - timedelta(days=1))
    house = Platform(access.create_key(service="ramai", now=now).text)
    house.sign_up("ramai", age={"at_least": 17, "at_most": 17}, evidence="self_declared")
    ages.register_institution("sekolah", now=now, **SCHOOL)
    row = AgeCheck.objects.get()
    attempt = Attempt.objects.create(
        id=row.pk, question=row, method="institution", partner="sekolah", state=bytes(32), browser=bytes(32),
        began_at=now, ends_at=now + timedelta(minutes=10),
    )  # fmt: skip
    path = "/cek-umur/" + checks.url_of(row).rpartition("/")[2].partition("?")[0]
    checks.decide(attempt, Proved(False, "strict"), now=now)
    return path


def officer_in(page, live_server, language: str) -> None:
    access.add_staff("dewi", officer=True, now=clock.now())
    client = Client()
    client.force_login(User.objects.get(username="dewi"))
    page.context.add_cookies(
        [
            {"name": "ruang", "value": client.cookies["ruang"].value, "url": live_server.url},
            {"name": "bahasa", "value": language, "url": live_server.url},
        ]
    )


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", True), ("id", False)])
def test_a_child_contests_and_an_officer_decides_by_keyboard(
    open_page, live_server, proved, language, scripts
):
    page = open_page(f"{proved}?bahasa={language}", scripts=scripts)
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
    fits(page, scripts)
    page.focus("a[href$='/banding']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/banding")
    fits(page, scripts)
    taken(page, f"banding-1-{language}")
    assert page.locator("input:checked").count() == 0
    page.focus("input[value=older]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**apa=older")
    fits(page, scripts)
    taken(page, f"banding-2-{language}")
    page.focus("#id_words")
    page.keyboard.type(STORY)
    files = [{"name": "foto.pdf", "mimeType": "application/pdf", "buffer": pdf(b"KIA")}]
    if scripts:
        files.append({"name": "foto.png", "mimeType": "image/png", "buffer": picture()})
    page.set_input_files("#id_files", files)
    if scripts:
        page.wait_for_selector("#files_told:not(:empty)")
        fits(page)
    page.focus("button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/banding/tanda-terima")
    fits(page, scripts)
    taken(page, f"banding-terima-{language}")
    number, word = page.locator(".said").all_inner_texts()
    if scripts:
        photo = ContestFile.objects.get(place=2)
        assert (photo.kind, photo.size < 1_500_000) == ("jpeg", True)

    desk = open_page("/petugas/masuk", width=1280, scripts=scripts)
    officer_in(desk, live_server, language)
    desk.goto(live_server.url + "/petugas/banding")
    fits(desk, scripts)
    taken(desk, f"banding-meja-{language}")
    desk.focus("tbody a")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/petugas/banding/*-*")
    fits(desk, scripts)
    desk.focus("button[value=open]")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**#cerita")
    assert STORY in desk.inner_text("#cerita")
    fits(desk, scripts)
    if scripts:
        desk.focus("form[action$='/berkas/2'] button")
        with desk.expect_popup() as opened:
            desk.keyboard.press("Enter")
        shown = opened.value
        shown.wait_for_load_state()
        size = shown.evaluate("[document.images[0].naturalWidth, document.images[0].naturalHeight]")
        assert size == [1600, 1200]
        shown.close()
        desk.reload()
        assert "dewi" in desk.inner_text("#cerita .card:last-child")
        fits(desk, scripts)
    desk.set_viewport_size({"width": 360, "height": 800})
    taken(desk, f"banding-satu-{language}")
    desk.focus("input[value=granted]")
    desk.keyboard.press("Space")
    desk.fill("#id_reason", "Rapormu cocok. Umurmu sudah diperbaiki.")
    desk.focus("form button.main")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(".error")
    fits(desk, scripts)
    desk.fill("#id_reason_en", "Your report fits. Your age was corrected.")
    desk.fill("#id_at_least", "17")
    desk.fill("#id_at_most", "17")
    desk.select_option("#id_evidence", "verified")
    desk.focus("form button.main")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**#jawaban")
    fits(desk, scripts)
    assert Contest.objects.get().decision == "granted"

    page.goto(live_server.url + "/banding/lihat")
    fits(page, scripts)
    taken(page, f"banding-lihat-{language}")
    page.focus("#id_nomor")
    page.keyboard.type(number.lower().replace("-", " "))
    page.keyboard.press("Tab")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Rapormu cocok." if language == "id" else "text=Your report fits.")
    fits(page, scripts)
    taken(page, f"banding-status-{language}")


@pytest.mark.parametrize("language", ["id", "en"])
def test_younger_is_thanked_and_protected_at_once(open_page, live_server, proved, language):
    AgeCheck.objects.update(bounds=[13, 16])
    page = open_page(f"{proved}/banding?apa=younger&bahasa={language}")
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
    fits(page)
    taken(page, f"banding-muda-{language}")
    page.check("input[value='13']")
    page.click("button.main")
    page.wait_for_url("**/banding/tanda-terima")
    thanks = {"id": "Perlindungan dinyalakan sekarang.", "en": "Protection is switched on now."}[language]
    assert thanks in page.inner_text("main")
    fits(page)
    taken(page, f"banding-muda-terima-{language}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_refused_is_told_beside_the_words(open_page, live_server, proved, theme):
    page = open_page("/banding?apa=older", theme=theme)
    page.fill("#id_words", STORY)
    page.set_input_files(
        "#id_files", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<html>" + bytes(9)}
    )
    page.click("button.main")
    page.wait_for_selector("main [role=alert]")
    assert page.input_value("#id_words") == STORY
    assert complaints(page) == []
    fits(page)
    taken(page, f"banding-salah-{theme}")
    page.goto(live_server.url + "/banding/lihat")
    page.fill("#id_nomor", "2222-2222")
    page.fill("#id_kata", "padi perahu lampu")
    page.click("button.main")
    page.wait_for_selector("main [role=alert]")
    fits(page)
    assert re.search("2222", page.input_value("#id_nomor"))
