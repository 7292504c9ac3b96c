"""A child with an idea, from the phone to the answer and the vote: by keyboard, with and without scripts."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from tests.axe import complaints
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import clock
from ruangaman.rooms.places import api as places
from ruangaman.rooms.places import cities, roles
from ruangaman.rooms.places.models import Report, VoteRound
from ruangaman.rooms.places.tests import reporting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WISH = "Aku mau zebra cross supaya bisa ke Taman Melati sendiri."
SHOWN = {"id": "Anak minta tempat menyeberang ke taman.", "en": "A child asks for a crossing to the park."}
SAID = {
    "id": "Zebra cross dicat bulan depan. Terima kasih idenya!",
    "en": "The crossing is painted next month. Thank you!",
}
CITY = "/kota/kota-melati"


class Hour:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.real = clock.now

    def __call__(self):
        return self.real() + self.ahead


@pytest.fixture
def hour(monkeypatch):
    found = Hour()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture
def city(transactional_db, settings, tmp_path, hour):
    settings.CITIES_DIR = tmp_path
    reporting.build(tmp_path / "kota-melati")
    return cities.add("kota-melati", "99.71", "Kota Melati", now=hour())


def taken(page, name: str) -> None:
    """A picture of the page, for people to look at."""
    folder = os.environ.get("RUANGAMAN_PICTURES")
    if folder:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def signed_in(page, live_server, city, role: str, language: str, count: int = 0) -> User:
    user = User.objects.create_user(f"{role}-{count}", is_staff=True)
    roles.give(user, role, city=city, now=clock.now())
    client = Client()
    client.force_login(user)
    speak(page, live_server, language)
    page.context.add_cookies(
        [{"name": "ruang", "value": client.cookies["ruang"].value, "url": live_server.url}]
    )
    return user


def speak(page, live_server, language: str) -> None:
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])


def press(page, place: str, key: str = "Enter") -> None:
    """By keyboard alone."""
    page.focus(place)
    page.keyboard.press(key)


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", False)])
def test_a_child_with_an_idea(open_page, live_server, city, hour, language, scripts):
    # The child: a phone, no account.
    page = open_page(f"{CITY}/?bahasa={language}", scripts=scripts)
    speak(page, live_server, language)
    fits(page, scripts)
    press(page, "a[href$='/lapor']")
    page.wait_for_url("**/lapor")
    fits(page, scripts)
    taken(page, f"lapor-{language}")
    assert page.locator("input:checked").count() == 0
    press(page, "input[value=zebra]", "Space")
    page.focus("#id_cerita")
    page.keyboard.type(WISH)
    page.select_option("#id_tempat", "p:taman-1")
    page.select_option("#id_hari", "school")
    page.select_option("#id_jam", "morning")
    page.set_input_files(
        "#id_foto",
        {"name": "sari.jpg", "mimeType": "image/jpeg", "buffer": reporting.photo(exif=reporting.exif())},
    )
    press(page, "form#lapor button.main")
    page.wait_for_url("**/lapor/tanda-terima")
    fits(page, scripts)
    taken(page, f"lapor-terima-{language}")
    number, word = page.locator(".said").all_inner_texts()

    # The moderator: reads, looks at the photo, words it anew, sends it on.
    desk = open_page("/kota/", width=1280, scripts=scripts)
    signed_in(desk, live_server, city, "pppa", language)
    desk.goto(f"{live_server.url}{CITY}/kerja/laporan")
    fits(desk, scripts)
    taken(desk, f"laporan-meja-{language}")
    press(desk, "tbody a")
    desk.wait_for_url("**/kerja/laporan/*-*")
    assert WISH not in desk.inner_text("main")
    press(desk, "button[value=open]")
    desk.wait_for_url("**#open")
    assert WISH in desk.inner_text("blockquote")
    if scripts:
        assert desk.evaluate("document.querySelector('img.photo').naturalWidth") > 0
    fits(desk, scripts)
    taken(desk, f"laporan-periksa-{language}")
    desk.fill("#id_teks", WISH)
    desk.fill("#id_teks_en", SHOWN["en"])
    press(desk, "input[name=foto][value=ya]", "Space")
    press(desk, "button[value=publish]")
    desk.wait_for_selector("main [role=alert]")  # the child's own words are no rewording
    fits(desk, scripts)
    desk.fill("#id_teks", SHOWN["id"])
    press(desk, "input[name=foto][value=ya]", "Space")
    assert desk.input_value("#id_instansi") == "dishub"
    press(desk, "button[value=publish]")
    desk.wait_for_url("**#publish")
    fits(desk, scripts)

    # The body answers.
    office = open_page("/kota/", width=1280, scripts=scripts)
    signed_in(office, live_server, city, "bappeda", language)
    office.goto(f"{live_server.url}{CITY}/kerja/jawab")
    fits(office, scripts)
    taken(office, f"laporan-jawab-{language}")
    press(office, "tbody a")
    office.wait_for_url("**/kerja/jawab/*-*")
    press(office, "input[value=planned]", "Space")
    office.fill("#id_teks", SAID["id"])
    office.fill("#id_teks_en", SAID["en"])
    office.fill("#id_tanggal", timezone.localdate(clock.now() + timedelta(days=30)).isoformat())
    fits(office, scripts)
    taken(office, f"laporan-jawab-satu-{language}")
    press(office, "#jawab button.main")
    office.wait_for_url("**#riwayat")
    fits(office, scripts)

    # The child reads the answer.
    page.goto(f"{live_server.url}{CITY}/lapor/lihat")
    fits(page, scripts)
    page.focus("#id_nomor")
    page.keyboard.type(number.lower().replace("-", " "))
    page.keyboard.press("Tab")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={SAID[language]}")
    assert WISH not in page.inner_text("main")
    fits(page, scripts)
    taken(page, f"lapor-status-{language}")

    # Everybody reads it too.
    page.goto(f"{live_server.url}{CITY}/laporan")
    assert SHOWN[language] in page.inner_text("main")
    fits(page, scripts)
    taken(page, f"laporan-{language}")
    press(page, "tbody a")
    page.wait_for_url("**/laporan/1")
    fits(page, scripts)
    taken(page, f"laporan-satu-{language}")

    # Forum Anak votes.
    who = roles.acting(User.objects.get(username="pppa-0"), city, "moderate")
    other = reporting.idea(city, "Aku mau lampu", once=bytes(32), now=clock.now())
    reporting.published(
        city, who, other, said={"id": "Minta lampu di gang.", "en": "Lights in the lane."}, now=clock.now()
    )
    desk.goto(f"{live_server.url}{CITY}/kerja/suara")
    fits(desk, scripts)
    desk.fill("#id_judul", "Ide mana dulu?")
    desk.fill("#id_judul_en", "Which idea first?")
    desk.check("input[value=approval]")
    desk.fill("#id_hari", "7")
    desk.check("input[name=ide][value='1']")
    desk.check("input[name=ide][value='2']")
    fits(desk, scripts)
    taken(desk, f"suara-baru-{language}")
    press(desk, "form button.main")
    desk.wait_for_url("**/suara/1")
    member = open_page("/kota/", scripts=scripts)
    for count in range(5):
        signed_in(member, live_server, city, "forum_anak", language, count)
        member.goto(f"{live_server.url}{CITY}/suara/1")
        if count == 0:
            fits(member, scripts)
            taken(member, f"suara-pilih-{language}")
        assert member.locator("input:checked").count() == 0
        press(member, "input[value='1']", "Space")
        if count < 2:
            press(member, "input[value='2']", "Space")
        press(member, "#suara button.main")
        member.wait_for_selector("[role=status]")
    fits(member, scripts)
    row = VoteRound.objects.get()
    hour.ahead = timedelta(days=7, minutes=1)
    places.settle_due(clock.now())
    page.goto(f"{live_server.url}{CITY}/suara/1")
    assert VoteRound.objects.get().sha256 in page.inner_text("main")
    assert [one.votes for one in row.options.order_by("report__serial")] == [5, 2]
    fits(page, scripts)
    taken(page, f"suara-hasil-{language}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_wrong_is_told_and_what_was_written_stays(open_page, live_server, city, theme):
    page = open_page(f"{CITY}/lapor", theme=theme)
    page.check("input[value=person]")
    page.fill("#id_cerita", WISH)
    page.set_input_files(
        "#id_foto", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<html>" + bytes(9)}
    )
    page.click("form#lapor button.main")
    page.wait_for_selector("main [role=alert]")
    assert page.input_value("#id_cerita") == WISH
    assert page.is_checked("input[value=person]")
    assert complaints(page) == []
    taken(page, f"lapor-salah-{theme}")
    page.set_input_files("#id_foto", [])
    page.click("form#lapor button.main")
    page.wait_for_url("**/tanda-terima")
    assert page.get_attribute("main a[href^='tel:']", "href") == "tel:129"
    fits(page)
    taken(page, f"lapor-bahaya-{theme}")
    assert Report.objects.get().danger
