"""A no, and a yes taken back: the door closes at once, data are deleted, and there is a paper that says so."""

import json
import re
from collections.abc import Callable

import pytest
from tests.stories.people import Scene, delete_at_the_platform, receipts

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_a_no_keeps_the_door_closed_and_starts_a_deletion(
    story: Scene, api_of: Callable[[str], object]
) -> None:
    child, parent = story.child("sari", "dongeng-kita"), story.adult()
    child.remember()
    parent.answer(child.code(), "no", "ibu", "sari")
    # In the house that stories share, another of her accounts there may be open: then the page speaks of this one.
    assert re.search(r"(Dongeng Kita|Akun ini) tetap tertutup", parent.text())
    child.becomes("closed")
    assert "tidak memberi izin" in child.text()
    assert "2 " not in delete_at_the_platform(story, child, api_of).splitlines()[0]
    child.look_again()
    assert "sudah dihapus" in child.text()


def test_a_yes_taken_back_closes_at_once_and_ends_in_a_receipt(
    story: Scene, api_of: Callable[[str], object]
) -> None:
    child, parent = story.allowed("bima", "obrol")
    child.remember()
    child.page.fill("#teks", "Besok kumpul jam tiga")
    child.press("form[action$='/tulis'] button")
    assert "Besok kumpul" in child.text()

    parent.withdraw("Bima", "obrol")
    assert "Izin Obrol dicabut" in parent.text()
    child.becomes("closed")
    assert child.page.locator("#teks").count() == 0

    assert "2 baris" in delete_at_the_platform(story, child, api_of)
    parent.page.reload()
    assert "Data Bima sudah dihapus" in parent.text()
    parent.page.get_by_role("link", name="Simpan").first.click()
    paper, document = receipts(parent)
    assert "Obrol" in paper
    assert "akun" in paper
    told = json.dumps(document)
    assert re.search(r'"(tulisan|writings)": ?1', told), told
    assert "Besok kumpul" not in told
    child.look_again()
    assert "Datamu di Obrol sudah dihapus" in child.text()


def test_two_accounts_of_one_child_are_one_card_and_close_together(story: Scene) -> None:
    first, mother = story.allowed("bima", "obrol")
    second = story.child("bima", "obrol")
    codes = {first.tile(), second.tile()} if first.page.locator("#tegel").count() else {second.tile()}
    mother.answer(second.code(), "yes", "ibu", "bima")
    second.becomes("open")
    mother.home("Bima")
    assert "2 akun di Obrol" in mother.text()
    for code in codes:
        assert code in mother.text()
    mother.page.get_by_role("link", name="Cabut izin Obrol").click()
    assert "2 akun di Obrol: semuanya ditutup sekarang juga." in mother.text()
    mother.page.get_by_role("button", name="Cabut izin").click()
    first.becomes("closed")
    second.becomes("closed")
    mother.home("Bima")
    assert mother.page.get_by_role("link", name="Cabut izin Obrol").count() == 0


def test_not_my_child_by_code_ends_it_for_that_person_and_the_mother_still_answers(story: Scene) -> None:
    child, somebody = story.child("sari", "dongeng-kita"), story.adult()
    code = child.code()
    somebody.open_code(code).choose("not_mine")
    assert "terima kasih" in somebody.text().lower()
    assert "Sari" not in somebody.text()
    child.look_again()
    assert child.state == "waiting"
    assert child.page.locator("#teks").count() == 0
    story.adult().answer(code, "yes", "ibu", "sari")
    child.becomes("open")


def test_not_my_child_by_letter_is_told_truly_and_a_slip_is_taken_back(story: Scene) -> None:
    story.next_day()
    child = story.child("bima", "obrol")
    letter = story.letter("ibu", child.tile())
    receiver = story.adult().go(letter["link"])
    receiver.press("main form button")
    receiver.choose("not_mine")
    child.becomes("closed")
    assert "Penerimanya bilang: ini bukan anaknya. Periksa alamatnya, lalu minta lagi." in child.text()
    assert "lewat waktunya" not in child.text()
    assert child.page.get_by_role("button", name="Minta izin lagi").count() == 1
    own = story.adult().go(child.own_page())
    assert "Penerimanya bilang: ini bukan anaknya." in own.text()
    receiver.page.get_by_role("button", name="Salah pencet? Kembalikan").click()
    receiver.page.wait_for_selector("button[value=yes]")
    child.look_again().becomes("waiting")


def test_the_child_closes_the_account(story: Scene, api_of: Callable[[str], object]) -> None:
    child, _ = story.allowed("bima", "dongeng-kita")
    child.remember()
    child.press("form[action$='/tutup'] button")
    assert "Akunmu ditutup" in child.text()
    assert "Dihapus dan dilaporkan" in delete_at_the_platform(story, child, api_of)


def test_a_seventeen_year_old_agrees_and_a_parent_confirms(story: Scene) -> None:
    child, father = story.child("ayu", "obrol"), story.adult()
    father.open_code(child.code())
    assert "Ayu sudah setuju. Anda konfirmasi?" in father.text()
    assert "Tidak ada batas waktu yang pasti" in father.text()
    assert "Tidak ada batas waktu yang pasti" in child.text()
    father.choose("yes").prove("ayah", "ayu")
    child.becomes("open")
    own = story.adult().go(child.own_page())
    assert "Aplikasi dan hakmu" in own.text()
