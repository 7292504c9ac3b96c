"""The scorecard as offices meet it: weights, scores, evidence, what is at risk, the province's check; by keyboard."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from tests.axe import complaints

from ruangaman.adapters import clock
from ruangaman.rooms.places import cities, roles

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WEIGHTS = "no;bobot\n" + "".join(f"{no};{'50,0' if no > 20 else 40}\n" for no in range(1, 25))
WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.table-wrap, svg, .skip, .for-ears, .wide-only'))
    .filter(e => getComputedStyle(e).position !== 'absolute')
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 90))"""
SMALL = """() => [...document.querySelectorAll('main :is(button, input:not([type=hidden]), select, summary)')]
    .filter(e => e.offsetParent && !e.closest('.choice'))
    .filter(e => e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 90))"""


def fits(page, scripts: bool = True) -> None:
    """Nothing is cut off, targets are large, one heading, and axe (a script) finds nothing."""
    for width in (320, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) == [], width
        assert page.evaluate(SMALL) == [], width
    assert page.locator("h1").count() == 1
    if scripts:
        assert complaints(page) == []


@pytest.fixture
def offices(transactional_db, live_server):
    """A city with its offices; gives a function that signs a page in as one of them."""
    now = clock.now()
    city = cities.add("kota-melati", "99.71", "Kota Melati", now=now)
    cities.add("kota-mawar", "99.72", "Kota Mawar", now=now)
    for name in ("pppa", "bappeda"):
        roles.give(User.objects.create_user(name, is_staff=True), name, city=city, now=now)
    roles.give(User.objects.create_user("provinsi", is_staff=True), "province", province="99", now=now)
    User.objects.create_superuser("kepala")

    def sign_in(page, name: str, language: str = "id") -> None:
        client = Client()
        client.force_login(User.objects.get(username=name))
        page.context.clear_cookies()
        told = {"ruang": client.cookies["ruang"].value, "bahasa": language}
        page.context.add_cookies(
            [{"name": key, "value": one, "url": live_server.url} for key, one in told.items()]
        )

    return sign_in


def sent(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.mark.parametrize(("language", "scripts"), [("id", False), ("en", True)])
def test_weights_scores_evidence_risk_submission_and_one_indicator_that_comes_back(
    open_page, live_server, offices, language, scripts
):
    page = open_page("/kota/kota-melati/kla", scripts=scripts)
    fits(page, scripts)
    indonesian = language == "id"
    work = f"{live_server.url}/kota/kota-melati/kerja/kla"
    offices(page, "pppa", language)
    # A year is begun before any weight is known: the score is a range, said in words.
    page.goto(work)
    fits(page, scripts)
    page.fill("#id_year", str(clock.now().year))
    page.focus("#id_year")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kerja/kla/2*")
    card = page.url
    assert ("0 sampai 1000" if indonesian else "0 to 1000") in page.inner_text(".facts")
    # Dinas PPPA loads weights and uses them for the year.
    page.goto(f"{work}/bobot")
    fits(page, scripts)
    page.set_input_files("#id_berkas", sent("bobot.csv", WEIGHTS.replace("24;50,0", "24;51").encode()))
    page.fill("#id_sumber", "Lampiran surat")
    page.check("input[name=tahun]")
    page.click("button.main")
    page.wait_for_selector("[role=alert]")
    assert "1001" in page.inner_text("[role=alert]")
    page.set_input_files("#id_berkas", sent("bobot.csv", WEIGHTS.encode()))
    page.check("input[name=tahun]")
    page.click("button.main")
    page.wait_for_selector("text=Lampiran surat")
    # All scores by keyboard alone: a value, Tab over the unit, the next value, Enter.
    page.goto(card)
    page.focus("input[name=nilai-1]")
    page.keyboard.type("29,8")
    page.keyboard.press("Tab")
    page.keyboard.press("p")
    for _ in range(23):
        page.keyboard.press("Tab")
        # links of the row stand between; go on until a field for a score has the focus
        while not page.evaluate("(document.activeElement.name || '').startsWith('nilai-')"):
            page.keyboard.press("Tab")
        page.keyboard.type("72")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert page.inner_text(".facts dd >> nth=0") == "721"
    assert "Nindya" in page.inner_text(".facts")
    assert page.inner_text(".facts dd >> nth=2") == "721"  # no evidence at all: every point is at risk
    fits(page, scripts)
    # Evidence for indicator 2, confirmed by Bappeda: its points are safe.
    page.goto(f"{card}/2")
    fits(page, scripts)
    page.fill("#id_judul", "SK Gugus Tugas")
    page.fill("#id_tanggal", f"{clock.now().year}-01-15")
    page.click("#tambah button.main")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#id_judul") == "SK Gugus Tugas"
    page.set_input_files("#id_berkas", sent("sk.pdf", PDF))
    page.click("#tambah button.main")
    page.wait_for_selector("#bukti table")
    offices(page, "bappeda", language)
    page.goto(f"{card}/2")
    page.focus("#bukti button[value=confirm]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#bukti table")
    fits(page, scripts)
    page.goto(card)
    assert page.inner_text(".facts dd >> nth=2") == ("692,20" if indonesian else "692.20")
    page.click("button[value=submit]")
    page.wait_for_url(card)
    # The province sees its cities side by side, returns one indicator with a reason, accepts the rest.
    offices(page, "provinsi", language)
    page.goto(f"{live_server.url}/provinsi/99/")
    fits(page, scripts)
    page.click("tbody a[href*=periksa]")
    fits(page, scripts)
    page.check("#indikator-7 input[value=returned]")
    page.click("#indikator-7 summary")
    page.fill("#id_alasan_7", "Dokumen tidak ada")
    page.click("#indikator-7 button.button")
    page.wait_for_selector("#indikator-7 p b")
    page.click("button[value=rest]")
    page.wait_for_selector("#selesai")
    page.click("button[value=finish]")
    page.wait_for_selector("[role=status]")
    fits(page, scripts)
    # The city reads it beside its own score.
    offices(page, "pppa", language)
    page.goto(card)
    assert "Dokumen tidak ada" in page.inner_text("tr.now")
    assert ("692,20, Madya" if indonesian else "692.20, Madya") in page.inner_text(".facts")
    page.click("button[value=publish]")
    page.wait_for_selector("button[value=hide]")
    page.goto(f"{live_server.url}/kota/kota-melati/kla")
    assert "721" in page.inner_text("main")
    fits(page, scripts)
    for more in ("/kota/kota-melati/kla/unicef", f"{card.removeprefix(live_server.url)}/unicef"):
        page.goto(live_server.url + more)
        fits(page, scripts)


def test_an_administrator_looks_at_roles(open_page, live_server, offices):
    page = open_page("/kota/")
    offices(page, "kepala")
    page.goto(f"{live_server.url}/kota/kota-melati/")
    page.click("a[href$=peran]")
    fits(page)
    assert "bappeda" in page.inner_text("tbody >> nth=0")
