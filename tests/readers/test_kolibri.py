"""
Our channel in the real Kolibri: imported, learned from in a browser, and imported again in a new version.

The words on Kolibri's pages are those of its Indonesian; its own attributes are used only where it has no words.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from tests.readers.kolibri_house import Kolibri

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
LESSON = "B3/B3-2/lesson.yaml"
PASSWORD = "melati-putih"
MASTERED = 4  # of the last five


def learn(*words: str, lessons: Path) -> str:
    """Our own command; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "ruangaman.site.cli", "learn", *words],
        env={**os.environ, "RUANGAMAN_LESSONS_DIR": str(lessons)},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def build(to: Path, lessons: Path, *more: str) -> str:
    """The channel in Indonesian; gives its id."""
    told = re.match(
        r"channel ([0-9a-f]{32}), version \d+: \d+ files",
        learn("channel", "--to", str(to), *more, lessons=lessons),
    )
    assert told
    return told[1]


class Channel:
    """What the built database says, by the names of our lessons."""

    def __init__(self, folder: Path, id: str) -> None:
        self.id, self.folder = id, folder
        self.file = folder / f"content/databases/{id}.sqlite3"

    @classmethod
    def on_a_stick(cls, stick: Path, lessons: Path) -> "Channel":
        """The pack of one lesson, laid out at the root of a memory stick."""
        stick.mkdir()
        learn(
            "pack", "--as", "kolibri", "--objective", "B3-2", "--to", str(stick / "pack.zip"), lessons=lessons
        )
        with zipfile.ZipFile(stick / "pack.zip") as packed:
            packed.extractall(stick)
        (database,) = (stick / "KOLIBRI_DATA/content/databases").iterdir()
        return cls(stick / "KOLIBRI_DATA", database.stem)

    def _one(self, sql: str, *values: str) -> Any:
        opened = sqlite3.connect(self.file)
        try:
            return opened.execute(sql, values).fetchone()
        finally:
            opened.close()

    @property
    def version(self) -> int:
        return int(self._one("SELECT version FROM content_channelmetadata")[0])

    def node(self, title: str, kind: str) -> dict[str, str]:
        names = ("id", "content_id", "channel_id", "kind")
        row = self._one(
            f"SELECT {', '.join(names)} FROM content_contentnode WHERE title = ? AND kind = ?", title, kind
        )
        return dict(zip(names, row, strict=True))


@pytest.fixture(scope="module")
def lessons(tmp_path_factory) -> Path:
    """Our lessons, to be changed; each question that is practised in this one shows a drawing, and an answer too."""
    found = Path(shutil.copytree(LESSONS, tmp_path_factory.mktemp("lessons") / "lessons"))
    text = (found / LESSON).read_text()
    text = text.replace("      - id: b3-2-l", "      - picture: pesan-hadiah\n        id: b3-2-l")
    text = text.replace(
        "          - id: tipuan\n", "          - id: tipuan\n            picture: nama-situs\n", 1
    )
    (found / LESSON).write_text(text)
    return found


@pytest.fixture(scope="module")
def channel(tmp_path_factory, lessons) -> Channel:
    folder = tmp_path_factory.mktemp("channel")
    return Channel(folder, build(folder, lessons))


@pytest.fixture(scope="module")
def kolibri(tmp_path_factory, channel) -> Iterator[Kolibri]:
    """A school that has imported our channel."""
    home = tmp_path_factory.mktemp("kolibri")
    house = Kolibri(home / "home")
    try:
        house.open_school()
        house.take(channel.id, channel.folder)
        house.start()
        yield house
    finally:
        house.stop()
        shutil.rmtree(home)


