"""Each of the cast at each service: what the law says first, and what a parent's answer in the other window changes."""

import pytest
from tests.stories.people import SERVICES, Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

# What stands after signing up, and the sentence that says why, in both languages.
FIRST = {
    ("sari", "dongeng-kita"): ("waiting", "Menunggu jawaban orang tua", "Waiting for the answer of a parent"),
    ("sari", "obrol"): ("closed", "Nanti, 13 tahun", "Later, at 13"),
    ("sari", "ramai"): ("closed", "Nanti, 16 tahun", "Later, at 16"),
    ("bima", "dongeng-kita"): ("waiting", "Menunggu jawaban orang tua", "Waiting for the answer of a parent"),
    ("bima", "obrol"): ("waiting", "Menunggu jawaban orang tua", "Waiting for the answer of a parent"),
    ("bima", "ramai"): ("closed", "Nanti, 16 tahun", "Later, at 16"),
    ("ayu", "dongeng-kita"): ("waiting", "rang tua", "arent"),
    ("ayu", "obrol"): ("waiting", "rang tua", "arent"),
    ("ayu", "ramai"): ("waiting", "umur", "age"),
}


# Everybody at each service on a phone; on a large screen each service once.
PHONE = [(*pair, 360) for pair in FIRST]
SCREEN = [("sari", "dongeng-kita", 1280), ("bima", "obrol", 1280), ("ayu", "ramai", 1280)]


@pytest.mark.parametrize(("name", "service", "width"), PHONE + SCREEN)
def test_a_parents_yes_opens_what_the_law_lets_a_parent_open_and_nothing_else(
    story: Scene, name: str, service: str, width: int
) -> None:
    for language in ("id", "en"):  # on one day: a day of the story for each would make Ayu 18 before her turn
        signs_up(story, name, service, language, width)


def signs_up(story: Scene, name: str, service: str, language: str, width: int) -> None:
    """The child signs up, and where the law lets a parent answer, the parent says yes."""
    state, indonesian, english = FIRST[name, service]
    child = story.child(name, service, language=language, width=width)
    assert child.state == state
    assert (english if language == "en" else indonesian) in child.text()
    assert "PP 17/2025" in child.text()
    if name == "ayu" and service == "ramai":
        child.proves_age()  # her own word is not enough at a high risk
        child.page.wait_for_selector("#kode")
    if child.page.locator("#kode").count() == 0:
        assert child.page.locator("#tautan").count() == 0
        return
    parent = story.adult(language=language, width=width)
    who = "ayah" if name == "ayu" else "ibu"
    parent.open_code(child.code())
    assert SERVICES[service] in parent.text()
    assert child.tile() in parent.text()
    parent.choose("yes").prove(who, name)
    # At 17 the consent is Ayu's own, and what is kept is her parent's confirmation. At Ramai she proved no more than
    # 16, at which the yes is a parent's.
    kept = "Confirmation kept." if name == "ayu" and service != "ramai" else "Permission saved."
    assert (kept if language == "en" else "tersimpan.") in parent.text()
    child.becomes("open")
    assert child.page.locator("#teks").count() == 1
