"""The story's clock moves the house, the lane, the jobs and both programs beside it."""

import re
from collections.abc import Callable

import pytest
from tests.stories.people import Scene, answer_letter, delete_at_the_platform, officer, receipts

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_a_minute_before_the_end_a_yes_is_in_time(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    link = mother.open_code(child.code()).page.url
    story.move(to="sebelum-request")
    mother.go(link).choose("yes").prove("ibu", "sari")
    assert "Izin tersimpan" in mother.text()
    child.becomes("open")


def test_a_second_after_the_end_a_yes_is_late_and_the_child_may_ask_again(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    link = mother.open_code(child.code()).page.url
    mother.choose("yes")  # she waits at the proof while the window closes
    story.move(to="sesudah-request")
    story.refusals(400, 403, 409, 410)
    mother.go(link)
    assert "Waktunya sudah lewat" in mother.text()
    assert mother.page.locator("button[name=answer]").count() == 0
    child.becomes("closed")
    assert "lewat waktunya" in child.text()
    child.press("form[action$='/lagi'] button")
    child.becomes("waiting")
    assert child.page.locator("#kode").count() == 1
    mother.answer(child.code(), "yes", "ibu", "sari")
    child.becomes("open")


def test_a_short_code_lives_fifteen_minutes_and_the_child_makes_a_new_one(story: Scene) -> None:
    child, mother = story.child("sari", "dongeng-kita"), story.adult()
    old = child.code()
    story.move(hours=1)
    mother.open_code(old)
    assert "Kode tidak cocok" in mother.text()
    side = story.adult().go(child.link())
    side.press("form[action$='/kode'] button")
    new = side.page.locator("text=/^[0-9A-Z]{4}-[0-9A-Z]{4}$/").first.inner_text()
    assert new != old
    mother.open_code(new)
    assert "Sari ingin pakai Dongeng Kita" in mother.text()


def test_a_late_deletion_can_be_complained_about_and_still_ends_in_a_receipt(
    story: Scene, api_of: Callable[[str], object]
) -> None:
    child, parent = story.allowed("bima", "obrol")
    child.remember()
    parent.withdraw("Bima", "obrol")
    deletion = parent.page.url
    assert "terlambat" not in parent.text()
    story.move(hours=24 * 5)

    parent.go("/masuk").ask_office(
        "ibu", "bima"
    )  # the window was left alone for days: she proves herself anew
    parent.press("form[action$='/bukti/kirim'] button")
    parent.page.wait_for_url("**/keluarga/**")
    parent.go(deletion)
    assert re.search(r"Obrol terlambat \d hari", parent.text())
    parent.page.fill("input[name=words]", "Sudah lima hari.")
    parent.press("form[action$='/adukan'] button")
    assert "Aduan Anda tercatat" in parent.text()
    assert parent.page.locator("form[action$='/adukan']").count() == 0, "one complaint for one deletion"
    assert "Petugas Ruang Aman membaca aduan Anda." in parent.text()
    one = officer(story, width=1280)
    answer_letter(one, "Aduan penghapusan terlambat", "Aduan Anda benar. Obrol kami tagih lagi.")
    one.press("form button.main")
    one.page.wait_for_url("**#jawaban")
    parent.page.reload()
    assert "Aduan Anda: Diterima" in parent.text()
    assert "Obrol kami tagih lagi." in parent.text()

    delete_at_the_platform(story, child, api_of)
    parent.page.reload()
    assert "Data Bima sudah dihapus" in parent.text()
    parent.page.get_by_role("link", name="Simpan").first.click()
    assert "Obrol" in receipts(parent)[0]
