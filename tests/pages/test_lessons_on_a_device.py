"""Learning on a phone of 320 px: each band and a parent, without signal, on a shared phone, and days later."""

import json
from datetime import datetime

import pytest
from tests.axe import complaints
from tests.waiting import promised

from ruangaman.adapters import voice
from ruangaman.core.learning import voices
from ruangaman.rooms.learning import config, courses

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WHOLE = courses.course()
VISIBLE = "[...document.querySelectorAll('.step')].filter(one => one.offsetParent).map(one => one.id)"
KEPT = "async (path) => Boolean(await caches.match(path))"
REGISTER = """async () => {
  const { worker, scope } = document.getElementById("unduh").dataset;
  await navigator.serviceWorker.register(worker, { scope });
  await navigator.serviceWorker.ready;
}"""
RECORD = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("pelajaran", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pelajaran");
    asked.onsuccess = () => done(asked.result);
  });
  const store = base.transaction("pelajaran").objectStore("pelajaran");
  const ask = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  const [keys, values] = await Promise.all([ask(store.getAllKeys()), ask(store.getAll())]);
  base.close();
  return Object.fromEntries(keys.map((key, at) => [key, values[at]]));
}"""


def settled(page):
    page.locator(".bar:not([hidden])").wait_for()
    return page


def go(page, path):
    page.goto("/".join(page.url.split("/")[:3]) + path)
    return page


def choose(page, item, option, *, sure=None):
    """Choose, and say how sure; then wait until it is written."""
    page.locator(f"#{item}-{option}").check()
    if sure is not None:
        page.locator(f"[data-item={item}] [data-{'ya' if sure else 'belum'}]").click()
    page.locator("[data-simpan]").wait_for()


def written(page, holds):
    """What the device remembers, once it holds; a write takes a moment."""
    for _ in range(100):
        record = page.evaluate(RECORD)
        if holds(record):
            return record
        page.wait_for_timeout(50)
    raise AssertionError(record)


def right(item):
    return next(one.id for one in item.options if one.right)


def wrong(item):
    return next(one for one in item.options if not one.right and one.misconception)


def keep_ready(page, path):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    promised(page, KEPT, path)


def on(page, day):
    page.clock.set_fixed_time(datetime.fromisoformat(f"{day}T09:00:00"))


@pytest.mark.parametrize("objective", ["B1-2", "B2-2", "B3-2", "B4-1", "B5-1", "PAR-1"])
def test_somebody_of_each_band_finishes_with_the_network_pulled_and_may_ask_for_help(open_page, objective):
    lesson = WHOLE.lessons[objective]
    who = WHOLE.scheme.audience(objective)
    path = f"/pelajaran/{objective}/"
    page = settled(open_page(path, width=320))
    keep_ready(page, path)
    # What the end leads to is there without a signal too, though nobody opened it yet.
    led = ["/pelajaran/ulang/", f"/pelajaran/untuk/{who.id}/"]
    for one in (page.locator("#pelajaran").get_attribute("data-bantuan"), *led):
        keep_ready(page, one)
    assert complaints(page) == []
    page.context.set_offline(True)
    for turn in range(60):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for shown in page.locator(".step:visible [data-item]").all():
            item = next(one for one in lesson.practice if one.id == shown.get_attribute("data-item"))
            page.locator(f"#{item.id}-{right(item)}").check()
            if not who.voice:
                page.locator(f"[data-item={item.id}] [data-ya]").click()
            assert page.locator(f"#{item.id}-{right(item)} ~ .feedback").is_visible()
        if turn == 2:
            # The phone goes out in the middle, and on again: still no signal, nothing lost.
            written(page, lambda told: told.get(objective, {}).get("at") == 2)
            before = page.evaluate(VISIBLE)
            page.reload()
            settled(page)
            assert page.evaluate(VISIBLE) == before
        # Help: on every screen, one tap, and another one calls.
        assert page.locator(".bar a").is_visible()
        if not page.locator("[data-maju]").is_visible():
            break
        page.locator("[data-maju]").click()
    record = written(page, lambda told: "learned" in told.get(objective, {}))
    assert set(record) == {"#benih", objective}
    assert set(record[objective]["chosen"]) == {item.id for item in lesson.practice}
    assert record[objective]["learned"] == page.evaluate("new Date().toLocaleDateString('sv')")
    # The end says when to look again, and where to go from there.
    ended = page.locator("[data-ulangan]")
    ended.wait_for()
    assert "Tersimpan. Ulangi lagi mulai" in ended.inner_text()
    assert [one.get_attribute("href") for one in ended.locator("a").all()] == led
    page.locator(".bar a").click()
    page.locator("a[href='tel:129']").wait_for()
    assert "Belum diperiksa lewat telepon." in page.locator("main").inner_text()
    assert page.evaluate(RECORD) == record
    page.go_back()
    settled(page)
    assert page.evaluate(VISIBLE) == [lesson.screens[-1].id]
    assert page.wrong == []


def test_without_signal_a_page_that_is_not_kept_says_so_and_leads_back(open_page):
    page = settled(open_page("/pelajaran/B3-2/", width=320))
    for one in ("/pelajaran/B3-2/", "/pelajaran/tanpa-sinyal/", "/pelajaran/"):
        keep_ready(page, one)
    page.context.set_offline(True)
    go(page, "/pelajaran/B3-3/")
    assert "belum tersimpan di HP ini" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
    page.locator("main a").click()
    assert page.locator("h1").inner_text() == "Belajar untuk siapa?"


def test_a_signal_that_brings_nothing_is_not_waited_for_and_what_comes_late_is_kept(open_page):
    page = open_page("/pelajaran/", width=320)
    keep_ready(page, "/pelajaran/")
    go(page, "/pelajaran/B3-2/")
    settled(page)
    keep_ready(page, "/pelajaran/B3-2/")
    held = []
    page.context.route("**/pelajaran/B3-2/", lambda route: held.append(route))
    page.reload()
    settled(page)
    assert page.locator("h1").is_visible()
    assert held
    for route in held:
        route.fulfill(status=200, content_type="text/html", body="what the house says now")
    written = "async (path) => (await (await caches.match(path)).text()) === 'what the house says now'"
    promised(page, written, "/pelajaran/B3-2/")


def test_answers_stand_in_an_order_of_the_device_that_stays(open_page):
    lesson = WHOLE.lessons["B3-2"]
    orders = set()
    for _ in range(6):
        page = settled(open_page("/pelajaran/B3-2/"))
        shown = page.evaluate("[...document.querySelectorAll('input')].map((one) => one.id)")
        page.reload()
        settled(page)
        assert page.evaluate("[...document.querySelectorAll('input')].map((one) => one.id)") == shown
        orders.add(tuple(shown))
        assert set(shown) == {f"{item.id}-{one.id}" for item in lesson.practice for one in item.options}
    assert len(orders) > 1
    plain = open_page("/pelajaran/B3-2/", scripts=False)
    ids = [one.get_attribute("id") for one in plain.locator("input").all()]
    assert ids == [f"{item.id}-{one.id}" for item in lesson.practice for one in item.options]


def test_a_sure_wrong_answer_is_met_where_it_comes_from_and_an_unsure_one_gets_a_hint(open_page):
    lesson = WHOLE.lessons["B3-2"]
    item = next(one for one in lesson.screens[-3].items if one.hints)
    page = settled(open_page(f"/pelajaran/B3-2/#{lesson.screens[-3].id}", width=320))
    choice = wrong(item)
    page.locator(f"#{item.id}-{choice.id}").check()
    feedback = page.locator(f"#{item.id}-{choice.id} ~ .feedback")
    assert not feedback.is_visible()
    page.locator(f"[data-item={item.id}] [data-ya]").click()
    belief = courses.misconception(choice.misconception).id
    assert belief in feedback.inner_text()
    assert belief in page.locator(f"[data-item={item.id}] [data-kabar]").text_content()
    assert not page.locator(f"[data-item={item.id}] details").get_attribute("open")
    # The same answer again, unsure.
    page.locator(f"#{item.id}-{right(item)}").check()
    page.locator(f"#{item.id}-{choice.id}").check()
    page.locator(f"[data-item={item.id}] [data-belum]").click()
    assert belief not in feedback.inner_text()
    hints = page.locator(f"[data-item={item.id}] details > p")
    assert [hint.is_visible() for hint in hints.all()] == [True, False, False]
    page.locator(f"[data-item={item.id}] [data-bantu]").click()
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False]
    page.locator(f"[data-item={item.id}] [data-bantu]").click()
    answer = next(one for one in item.options if one.right)
    assert answer.text.id in hints.last.inner_text()
    page.locator("[data-simpan]").wait_for()
    page.reload()
    settled(page)
    assert page.evaluate(RECORD)["B3-2"]["sure"] == {item.id: False}
    assert feedback.is_visible()


def test_small_children_get_one_question_at_a_time_and_may_stop(open_page):
    page = settled(open_page("/pelajaran/B2-2/#latihan-5", width=320))
    assert page.evaluate(VISIBLE) == ["latihan-5"]
    assert page.locator("[data-item]:visible").count() == 1
    assert page.locator("[data-yakin]").count() == 0
    stop = page.locator(".step:visible [data-berhenti]")
    assert not stop.is_visible()
    page.locator(".step:visible .option label").first.click()
    stop.wait_for()
    assert "Berhenti di sini boleh. Tersimpan." in stop.inner_text()
    stop.locator("a").click()
    assert page.url.endswith("/pelajaran/untuk/B2/")


def test_a_full_phone_says_that_nothing_is_kept(open_page):
    page = open_page("/pelajaran/", width=320)
    page.context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    settled(go(page, "/pelajaran/B3-2/#coba"))
    page.locator("#b3-2-coba-kirim").check()
    page.locator("[data-penuh]").wait_for()
    assert not page.locator("[data-simpan]").is_visible()
    # Nor is anything promised at the end.
    page.goto(page.url.partition("#")[0] + "#selesai")
    page.locator("#selesai").wait_for()
    page.locator("[data-penuh]").wait_for()
    assert not page.locator("[data-ulangan]").is_visible()


def test_two_children_share_a_phone_and_one_is_removed_with_all_that_was_hers(open_page):
    page = open_page("/pelajaran/siapa/", width=320)
    page.locator("[data-isi]").wait_for()
    assert complaints(page) == []
    sent = []
    page.on("request", lambda asked: asked.method != "GET" and sent.append(asked.url))
    page.locator("#nama").fill("Sari-yang-suka-berlayar-jauh")
    assert page.locator("#nama").input_value() == "Sari-yang-suka-berla"
    page.locator("input[value=perahu]").check()
    page.locator("#nama").press("Enter")
    page.locator("text=Sekarang: Sari-yang-suka-berla.").wait_for(state="attached")
    settled(go(page, "/pelajaran/B3-2/#coba"))
    choose(page, "b3-2-coba", "kirim", sure=True)
    go(page, "/pelajaran/siapa/")
    page.locator("#nama").fill("Bima")
    page.locator("input[value=kura]").check()
    page.locator("#nama").press("Enter")
    page.locator("[data-orang] li").nth(2).wait_for()
    settled(go(page, "/pelajaran/B3-2/#coba"))
    assert page.locator("input:checked").count() == 0
    choose(page, "b3-2-coba", "periksa", sure=True)
    go(page, "/pelajaran/")
    page.locator("text=Bima").wait_for()
    record = page.evaluate(RECORD)
    assert record["p1/B3-2"]["chosen"] == {"b3-2-coba": "kirim"}
    assert record["p2/B3-2"]["chosen"] == {"b3-2-coba": "periksa"}
    go(page, "/pelajaran/siapa/")
    page.locator("[data-orang] [data-hapus]").first.click()
    said = page.locator("[data-yakin]")
    for word in ("Sari-yang-suka-berla", "jawaban", "gambar", "jadwal ulangan"):
        assert word in said.inner_text()
    assert complaints(page) == []
    said.locator("[data-ya]").click()
    page.locator("text=Sudah dihapus.").wait_for(state="attached")
    record = page.evaluate(RECORD)
    assert [one["name"] for one in record["#orang"]["list"]] == ["Bima"]
    assert "p1/B3-2" not in record
    assert "Sari" not in json.dumps(record)
    assert record["p2/B3-2"]["chosen"] == {"b3-2-coba": "periksa"}
    page.locator("button[data-semua]").click()
    said.locator("[data-ya]").click()
    assert written(page, lambda told: not told) == {}
    assert page.locator("[data-orang] li").count() == 1
    assert sent == []


def test_what_one_child_answers_stays_hers_while_another_window_is_of_somebody_else(open_page):
    page = open_page("/pelajaran/siapa/", width=320)
    page.locator("[data-isi]").wait_for()
    for name in ("Sari", "Bima"):
        page.locator("#nama").fill(name)
        page.locator("input[value=perahu]").check()
        page.locator("#nama").press("Enter")
        page.locator(f"text=Sekarang: {name}.").wait_for(state="attached")
    page.locator("[data-orang] [data-pilih]").first.click()
    page.locator("text=Sekarang: Sari.").wait_for(state="attached")
    settled(go(page, "/pelajaran/B3-2/#coba"))
    other = page.context.new_page()
    other.goto(page.url.partition("/pelajaran/")[0] + "/pelajaran/siapa/")
    other.locator("[data-orang] [data-pilih]").nth(1).click()
    other.locator("text=Sekarang: Bima.").wait_for(state="attached")
    choose(page, "b3-2-coba", "kirim", sure=True)
    record = written(page, lambda told: told.get("p1/B3-2", {}).get("sure"))
    assert record["p1/B3-2"]["chosen"] == {"b3-2-coba": "kirim"}
    assert "p2/B3-2" not in record
    # Sari is removed while her lesson still stands open: no answer brings her back.
    other.locator("[data-orang] [data-hapus]").first.click()
    other.locator("[data-yakin] [data-ya]").click()
    other.locator("text=Sudah dihapus.").wait_for(state="attached")
    with page.expect_navigation():
        # Once: the driver's own `check` tries again on the page that was loaded anew, and chooses for the next one.
        page.evaluate("document.getElementById('b3-2-coba-periksa').click()")
    settled(page)
    assert page.locator("input:checked").count() == 0
    assert not [key for key in page.evaluate(RECORD) if key.startswith("p1/")]
    # All is emptied while Bima's lesson stands open.
    choose(page, "b3-2-coba", "periksa", sure=True)
    written(page, lambda told: told.get("p2/B3-2", {}).get("sure"))
    other.locator("button[data-semua]").click()
    other.locator("[data-yakin] [data-ya]").click()
    written(page, lambda told: "p2/B3-2" not in told)  # "Sudah dihapus." stands there from before
    with page.expect_navigation():
        page.evaluate("document.getElementById('b3-2-coba-kirim').click()")
    settled(page)
    assert "chosen" not in json.dumps(page.evaluate(RECORD))


def test_who_learns_now_meets_no_answer_of_another_where_the_browser_goes_back(open_page):
    page = open_page("/pelajaran/siapa/", width=320)
    page.locator("[data-isi]").wait_for()
    for name in ("Bima", "Sari"):
        page.locator("#nama").fill(name)
        page.locator("#nama").press("Enter")
        page.locator(f"text=Sekarang: {name}.").wait_for(state="attached")
    settled(go(page, "/pelajaran/B3-2/#coba"))
    choose(page, "b3-2-coba", "kirim", sure=True)
    written(page, lambda told: told.get("p2/B3-2", {}).get("sure"))
    go(page, "/pelajaran/siapa/")
    page.locator("[data-orang] [data-pilih]").first.click()
    page.locator("text=Sekarang: Bima.").wait_for(state="attached")
    # A browser fills in again what stood in a page that it goes back to.
    page.go_back()
    settled(page)
    assert page.locator("#b3-2-coba-kirim").is_visible()
    assert page.locator("input:checked").count() == 0


def test_only_who_came_through_the_screens_has_learned_a_lesson(open_page):
    page = settled(open_page("/pelajaran/B3-2/#selesai", width=320))
    assert page.evaluate(VISIBLE) == ["selesai"]
    page.locator("[data-mundur]").click()
    page.locator("[data-maju]").click()
    told = written(page, lambda told: told.get("B3-2", {}).get("at") == 7)
    assert "learned" not in told["B3-2"]
    assert not page.locator("[data-ulangan]").is_visible()
    go(page, "/pelajaran/ulang/")
    page.locator("text=Hari ini tidak ada yang perlu diulang.").wait_for()
    # The rest of the way counts with what was seen before, also when the page is opened anew.
    settled(go(page, "/pelajaran/B3-2/#cerita"))
    for _ in range(3):
        page.locator("[data-maju]").click()
    written(page, lambda told: told["B3-2"]["at"] == 3)
    settled(go(page, "/pelajaran/B3-2/"))
    for _ in range(4):
        page.locator("[data-maju]").click()
    written(page, lambda told: "learned" in told["B3-2"])
    assert "Ulangi lagi mulai" in page.locator("[data-ulangan]").inner_text()
    settled(go(page, "/pelajaran/B3-2/#selesai"))
    page.locator("[data-ulangan]").wait_for()


def test_reviews_are_due_on_days_2_7_28_and_90_and_the_page_says_so_to_whoever_opens_it(open_page):
    page = open_page("/pelajaran/", width=320)
    on(page, "2026-11-30")
    settled(go(page, "/pelajaran/B3-2/"))
    for _ in WHOLE.lessons["B3-2"].screens[1:]:
        page.locator("[data-maju]").click()
    page.locator("[data-simpan]").wait_for()
    practice = next(one for one in WHOLE.lessons["B3-2"].screens if one.kind == "practise")
    due = page.locator("[data-hari-ini]")
    for day, before in (
        ("2026-12-02", "2026-12-01"),
        ("2026-12-07", "2026-12-06"),
        ("2026-12-28", "2026-12-27"),
    ):
        on(page, before)
        go(page, "/pelajaran/ulang/")
        page.locator("text=Hari ini tidak ada yang perlu diulang.").wait_for()
        on(page, day)
        go(page, "/pelajaran/ulang/")
        page.locator("text=Hari ini 1 hal untuk diingat.").wait_for()
        assert complaints(page) == []
        page.locator("li:visible a").click()
        settled(page)
        assert page.evaluate(VISIBLE) == [practice.id]
        assert page.locator("input:checked").count() == 0
        page.locator("[data-maju]").click()
        assert "Jawab semuanya dulu." in page.locator("[data-ulangan]").inner_text()
        for number, item in enumerate(practice.items):
            choose(page, item.id, right(item) if number else wrong(item).id, sure=True)
        # A power cut in the middle of a review loses nothing of it.
        page.reload()
        settled(page)
        assert page.locator("input:checked").count() == len(practice.items)
        page.locator("[data-maju]").click()
        assert "Tersimpan. Ulangi lagi mulai" in page.locator("[data-ulangan]").inner_text()
        page.locator("[data-simpan]").wait_for()
    on(page, "2027-02-28")
    go(page, "/pelajaran/")
    page.locator("text=Hari ini 1 hal untuk diingat.").wait_for()
    settled(go(page, "/pelajaran/B3-2/#ulang"))
    for item in practice.items:
        choose(page, item.id, right(item), sure=True)
    page.locator("[data-maju]").click()
    assert "Semua ulangan sudah selesai." in page.locator("[data-ulangan]").inner_text()
    written(page, lambda told: told["B3-2"]["seen"] == 4)
    on(page, "2030-01-01")
    go(page, "/pelajaran/ulang/")
    page.locator("text=Hari ini tidak ada yang perlu diulang.").wait_for()
    assert "selesai" in page.locator("li:visible").inner_text()
    assert due.inner_text()


def test_a_door_is_kept_whole_goes_on_after_a_cut_and_opens_without_signal(open_page):
    page = open_page("/pelajaran/untuk/B1/", width=320)
    page.locator("#unduh:not([hidden])").wait_for()
    wanted = json.loads(page.locator("#paket").text_content())
    # A cut in the middle: from some request on nothing is answered any more.
    page.evaluate(REGISTER)
    page.reload()
    page.locator("#unduh:not([hidden])").wait_for()
    page.context.route("**/pelajaran/B1-4/", lambda route: route.abort())
    page.locator("[data-simpan]").click()
    page.locator("text=Sinyal terputus.").wait_for()
    kept = page.evaluate(
        "async (wanted) => (await Promise.all(wanted.map((one) => caches.match(one)))).filter(Boolean).length",
        wanted,
    )
    assert 0 < kept < len(wanted)
    page.context.unroute("**/pelajaran/B1-4/")
    page.reload()
    page.locator("text=Lanjutkan menyimpan").click()
    page.locator("text=Bisa dibuka tanpa sinyal.").wait_for()
    for one in wanted:
        assert page.evaluate(KEPT, one), one
    page.context.set_offline(True)
    page.reload()
    page.locator("text=Bisa dibuka tanpa sinyal.").wait_for()
    page.locator("a[href='/pelajaran/B1-5/']").click()
    settled(page)
    assert page.evaluate("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")


def test_a_phone_without_room_is_told_before_anything_is_fetched(open_page):
    page = open_page("/pelajaran/", width=320)
    page.context.add_init_script(
        "navigator.storage.estimate = async () => ({ quota: 5_000_000, usage: 4_900_000 })"
    )
    fetched = []
    go(page, "/pelajaran/untuk/B1/")
    page.locator("#unduh:not([hidden])").wait_for()
    page.context.on("request", lambda asked: fetched.append(asked.url))
    page.locator("[data-simpan]").click()
    page.locator("text=Tempat di HP ini tidak cukup.").wait_for()
    assert "MB" in page.locator("[data-keadaan]").inner_text()
    wanted = json.loads(page.locator("#paket").text_content())
    assert not [one for one in fetched if one.removeprefix(page.url.partition("/pelajaran/")[0]) in wanted]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path",
    [
        "/pelajaran/bantuan/anak/",
        "/pelajaran/bantuan/remaja/",
        "/pelajaran/bantuan/dewasa/",
        "/pelajaran/ulang/",
        "/pelajaran/siapa/",
    ],
)
def test_pages_fit_and_axe_finds_nothing(open_page, path, width):
    page = open_page(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


HEARD = """() => {
  window.heard = [];
  window.Audio = class {
    constructor(source) { this.source = source; }
    play() { heard.push(this.source); return Promise.resolve(); }
    pause() {}
  };
  const voices = %s;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const speak = (one) => heard.push(`${one.lang}: ${one.text}`);
  const value = { getVoices: () => voices, addEventListener() {}, cancel() {}, speak };
  Object.defineProperty(window, "speechSynthesis", { value });
}"""


def voiced(open_page, own, path):
    page = open_page("/pelajaran/", width=320)
    page.context.add_init_script(f"({HEARD % json.dumps(own)})()")
    return settled(go(page, path))


@pytest.fixture
def placeholder(tmp_path, settings):
    """One lesson of the youngest has a computer's voice here; a program of the tests speaks."""
    settings.DATA_DIR = tmp_path
    wav = b"RIFF" + bytes(20) + (22050).to_bytes(4, "little") + bytes(16 + 22050)
    lines = voices.lines(WHOLE.lessons["B1-2"])
    voice.make(lines, ("id",), config.folder(), config.voices(), lambda *_: wav, lambda one: (one, ".wav"))