@pytest.fixture
def browser(chromium, kolibri) -> Iterator[Any]:
    """Opens Kolibri's pages for a learner who signs in with the form; nothing may be asked of anybody outside."""
    contexts, outside = [], []

    def opened(name: str) -> Any:
        context = chromium.new_context(viewport={"width": 900, "height": 900}, locale="id-ID")
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda asked: (
                urlsplit(asked.url).hostname not in ("127.0.0.1", None) and outside.append(asked.url)
            ),
        )
        page.goto(f"{kolibri.address}/id/auth/")
        page.get_by_role("textbox").fill(name)
        page.keyboard.press("Enter")
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/learn/**")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert outside == []


def practice() -> dict[str, dict[str, Any]]:
    """The questions of the exercise, from the lesson's own file."""
    screens = yaml.safe_load((LESSONS / LESSON).read_text())["screens"]
    return {item["id"]: item for one in screens if one["kind"] == "practise" for item in one["items"]}


def on_screen(text: str) -> dict[str, Any]:
    """Which of the questions stands there."""
    text = " ".join(text.split())
    (found,) = [
        item
        for item in practice().values()
        if item["stem"]["id"] in text and " ".join(item.get("shown", {"id": ""})["id"].split()) in text
    ]
    return found


def option(item: dict[str, Any], *, right: bool) -> str:
    return str(next(one["text"]["id"] for one in item["options"] if one.get("right", False) is right))


def answer(page: Any, *, right: bool) -> str:
    """Answer the question on the screen and have it checked; gives its id."""
    page.locator(".perseus-radio-option").first.wait_for()
    item = on_screen(page.locator(".perseus-root").inner_text())
    drawn = page.locator(".perseus-root img:visible")
    drawn.first.wait_for()
    for one in drawn.all():
        assert one.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.locator(".perseus-radio-option button").filter(has_text=option(item, right=right)).click()
    page.locator(".perseus-radio-option input:checked").wait_for(state="attached")
    page.get_by_role("button", name="Periksa").click()
    page.get_by_role("button", name="Selanjutnya").or_(page.get_by_text("Coba lagi")).first.wait_for()
    return str(item["id"])


def go_on(page: Any) -> None:
    """To the next question; the last one stays on the screen until that has come."""
    before = page.locator(".perseus-root").inner_text()
    page.get_by_role("button", name="Selanjutnya").click()
    page.wait_for_function(
        "before => ![before, ''].includes(document.querySelector('.perseus-root')?.innerText ?? '')"
        " && document.querySelector('.perseus-radio-option')",
        arg=before,
    )


def comes_to(share: float, person: Any, node: dict[str, str]) -> bool:
    """Whether Kolibri has heard of this progress; its page gathers for some seconds before it tells its server."""
    until = time.monotonic() + 20
    while progress(person, node) != share and time.monotonic() < until:
        time.sleep(0.3)
    return progress(person, node) == share


def leave(page: Any, house: Kolibri) -> None:
    page.goto(f"{house.address}/id/learn/#/library")


def log(person: Any, node: dict[str, str]) -> dict[str, Any]:
    """What Kolibri knows of a learner and an exercise, as its page asks for it."""
    sent = {**node, "node_id": node["id"], "mastery_model": {"type": "m_of_n", "m": MASTERED, "n": 5}}
    return dict(person.call("POST", "/api/logger/trackprogress/", sent))


def progress(person: Any, node: dict[str, str]) -> float:
    told = person.call("GET", f"/api/content/contentnodeprogress/?ids={node['id']}")
    return float(told[0]["progress"]) if told else 0.0


def lesson_in(page: Any, house: Kolibri, node: dict[str, str]) -> Any:
    """The lesson within Kolibri's sandbox: a frame of another origin, and the lesson in a frame of that."""
    page.goto(f"{house.address}/id/learn/#/topics/c/{node['id']}")
    inner = page.frame_locator("iframe").frame_locator("iframe")
    inner.locator(".bar:not([hidden])").wait_for()
    return inner


def test_sari_learns_practises_and_keeps_what_she_did_when_a_new_version_comes(
    kolibri, channel, lessons, browser
):
    sari = kolibri.enrol("sari", PASSWORD)
    lesson = channel.node("Hadiah di pesan", "html5")
    exercise = channel.node("Latihan: Hadiah di pesan", "exercise")
    page = browser("sari")

    # The lesson answers, goes on, and tells Kolibri how far she came.
    inner = lesson_in(page, kolibri, lesson)
    (frame,) = [one for one in page.frames if "zipcontent" in one.url]
    assert urlsplit(frame.url).port == kolibri.boxes != kolibri.port
    inner.locator("[data-maju]").click()
    inner.locator("#b3-2-coba-kirim").check()
    inner.locator("[data-item=b3-2-coba] [data-ya]").click()
    assert "Bagus, kamu bertanya" in inner.locator("[data-item=b3-2-coba] [data-kabar]").text_content()
    inner.locator("[data-maju]").click()
    leave(page, kolibri)
    assert comes_to(0.37, sari, lesson)  # three screens of eight, in whole hundredths

    # On the same tablet somebody else meets nothing of hers, and she finds it again.
    kolibri.enrol("bima", PASSWORD)
    other = lesson_in(browser("bima"), kolibri, lesson)
    assert other.locator("#cerita").is_visible()
    assert other.locator("input:checked").count() == 0
    inner = lesson_in(page, kolibri, lesson)
    assert inner.locator("#b3-2-coba-kirim").is_checked()
    assert inner.locator("#tiga-tanya").is_visible()
    for _ in range(5):
        inner.locator("[data-maju]").click()
    assert comes_to(1, sari, lesson)

    # A wrong answer is not counted, also not when it is set right; four right ones are enough.
    page.goto(f"{kolibri.address}/id/learn/#/topics/c/{exercise['id']}")
    missed = answer(page, right=False)
    page.get_by_text("Coba lagi").wait_for()
    assert answer(page, right=True) == missed
    for _ in range(MASTERED):
        go_on(page)
        answer(page, right=True)
    assert comes_to(1, sari, exercise)
    known = log(sari, exercise)
    assert [one["correct"] for one in known["pastattempts"]][-1] == 0
    assert [one["correct"] for one in known["pastattempts"]][:MASTERED] == [1] * MASTERED
    assert {one["item"] for one in known["pastattempts"]} <= practice().keys()

    # A new version: other words in the lesson, everything that was learned still there.
    before = channel.version
    file = lessons / LESSON
    changed = file.read_text().replace(
        "Sari sedang membantu Nenek di dapur.", "Sari sedang menyapu halaman bersama Nenek."
    )
    file.write_text(changed.replace("version: 1\n", "version: 2\n", 1))
    assert build(channel.folder, lessons) == channel.id
    assert channel.version > before
    assert channel.node("Hadiah di pesan", "html5") == lesson
    kolibri.take(channel.id, channel.folder)
    leave(page, kolibri)
    page.reload()
    inner = lesson_in(page, kolibri, lesson)
    assert "menyapu halaman" in inner.locator("#cerita").inner_text()
    assert progress(sari, lesson) == 1
    assert progress(sari, exercise) == 1
    assert log(sari, exercise)["totalattempts"] == known["totalattempts"]

    # From a memory stick, a channel with this lesson alone: it is known there that she has learned it.
    stick = Channel.on_a_stick(channel.folder.parent / "stick", lessons)
    assert stick.id != channel.id
    kolibri.take(stick.id, stick.folder)
    assert stick.node("Hadiah di pesan", "html5")["id"] != lesson["id"]
    assert comes_to(1, sari, stick.node("Hadiah di pesan", "html5"))


def test_qti_is_shown_and_remembered_but_every_answer_counts_as_right(kolibri, channel, lessons, browser):
    """
    Kolibri 0.19.5 takes QTI for surveys: its viewer says "right" of each answer. That is why our channel asks in the
    form of Perseus. When this fails, Kolibri has learned to count, and QTI can be what the channel holds.
    """
    assert build(channel.folder, lessons, "--questions", "qti") == channel.id
    kolibri.take(channel.id, channel.folder)
    exercise = channel.node("Latihan: Hadiah di pesan", "exercise")
    dewi = kolibri.enrol("dewi", PASSWORD)
    page = browser("dewi")
    page.goto(f"{kolibri.address}/id/learn/#/topics/c/{exercise['id']}")
    page.locator(".qti-simple-choice").first.wait_for()
    item = on_screen(page.locator(".qti-viewer").inner_text())
    wrong = option(item, right=False)
    page.get_by_role("option", name=wrong).click()
    page.get_by_role("button", name="Periksa").click()
    page.get_by_role("button", name="Selanjutnya").wait_for()
    leave(page, kolibri)
    (attempt,) = log(dewi, exercise)["pastattempts"]
    chosen = next(one["id"] for one in item["options"] if one["text"]["id"] == wrong)
    assert (attempt["item"], attempt["answer"]["RESPONSE"]) == (item["id"], chosen)
    assert attempt["correct"] == 1
