"""Wherever the mother succeeds, a stranger fails; and what he tries changes nothing."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from examples.registry.office import name_check
from tests.stories.people import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_stranger_with_the_short_code_gets_no_answer_through(story: Scene, answer: str) -> None:
    child, stranger = story.child("sari", "dongeng-kita"), story.adult()
    story.refusals(403)
    stranger.open_code(child.code()).choose(answer)
    if "/bukti" in stranger.page.url:
        stranger.ask_office("stranger", "tidak-ada")
        assert "Belum terbukti" in stranger.text()
        assert stranger.page.locator("form[action$='/bukti/kirim']").count() == 0
    child.look_again()
    assert child.state == "waiting"
    mother = story.adult()
    mother.answer(child.code(), "yes", "ibu", "sari")
    child.becomes("open")


def test_a_forwarded_link_is_no_proof_either(story: Scene) -> None:
    child, stranger = story.child("bima", "obrol"), story.adult()
    story.refusals(403)
    side = story.adult().go(child.link())
    forwarded = re.search(r"http://\S+/izin/[\w-]+", side.page.content())
    assert forwarded
    stranger.go(forwarded[0]).choose("yes").ask_office("stranger", "tidak-ada")
    assert "Belum terbukti" in stranger.text()
    child.look_again()
    assert child.state == "waiting"


def test_a_neighbour_with_a_child_of_the_same_age_succeeds_nowhere_and_the_mother_then_does(
    story: Scene,
) -> None:
    child, neighbour = story.child("sari", "dongeng-kita"), story.adult()
    story.refusals(403, 404)
    for answer in ("yes", "no"):
        neighbour.open_code(child.code()).choose(answer).ask_office("tetangga", "rina")
        assert "Namanya tidak cocok dengan Sari" in neighbour.text()
        assert neighbour.page.locator("form[action$='/bukti/kirim']").count() == 0
    neighbour.open_code(child.code()).choose("yes")
    neighbour.press("form[action*='/kantor/'] button")
    neighbour.page.wait_for_url(f"{story.house.office}/**")
    nonce = parse_qs(urlsplit(neighbour.page.url).query)["nonce"][0]
    neighbour.go(re.sub(r"name_check=\w+", f"name_check={name_check(nonce, 'Rina')}", neighbour.page.url))
    neighbour.press("button[value=tetangga]")
    neighbour.page.check("input[value=rina]")
    neighbour.press("form[action='/tanya/jawab'] button")
    neighbour.page.wait_for_url(f"{story.house.base}/**")
    assert "Jawaban dari kantor itu tidak bisa dipakai" in neighbour.text()
    assert neighbour.page.locator("form[action$='/bukti/kirim']").count() == 0

    hers = (
        story.adult().go(f"{story.house.platform}/dongeng-kita/").page
    )  # a family of her own helps her no more
    hers.fill("#nama", "Rina")
    hers.fill("#umur", "10")
    hers.locator("form:has(#nama) button").click()
    neighbour.answer(hers.inner_text("#kode").strip(), "yes", "tetangga", "rina")
    assert "tersimpan" in neighbour.text()
    neighbour.open_code(child.code()).choose("yes")
    assert "Sari belum ada di keluarga Anda" in neighbour.text()
    assert neighbour.page.locator("form[action$='/bukti/anak']").count() == 0
    assert "Sari" not in neighbour.go("/keluarga/").text()
    child.look_again()
    assert child.state == "waiting"
    story.adult().answer(child.code(), "yes", "ibu", "sari")
    child.becomes("open")


def test_a_child_without_a_name_says_on_its_own_screen_who_the_parent_is(story: Scene, api_of) -> None:
    opened = api_of("dongeng-kita").open_session(
        "dongeng-kita", f"tanpa-nama-{secrets.token_hex(8)}", age={"at_least": 10, "at_most": 10},
        evidence="self_declared", language="id",
    )  # fmt: skip
    side = story.adult().go(opened.next.url)
    link = re.search(r"http://\S+/izin/[\w-]+", side.page.content())
    assert link
    story.refusals(403)
    for person, whose, word in (("tetangga", "rina", "bukan"), ("ibu", "sari", "ya")):
        somebody = story.adult().go(link[0]).choose("yes").prove(person, whose)
        assert "Menunggu" in somebody.text()
        side.go(opened.next.url)
        assert "Ibu" in side.page.inner_text("#siapa")
        side.press(f"button[name=jawab][value={word}]")
        somebody.page.get_by_role("link", name="Cek lagi").click()
        if word == "bukan":
            assert "belum mengenali Anda" in somebody.text()
            assert somebody.page.locator("form[action$='/bukti/kirim']").count() == 0
            assert not api_of("dongeng-kita").session(opened.id).is_open
        else:
            somebody.press("form[action$='/bukti/kirim'] button")
            assert "tersimpan" in somebody.text()
    assert api_of("dongeng-kita").session(opened.id).is_open


def test_a_used_link_of_a_letter_opens_nothing(story: Scene) -> None:
    child = story.child("sari", "dongeng-kita")
    letter = story.letter("ibu", child.tile())
    mother = story.adult().go(letter["link"])
    assert "Belum ada yang berubah" in mother.text()
    mother.press("main form button")
    assert "Sari ingin pakai Dongeng Kita" in mother.text()
    stranger = story.adult()
    story.refusals(404, 410)
    stranger.go(letter["link"])
    assert stranger.page.locator("button[name=answer]").count() == 0
    assert child.state == "waiting"


def test_the_pages_of_a_family_are_closed_to_others_with_and_without_a_family_of_their_own(
    story: Scene,
) -> None:
    _, mother = story.allowed("sari", "dongeng-kita")
    mother.home("Sari")
    places = set(re.findall(r'href="(/keluarga/[^"]+)"', mother.page.content()))
    mother.page.get_by_role("link", name="Atur Dongeng Kita").last.click()
    places |= {mother.page.url.removeprefix(story.house.base)}
    places = {place for place in places if re.search(r"[0-9a-f]{8}-", place)}
    assert len(places) >= 4
    stranger = story.adult()
    story.refusals(403, 404)
    for place in sorted(places):
        stranger.go(place)
        assert "Dongeng Kita" not in stranger.text(), place
        assert "Sari" not in stranger.text(), place


def test_five_wrong_codes_make_the_guesser_wait(story: Scene) -> None:
    guesser = story.adult()
    tries = 0
    while "Tunggu 1 menit" not in guesser.open_code("AAAA-AAAA").text():
        tries += 1
        assert "Kode tidak cocok" in guesser.text()
        assert tries <= 9  # a minute may end between two of them, and then five are free again
    assert tries >= 5


def test_one_platform_learns_nothing_of_another(story: Scene, api_of) -> None:
    child, _ = story.allowed("bima", "obrol")
    from ruangaman.client import Problem

    session = child.session()
    assert api_of("obrol").session(session).is_open
    with pytest.raises(Problem) as refused:
        api_of("ramai").session(session)
    assert refused.value.status == 404
    own = story.adult().go(child.own_page())
    assert "Obrol" in own.text()
    assert "Dongeng Kita" not in own.text()
