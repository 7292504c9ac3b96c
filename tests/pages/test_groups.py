"""A class in the real browser: tests with the network pulled, without scripts, and paper typed by the keyboard."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.axe import complaints
from tests.waiting import promised

from ruangaman.adapters import clock
from ruangaman.core.learning import seats
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.groups import making, syncing
from ruangaman.rooms.learning.models import PaperRow, Sheet
from ruangaman.rooms.learning.tests.classes import Class

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CLASS = "/pelajaran/kelas/"
SHOTS = os.environ.get("SHOTS")
SENSITIVE = next(
    name for name, one in sorted(courses.course().lessons.items()) if name[:2] == "B4" and one.note
)
BOX = """(box) => new Promise((resolve) => {
  const asked = indexedDB.open("tes");
  asked.onsuccess = () => {
    const every = asked.result.transaction(box).objectStore(box).getAll();
    every.onsuccess = () => (asked.result.close(), resolve(every.result));
  };
})"""
"""What a box of this device holds; a second connection, closed at once."""
AGE = """(days) => new Promise((resolve) => {
  const asked = indexedDB.open("tes");
  asked.onsuccess = () => {
    const work = asked.result.transaction(["lembar", "dibuka"], "readwrite");
    const past = (since) => new Date(Date.parse(since) - days * 86400000).toISOString().slice(0, 10);
    for (const [box, field] of [["lembar", "since"], ["dibuka", "here"]]) {
      work.objectStore(box).openCursor().onsuccess = ({ target: { result: at } }) => {
        if (!at) return;
        at.update({ ...at.value, [field]: past(at.value[field]) });
        at.continue();
      };
    }
    work.oncomplete = () => (asked.result.close(), resolve());
  };
})"""
"""Make what this device keeps of tests so many days older."""


def look(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.fixture
def group(transactional_db):
    def made(**other):
        told = {
            "name": "5A",
            "audience": "B3",
            "objectives": ["B3-2"],
            "seats_wanted": 12,
            "language": "id",
            "region": "",
            "campaign": "",
            "network": "",
        }
        row, token = making.make(**told | other, now=clock.now())
        return row, token, [code for _, code in making.codes(row, making.read(token))]

    return made


def opened(open_page, path=CLASS, **more):
    page = open_page(path, **more)
    page.locator("#kelas[data-siap]").wait_for(state="attached")
    return page


def type_code(page, code):
    page.locator("#kode").fill(code)
    page.locator("#kode").press("Enter")
    page.locator("[data-mulai]").first.wait_for()


def begin(page):
    page.locator("[data-mulai]").first.click()
    page.locator("[data-tes]").wait_for()


def answer_all(page, sure="1", upto=None):
    """Answer what is shown, one item after the other; gives how many were answered."""
    done = 0
    while page.locator("[data-soal]:visible").count():
        if done == upto:
            return done
        item = page.locator("[data-soal]:visible")
        item.locator("label:has([name^=j-])").first.click()
        if item.locator("[name^=y-]").count():
            item.locator(f"label:has([name^=y-][value='{sure}'])").click()
        page.locator("[data-maju]").click()
        done += 1
        if page.locator("[data-jeda]:visible").count():
            page.locator("[data-maju]").click()
    return done


def until(page, said):
    page.locator("[data-kabar]").filter(has_text=said).wait_for()


def fits(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "en")])
def test_pages_fit_and_axe_finds_nothing(open_page, group, width, language):
    row, token, codes = group()
    making.teach(row, None, now=clock.now())
    base = f"/pelajaran/pemandu/{token}/"
    paths = {
        "buat": "/pelajaran/pemandu/?untuk=B4",
        "siapa": "/pelajaran/pemandu/",
        "kelompok": base,
        "hapus": base + "hapus",
        "soal": base + "soal/B3-2/A",
        "kertas": base + "kertas/B3-2/pre",
        "beda": base + "kertas/B3-2/pre/beda",
        "hilang": "/pelajaran/pemandu/x/",
        "memimpin": f"/pelajaran/{SENSITIVE}/pemandu",
    }
    for name, path in paths.items():
        page = open_page("/pelajaran/", width=width)
        page.goto(
            page.url.replace("/pelajaran/", path) + ("&" if "?" in path else "?") + f"bahasa={language}"
        )
        look(page, f"{name}-{width}-{language}")
        fits(page, width)
    page = opened(open_page, f"{CLASS}?bahasa={language}", width=width)
    look(page, f"kelas-{width}-{language}")
    fits(page, width)
    type_code(page, codes[0])
    look(page, f"kelas-terbuka-{width}-{language}")
    fits(page, width)
    begin(page)
    page.locator("[data-soal]:visible label").first.click()
    look(page, f"tes-{width}-{language}")
    fits(page, width)


def test_the_network_is_pulled_in_the_middle_and_the_phone_goes_out_and_on_again(open_page, group):
    _row, _token, codes = group()
    page = opened(open_page, width=320)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    type_code(page, seats.shown(codes[0]))
    promised(page, "async () => Boolean(await caches.match(location.pathname))")
    begin(page)
    page.context.set_offline(True)
    assert answer_all(page, upto=3) == 3
    chosen = page.evaluate("document.querySelectorAll('[data-terbuka] [name^=j-]:checked').length")
    assert chosen == 3
    page.wait_for_function("() => document.querySelector('[data-simpan]').textContent.includes('Tersimpan')")
    page.reload()
    page.locator("#kelas[data-siap]").wait_for(state="attached")
    type_code(page, codes[0])
    begin(page)
    assert page.evaluate("document.querySelectorAll('[data-terbuka] [name^=j-]:checked').length") == 3
    assert "Soal 4 dari 6" in page.locator("[data-langkah]").inner_text()
    answer_all(page, sure="0")
    page.locator("[data-kirim]").click()
    until(page, "Belum terkirim: 1")
    assert Sheet.objects.count() == 0
    look(page, "belum-terkirim-320")
    page.context.set_offline(False)
    until(page, "Terkirim. Terima kasih.")
    sheet = Sheet.objects.get()
    assert sorted(one[2] for one in sheet.answers) == [False] * 3 + [True] * 3
    assert all(one[1] for one in sheet.answers)
    # Nothing of the learner is left on the phone.
    page.reload()
    page.locator("#kelas[data-siap]").wait_for(state="attached")
    page.locator("#kode").fill(codes[0])
    page.locator("#kode").press("Enter")
    page.get_by_text("Semua tes hari ini sudah selesai").wait_for()
    assert page.wrong == []


def test_a_shared_phone_goes_from_hand_to_hand_and_sends_all_when_there_is_signal(open_page, group):
    _row, _token, codes = group()
    page = opened(open_page, width=320)
    for code in codes[:3]:
        type_code(page, code)
        begin(page)
        page.context.set_offline(True)
        answer_all(page)
        page.locator("[data-kirim]").click()
        until(page, "Belum terkirim: 1")
        page.context.set_offline(False)
        until(page, "Terkirim. Terima kasih")
    assert sorted(Sheet.objects.values_list("seat__number", "form")) == [(1, "A"), (2, "B"), (3, "A")]
    assert page.evaluate("history.length") <= 2


def test_a_code_by_qr_stands_behind_the_hash_and_is_gone_from_the_address(open_page, group):
    _row, _token, codes = group()
    asked = []
    page = open_page("/pelajaran/", width=320)
    page.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    page.goto(page.url + "kelas/#" + codes[4])
    page.locator("[data-mulai]").wait_for()
    assert "Kursi 5" in page.locator("[data-terbuka]").inner_text()
    assert page.url.endswith("/pelajaran/kelas/")
    assert not [one for one in asked if codes[4] in one[0].partition("#")[0] or codes[4] in one[1]]


def test_six_to_nine_year_olds_see_pictures_one_task_a_screen_and_a_place_to_stop(open_page, group):
    _row, _token, codes = group(audience="B2", objectives=["B2-2"])
    page = opened(open_page, width=320)
    type_code(page, codes[1])
    begin(page)
    for _ in range(5):
        assert page.locator("[data-soal]:visible").count() == 1
        label = page.locator("[data-soal]:visible label").first
        assert label.bounding_box()["height"] >= 57
        label.click()
        page.locator("[data-maju]").click()
    assert page.locator("[data-jeda]").is_visible()
    assert page.locator("[data-soal]:visible").count() == 0
    look(page, "jeda-320")
    assert complaints(page) == []
    page.locator("[data-tutup]").click()
    begin(page)
    assert page.locator("[data-jeda]").is_visible()
    page.locator("[data-maju]").click()
    answer_all(page)
    look(page, "akhir-320")
    page.locator("[data-kirim]").click()
    until(page, "Terkirim. Terima kasih")
    sheet = Sheet.objects.get()
    assert (sheet.form, {one[2] for one in sheet.answers}) == ("B", {None})
    assert len(sheet.answers) == len(courses.course().forms["B2-2", "B"].items)


SPEAKS = """() => {
  window.heard = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speak = (one) => heard.push(`${one.lang}: ${one.text}`);
  const value = { getVoices: () => [{ lang: "id-ID" }], addEventListener() {}, cancel() {}, speak };
  Object.defineProperty(window, "speechSynthesis", { value });
}"""


def test_six_to_nine_year_olds_hear_the_question_and_each_answer_on_a_tap(open_page, group):
    _row, _token, codes = group(audience="B2", objectives=["B2-2"])
    page = open_page("/pelajaran/", width=320)
    page.context.add_init_script(f"({SPEAKS})()")
    page.goto(page.url.rstrip("/") + "/kelas/")
    type_code(page, codes[1])
    begin(page)
    shown = page.locator("[data-soal]:visible")
    item = shown.get_attribute("data-soal")
    asked = next(one for one in courses.course().forms["B2-2", "B"].items if one.id == item)
    for button in shown.locator("[data-dengar] > button").all():
        button.click()
    question, *answers = page.evaluate("heard")
    assert question.startswith("id-ID: ")
    assert asked.stem.id in question
    assert sorted(answers) == sorted(f"id-ID: {one.text.id}" for one in asked.options)
    assert Sheet.objects.count() == 0
    look(page, "suara-320")
    assert complaints(page) == []


def test_by_keyboard_alone_and_what_was_left_out_is_told(open_page, group):
    _row, _token, codes = group()
    page = opened(open_page, width=360)
    page.locator("#kode").focus()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.locator("[data-mulai]").wait_for()
    page.locator("[data-mulai]").press("Enter")
    for number in range(6):
        assert page.evaluate("document.activeElement.tagName") == "LEGEND"
        if number != 2:
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
        page.locator("[data-maju]").press("Enter")
    assert "Belum dijawab: 1" in page.locator("[data-sisa]").inner_text()
    page.locator("[data-kirim]").press("Enter")
    until(page, "Terkirim. Terima kasih")
    assert sorted(one[1] == "" for one in Sheet.objects.get().answers) == [False] * 5 + [True]


def test_without_scripts_the_test_is_a_form(open_page, group):
    _row, _token, codes = group()
    page = open_page(CLASS, width=320, scripts=False)
    page.locator("#kode").fill(codes[0])
    page.locator("[data-kode] button").click()
    page.locator("[data-mulai]").click()
    look(page, "tanpa-skrip-320")
    for item in page.locator("[data-soal]").all():
        item.locator("label").nth(1).click()
    page.get_by_role("button", name="Kirim").click()
    page.get_by_text("Terkirim. Terima kasih.").wait_for()
    assert Sheet.objects.count() == 1


def type_row(page, number, signs):
    page.locator(f"[name=m-{number}-1]").focus()
    page.keyboard.type(signs)


def test_paper_is_typed_by_the_keyboard_row_by_row_also_without_a_signal(open_page, group):
    _row, token, _codes = group()
    page = open_page(f"/pelajaran/pemandu/{token}/kertas/B3-2/pre", width=320)
    page.locator("#kertas[data-siap]").wait_for()
    type_row(page, 1, "abc-12")
    # The last sign of a row moves nowhere; Enter goes on and leaves the row saved.
    assert page.evaluate("document.activeElement.name") == "m-1-6"
    once = page.locator("[data-sendiri]")
    assert not once.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "m-2-1"
    page.locator("[data-baris='1'] [data-keadaan]").filter(has_text="Menunggu masukan kedua").wait_for()
    assert list(PaperRow.objects.values_list("seat__number", "marks")) == [(1, "abc-ab")]
    page.keyboard.type("ax")
    assert page.evaluate("document.activeElement.name") == "m-2-2"  # not a sign that is expected
    page.context.set_offline(True)
    page.keyboard.press("Backspace")
    page.keyboard.type("bc-12")
    page.keyboard.press("Enter")
    page.locator("[data-baris='2'] [data-keadaan]").filter(has_text="Belum terkirim").wait_for()
    assert PaperRow.objects.count() == 1
    page.context.set_offline(False)
    page.locator("[data-baris='2'] [data-keadaan]").filter(has_text="Menunggu masukan kedua").wait_for()
    assert PaperRow.objects.count() == 2
    # What waits for a second typing may be used without one; that is offered at once.
    once.filter(has_text="2 baris baru diketik satu kali.").wait_for()
    look(page, "kertas-diisi-320")
    assert complaints(page) == []


def test_rows_kept_on_the_phone_come_back_when_it_was_out(open_page, group):
    _row, token, _codes = group()
    page = open_page(f"/pelajaran/pemandu/{token}/kertas/B3-2/pre", width=360)
    page.locator("#kertas[data-siap]").wait_for()
    page.context.set_offline(True)
    type_row(page, 3, "abcabc")
    page.keyboard.press("Enter")
    page.locator("[data-baris='3'] [data-keadaan]").filter(has_text="Belum terkirim").wait_for()
    # The phone goes out before there is a signal again: nothing was sent.
    page.goto("about:blank")
    page.context.set_offline(False)
    assert not PaperRow.objects.exists()
    page.go_back()
    page.locator("[data-baris='3'] [data-keadaan]").filter(has_text="Menunggu masukan kedua").wait_for()
    assert list(PaperRow.objects.values_list("seat__number", "marks")) == [(3, "abcabc")]


def test_half_a_row_is_told_so_and_is_still_there_when_the_page_is_opened_again(open_page, group):
    _row, token, _codes = group()
    page = open_page(f"/pelajaran/pemandu/{token}/kertas/B3-2/pre", width=360)
    state = page.locator("[data-baris='3'] [data-keadaan]")
    page.locator("#kertas[data-siap]").wait_for()
    type_row(page, 3, "ab")
    page.locator("h1").click()
    state.filter(has_text="Belum lengkap").wait_for()
    page.reload()
    page.locator("#kertas[data-siap]").wait_for()
    assert [page.locator(f"[name=m-3-{at}]").input_value() for at in (1, 2, 3)] == ["a", "b", ""]
    state.filter(has_text="Belum lengkap").wait_for()
    assert not PaperRow.objects.exists()
    for at in (1, 2):
        page.locator(f"[name=m-3-{at}]").fill("")
    page.locator("h1").click()
    state.filter(has_not_text="Belum lengkap").wait_for(state="attached")
    assert page.evaluate(BOX, "baris") == []


def test_whoever_types_again_is_led_to_what_differs(open_page, group):
    _row, token, _codes = group()
    path = f"/pelajaran/pemandu/{token}/kertas/B3-2/pre"
    page = open_page(path, width=360)
    page.locator("#kertas[data-siap]").wait_for()
    type_row(page, 1, "abcabc")
    page.keyboard.press("Enter")
    page.locator("[data-baris='1'] [data-keadaan]").filter(has_text="Menunggu masukan kedua").wait_for()
    page.goto(page.url + "?kali=2")
    page.locator("#kertas[data-siap]").wait_for()
    way = page.get_by_role("link", name="Lihat perbedaannya")
    assert not way.is_visible()
    type_row(page, 1, "abcabb")
    page.keyboard.press("Enter")
    page.locator("[data-sendiri]").wait_for(state="hidden")
    way.click()
    page.get_by_role("heading", name="Kursi 1").wait_for()


def test_no_page_of_a_group_is_kept_by_the_browser(open_page, group):
    _row, token, _codes = group()
    page = opened(open_page, width=360)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(re.sub("kelas/.*", f"pemandu/{token}/", page.url))
    page.reload()
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => one.url)))).flat()"
    )
    assert kept
    assert not [one for one in kept if "pemandu" in one]


def test_what_a_script_adds_is_small(open_page, group):
    page = opened(open_page, width=320)
    told = json.loads(
        page.evaluate(
            "JSON.stringify(performance.getEntriesByType('resource').map(one => [one.name, one.encodedBodySize]))"
        )
    )
    scripts = sum(size for name, size in told if name.endswith(".js"))
    styles = sum(size for name, size in told if name.endswith(".css"))
    assert 0 < scripts <= 60_000
    assert 0 < styles <= 15_000


def test_the_test_of_a_hard_subject_begins_with_a_note_and_is_skipped_with_nothing_kept_or_sent(
    open_page, group
):
    _row, _token, codes = group(audience="B4", objectives=[SENSITIVE])
    page = opened(open_page, width=320)
    sent = []
    page.on("request", lambda asked: asked.url.endswith("kirim") and sent.append(asked.url))
    type_code(page, codes[0])
    begin(page)
    note = page.locator("[data-catatan]")
    assert note.is_visible()
    assert page.evaluate("document.activeElement.tagName") == "H3"
    assert page.locator("[data-soal]:visible").count() == 0
    assert "boleh dilewati" in note.inner_text()
    look(page, "catatan-320")
    fits(page, 320)
    page.locator("[data-maju]").click()
    assert not note.is_visible()
    page.locator("[data-soal]:visible label").first.click()
    page.wait_for_function("() => document.querySelector('[data-simpan]').textContent.includes('Tersimpan')")
    page.locator("[data-lewati]").click()
    page.locator("[data-tes]").wait_for(state="detached")
    assert page.evaluate(BOX, "lembar") == []
    assert Sheet.objects.count() == 0
    # The next learner on this phone does not skip.
    type_code(page, codes[1])
    begin(page)
    page.locator("[data-maju]").click()
    answer_all(page)
    assert sent == []
    page.locator("[data-kirim]").click()
    until(page, "Terkirim. Terima kasih")
    assert [row.seat.number for row in Sheet.objects.select_related("seat")] == [2]


def came_another_way(row, token, number):
    """The same seat's test from another device."""
    sheet = Class(row, token).sheet(number, taken_on=timezone.localdate(clock.now()).isoformat())
    body = json.dumps({"sheets": [sheet]}).encode()
    assert [one.result for one in syncing.receive(body, network="", now=clock.now())] == ["accepted"]


