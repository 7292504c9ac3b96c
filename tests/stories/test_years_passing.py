"""Birthdays: what the law closes for a child opens when she is old enough, by itself; and proofs that expire. Last,
since the clock never goes back: the story is started anew in between.
"""

import re
import time

import pytest
from playwright.sync_api import Error
from tests.stories.people import WAIT, Adult, Child, Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_birthdays_open_doors_and_the_story_can_start_anew(story: Scene) -> None:
    bima, sari, ayu = (
        story.child("bima", "ramai"),
        story.child("sari", "obrol"),
        story.child("ayu", "dongeng-kita"),
    )
    assert (bima.state, sari.state, ayu.state) == ("closed", "closed", "waiting")
    story.move(to="ayu-18")
    ayu.look_again()
    assert "Sudah 18 tahun" in ayu.text()
    assert ayu.state == "open"
    story.move(to="bima-16")
    bima.look_again()
    assert "16 tahun" not in bima.text().splitlines()[2]
    assert bima.state == "waiting"
    story.move(to="sari-13")
    sari.look_again()
    assert sari.state == "closed"
    assert "Nanti, 13" not in sari.text()
    _ask_or_sign_up(sari)
    sari.becomes("waiting")
    story.adult().answer(sari.code(), "yes", "ibu", "sari")
    sari.becomes("open")

    teller = story.adult().go("/cerita")
    teller.press("form[action$='/cerita/ulang'] button")
    assert "Cerita dimulai ulang" in teller.text()
    story.refusals(*range(400, 600))  # the house is down for some seconds
    until = time.monotonic() + 120
    while "Sari, 10" not in _cerita(teller):
        assert time.monotonic() < until
        time.sleep(0.5)
    assert story.child("sari", "dongeng-kita").state == "waiting"


def _ask_or_sign_up(child: Child) -> None:
    """
    Nobody asked in all these years. Who looks before the house has forgotten her asks a parent, who looks later signs
    up anew; it may forget her between the look and the click, so this goes on until somebody is asked.
    """
    until = time.monotonic() + WAIT / 1000
    button = child.page.get_by_role("button", name=re.compile("^(Minta izin|Daftar lagi)$"))
    while child.state != "waiting":
        assert time.monotonic() < until
        if button.count() == 0:
            time.sleep(0.5)
            child.look_again()
        elif button.inner_text() == "Daftar lagi":
            button.click()
            child.sign_up()
        else:
            button.click()
            child.page.wait_for_load_state()


def test_when_the_offices_proof_has_expired_a_parent_still_withdraws_and_proves_again(story: Scene) -> None:
    """After the story that starts the house anew: nothing comes after this year."""
    child, mother = story.allowed("sari", "dongeng-kita")
    other = story.child("sari", "obrol")
    child.remember()
    story.later(hours=366 * 24)

    mother.go("/masuk").ask_office("ibu", "bima")  # the office speaks of another child of hers
    mother.press("form[action$='/bukti/kirim'] button")
    mother.home("Sari")
    assert "Bukti bahwa Anda orang tuanya sudah lewat waktunya." in mother.text()
    assert "Aplikasi Sari" in mother.text()
    assert "Dongeng Kita" in mother.text()
    assert "Tambah wali kedua" not in mother.text()
    mother.withdraw("Sari", "dongeng-kita")
    assert "Izin Dongeng Kita dicabut" in mother.text()
    child.look_again().becomes("closed")

    mother.home("Sari").ask_office("ibu", "sari")
    mother.press("form[action$='/bukti/kirim'] button")
    mother.home("Sari")
    assert "sudah lewat waktunya" not in mother.text()
    assert "Tambah wali kedua" in mother.text()
    other.page.locator(".keadaan").wait_for(state="attached")


def _cerita(teller: Adult) -> str:
    """What the story's start page says; nothing while nobody answers."""
    try:
        return teller.go("/cerita").text()
    except Error:
        return ""
