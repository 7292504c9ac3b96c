"""What a child or a parent writes to the officers is answered in the story too, by the door of its start page."""

import pytest
from tests.stories.people import Scene, answer_letter, officer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_a_child_contests_its_age_an_officer_answers_and_the_platform_decides_anew(story: Scene) -> None:
    child = story.child("sari", "obrol")
    assert child.state == "closed"
    side = story.adult().go(child.own_page())
    address = side.page.url
    side.page.get_by_role("link", name="Umurku salah").first.click()
    side.page.check("input[value=older]")
    side.page.fill("#id_words", "Aku sudah 14. Ibu salah ketik.")
    side.press("button.main")
    assert "Seseorang akan melihatnya." in side.text()

    one = officer(story, width=1280)
    answer_letter(one, "Umur salah", "Kartu pelajarmu cocok. Umurmu diperbaiki.")
    one.page.fill("#id_at_least", "14")
    one.page.fill("#id_at_most", "14")
    one.page.select_option("#id_evidence", "verified")
    one.press("form button.main")
    one.page.wait_for_url("**#jawaban")

    side.go(address)
    assert "Soal umurmu: Diterima" in side.text()
    assert "Kartu pelajarmu cocok. Umurmu diperbaiki." in side.text()
    child.becomes("waiting")  # 14 may use a chat of low risk when a parent allows it


def test_an_objection_that_no_parent_answers_is_answered_by_an_officer(story: Scene) -> None:
    child, mother = story.allowed("bima", "dongeng-kita")
    side = story.adult().go(child.own_page())
    address = side.page.url
    side.page.get_by_role("link", name="Aku tidak setuju").first.click()
    assert "Kalau orang tuamu tidak menjawab, petugas membaca dan menjawabnya." in side.text()
    side.page.fill("#id_words", "Aku mau baca malam hari juga.")
    side.press("button.main")
    assert "Bima tidak setuju" in mother.home("Bima").text()
    assert "Sesudah itu petugas yang menjawab." in mother.text()
    story.move(hours=73)
    side.page.wait_for_timeout(1500)  # the job runner looks each second
    side.go(address)
    assert "Orang tuamu belum menjawab ceritamu." in side.text()
    assert "Dijawab sebelum" in side.text()
    one = officer(story)
    answer_letter(one, "Keberatan", "Kami bicara dengan aplikasinya. Malam hari tetap tertutup.")
    one.press("form button.main")
    one.page.wait_for_url("**#jawaban")
    side.go(address)
    assert "Keberatanmu: Diterima" in side.text()
    assert "Orang tuamu belum menjawab ceritamu." not in side.text()