def test_a_sheet_that_was_refused_is_told_to_whoever_has_its_code_and_not_to_the_next_learner(
    open_page, group
):
    row, token, codes = group()
    page = opened(open_page, width=320)
    type_code(page, codes[0])
    begin(page)
    came_another_way(row, token, 1)
    answer_all(page)
    page.locator("[data-kirim]").click()
    until(page, "Satu tes tidak diterima. Panggil pemandu.")
    type_code(page, codes[1])
    assert not page.locator("[data-kabar]").is_visible()
    begin(page)
    answer_all(page)
    page.locator("[data-kirim]").click()
    until(page, "Terkirim. Terima kasih")
    page.reload()
    page.locator("#kelas[data-siap]").wait_for(state="attached")
    assert not page.locator("[data-kabar]").is_visible()
    page.locator("#kode").fill(codes[0])
    page.locator("#kode").press("Enter")
    until(page, "Satu tes tidak diterima. Panggil pemandu.")
    # After 50 days it is gone, and so is a test that somebody began; one that is finished waits for a signal.
    type_code(page, codes[2])
    begin(page)
    page.locator("[data-soal]:visible label").first.click()
    page.wait_for_function("() => document.querySelector('[data-simpan]').textContent.includes('Tersimpan')")
    for days, left in ((50, [codes[0], codes[2]]), (1, [])):
        page.evaluate(AGE, days)
        page.reload()
        page.locator("#kelas[data-siap]").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        assert sorted(one["code"] for one in page.evaluate(BOX, "lembar")) == sorted(left)
    assert page.evaluate(BOX, "dibuka") == []


