"""How a parent comes to the page, and comes back: QR, letter, message, passkey, no scripts, no mouse."""

import re

import pytest
from tests.stories.people import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_a_letter_leads_to_the_request_and_reading_it_changes_nothing(story: Scene) -> None:
    child = story.child("sari", "dongeng-kita")
    letter = story.letter("ibu", child.tile())
    assert "Sari" in letter["text"]
    scanner = story.adult().go(letter["link"])  # mail programs follow links before anybody reads
    assert "Belum ada yang berubah" in scanner.text()
    mother = story.adult().go(letter["link"])
    mother.press("main form button")
    mother.choose("yes").prove("ibu", "sari")
    child.becomes("open")


def test_the_message_that_the_child_sends_carries_link_and_code(story: Scene) -> None:
    child = story.child("sari", "dongeng-kita")
    side = story.adult().go(child.link())
    message = side.page.locator(".message").first.inner_text()
    assert child.tile() in message
    address = re.search(r"http://\S+/izin/[\w-]+", message)
    assert address
    mother = story.adult().go(address[0])
    assert "Sari ingin pakai Dongeng Kita" in mother.text()


def test_a_parent_who_comes_back_answers_with_a_passkey(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    keys = mother.page.context.new_cdp_session(mother.page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    mother.answer(child.code(), "yes", "ibu", "sari")
    mother.go("/keluarga/kunci").press("[data-passkey=create] button")
    mother.page.wait_for_selector("text=Kunci tersimpan di HP ini")
    mother.home("Sari").page.get_by_role("button", name="Keluar", exact=True).click()

    again = story.child("sari", "dongeng-kita")
    mother.open_code(again.code()).choose("yes")
    mother.press("[data-passkey=get] button")
    mother.page.wait_for_selector("form[action$='/bukti/anak']")  # a new account: she says whose it is
    mother.page.locator("form[action$='/bukti/anak'] label", has_text="Sari").click()
    mother.press("form[action$='/bukti/anak'] button:not([name])")
    again.becomes("open")


def test_the_guardians_page_works_without_scripts(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita", scripts=False), story.adult(scripts=False)
    assert child.page.locator("meta[http-equiv=refresh]").count() == 1
    mother.answer(child.code(), "yes", "ibu", "sari")
    assert "Izin tersimpan" in mother.text()
    child.becomes("open")  # the page refreshes itself
    mother.withdraw("Sari", "dongeng-kita")
    assert "dicabut" in mother.text()
    child.becomes("closed")


def test_an_answer_needs_no_mouse(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    mother.open_code(child.code())
    reach(mother, "button[name=answer][value=yes]")
    mother.page.keyboard.press("Enter")
    mother.page.wait_for_url("**/bukti")
    reach(mother, "form[action*='/kantor/'] button")
    mother.page.keyboard.press("Enter")
    mother.page.wait_for_url(f"{story.house.office}/**")
    reach(mother, "button[value=ibu]")
    mother.page.keyboard.press("Enter")
    mother.page.wait_for_selector("input[value=sari]")
    reach(mother, "input[name=anak]")
    mother.page.keyboard.press("Space")
    reach(mother, "form[action='/tanya/jawab'] button")
    mother.page.keyboard.press("Enter")
    mother.page.wait_for_selector("form[action$='/bukti/kirim']")
    reach(mother, "form[action$='/bukti/kirim'] button")
    mother.page.keyboard.press("Enter")
    child.becomes("open")


def reach(adult, css: str) -> None:
    """Press Tab until this has the focus, and see that the focus shows."""
    adult.page.wait_for_load_state()
    for _ in range(60):
        adult.page.keyboard.press("Tab")
        if adult.page.evaluate("css => !!document.activeElement?.matches(css)", css):
            shown = adult.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none"
            return
    raise AssertionError(f"Tab never reached {css}")


def test_either_guardian_may_withdraw_and_neither_sees_the_others_address(story: Scene) -> None:
    child, mother = story.allowed("sari", "dongeng-kita")
    sibling_request = story.child("sari", "obrol")
    assert sibling_request.state == "closed"
    again = story.child("sari", "dongeng-kita")
    father = story.adult().answer(again.code(), "yes", "ayah", "sari")
    again.becomes("open")
    mother.withdraw("Sari", "dongeng-kita")
    again.becomes("closed")
    for one in (mother, father):
        one.go("/keluarga/")
        assert "@contoh.example" not in one.page.content()
    child.page.locator(".keadaan").wait_for(state="attached")


def test_a_second_guardian_comes_by_invitation_and_a_stranger_does_not(story: Scene) -> None:
    _child, mother = story.allowed("sari", "dongeng-kita")
    mother.home("Sari").press("a[href$='/wali']")
    mother.page.fill("input[name=email]", "ayah@contoh.example")
    mother.press("main form button")
    assert "Undangan dibuat" in mother.text()
    link = story.letter("ayah", "Undangan menjadi wali kedua")["link"]

    story.refusals(403)
    stranger = story.adult().go(link)
    stranger.ask_office("stranger", "tidak-ada")
    assert "Belum terbukti" in stranger.text()
    assert stranger.page.locator("form[action$='/bukti/kirim']").count() == 0

    father = story.adult().go(link)
    assert "Ikut menjaga Sari?" in father.text()
    father.ask_office("ayah", "sari")
    father.press("form[action$='/bukti/kirim'] button")
    father.home("Sari")
    assert "Dongeng Kita" in father.text()
    assert "@contoh.example" not in father.page.content()
    assert "sudah dipakai" in story.adult().go(link).text()
