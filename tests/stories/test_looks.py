"""Main pages as they look: nothing for axe to complain about, nothing cut off on a phone; pictures for the README."""

import os
import re
from pathlib import Path

import pytest
from tests.axe import complaints, loaded
from tests.stories.people import Scene, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WRITE = os.environ.get("RUANGAMAN_PICTURES") == "1"
MOST_BYTES = 200_000

# What differs from run to run would change a picture without a reason.
STILL = """
() => {
  document.activeElement?.blur();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); )
    node.textContent = node.textContent.replace(/localhost:[0-9]+/g, "localhost:8000");
}
"""


def look(window: Window, name: str, *, whole: bool = True) -> None:
    """Check one page, and keep a picture of it."""
    page = window.page
    assert complaints(page) == [], name
    wide = loaded(page, lambda: page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))
    assert wide <= 0, name
    loaded(page, lambda: page.evaluate(STILL))
    picture = page.screenshot(full_page=whole, animations="disabled", caret="hide")
    assert len(picture) < MOST_BYTES, (name, len(picture))
    if WRITE:
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(picture)


def test_the_guardians_way_from_request_to_receipt(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    look(child, "aplikasi-menunggu-360")
    side = story.adult().go(child.link())
    look(side, "minta-360")
    mother.open_code(child.code())
    look(mother, "izin-360")
    wide = story.adult(width=1280).go(mother.page.url)
    look(wide, "izin-1280")
    dark = story.adult(theme="dark").go(mother.page.url)
    look(dark, "izin-gelap-360")
    english = story.adult(language="en").go(mother.page.url + "?bahasa=en")
    assert "Sari wants to use Dongeng Kita" in english.text()
    look(english, "izin-en-360")
    mother.choose("yes")
    look(mother, "bukti-360")
    mother.press("form[action*='/kantor/'] button")
    mother.page.wait_for_url(f"{story.house.office}/**")
    look(mother, "kantor-360")
    mother.press("button[value=ibu]")
    look(mother, "kantor-anak-360")
    mother.page.check("input[value=sari]")
    mother.press("form[action='/tanya/jawab'] button")
    mother.page.wait_for_url(f"{story.house.base}/**")
    look(mother, "bukti-kembali-360")
    mother.press("form[action$='/bukti/kirim'] button")
    look(mother, "izin-tersimpan-360")
    child.becomes("open")
    look(child, "aplikasi-terbuka-360")
    mother.page.get_by_role("link", name="Simpan tanda terima").click()
    look(mother, "tanda-terima-360")


def test_the_familys_home_and_what_can_be_set_there(story: Scene) -> None:
    _, before = story.allowed("sari", "dongeng-kita")
    before.withdraw("Sari", "dongeng-kita")  # with every account that other stories left open
    _, mother = story.allowed("sari", "dongeng-kita")
    waiting = story.child("bima", "obrol")
    mother.home("Sari")
    look(mother, "keluarga-360")
    mother.page.set_viewport_size({"width": 1280, "height": 740})
    look(mother, "keluarga-1280")
    mother.page.set_viewport_size({"width": 360, "height": 740})
    mother.page.get_by_role("link", name="Atur Dongeng Kita").click()
    look(mother, "atur-360")
    mother.home("Sari").page.get_by_role("link", name="Cabut izin Dongeng Kita").click()
    look(mother, "cabut-360")
    mother.page.get_by_role("button", name="Cabut izin").click()
    look(mother, "dicabut-360")
    assert waiting.state == "waiting"


@pytest.mark.parametrize(
    ("name", "service", "who", "ground"),
    [
        ("sari", "dongeng-kita", "ibu", "10-12"),
        ("bima", "obrol", "ibu", "13-15"),
        ("ayu", "obrol", "ayah", "16-17"),
    ],
)
def test_each_childs_own_page(story: Scene, name: str, service: str, who: str, ground: str) -> None:
    child, _ = story.allowed(name, service, who)
    child.look_again()
    own = story.adult().go(child.own_page())
    assert f"child-{ground}" in own.page.get_attribute("html", "class")
    look(own, f"anak-{ground}-360")
    own.page.set_viewport_size({"width": 1280, "height": 740})
    look(own, f"anak-{ground}-1280")


def test_the_door_that_the_law_closes(story: Scene) -> None:
    child = story.child("bima", "ramai")
    look(child, "aplikasi-tertutup-360")
    assert re.search("Aturan menutupnya, bukan orang tua", child.text())


def test_the_start_the_story_and_the_office(story: Scene) -> None:
    anybody = story.adult()
    look(anybody.go("/"), "mulai-360")
    wide = story.adult(width=1280).go("/")
    look(wide, "mulai-1280", whole=False)
    for path, name in (
        ("/cerita", "cerita"),
        ("/cerita/surat", "surat"),
        ("/cerita/jam", "jam"),
        ("/masuk", "masuk"),
    ):
        anybody.go(path)
        assert complaints(anybody.page) == [], name
    look(anybody.go("/aplikasi"), "aplikasi-apa-360")
    wide.go("/aplikasi")
    look(wide, "aplikasi-apa-1280", whole=False)
    look(anybody.go(f"{story.house.platform}/"), "ramai-360")
    look(anybody.go(f"{story.house.platform}/petugas/"), "petugas-360")
    anybody.go(story.house.office + "/")
    assert "Bukan kantor sungguhan" in anybody.text()
