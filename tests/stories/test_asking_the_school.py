"""Ayu proves one age at her school: the pages as they look, what each side learns, and every way back."""

import json
import re

import pytest
from tests.stories.people import Child, Scene
from tests.stories.test_looks import look
from tests.stories.test_ways_in import reach

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

WORDS = {
    "id": (
        "Buktikan: sudah 16 tahun",
        "Apakah kamu sudah 16 tahun?",
        "Siapa tahu apa?",
        "Ya, sudah 16 tahun.",
        "Terbukti",
    ),
    "en": ("Prove it: 16 or over", "Are you 16 or over?", "Who learns what?", "Yes, 16 or over.", "Proved"),
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pages_on_the_way(story: Scene, language: str) -> None:
    end = "" if language == "id" else "-en"
    title, question, table, said, proved = WORDS[language]
    child = story.child("ayu", "ramai", language=language)
    assert title in child.text()
    look(child, f"ramai-cek-umur{end}-360", whole=False)
    child.press("a#cek-umur")
    child.page.wait_for_selector("input[name=cara]")
    assert question in child.text()
    assert child.page.locator("input:checked").count() == 0  # nobody is led to a way
    assert child.page.locator("main .button.main").count() == 1
    look(child, f"cek-umur{end}-360")
    child.page.locator("input[value=institution-sekolah-contoh]").check()
    child.press("main form[method=get] button")
    child.page.wait_for_selector("table.learns")
    assert table in child.text()
    act = child.page.locator("main .button.main")  # the one main act is now the way's own
    assert act.evaluate_all("all => all.map(one => one.form.method)") == ["post"]
    look(child, f"cek-umur-cara{end}-360")
    child.press("form[action$='/tanya/sekolah-contoh'] button")
    child.page.wait_for_url(f"{story.house.school}/**")
    if language == "en":
        child.page.get_by_role("link", name="In English").click()
    look(child, f"sekolah{end}-360")
    child.press("button[value=ayu]")
    assert said in child.text()
    look(child, f"sekolah-jawaban{end}-360")
    child.press("form[action='/tanya/kirim'] button")
    child.page.wait_for_url(f"{story.house.base}/cek-umur/**")
    assert "answer=" not in child.page.url
    assert proved in child.text()
    look(child, f"cek-umur-hasil{end}-360")
    child.look_again()
    assert child.page.locator("#kode").count() == 1


def test_without_scripts_and_without_a_mouse(story: Scene) -> None:
    child = story.child("ayu", "ramai", scripts=False)
    child.visit(str(child.page.get_attribute("a#cek-umur", "href")))
    without = story.adult(scripts=True).go(child.page.url)  # a browser that tells where the focus is
    keys = without.page.keyboard
    reach(without, "input[name=cara]")
    keys.press("Space")
    for _ in range(6):
        if without.page.locator("input[value=institution-sekolah-contoh]:checked").count():
            break
        keys.press("ArrowDown")
    reach(without, "main form[method=get] button")
    keys.press("Enter")
    without.page.wait_for_selector("table.learns")
    reach(without, "form[action$='/tanya/sekolah-contoh'] button")
    keys.press("Enter")
    without.page.wait_for_url(f"{story.house.school}/**")
    reach(without, "button[value=ayu]")
    keys.press("Enter")
    without.page.wait_for_selector("form[action='/tanya/kirim']")
    reach(without, "form[action='/tanya/kirim'] button")
    keys.press("Enter")
    without.page.wait_for_url(f"{story.house.base}/cek-umur/**")
    assert "Terbukti" in without.text()
    again = story.child("ayu", "ramai", scripts=False).proves_age()
    assert again.page.locator("#kode").count() == 1


def _to_the_school(story: Scene) -> Child:
    child = story.child("ayu", "ramai")
    child.press("a#cek-umur")
    child.page.locator("input[value=institution-sekolah-contoh]").check()
    child.press("main form[method=get] button")
    child.page.wait_for_selector("table.learns")
    child.press("form[action$='/tanya/sekolah-contoh'] button")
    child.page.wait_for_url(f"{story.house.school}/**")
    return child


@pytest.mark.parametrize(
    ("press", "then"),
    [
        (["form[action='/tanya/batal'] button"], "Apakah kamu sudah 16 tahun?"),
        (["button[value=ayu]", "form[action='/tanya/batal'] button"], "Apakah kamu sudah 16 tahun?"),
        (["button[value=tidak-ada]", "form[action='/tanya/kirim'] button"], "Ini bukan berarti kamu bohong"),
    ],
)
def test_whoever_stops_or_is_not_known_there_has_lost_nothing(
    story: Scene, press: list[str], then: str
) -> None:
    child = _to_the_school(story)
    for css in press:
        child.press(css)
    child.page.wait_for_url(f"{story.house.base}/cek-umur/**")
    assert then in child.text()
    assert child.page.locator("input[name=cara]").count() > 0
    child.look_again()
    assert child.state == "waiting"


def test_who_is_younger_than_said_reads_it_kindly_and_the_app_waits(story: Scene) -> None:
    child = _to_the_school(story)
    child.press("button[value=bima]")
    assert "Belum 16 tahun." in child.text()
    child.press("form[action='/tanya/kirim'] button")
    child.page.wait_for_url(f"{story.house.base}/cek-umur/**")
    assert "kamu belum 16 tahun" in child.text()
    child.look_again()
    assert child.state == "closed"


def test_what_goes_to_the_school_and_what_the_platform_is_told(story: Scene, api_of) -> None:
    """Every address that the browser opens at the school, and the platform's whole answer."""
    child = story.child("ayu", "ramai")
    sent: list[str] = []
    child.page.on(
        "request",
        lambda one: (
            sent.append(f"{one.url} {one.post_data or ''} {one.headers.get('referer', '')}")
            if one.url.startswith(story.house.school)
            else None
        ),
    )
    child.remember()
    child.proves_age()
    said = " ".join(sent)
    assert sent
    assert "ramai" not in said.lower()
    assert child.session_id not in said
    told = json.dumps(api_of("ramai").session(child.session_id).raw).lower()
    assert "sekolah" not in told
    assert "birth_date" not in told
    assert re.search(r'"at_least": 16', told)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_practice_statement_as_it_looks(story: Scene, language: str) -> None:
    anybody = story.adult(language=language).go(f"/cek-umur/pernyataan?bahasa={language}")
    assert ("Sekolah Contoh" if language == "id" else "Example School") in anybody.text()
    end = "" if language == "id" else "-en"
    look(anybody, f"pernyataan{end}-360", whole=False)
    anybody.page.set_viewport_size({"width": 1280, "height": 740})
    look(anybody, f"pernyataan{end}-1280", whole=False)
