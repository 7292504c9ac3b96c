"""Campaigns and results in Chromium: at 320 px and wide, in both languages, and axe finds nothing."""

import hashlib
import itertools
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from tests.axe import complaints

from ruangaman.rooms.learning import courses, made_up, results
from ruangaman.rooms.learning.campaigns import making
from ruangaman.rooms.learning.models import Campaign, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
def campaign(monkeypatch):
    """A drawn campaign whose lesson teaches so much, with the account of its organiser."""

    def made(learned: float = 0.5, *, kept: int | None = None) -> Campaign:
        # Ids and the seed in a fixed order: the draw, and so the verdict, is the same each time.
        numbers = itertools.count(1)
        monkeypatch.setattr(made_up.ids, "new", lambda now: UUID(int=next(numbers)))
        monkeypatch.setattr(making.secrets, "token_hex", lambda size: "00" * size)
        monkeypatch.setattr(made_up, "LEARNED", learned)
        User.objects.create_user("dinas", is_staff=True)
        row = made_up.campaign("dinas", region="99", seed=3, now=NOW)
        if kept is not None:
            Sheet.objects.filter(time="delayed", seat__number__gt=kept).delete()
            told_anew(row)
        return row

    return made


def told_anew(row: Campaign) -> None:
    """As if its sheets had been what they are now on the day of telling."""
    Campaign.objects.filter(pk=row.pk).update(sealed=None)
    results.seal(row, NOW)
    row.groups.update(told=None)
    for group in row.groups.all():
        results.tell(group, NOW)


def signed_in(page, live_server, client):
    client.force_login(User.objects.get(username="dinas"))
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


