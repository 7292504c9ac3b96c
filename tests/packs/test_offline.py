"""The pack for phones without internet, opened from a file as from a card: no server, no network."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from ruangaman.adapters import voice
from ruangaman.core.learning import voices
from ruangaman.rooms.learning import config, courses
from ruangaman.rooms.learning.packs import kinds
from tests.axe import complaints
from tests.packs import lesson as learner

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()


@pytest.fixture
def card(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")
    packed = kinds.KINDS["offline"].make(WHOLE, kinds.lessons_of(WHOLE, "B3"), "id", NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        opened.extractall(tmp_path / "kartu")
    return (tmp_path / "kartu" / "index.html").as_uri()


@pytest.fixture
def phone(chromium):
    contexts = []

    def opened(address, *, scripts=True, width=320):
        context = chromium.new_context(
            viewport={"width": width, "height": 568}, java_script_enabled=scripts, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.wrong, page.asked = [], []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("requestfailed", lambda one: page.wrong.append(one.url))
        page.on("request", lambda one: page.asked.append(one.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_from_the_list_through_a_lesson_with_the_power_gone_in_between(card, phone):
    page = phone(card)
    page.get_by_role("link", name="Hadiah di pesan").click()
    page.locator(learner.READY).wait_for()
    learner.on(page)
    (tried,) = next(one.items for one in WHOLE.lessons["B3-2"].screens if one.kind == "try")
    assert "Penipu juga bisa menulis" in learner.choose(page, tried, right=False)
    assert page.locator("[data-simpan]:visible").inner_text() == "Jawaban tersimpan di HP ini saja."
    learner.kept_here(page, f'"{tried.id}"')
    page.reload()
    page.locator("input:checked").wait_for()
    assert page.locator("[data-sampai]").inner_text() == "Sampai langkah 2."
    learner.through(page, WHOLE, "B3-2", lambda item: True)
    assert page.locator(".step:visible h2").inner_text() == "Selesai. Berhenti di sini boleh."
    page.get_by_role("link", name="Lembar untuk dicetak").click()
    page.get_by_role("link", name="Hadiah di pesan").click()
    page.get_by_role("link", name="Umur 10 sampai 12 tahun").click()
    assert page.locator("h1").inner_text() == "Umur 10 sampai 12 tahun"
    assert page.wrong == []
    assert all(one.startswith("file:") for one in page.asked)


def test_help_is_one_tap_away_and_leaves_no_trace(card, phone):
    page = phone(card.replace("index.html", "B3-4/index.html"))
    page.locator(learner.READY).wait_for()
    page.locator("summary", has_text="Bantuan").click()
    assert page.locator("a[href='tel:129']").is_visible()
    assert "belum diperiksa lewat telepon" in page.locator(".bantuan").inner_text()
    assert not page.evaluate(learner.KEPT, "bantuan")


def test_help_is_in_the_bar_of_each_screen_and_a_sure_wrong_answer_is_met_where_it_comes_from(card, phone):
    page = phone(card.replace("index.html", "B3-2/index.html"))
    page.locator(learner.READY).wait_for()
    learner.on(page)
    (tried,) = next(one.items for one in WHOLE.lessons["B3-2"].screens if one.kind == "try")
    wrong = next(one for one in tried.options if one.misconception)
    box = page.locator(f"[data-item={tried.id}]")
    box.locator(f"input[value={wrong.id}]").check()
    assert not box.locator(".feedback").first.is_visible()
    box.locator("[data-ya]").click()
    assert courses.misconception(wrong.misconception).id in box.locator(".feedback:visible").inner_text()
    learner.kept_here(page, f'"sure":{{"{tried.id}":true}}')
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator(".bar").get_by_role("link", name="Bantuan").click()
    assert page.locator("a[href='tel:129']").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("scrollY") < 100
    page.keyboard.press("Enter")
    assert not page.locator("a[href='tel:129']").is_visible()
    page = phone(card.replace("index.html", "B3-2/index.html"), scripts=False)
    assert page.locator("[data-yakin]:visible").count() == 0


def test_a_sensitive_lesson_may_be_skipped(card, phone):
    page = phone(card.replace("index.html", "B3-4/index.html"))
    page.locator(learner.READY).wait_for()
    page.get_by_role("link", name="Lewati").click()
    assert page.locator("h1").inner_text() == "Umur 10 sampai 12 tahun"


@pytest.mark.parametrize("path", ["index.html", "B3-2/index.html", "B3-4/index.html", "B3-2/lembar.html"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_a_card_fit_and_axe_finds_nothing(card, phone, path, width):
    page = phone(card.replace("index.html", path), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    page.locator(".bantuan summary").click()
    assert complaints(page) == []


HEARD = """window.heard = [];
window.Audio = class {
  constructor(source) { this.source = new URL(source, location).href; }
  async play() { heard.push(this.source); if (window.broken) throw new DOMException("", "NotSupportedError"); }
  pause() {}
};
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const speak = (one) => heard.push(`${one.lang}: ${one.text}`);
const value = { getVoices: () => window.voices ?? [], addEventListener() {}, cancel() {}, speak };
Object.defineProperty(window, "speechSynthesis", { value });"""


def test_a_small_child_hears_the_card_or_the_phones_own_voice_or_is_told(settings, tmp_path, phone):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")
    settings.DATA_DIR = tmp_path
    wav = b"RIFF" + bytes(20) + (22050).to_bytes(4, "little") + bytes(16 + 22050)
    lines = voices.lines(WHOLE.lessons["B1-2"])
    voice.make(lines, ("id",), config.folder(), config.voices(), lambda *_: wav, lambda _: (b"OggS", ".opus"))
    packed = kinds.KINDS["offline"].with_sounds(WHOLE, ("B1-1", "B1-2"), "id", NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        opened.extractall(tmp_path / "kartu")
    page = phone((tmp_path / "kartu" / "index.html").as_uri())
    page.context.add_init_script(HEARD)
    page.goto((tmp_path / "kartu" / "B1-2" / "index.html").as_uri())
    page.locator(learner.READY).wait_for()
    assert page.evaluate("heard") == []
    button = page.locator(".step:visible [data-dengar] > button").first
    button.click()
    (file,) = page.evaluate("heard")
    assert file.endswith("/B1-2/suara/b1-2-layar-cerita.ogg")
    assert (tmp_path / "kartu" / file.partition("/kartu/")[2]).read_bytes() == b"OggS"
    assert not page.locator("[data-bisu]").is_visible()
    page.evaluate("window.broken = true")
    button.click()
    page.locator("[data-bisu]").wait_for()
    page.evaluate("window.voices = [{ lang: 'id-ID' }]")
    button.click()
    page.wait_for_function("heard.at(-1).startsWith('id-ID: ')")
    assert not page.locator("[data-bisu]").is_visible()
    # A lesson without sounds: the phone's own voice, or no button.
    page.goto((tmp_path / "kartu" / "B1-1" / "index.html").as_uri())
    page.locator(learner.READY).wait_for()
    assert page.locator("[data-dengar] > button:visible").count() == 0
    assert page.wrong == []
    # At the end: axe asks for the styles once more, which a file may not.
    page.goto((tmp_path / "kartu" / "B1-2" / "index.html").as_uri())
    page.locator(learner.READY).wait_for()
    page.evaluate("window.broken = true")
    page.locator(".step:visible [data-dengar] > button").first.click()
    page.locator("[data-bisu]").wait_for()
    assert page.wrong == []
    assert complaints(page) == []


def test_without_scripts_all_screens_stand_there_and_answer(card, phone):
    page = phone(card.replace("index.html", "B3-2/index.html"), scripts=False)
    assert page.locator(".step:visible").count() == len(WHOLE.lessons["B3-2"].screens)
    page.locator("label[for=b3-2-coba-tekan]").click()
    assert page.locator("#b3-2-coba-tekan ~ .feedback").is_visible()
