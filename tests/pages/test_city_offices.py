"""An office answers, photos are taken down from their own pages, a city loads its own form: phone, desk, keyboard."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import audit_tables, clock
from ruangaman.rooms.places import cities, config, plan_photos, plans, roles
from ruangaman.rooms.places.audits import answering, certificates, deciding, opening, photos
from ruangaman.rooms.places.models import ActionPhoto, AuditPhoto, ReportStep
from ruangaman.rooms.places.tests import auditing, reporting
from ruangaman.rooms.places.tests.plan_files import document, put

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CITY = "/kota/kota-melati"
PEOPLE = {
    "dinas": ("pppa", {}), "dinas-pu": ("body", {"body": "pu"}), "penilai": ("auditor", {}),
    "lsm": ("ngo", {"organisation": "Yayasan Melati"}), "bappeda": ("bappeda", {}), "provinsi": ("province", {}),
}  # fmt: skip


def taken(page, name: str) -> None:
    """A picture of the page, for people to look at."""
    folder = os.environ.get("RUANGAMAN_PICTURES")
    if folder:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def melati(transactional_db, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    now = clock.now() - timedelta(days=1)
    city = cities.add("kota-melati", "99.71", "Kota Melati", now=now)
    reporting.build(config.folder(city.slug))
    for name, (role, more) in PEOPLE.items():
        where = {"province": "99"} if role == "province" else {"city": city}
        roles.give(User.objects.create_user(name, is_staff=True), role, now=now, **where, **more)
    return city


@pytest.fixture
def as_(live_server, open_page, settings):
    """A page of somebody who is signed in; of everybody for ""."""

    def opened(name: str, path: str, language: str = "id", **more):
        page = open_page("/kota/", **more)
        known = [{"name": "bahasa", "value": language, "url": live_server.url}]
        if name:
            client = Client()
            client.force_login(User.objects.get(username=name))
            session = settings.SESSION_COOKIE_NAME
            known.append({"name": session, "value": client.cookies[session].value, "url": live_server.url})
        page.context.add_cookies(known)
        page.goto(live_server.url + path)
        return page

    return opened


def press(page, place: str, key: str = "Enter") -> None:
    """By keyboard alone."""
    page.focus(place)
    page.keyboard.press(key)


def go(page, place: str) -> None:
    """On to what this link or button leads to, by keyboard."""
    page.focus(place)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def picture(page) -> bool:
    """Whether the one photo of the page is there and can be drawn."""
    page.locator("main img").scroll_into_view_if_needed()
    drawn = "image => image.decode().then(() => image.naturalWidth > 0)"
    return bool(page.locator("main img").evaluate(drawn))


def user(name: str) -> User:
    return User.objects.get(username=name)


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", False)])
def test_an_office_answers_and_shows_what_it_did(melati, as_, live_server, language, scripts):
    moderator = roles.acting(user("dinas"), melati, "moderate")
    row = reporting.told(melati, now=clock.now())
    reporting.published(melati, moderator, row, now=clock.now())
    office = as_("dinas-pu", f"{CITY}/", language, scripts=scripts)
    fits(office, scripts)
    go(office, f"a[href='{CITY}/kerja/instansi']")
    fits(office, scripts)
    taken(office, f"kantor-{language}")
    go(office, "tbody a")
    press(office, "input[value=solved]", "Space")
    office.fill("#id_teks", reporting.ANSWER["id"])
    office.fill("#id_teks_en", reporting.ANSWER["en"])
    file = {"name": "hasil.jpg", "mimeType": "image/jpeg", "buffer": reporting.photo(exif=reporting.exif())}
    office.set_input_files("#id_foto", file)
    fits(office, scripts)
    go(office, "#jawab button.main")
    fits(office, scripts)
    public = as_("", f"{CITY}/laporan/1", language, scripts=scripts)
    assert public.locator("main img").count() == 0  # nobody sees it before an adult has looked

    desk = as_("dinas", f"{CITY}/kerja/laporan", language, scripts=scripts)
    fits(desk, scripts)
    go(desk, "a[href$='#done-show']")
    fits(desk, scripts)
    taken(desk, f"kantor-lihat-foto-{language}")
    go(desk, "button[value=done-show]")
    public.reload()
    if scripts:
        assert picture(public)
    fits(public, scripts)
    taken(public, f"kantor-umum-{language}")
    assert public.locator("main form").count() == 0

    desk.goto(f"{live_server.url}{CITY}/laporan/1")
    fits(desk, scripts)
    taken(desk, f"kantor-turunkan-{language}")
    go(desk, "button[value=sesudah]")
    assert desk.locator("main img").count() == 0
    assert ReportStep.objects.get(what="solved").photo_state == "refused"


def audited(melati) -> AuditPhoto:
    """A place whose certificate stands, and a photo of it that everybody sees."""
    now, office = clock.now(), user("dinas")
    place = opening.add_space(melati, "Taman Melati", reporting.WEST, now=now)
    audit = opening.begin(place, user("penilai"), user("lsm"), by=office, now=now)
    first, second = audit.seats.order_by("number")
    row = photos.receive(first, uuid4(), auditing.GATE, auditing.photo((400, 300)), now=now)
    for seat in (first, second):
        answering.receive(seat, uuid4(), auditing.told(), finish=True, now=now)
    certificates.give(deciding.decide(audit, {}, by=office, now=now), by=office, now=now)
    photos.look(row, face=False, by=office, now=now)
    return row


@pytest.mark.parametrize(("language", "scripts"), [("id", False), ("en", True)])
def test_a_photo_of_an_audit_is_taken_down_from_its_page(melati, as_, language, scripts):
    row = audited(melati)
    where = f"{CITY}/penilaian/{row.space_id}/"
    public = as_("", where, language, scripts=scripts)
    fits(public, scripts)
    taken(public, f"penilaian-{language}")
    assert public.locator("main form").count() == 0
    desk = as_("dinas", where, language, scripts=scripts)
    fits(desk, scripts)
    taken(desk, f"penilaian-turunkan-{language}")
    assert desk.locator("main form button").bounding_box()["height"] >= 48
    go(desk, "main form button")
    assert desk.locator("main img").count() == 0
    row.refresh_from_db()
    assert row.destroyed_at is not None


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", False)])
def test_a_photo_of_a_plan_is_taken_down_from_its_page(melati, as_, live_server, language, scripts):
    now = clock.now()
    put(config.folder(melati.slug), document())
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=user("bappeda"), now=now)
    plans.publish(made, now=now)
    action = made.actions.select_related("plan__city").get(key="crossing")
    row = plan_photos.send(
        action, auditing.photo((400, 300)), taken_on=now.date(), by=user("penilai"), now=now
    )
    plan_photos.check(row, show=True, by=user("dinas"), now=now)
    where = f"{CITY}/rencana/tindakan/{action.pk}/"
    public = as_("", where, language, scripts=scripts)
    fits(public, scripts)
    taken(public, f"tindakan-{language}")
    assert public.locator("figure img").count() == 1
    desk = as_("dinas", where, language, scripts=scripts)
    fits(desk, scripts)
    taken(desk, f"tindakan-turunkan-{language}")
    down = f"form[action$='/foto/{row.pk}/turunkan'] button"
    assert desk.locator(down).bounding_box()["height"] >= 48
    go(desk, down)
    assert desk.locator("figure img").count() == 0
    assert ActionPhoto.objects.get().content is None


@pytest.mark.parametrize(("language", "scripts"), [("id", True), ("en", False)])
def test_a_city_loads_its_own_form_and_is_told_what_is_wrong(melati, as_, language, scripts):
    page = as_("dinas", f"{CITY}/audit/", language, scripts=scripts)
    go(page, f"a[href='{CITY}/audit/formulir']")
    fits(page, scripts)
    taken(page, f"formulir-{language}")
    ours = audit_tables.as_yaml(0, audit_tables.shipped()[0])

    def send(text: str) -> None:
        page.check("input[value=form]")
        page.set_input_files("#berkas", {"name": "f.yaml", "mimeType": "text/yaml", "buffer": text.encode()})
        go(page, "form button.main")

    page.wrong.clear()
    send(ours.replace("severity: 3", "severity: 9", 1))
    assert page.inner_text("[role=alert] code") == "audits.form-malformed: lokasi/jauh-dari-jalan-besar"
    fits(page, scripts)
    taken(page, f"formulir-salah-{language}")
    send(ours.replace("version: 2026-11-30", "version: 2027-01-01", 1))
    assert page.locator("[role=alert]").count() == 0
    assert "2027-01-01" in page.inner_text("main")
    fits(page, scripts)


@pytest.mark.parametrize("language", ["id", "en"])
def test_lists_of_cities_and_provinces_and_mails_say_names(melati, as_, live_server, language):
    cities.add("bandung", "32.73", "Kota Bandung", now=clock.now())
    name = {"id": "Provinsi Jawa Barat", "en": "Province of West Java"}[language]
    for scripts in (True, False):
        page = as_("", "/kota/", language, scripts=scripts)
        assert name in page.inner_text("main")
        fits(page, scripts)
        taken(page, f"kota-{language}")
        go(page, "main h2 a >> nth=0")
        assert "/provinsi/32/" in page.url
        fits(page, scripts)
    page = as_("provinsi", "/provinsi/99/", language)
    fits(page)
    taken(page, f"provinsi-{language}")
    page = as_("dinas", f"{CITY}/kerja/surat", language)
    fits(page)
    taken(page, f"surat-{language}")
