"""A family leaves for good: by its own wish, and by itself when its term is over. In a house of its own."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from json import loads
from uuid import UUID

import pytest
from tests.stories.conftest import begun, living_story
from tests.stories.people import House, Scene, Window, command, delete_at_the_platform, officer
from tests.stories.test_looks import look

from ruangaman.client import Client

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("forgetting")]


@pytest.fixture(scope="module")
def story_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which no other story has left a family."""
    with living_story(begun(tmp_path_factory, "lupa")) as house:
        yield house


@pytest.fixture
def api_of(story_house: House) -> Iterator[Callable[[str], Client]]:
    """A client of the HTTP API with the key of one service."""
    settings = loads((story_house.data_dir / "cerita" / "platform.json").read_text())
    with ExitStack() as stack:
        yield lambda service: stack.enter_context(
            Client(settings["ruangaman"], settings["services"][service]["key"])
        )


def seen(window: Window, name: str) -> None:
    """Look at a page on a phone and on a wide screen, in both languages."""
    address = window.page.url.partition("#")[0].partition("?")[0]
    for language in ("en", "id"):
        window.go(f"{address}?bahasa={language}")
        for width in (1280, 360):
            window.page.set_viewport_size({"width": width, "height": 740})
            look(window, f"{name}-{language}-{width}")


def test_a_mother_withdraws_everything_and_is_forgotten(
    story: Scene, api_of: Callable[[str], Client]
) -> None:
    child, mother = story.allowed("sari", "dongeng-kita")
    child.remember()
    address = child.own_page()
    assert "Lupakan kami" not in mother.home("Sari").text()
    mother.withdraw("Sari", "dongeng-kita")
    mother.home("Sari")
    assert "Masih ada yang harus selesai dulu." in mother.text()
    mother.page.get_by_role("link", name="Lihat caranya").click()
    assert "Dongeng Kita belum membuktikan bahwa datanya dihapus." in mother.text()
    assert mother.page.get_by_role("button", name="Lupakan kami").count() == 0
    seen(mother, "lupakan-belum")
    delete_at_the_platform(story, child, api_of)
    mother.home("Sari")
    assert re.search("Keluarga ini kami lupakan sendiri pada .+ 20[0-9][0-9]", mother.text())
    seen(mother, "keluarga-lupakan")
    mother.page.get_by_role("link", name="Lihat caranya").click()
    seen(mother, "lupakan")
    mother.page.get_by_role("button", name="Lupakan kami").focus()
    mother.page.keyboard.press("Enter")
    mother.page.wait_for_url("**/dilupakan/**")
    assert "Sudah dilupakan." in mother.text()
    seen(mother, "dilupakan")
    proof = mother.page.request.get(mother.page.locator("a[href$='/json']").evaluate("a => a.href")).json()
    assert proof["why"] == "wish"
    assert "Sari" not in str(proof)
    mother.go("/keluarga/")
    assert mother.page.url.endswith("/masuk")
    story.refusals(404)
    assert "Halaman ini tidak ada." in story.adult().go(address).text()
    assert api_of("dongeng-kita").session(child.session_id).state == "closed"


def test_without_scripts_the_wish_is_done_too(story: Scene, api_of: Callable[[str], Client]) -> None:
    child, mother = story.child("bima", "obrol"), story.adult(scripts=False)
    child.remember()
    mother.answer(child.code(), "no", "ibu", "bima")
    child.becomes("closed")
    delete_at_the_platform(story, child, api_of)
    mother.home("Bima").page.get_by_role("link", name="Lihat caranya").click()
    mother.page.get_by_role("button", name="Lupakan kami").click()
    assert "Sudah dilupakan." in mother.text()


def test_a_child_of_seven_reads_that_an_officer_answers_and_its_matter_ends_with_it(
    story: Scene, api_of: Callable[[str], Client]
) -> None:
    api = api_of("dongeng-kita")
    made = api.open_session("dongeng-kita", subject="anak-tujuh", age={"at_least": 7, "at_most": 7})
    child = story.adult().go(made.child_url)
    child.page.get_by_role("button", name="Aku takut").click()
    assert "Petugas membaca pilihanmu. Jawabannya muncul di sini." in child.text()
    seen(child, "anak-6-9-tunggu")
    one = officer(story, width=1280)
    one.page.get_by_role("link", name="Keberatan").last.click()
    one.page.check("input[value=granted]")
    one.page.fill("#id_reason", "Kami bicara dengan orang tuamu.")
    one.press("form button.main")
    one.page.wait_for_url("**#jawaban")
    child.go(made.child_url)
    assert "Petugas membaca pilihanmu" not in child.text()

    child.press("button[value=like]")
    api.close_session(made.id)
    _forget(story.house, made.id)
    one.go("/petugas/")
    assert "Tidak ada yang menunggu jawaban." in one.text()
    one.go(f"/petugas/{_matter(story.house)}")
    assert "Tertutup tanpa jawaban" in one.text()
    seen(one, "petugas-dilupakan")


def test_somebody_of_eighteen_is_forgotten_by_her_own_wish(
    story: Scene, api_of: Callable[[str], Client]
) -> None:
    story.move(to="ayu-18")
    child = story.child("ayu", "obrol")
    child.remember()
    assert child.state == "open"
    ayu = story.adult().go(child.own_page())
    ayu.page.get_by_role("link", name="Lupakan aku").click()
    assert "Obrol masih dipakai" in ayu.text()
    seen(ayu, "lupakan-aku-belum")
    api_of("obrol").close_session(child.session_id)
    for task in api_of("obrol").deletions():
        if task.session == child.session_id:
            delete_at_the_platform(story, child, api_of)
    ayu.page.reload()
    seen(ayu, "lupakan-aku")
    ayu.page.get_by_role("button", name="Lupakan aku").click()
    ayu.page.wait_for_url("**/dilupakan/**")
    assert "Sudah dilupakan." in ayu.text()


def _forget(house: House, session: str) -> None:
    """The operator's command, in this house."""
    command(house, "families", "forget", session, "--why", "perkara 7", "--despite-open")


def _matter(house: House) -> str:
    """The id of the matter that closed by itself."""
    with sqlite3.connect(house.data_dir / "ruangaman.sqlite3") as database:
        (found,) = database.execute("SELECT id FROM access_matter WHERE forgotten_at IS NOT NULL").fetchone()
    return str(UUID(found))
