"""The mayor opens the brief on a phone, reads it in two languages, and prints the paper."""

import shutil

import pytest
from tests.axe import complaints
from tests.laws.test_city_brief import AT, folder  # noqa: F401  (a fixture)

from ruangaman.adapters import city_brief
from ruangaman.rooms.places import api as places

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(folder, tmp_path_factory, settings):  # noqa: F811
    cities = tmp_path_factory.mktemp("cities")
    shutil.copytree(folder, cities / "kota-melati")
    settings.CITIES_DIR = cities
    city_brief.write(cities / "kota-melati", at=AT)
    return places.add_city("kota-melati", "99.71", "Kota Melati", now=AT)


@pytest.fixture
def open_page(chromium, live_server):
    contexts = []

    def opened(path, *, language="id", width=360, scripts=True):
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        context.add_cookies([{"name": "bahasa", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_mayor_reads_it_and_takes_the_paper(city, open_page, live_server, language):
    page = open_page("/kota/", language=language)
    page.click("text=Kota Melati")
    page.click("text=Ringkasan untuk Wali Kota" if language == "id" else "text=Brief for the mayor")
    said = page.inner_text("h1")
    assert said.startswith("Dari 100 anak" if language == "id" else "Of 100 children")
    assert "20" in said
    text = page.inner_text("main")
    for told in ("Mawar", "Melati", "Rencana 2027", "12,3%" if language == "id" else "12.3%"):
        assert told in text
    assert "Kenanga" not in text
    assert ("kurang dari 10" if language == "id" else "fewer than 10") in text
    for width in (320, 1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, width
    assert complaints(page) == []
    assert all(url.startswith(live_server.url) for url in page.asked)
    for paper in page.query_selector_all("a[href$='.pdf']"):
        answer = page.request.get(live_server.url + paper.get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-")
    assert len(page.query_selector_all("a[href$='.pdf']")) == 2


def test_it_is_whole_without_scripts_and_by_keyboard(city, open_page):
    page = open_page("/kota/kota-melati/ringkasan", scripts=False)
    assert "Mulai dari sini" in page.inner_text("main")
    for _ in range(30):
        page.keyboard.press("Tab")
        if "ringkasan-id.pdf" in (page.evaluate("() => document.activeElement.href") or ""):
            break
    else:
        pytest.fail("the paper is not reached by keyboard")


def test_a_city_that_was_not_computed_says_so(city, open_page):
    places.add_city("kota-kosong", "99.72", "Kota Kosong", now=AT)
    assert "belum dihitung" in open_page("/kota/kota-kosong/ringkasan").inner_text("h1")


@pytest.mark.parametrize(
    "path", ["kota-kosong/ringkasan-id.pdf", "kota-melati/ringkasan-fr.pdf", "tidak-ada/ringkasan"]
)
def test_what_is_not_there_is_not_found(city, client, path):
    places.add_city("kota-kosong", "99.72", "Kota Kosong", now=AT)
    assert client.get(f"/kota/{path}").status_code == 404