def test_a_small_child_hears_each_part_on_a_tap_and_nothing_by_itself(open_page, placeholder):
    page = voiced(open_page, [], "/pelajaran/B1-2/#coba")
    assert page.evaluate("heard") == []
    buttons = page.locator(".step:visible [data-dengar] > button:visible")
    item = WHOLE.lessons["B1-2"].practice[0]
    assert buttons.count() == 2 + len(item.options)
    assert "Suara komputer, sementara" in page.locator(".step:visible").inner_text()
    for button in buttons.all():
        assert button.bounding_box()["height"] >= 48
        button.click()
    heard = page.evaluate("heard")
    assert len(set(heard)) == len(heard) == buttons.count()
    page.locator(f"label[for={item.id}-{right(item)}]").click()
    page.locator(f"#{item.id}-{right(item)} ~ .feedback button").click()
    assert page.evaluate("heard")[-1].startswith(f"/pelajaran/suara/id/{item.id}-{right(item)}-kabar?v=")
    assert page.evaluate("fetch(heard[0]).then((one) => one.headers.get('Content-Type'))") == "audio/wav"
    assert complaints(page) == []


def test_without_scripts_the_browsers_own_players_fit_a_small_phone(open_page, placeholder):
    page = open_page("/pelajaran/B1-2/", width=320, scripts=False)
    assert page.locator("audio").count() > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_where_there_is_no_file_the_browsers_own_voice_speaks_and_without_one_there_is_no_button(open_page):
    page = voiced(open_page, [{"lang": "en-US"}, {"lang": "id-ID"}], "/pelajaran/B2-2/")
    page.locator(".step:visible [data-dengar] > button").click()
    (heard,) = page.evaluate("heard")
    assert heard.startswith("id-ID: Bisikan Halim. Ucok dan Halim bersahabat di Medan.")
    assert "Suara komputer" not in page.locator(".step:visible").inner_text()
    page = voiced(open_page, [{"lang": "en-US"}], "/pelajaran/B2-2/")
    assert page.locator("[data-dengar] > button:visible").count() == 0