def test_emptying_a_phone_takes_the_tests_with_it(open_page, group):
    _row, _token, codes = group()
    page = opened(open_page, width=320)
    type_code(page, codes[0])
    begin(page)
    page.locator("[data-soal]:visible label").first.click()
    page.wait_for_function("() => document.querySelector('[data-simpan]').textContent.includes('Tersimpan')")
    page.goto(re.sub("kelas/.*", "siapa/", page.url))
    page.locator("button[data-semua]").click()
    assert "tes yang belum terkirim" in page.locator("[data-yakin]").inner_text()
    page.locator("[data-yakin] [data-ya]").click()
    page.locator("text=Sudah dihapus.").wait_for(state="attached")
    assert page.evaluate(BOX, "lembar") == page.evaluate(BOX, "dibuka") == []


def test_a_row_is_sent_with_its_own_day_and_stays_here_until_it_is_put_right(open_page, group):
    _row, token, _codes = group()
    today = timezone.localdate(clock.now())
    days = [(today + timedelta(days=by)).isoformat() for by in (-1, 0, 5)]
    page = open_page(f"/pelajaran/pemandu/{token}/kertas/B3-2/pre", width=360)
    page.locator("#kertas[data-siap]").wait_for()
    state = lambda number, text: (  # noqa: E731
        page.locator(f"[data-baris='{number}'] [data-keadaan]").filter(has_text=text).wait_for()
    )
    page.context.set_offline(True)
    for number, day in ((1, days[0]), (2, days[1])):
        page.locator("#tanggal").fill(day)
        type_row(page, number, "abcabc")
        page.locator("h1").click()
        state(number, "Belum terkirim")
    # Somebody is typing in the third row when the signal comes back: it is left alone.
    type_row(page, 3, "ab")
    page.context.set_offline(False)
    for number in (1, 2):
        state(number, "Menunggu masukan kedua")
    assert page.locator("[name=m-3-2]").input_value() == "b"
    kept = PaperRow.objects.order_by("seat__number").values_list("seat__number", "taken_on")
    assert [(number, day.isoformat()) for number, day in kept] == [(1, days[0]), (2, days[1])]
    for at in (1, 2):
        page.locator(f"[name=m-3-{at}]").fill("")
    page.locator("h1").click()
    # A day that does not fit: the row stays on the phone, and goes when the day is put right.
    page.locator("#tanggal").fill(days[2])
    type_row(page, 4, "abcabc")
    page.locator("h1").click()
    state(4, "Tanggalnya tidak cocok")
    assert [one["row"] for one in page.evaluate(BOX, "baris")] == ["4"]
    page.locator("#tanggal").fill(days[1])
    page.locator("h1").click()
    state(4, "Menunggu masukan kedua")
    promised(page, f"({BOX})('baris').then((rows) => rows.length === 0)")
