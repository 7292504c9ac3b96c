"""A planner, a company, an office that looks at photos and an auditor: from a budget to what really changed."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import clock
from ruangaman.rooms.places import cities, config, roles
from ruangaman.rooms.places.models import Pledge
from ruangaman.rooms.places.tests.plan_files import document, put

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def taken(page, name: str) -> None:
    """A picture of the page, for people to look at."""
    folder = os.environ.get("RUANGAMAN_PICTURES")
    if folder:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def melati(transactional_db, settings, tmp_path):
    settings.CITIES_DIR = str(tmp_path)
    now = clock.now() - timedelta(days=30)
    city = cities.add("kota-melati", "99.71", "Kota Melati", now=now)
    put(config.folder(city.slug), document())
    for name, role, more in (
        ("bappeda", "bappeda", {}), ("perusahaan", "company", {"organisation": "PT Melati"}),
        ("dinas", "pppa", {}), ("pemeriksa", "auditor", {}),
    ):  # fmt: skip
        roles.give(User.objects.create_user(name, is_staff=True), role, city=city, now=now, **more)
    return city


@pytest.fixture
def as_(live_server, open_page, settings):
    """A page of somebody who is signed in."""

    def opened(name: str, path: str, language: str = "id", **more):
        page = open_page("/kota/", **more)
        client = Client()
        client.force_login(User.objects.get(username=name))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [
                {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
                {"name": "bahasa", "value": language, "url": live_server.url},
            ]
        )
        page.goto(live_server.url + path)
        return page

    return opened


def photo(tmp_path: Path) -> Path:
    file = tmp_path / "foto.jpg"
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    Image.effect_noise((900, 600), 60).convert("RGB").save(file, exif=exif.tobytes())
    return file


def plan(page, live_server, *, budget: str = "", least: str = "") -> str:
    """The planner's way from the city's page to a published plan; its address."""
    page.get_by_role("link", name="Rencana kota dan janjinya").click()
    page.get_by_role("link", name="Buat rencana").click()
    page.fill("#anggaran", budget)
    page.fill("#minimum", least)
    page.get_by_role("button", name="Hitung").click()
    page.fill("#judul", "Rencana 2027")
    page.get_by_role("button", name="Simpan rencana").click()
    page.wait_for_selector("h1:has-text('Rencana 2027')")
    page.get_by_role("button", name="Terbitkan").click()
    page.wait_for_selector("text=Akhiri rencana")
    return page.url.removeprefix(live_server.url)


def test_from_a_budget_to_what_really_changed(melati, as_, live_server, open_page, tmp_path):
    page = as_("bappeda", "/kota/kota-melati/")
    address = plan(page, live_server)
    assert "Paling baik yang terbukti: kurang dari 2% di atas rencana ini." in page.inner_text("main")
    assert "antara 30 dan 70" in page.inner_text("main")

    company = as_("perusahaan", address)
    company.get_by_role("link", name=re.compile("^Janji dan foto.*crossing")).click()
    assert "diperkirakan 20 anak bisa jalan aman, antara 10 dan 30" in company.inner_text("main")
    day = timezone.localdate(clock.now() + timedelta(days=60)).isoformat()
    company.fill("#janji-tanggal", day)
    company.get_by_role("button", name="Kami berjanji").click()
    company.wait_for_selector("text=PT Melati")
    fits(company)
    company.set_input_files("#foto", photo(tmp_path))
    company.fill("#foto-tanggal", timezone.localdate(clock.now()).isoformat())
    company.get_by_role("button", name="Kirim foto").click()
    company.wait_for_selector("text=1 foto menunggu diperiksa.")
    where = company.url.removeprefix(live_server.url)

    public = open_page(f"{where}?bahasa=id")
    assert public.locator("figure img").count() == 0  # nobody sees it before an adult has looked
    office = as_("dinas", "/kota/kota-melati/rencana/foto")
    fits(office)
    taken(office, "rencana-foto")
    office.get_by_role("button", name="Tayangkan").click()
    office.wait_for_selector("text=Tidak ada foto yang menunggu.")
    public.reload()
    public.locator("figure img").scroll_into_view_if_needed()
    assert (
        public.locator("figure img").first.evaluate("image => image.decode().then(() => image.naturalWidth)")
        > 100
    )

    auditor = as_("pemeriksa", where)
    auditor.check("input[name=aman][value=ya]")
    auditor.fill("#audit-tanggal", timezone.localdate(clock.now()).isoformat())
    auditor.fill("#catatan", "Zebra dan lampu sudah ada.")
    auditor.get_by_role("button", name="Simpan audit ulang").click()
    auditor.wait_for_selector("text=Selesai dan aman")
    fits(auditor)
    taken(auditor, "rencana-tindakan")
    assert "Ditepati" in auditor.inner_text("main")
    assert Pledge.objects.get().kept_at is not None

    public.goto(live_server.url + address)
    told = public.inner_text("main")
    assert "diperkirakan 20 anak, antara 10 dan 30" in told
    assert "+20" in told
    assert "dari 1 tindakan yang selesai dan aman" in told


@pytest.mark.parametrize("scripts", [True, False])
def test_ticking_actions_tells_at_once_what_they_are_worth(melati, as_, live_server, open_page, scripts):
    address = plan(as_("bappeda", "/kota/kota-melati/"), live_server)
    page = open_page(f"{address}?bahasa=id", scripts=scripts)

    def choose(*names: str) -> str:
        for box in page.locator("input[name=a]").all():
            box.set_checked(box.get_attribute("value") in names)
        if scripts:
            assert page.locator("#kalau button").count() == 0
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(400)
        else:
            page.locator("#kalau button").click()
        return page.inner_text("#kalau-jawab") + " " + page.inner_text("#kalau-biaya")

    if scripts:
        page.wait_for_selector("#kalau button", state="detached")
    assert page.inner_text("#kalau-jawab") == "+50 anak bisa jalan aman, antara 30 dan 70."
    assert choose() == "+0 anak bisa jalan aman. Biayanya Rp0 juta."
    assert choose("crossing") == "+20 anak bisa jalan aman, antara 10 dan 30. Biayanya Rp90 juta."
    assert choose("pavement") == "+kurang dari 10 anak bisa jalan aman. Biayanya Rp300 juta."
    assert (
        choose("crossing", "pavement") == "+40 anak bisa jalan aman, antara 30 dan 50. Biayanya Rp390 juta."
    )
    told = choose("audit", "place")
    assert told == "+50 anak bisa jalan aman, antara 30 dan 70. Biayanya Rp901 juta, melebihi anggaran."


@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_fit_phones_and_desks_in_both_languages(melati, as_, live_server, open_page, language):
    address = plan(as_("bappeda", "/kota/kota-melati/"), live_server)
    for name, path in (
        ("semua", "/kota/kota-melati/rencana/"),
        ("hitung", "/kota/kota-melati/rencana/hitung?dasar=abcdef123456&anggaran=95&minimum=10"),
        ("satu", address),
    ):
        page = as_("bappeda", path, language)
        fits(page)
        taken(page, f"rencana-{name}-{language}")


def test_a_budget_that_cannot_give_each_kelurahan_its_least_is_said_by_name(melati, as_):
    page = as_("bappeda", "/kota/kota-melati/rencana/")
    page.goto(f"{page.url}hitung?dasar=abcdef123456&anggaran=95&minimum=40")
    assert "Batas minimum untuk Utara tidak tercapai" in page.inner_text("[role=alert]")
    page.goto(page.url.replace("anggaran=95", "anggaran=banyak"))
    assert "Periksa anggaran" in page.inner_text("[role=alert]")
