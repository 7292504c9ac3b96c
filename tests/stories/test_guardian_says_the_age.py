"""A parent who is proven says an age: her card at home and the child's page, as they look, in both languages."""

import re

import pytest
from tests.stories.people import Adult, Child, Scene
from tests.stories.test_looks import look

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def check_page(child: Child, api_of) -> str:
    """The platform is no more sure how old Bima is; the page of the check that it then gets."""
    told = api_of("obrol").tell_age(child.session_id, {"at_most": 15}, evidence="self_declared")
    assert told.next is not None
    assert (told.next.kind, told.next.age_over) == ("age_check", 13)
    assert told.next.url
    return told.next.url


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_parent_says_it_and_the_door_opens_again(story: Scene, api_of, language: str) -> None:
    end = "" if language == "id" else "-en"
    child, mother = story.allowed("bima", "obrol", language=language)
    child.remember()
    url = re.sub(r"\?.*", "", check_page(child, api_of)) + f"?bahasa={language}"
    side = Adult(story.house, child.page, language).go(url)
    side.page.locator("input[value=guardian]").check()
    side.press("main form[method=get] button")
    side.page.wait_for_selector("table.learns")
    look(side, f"cek-umur-wali{end}-360")
    side.press("form[action$='/orang-tua'] button")
    side.page.wait_for_selector("#ditanya")
    assert side.page.locator("input[value=guardian]").count() == 0  # asked already; other ways stay open
    look(side, f"cek-umur-ditanya{end}-360")
    mother.go("/keluarga/")
    assert ("Is Bima 13 or over?" if language == "en" else "Apakah Bima sudah 13 tahun?") in mother.text()
    look(mother, f"keluarga-umur{end}-360")
    mother.press("form[action*='/keluarga/umur/'] button[value=ya]")
    mother.page.wait_for_selector("#umur")
    assert "13" not in mother.page.inner_text("#umur")
    side.press("#ditanya a")
    assert ("Proved: 13 or over" if language == "en" else "Terbukti: 13 tahun ke atas") in side.text()
    child.look_again()
    assert child.state == "open"
