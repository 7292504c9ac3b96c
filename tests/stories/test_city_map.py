"""
Sari's walk in a real browser: MapLibre draws it from this house alone, by keyboard, without signal, without scripts.
"""

import base64
import os
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from tests import axe
from tests.chromium import program

import ruangaman
from ruangaman.adapters import clock
from ruangaman.rooms.places import api as places
from ruangaman.rooms.places import plan_drawing, plans, roles

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BUILT = Path(ruangaman.__file__).parent / "site" / "story" / "city" / "built"
MAP = "/kota/kota-melati/peta"
WEBGL = ["--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-sync",
         "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]  # fmt: skip
WAIT = 30_000
SAFE, BARRIER, SUN, INK = (0x22, 0x67, 0x2C), (0xA3, 0x39, 0x1F), (0xF4, 0xB4, 0x31), (0x14, 0x24, 0x2A)
SAID = {
    "id": ("Sari belum bisa jalan sendiri ke taman.", "anak bisa jalan aman ke taman", "aman"),
    "en": ("Sari cannot walk to the park alone yet.", "children can walk safely to the park", "safe"),
}
KEPT = """async () => {
  const kept = await (await caches.open("kota-halaman-2")).keys();
  const has = (part) => kept.some((one) => one.url.includes(part));
  const all = ["/peta/ubin/15/", "wilayah.geojson", "dasar.geojson", "tempat.geojson", "/tabel"];
  return all.every(has) && Boolean(navigator.serviceWorker.controller);
}"""
COLOURS = """async ([picture, colours]) => {
  const image = new Image();
  await new Promise((done) => { image.onload = done; image.src = "data:image/png;base64," + picture; });
  const canvas = document.createElement("canvas");
  canvas.width = image.width; canvas.height = image.height;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const told = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  return colours.map(([r, g, b]) => {
    let found = 0;
    for (let at = 0; at < told.length; at += 4)
      if (Math.abs(told[at] - r) + Math.abs(told[at + 1] - g) + Math.abs(told[at + 2] - b) < 12) found += 1;
    return found;
  });
}"""


@pytest.fixture(scope="module")
def drawing_browser(chromium):
    """One that draws in three dimensions, by the processor."""
    browser = chromium.browser_type.launch(executable_path=program(), args=WEBGL)
    yield browser
    browser.close()


@pytest.fixture
def house(settings, tmp_path, live_server):
    settings.CITIES_DIR = tmp_path
    shutil.copytree(BUILT, tmp_path / "kota-melati")
    places.add_city("kota-melati", "99.71", "Kota Melati", now=clock.now())
    return live_server


class Reader:
    """A person at a screen; whatever is asked of another host, or breaks, is kept."""

    def __init__(self, browser, house, width=360, height=800, scripts=True):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="en-US"
        )
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.base, self.wrong = house.url, []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        self.context.on("request", self._asked)

    def _asked(self, request):
        if not request.url.startswith((f"{self.base}/", "data:", "blob:")):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def go(self, path):
        self.page.goto(self.base + path)

    def ready(self):
        self.page.locator("#peta[data-siap]").wait_for()

    def colours(self, *wanted):
        """How many points of the map have each colour."""
        picture = base64.b64encode(self.page.locator("#peta").screenshot()).decode()
        return self.page.evaluate(COLOURS, [picture, wanted])

    def keep(self, name):
        if told := os.environ.get("RUANGAMAN_PICTURES"):
            Path(told).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(told) / f"kota-{name}.png", full_page=True)

    def tab_to(self, css):
        for _ in range(60):
            if self.page.evaluate("css => document.activeElement?.matches(css) ?? false", css):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {css}")


@pytest.fixture
def reader(drawing_browser, house):
    made = []

    def opened(**more):
        made.append(Reader(drawing_browser, house, **more))
        return made[-1]

    yield opened
    for one in made:
        one.context.close()


@pytest.mark.parametrize(("language", "width"), [("id", 360), ("id", 1280), ("id", 1920), ("en", 360)])
def test_the_map_shows_her_walk_from_this_house_alone(reader, language, width):
    one = reader(width=width, height=1080 if width == 1920 else 800)
    one.go(f"{MAP}?bahasa={language}")
    one.ready()
    title, _, word = SAID[language]
    assert one.page.locator("h1").inner_text() == title
    assert word in one.page.locator(".legenda").inner_text()
    safe, barrier, sun = one.colours(SAFE, BARRIER, SUN)
    assert safe > 300, "the safe part of the walk"
    assert barrier > 60, "the sign where it is not safe"
    assert sun > 60, "the gate of the park"
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.complaints(one.page) == []
    one.keep(f"{language}-{width}")
    assert one.wrong == []


