"""
A facilitator measures what a class has learned: online, with a phone that loses its signal, and on paper with a second
person who types. Everything on phones of 320 px; the clock moves by four weeks.
"""

import time
from typing import Any

import pytest
from tests.stories.classes import COURSE, group, morning, open_test, phones, sent, slips, take
from tests.stories.people import Scene
from tests.waiting import promised

from ruangaman.core.learning import seats
from ruangaman.core.learning.lettering import lettered

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]


def test_online_a_class_of_twelve_is_tested_before_after_and_on_day_28(story: Scene) -> None:
    day = morning(story)
    facilitator, address = group(story, audience="B3", lesson="B3-2", name="5A", seats=12)
    page = facilitator.page
    codes = slips(facilitator)
    assert len(set(codes)) == 12
    assert "Tes awal Terbuka" in facilitator.text()

    # Before the lesson: four phones go from hand to hand. One of them loses its signal while a child answers.
    hands = phones(story, 4)
    for number, code in enumerate(codes):
        phone = hands[number % 4]
        open_test(phone, code)
        if number == 1:
            promised(phone, "async () => Boolean(await caches.match(location.pathname))")
            phone.context.set_offline(True)
            phone.locator("[data-soal]:visible label").first.click()
            phone.wait_for_function("() => document.querySelector('[data-simpan]').textContent.trim()")
            phone.reload()
            phone.locator("#kelas[data-siap]").wait_for(state="attached")
            open_test(phone, code)
            assert phone.locator("[data-soal] [name^=j-]:checked").count() == 1
            take(phone, 1)
            phone.locator("[data-kirim]").click()
            phone.locator("[data-kabar]").filter(has_text="Belum terkirim: 1").wait_for()
            facilitator.go(address)
            assert "1 dari 12 lembar" in facilitator.text()
            phone.context.set_offline(False)
            phone.locator("[data-kabar]").filter(has_text="Terkirim. Terima kasih.").wait_for()
            continue
        take(phone, number % 3, by_hand=number == 0)
        sent(phone)
    facilitator.go(address)
    assert "12 dari 12 lembar" in facilitator.text()

    # The lesson; then the same day's test, which some leave to later. It is too late on the next day.
    page.fill("#hari", f"{day:%Y-%m-%d}")
    page.get_by_role("button", name="Simpan").click()
    assert "Tes akhir Terbuka" in facilitator.text()
    for number, code in enumerate(codes[:10]):
        open_test(hands[number % 4], code)
        take(hands[number % 4], 4, by_hand=False)
        sent(hands[number % 4])
    story.later(hours=24)
    late = hands[0]
    late.locator("#kode").fill(codes[11])
    late.locator("#kode").press("Enter")
    late.get_by_text("Belum ada tes yang dibuka hari ini.").wait_for()
    assert "Tes hari ke-28: mulai" in late.locator("[data-terbuka]").inner_text()
    facilitator.go(address)
    assert "Belum ada dari kursi 11, 12." in facilitator.text()

    # Day 28, with the form that each has not seen.
    story.later(hours=27 * 24)
    facilitator.go(address)
    assert "Tes hari ke-28 Terbuka" in facilitator.text()
    for number, code in enumerate(codes):
        open_test(hands[number % 4], code)
        take(hands[number % 4], 3, by_hand=False)
        sent(hands[number % 4])
    facilitator.go(address)
    assert "Hasil tampil satu kali, pada" in facilitator.text()
    assert "%" not in facilitator.text()

    # Their day: told once, 56 days after the lesson.
    story.later(hours=28 * 24)
    until = time.monotonic() + 15
    while "Kelas ini: " not in facilitator.go(address).text():
        assert time.monotonic() < until
        time.sleep(0.5)
    # Of six items right: before the lesson 0, 1, 2, 0, 1, ...; on day 28 three.
    said = f"Kelas ini: {round(100 * 12 / 72)}% benar sebelum pelajaran, 50% setelah 28 hari."
    assert said in facilitator.text()

    # When its time is over everything is gone by itself.
    story.later(hours=45 * 24)
    story.refusals(404)
    until = time.monotonic() + 15
    while "Kelompok ini tidak ada" not in facilitator.go(address).text():
        assert time.monotonic() < until
        time.sleep(0.5)


def type_rows(page: Any, rows: list[str], *, unsure: dict[int, str] | None = None) -> None:
    """Type every row by the keyboard, each ended by Enter."""
    page.locator("#kertas[data-siap]").wait_for()
    page.locator("[name=m-1-1]").focus()
    for number, signs in enumerate(rows, start=1):
        page.keyboard.type(signs)
        if unsure and number in unsure:
            page.keyboard.press("Tab")
            page.keyboard.type(unsure[number])
        page.keyboard.press("Enter")
    page.locator("h1").click()  # whoever leaves the last row saves it


