"""Wherever the mother succeeds, a stranger fails; and what he tries changes nothing."""

import re

import pytest
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
    mother.page.get_by_role("link", name="Atur Dongeng Kita").click()
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
    for _ in range(5):
        guesser.open_code("AAAA-AAAA")
        assert "Kode tidak cocok" in guesser.text()
    guesser.open_code("AAAA-AAAA")
    assert "Tunggu 1 menit" in guesser.text()


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