def test_everything_is_done_by_keyboard_and_said_aloud(reader):
    one = reader(width=1280)
    one.go(f"{MAP}?bahasa=id")
    one.ready()
    one.tab_to("canvas")
    before = one.page.locator("#peta").screenshot()
    one.page.keyboard.press("ArrowDown")
    one.page.wait_for_timeout(600)
    assert one.page.locator("#peta").screenshot() != before, "arrows move the map"
    one.tab_to("#dekat")
    one.page.keyboard.press("Enter")
    one.tab_to("input[name=baik]")
    one.page.keyboard.press("Space")
    one.page.locator("#hasil[role=status] .big").wait_for()
    assert SAID["id"][1] in one.page.locator("#hasil").inner_text()
    one.tab_to("[data-langkah='3']")
    one.page.wait_for_timeout(600)
    assert "Menyeberang Jalan Raya" in one.page.evaluate("document.activeElement.innerText")
    assert one.wrong == []


def test_without_signal_the_page_and_its_map_are_there_again(reader):
    one = reader(width=360)
    one.go(f"{MAP}?bahasa=id")
    one.ready()
    for _ in range(100):
        if one.page.evaluate(KEPT):
            break
        one.page.wait_for_timeout(200)
    assert one.page.evaluate(KEPT)
    one.context.set_offline(True)
    one.page.reload()
    one.ready()
    assert one.page.locator("h1").inner_text() == SAID["id"][0]
    assert one.colours(SAFE)[0] > 300
    one.page.locator(".top .act").click()
    one.page.get_by_text("cross/without-a-crossing").wait_for()
    assert [told for told in one.wrong if "elsewhere" in told] == []


def test_without_scripts_a_picture_stands_there_and_the_form_works(reader):
    one = reader(width=360, scripts=False)
    one.go(f"{MAP}?bahasa=id")
    picture = one.page.locator("svg.gambar")
    assert picture.is_visible()
    assert "Sari belum bisa jalan sendiri" in picture.get_attribute("aria-label")
    one.page.locator("input[name=baik]").first.check()
    one.page.get_by_role("button", name="Hitung").click()
    assert SAID["id"][1] in one.page.locator("#hasil").inner_text()
    assert one.page.locator("svg.gambar").count() == 1
    one.keep("tanpa-skrip")
    assert one.wrong == []


@pytest.fixture
def plan(house):
    """The drawn city's own plan, published."""
    city = roles.city_of("kota-melati")
    by = User.objects.create_user("perencana")
    made = plans.save(
        city, plans.read(city, plans.computed(city)[0].id), "Rencana 2027", by=by, now=clock.now()
    )
    plans.publish(made, now=clock.now())
    return made


@pytest.mark.parametrize(("language", "width", "where"), [
    ("id", 360, MAP + "?wilayah=99.71.01&"), ("en", 1280, ""),
])  # fmt: skip
def test_a_plan_is_drawn_and_each_work_is_found_by_keyboard(reader, plan, language, width, where):
    one = reader(width=width)
    one.go(f"{where or f'/kota/kota-melati/rencana/{plan.pk}/?'}bahasa={language}")
    one.ready()
    assert one.colours(INK)[0] > 600, "the signs of the works"
    assert axe.complaints(one.page) == []
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    last = plan_drawing.works(plan)[-1]["id"]
    assert one.colours(SUN)[0] < 60
    one.page.locator(f"[data-karya='{last}']").focus()
    one.page.wait_for_timeout(900)
    one.page.evaluate("scrollTo(0, 0)")
    assert one.colours(SUN)[0] > 60, "a sun behind the sign of the work in focus"
    one.keep(f"rencana-{language}-{width}-{'peta' if where else 'sendiri'}")
    assert one.wrong == []


def test_without_scripts_the_plan_is_in_the_picture_and_in_the_table(reader, plan):
    one = reader(width=360, scripts=False)
    many = len(plan.document["chosen"])
    one.go(f"/kota/kota-melati/rencana/{plan.pk}/?bahasa=id")
    assert one.page.locator("svg.gambar use").count() == many
    assert one.page.locator("svg.gambar").is_visible()
    one.page.get_by_role("link", name="Buka sebagai tabel").click()
    assert (
        one.page.locator("table", has_text="Rencana yang akan dikerjakan").locator("tbody tr").count() == many
    )
    assert one.wrong == []


@pytest.mark.parametrize(
    "path", ["/kota/kota-melati/jalan?jalan=gang", "/kota/kota-melati/tabel", "/kota/kota-melati/"]
)
def test_the_other_pages_are_whole_on_a_phone(reader, path):
    one = reader(width=360)
    one.go(path)
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe.complaints(one.page) == []
    assert one.wrong == []