def settled(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []
    assert page.wrong == []


SAID = {
    (0.5, None): (
        "Setelah 28 hari, kelompok yang diajar lebih tahu.",
        "After 28 days the groups taught know more.",
    ),
    (0.0, None): ("Belum terlihat bedanya.", "No difference seen yet."),
    (0.5, 2): ("Data belum cukup.", "Not enough data."),
}


@pytest.mark.parametrize(("world", "said"), SAID.items())
def test_results_say_one_thing_first_in_both_languages(open_page, campaign, live_server, world, said):
    learned, kept = world
    row = campaign(learned, kept=kept)
    page = open_page(f"/pelajaran/kampanye/{row.slug}/hasil", width=320)
    for language, sentence in zip(("id", "en"), said, strict=True):
        page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
        page.set_viewport_size({"width": 320, "height": 800})
        page.reload()
        assert page.locator("h1").inner_text() == sentence
        assert page.locator("svg.chart").count() == (0 if kept else 1)
        settled(page, 320)
        page.set_viewport_size({"width": 1280, "height": 800})
        settled(page, 1280)


MARKED = "(one) => one.selectionEnd - one.selectionStart === one.value.length"
PAGES = ("/pelajaran/kampanye/", "/pelajaran/kampanye/{}/", "/pelajaran/kampanye/baru", "/pelajaran/hasil/")


def test_list_desk_form_and_regions_fit_a_phone_and_a_screen(open_page, campaign, live_server, client):
    row = campaign()
    page = signed_in(open_page("/pelajaran/kampanye/", width=320), live_server, client)
    for language in ("id", "en"):
        page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
        for address in PAGES:
            page.set_viewport_size({"width": 320, "height": 800})
            page.goto(live_server.url + address.format(row.slug))
            settled(page, 320)
            page.set_viewport_size({"width": 1280, "height": 800})
            settled(page, 1280)


def test_by_keyboard_and_without_scripts_a_campaign_is_made_and_its_words_changed(
    open_page, campaign, live_server, client
):
    campaign()
    page = signed_in(open_page("/pelajaran/kampanye/", width=360, scripts=False), live_server, client)
    page.goto(live_server.url + "/pelajaran/kampanye/baru")
    page.locator("#name_id").fill("Bersama di grup")
    page.locator("#name_en").fill("Together in the group")
    page.locator("summary", has_text="Orang tua").press("Enter")
    page.locator("[value=PAR-5]").press("Space")
    page.locator("#starts_on").fill("2026-12-07")
    page.locator("#ends_on").fill("2026-12-20")  # too short
    page.locator("form button.main").press("Enter")
    assert page.locator("#salah-ends_on").is_visible()
    assert page.locator("[value=PAR-5]").is_checked()
    page.locator("#ends_on").fill("2027-02-20")
    page.locator("form button.main").press("Enter")
    assert page.locator("h1").inner_text() == "Bersama di grup"
    page.locator("summary", has_text="Ubah kata-kata").press("Enter")
    page.locator("[name=text_id]").fill("Dengarkan dulu. Percaya. Jangan salahkan anak, peluk dia.")
    page.locator("button", has_text="Simpan kata-kata").press("Enter")
    # By keyboard alone, and without a script, all of the message and of the address can be marked and copied.
    for name, told in (("Pesan untuk grup", "Dengarkan dulu."), ("Alamat pendek", "/pelajaran/p/")):
        box = page.locator("#kata-A").get_by_label(name, exact=True)
        assert told in box.input_value()
        assert not box.is_editable()
        box.press("Control+a")
        assert box.evaluate(MARKED)
    assert (
        "/pelajaran/p/" in page.locator("#kata-A").get_by_label("Pesan untuk grup", exact=True).input_value()
    )
    assert "pelajaran pertama" not in page.locator("#kata-A").inner_text()


def test_the_desk_marks_what_is_tapped_and_names_the_lesson_of_several(
    open_page, campaign, live_server, client
):
    row = campaign()
    Campaign.objects.filter(pk=row.pk).update(objectives=["PAR-5", "PAR-1"])
    page = signed_in(open_page("/pelajaran/kampanye/", width=360), live_server, client)
    page.goto(f"{live_server.url}/pelajaran/kampanye/{row.slug}/")
    for name in ("Pesan untuk grup", "Alamat pendek"):
        box = page.locator("#kata-A").get_by_label(name, exact=True)
        box.click()
        assert box.evaluate(MARKED)
    title = courses.course().lessons["PAR-5"].title.id
    assert f"menuju pelajaran pertama: {title}" in page.locator("#kata-A").inner_text()


def test_a_facilitators_own_class_fits_a_phone_and_of_few_nothing_is_shown(open_page, campaign):
    row = campaign()
    group = row.groups.first()
    secret = secrets.token_bytes(32)
    row.groups.filter(pk=group.pk).update(key=hashlib.sha256(secret).digest())
    token = urlsafe_b64encode(secret).rstrip(b"=").decode()
    page = open_page(f"/pelajaran/pemandu/{token}/hasil", width=320)
    assert page.locator("h1").inner_text().startswith("Kelas ini: ")
    settled(page, 320)
    Sheet.objects.filter(seat__group=group, seat__number__gt=9).delete()
    told_anew(row)
    page.reload()
    assert page.locator("h1").inner_text() == "Kelompok terlalu kecil untuk ditampilkan."
    assert "%" not in page.locator("main").inner_text()
    settled(page, 320)
    row.groups.update(told=None)
    page.reload()
    assert page.locator("h1").inner_text() == "Data belum cukup."
    assert "Hasil tampil satu kali, pada " in page.locator("main").inner_text()
    settled(page, 320)


def test_before_its_day_a_campaign_says_how_many_came_in_tens_and_when_results_come(
    open_page, campaign, live_server
):
    row = campaign()
    Campaign.objects.filter(pk=row.pk).update(sealed=None, ended_at=None)
    page = open_page(f"/pelajaran/kampanye/{row.slug}/hasil", width=320)
    said = {
        "id": ("Data belum cukup.", "Yang ikut sampai sekarang: "),
        "en": ("Not enough data.", "Took part so far: "),
    }
    for language, (headline, came) in said.items():
        page.context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
        page.reload()
        assert page.locator("h1").inner_text() == headline
        assert re.search(rf"{came}\d+0\.", page.locator("main").inner_text())
        assert "%" not in page.locator("main").inner_text()
        settled(page, 320)