def percent(rows: list[str], time: str) -> int:
    """What is right on typed rows of PAR-7, from 1 on, in whole percent."""
    forms = [COURSE.forms["PAR-7", seats.form(number, time)] for number in range(1, len(rows) + 1)]
    keys = [
        [next(letter for letter, one in lettered(item).items() if one.right) for item in form.items]
        for form in forms
    ]
    right = [
        sign.upper() == letter
        for row, key in zip(rows, keys, strict=True)
        for sign, letter in zip(row, key, strict=True)
    ]
    return round(100 * sum(right) / len(right))


def state(page: Any, number: int, text: str) -> None:
    page.locator(f"[data-baris='{number}'] [data-keadaan]").filter(has_text=text).wait_for()


def test_on_paper_two_people_type_and_decide_by_the_paper_where_they_differ(story: Scene) -> None:
    day = morning(story)
    facilitator, address = group(story, audience="PAR", lesson="PAR-7", name="PKK RW Melati", seats=10)
    page = facilitator.page
    page.get_by_role("link", name="Soal A").click()
    assert "Nomor kursi" in facilitator.text()
    items = page.locator("ol.stack-l > li.card").count()
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert not page.locator(".no-print").first.is_visible()
    page.emulate_media(media="screen")

    # The first person types, ten rows; the second one, on another phone, types again.
    rows = ["".join("abc"[(seat + item) % 3] for item in range(items)) for seat in range(10)]
    facilitator.go(address)
    page.get_by_role("link", name="Masukkan dari kertas").first.click()
    type_rows(page, rows, unsure={4: "2"})
    state(page, 10, "Menunggu masukan kedua")
    second = story.adult(width=320).go(address + "kertas/PAR-7/pre?kali=2")
    other = list(rows)
    other[6] = ("b" if rows[6][0] == "a" else "a") + rows[6][1:]
    type_rows(second.page, other, unsure={4: "2"})
    state(second.page, 7, "Berbeda dari masukan pertama")
    state(second.page, 10, "Cocok. Sudah masuk.")
    facilitator.go(address)
    assert "9 dari 10 lembar" in facilitator.text()
    assert "Belum ada dari kursi 7." in facilitator.text()
    second.page.reload()
    second.page.get_by_role("link", name="Lihat perbedaannya").click()
    second.page.locator("label:has([value='1'])").click()
    second.page.get_by_role("button", name="Simpan").click()
    assert "Tidak ada yang berbeda." in second.text()
    facilitator.go(address)
    assert "10 dari 10 lembar" in facilitator.text()

    # The lesson, and day 28 typed without a second person, who could not come.
    page.fill("#hari", f"{day:%Y-%m-%d}")
    page.get_by_role("button", name="Simpan").click()
    story.later(hours=28 * 24)
    facilitator.go(address + "kertas/PAR-7/delayed")
    type_rows(page, [rows[0]] * 10)
    for number in range(1, 11):
        state(page, number, "Menunggu masukan kedua")
    with page.expect_response(lambda reply: reply.request.method == "POST" and reply.ok):
        page.locator("[name=d-1]").fill("1")
        page.locator("h1").click()
    page.reload()
    assert page.locator("[name=d-1]").input_value() == "1"
    page.get_by_role("button", name="Pakai apa adanya").click()
    assert page.locator("[name=m-1-1]").count() == 0
    facilitator.go(address)
    assert "10 dari 10 lembar" in facilitator.text()
    assert "Hasil tampil satu kali, pada" in facilitator.text()

    # Their day.
    story.later(hours=29 * 24)
    before, after = percent(rows, "pre"), percent([rows[0]] * 10, "delayed")
    until = time.monotonic() + 15
    while "Kelas ini: " not in facilitator.go(address).text():
        assert time.monotonic() < until
        time.sleep(0.5)
    said = f"Kelas ini: {before}% benar sebelum pelajaran, {after}% setelah 28 hari."
    assert said in facilitator.text()

    # They want nothing kept: the group goes at once.
    page.get_by_role("link", name="Hapus kelompok ini sekarang").click()
    page.get_by_role("button", name="Hapus").click()
    assert "Kelompok ini sudah dihapus." in facilitator.text()
    story.refusals(404)
    assert "Kelompok ini tidak ada." in facilitator.go(address).text()
