"""
An age estimated from a face, on a phone of 360 px, by the real model in the page: nothing of the face leaves it.

The camera is a file of pictures. Every request of the browser is recorded with its body, and the house's own files are
searched afterwards: neither holds a picture, a number of years, or anything beside one yes.
"""

import base64
import gzip
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha512
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests import axe, peers
from tests.age_house import start
from tests.chromium import program
from tests.conftest import FLAGS
from tests.house.conftest import House, _made  # noqa: F401  (a fixture)

from ruangaman.rooms.ages import face_model, faces

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).resolve().parents[1] / "faces"
PACKAGE = peers.FOLDER / "node_modules" / "@vladmandic" / "face-api"
WAIT = 90_000  # milliseconds; a machine without a graphics card draws slowly
GROWN = faces.rule().decides[0]
SAID = {
    "id": {
        "proved": f"Terbukti: {GROWN} tahun ke atas", "forged": "bisa dipalsukan", "unproved": "Belum terbukti.",
        "none": "Belum ada wajah.", "several": "lebih dari satu wajah", "dark": "Terlalu gelap.",
        "far": "terlalu jauh", "stopped": "Tidak ada yang dikirim.", "refused": "Kamera tidak diizinkan.",
        "scripts": "perlu skrip di peramban", "used": "sebanyak yang boleh hari ini",
    },
    "en": {
        "proved": f"Proved: {GROWN} or over", "forged": "can be forged", "unproved": "Not proved.",
        "none": "No face yet.", "several": "more than one face", "dark": "Too dark.", "far": "too far away",
        "stopped": "Nothing was sent.", "refused": "The camera was not allowed.",
        "scripts": "needs scripts in the browser", "used": "as often as it may be today",
    },
}  # fmt: skip

CHECK = """
import json, sys
from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import api as ages, checks
now, urls = clock.now(), []
for age in map(int, sys.argv[2:]):
    row = checks.ask(
        ids.new(now), jurisdiction="ID", card={"slug": "obrol", "name": "Obrol", "operator": "PT Contoh"},
        facts={"risk_profile": "low", "designed_for_children": False}, needed=True, threshold=age, bounds=[age],
        language="id", now=now,
    )
    urls.append(checks.url_of(row))
with open(sys.argv[1], "w") as file:
    json.dump(urls, file)
"""

NO_GRAPHICS = """
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
  const real = kind.prototype.getContext;
  kind.prototype.getContext = function (name, ...more) {
    return name.startsWith("webgl") ? null : real.call(this, name, ...more);
  };
}
"""
"""Many phones have none that works; the model then runs on the processor."""

INSTALL = """
import sys
from dataclasses import replace
from pathlib import Path
from ruangaman.adapters import clock
from ruangaman.rooms.ages import face_model
pin = replace(face_model.package(), integrity=sys.argv[2], size=Path(sys.argv[1]).stat().st_size)
face_model.install(Path(sys.argv[1]), now=clock.now(), pin=pin)
"""
"""The real files, each checked against the real pin; only the archive round them was packed anew for the test."""


def archive(folder: Path) -> tuple[Path, str]:
    """What npm installed, as an archive again, and its integrity."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for one in face_model.package().files:
            packed.add(PACKAGE / one.member.removeprefix("package/"), arcname=one.member)
    told = gzip.compress(out.getvalue(), 1)
    path = folder / "paket.tgz"
    path.write_bytes(told)
    return path, "sha512-" + base64.b64encode(sha512(told).digest()).decode()


@dataclass
class Running:
    """A house that estimates, and the browser whose driver is shared."""

    house: House
    chromium: object
    base: str = ""
    folder: Path | None = None

    def error(self, years: float) -> None:
        """Somebody measured this much; the house reads it at the next look."""
        pin = face_model.package()
        told = {
            "package": f'"{pin.name}"', "integrity": pin.integrity, "measured_by": "uji", "measured_on": "2026-11-01",
            "how": "Dibuat untuk uji.", "threshold": GROWN, "people": 1000, "share": 0.99, "years": years,
        }  # fmt: skip
        path = self.house.data / "kesalahan.yaml"
        path.write_text("".join(f"{name}: {one}\n" for name, one in told.items()))
        os.utime(
            path, ns=(int(years * 1e9), int(years * 1e9))
        )  # another time for another text, however quick
        self.house.settings["RUANGAMAN_FACE_ERROR_FILE"] = str(path)

    def checks(self, *ages: int) -> list[str]:
        """Open checks of fresh accounts, one for each of these ages."""
        out = self.house.data / "cek.json"
        assert self.house.python(CHECK, str(out), *map(str, ages)).wait(60) == 0
        urls: list[str] = json.loads(out.read_text())
        out.unlink()
        return urls

    def check(self) -> str:
        return self.checks(GROWN)[0]


@pytest.fixture(scope="module")
def living(_made: Path, chromium, tmp_path_factory) -> Iterator[Running]:  # noqa: F811
    """One house for all of these stories."""
    folder = tmp_path_factory.mktemp("wajah")
    shutil.copytree(_made, folder / "data")
    found = Running(House(folder / "data"), chromium)
    found.error(10)
    found.house.settings["RUANGAMAN_AGE_WAYS"] = "token,face"
    path, integrity = archive(folder)
    assert found.house.python(INSTALL, str(path), integrity).wait(60) == 0
    found.base = start(found.house)
    told = os.environ.get("RUANGAMAN_PICTURES")
    if told:
        Path(told).mkdir(parents=True, exist_ok=True)
        found.folder = Path(told)
    yield found
    found.house.stop_all()


@pytest.fixture
def running(living: Running) -> Running:
    """The house as it began: somebody measured ten years."""
    living.error(10)
    return living


@dataclass
class Phone:
    """One browser with a camera, and everything that it sent."""

    page: object
    language: str
    folder: Path | None
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    shots: int = 0

    def go(self, url: str) -> None:
        self.page.goto(f"{url}{'&' if '?' in url else '?'}bahasa={self.language}")

    def reads(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def look(self, name: str) -> None:
        assert axe.complaints(self.page) == [], name
        assert (
            axe.loaded(self.page, lambda: self.page.evaluate("document.documentElement.scrollWidth")) <= 360
        ), name
        self.shoot(name)

    def shoot(self, name: str) -> None:
        if self.folder:
            self.shots += 1
            path = self.folder / f"wajah-{self.language}-{self.shots:02}-{name}.png"
            self.page.screenshot(path=path, full_page=True)

    def to_the_camera(self, url: str) -> None:
        """From the check to the page of this way, by what stands on the pages."""
        self.go(url)
        self.page.locator("input[value=face]").check()
        self.page.locator("form[method=get] button").click()
        self.page.locator("table.learns").wait_for()
        self.shoot("who learns what")
        self.page.locator("a[href$='/wajah']").click()
        self.page.locator("#mulai button").wait_for()

    def camera_is_off(self) -> bool:
        return bool(self.page.evaluate("document.getElementById('gambar').srcObject === null"))


@contextmanager
def phone(
    running: Running,
    pictures: str,
    language: str = "id",
    *,
    allowed: bool = True,
    scripts: bool = True,
    graphics: bool = False,
) -> Iterator[Phone]:
    """A Chromium whose camera shows these pictures."""
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={PICTURES / pictures}"]
    flags += ["--use-fake-ui-for-media-stream"] if allowed else ["--deny-permission-prompts"]
    browser = running.chromium.browser_type.launch(executable_path=program(whole=True), args=[*FLAGS, *flags])
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=scripts, locale="en-US"
    )
    context.set_default_timeout(WAIT)
    if not graphics:
        context.add_init_script(NO_GRAPHICS)
    found = Phone(context.new_page(), language, running.folder)
    found.page.on("pageerror", lambda error: found.wrong.append(f"script: {error}"))
    found.page.on("console", lambda said: found.wrong.append(said.text) if said.type == "error" else None)
    context.on("request", lambda one: found.sent.append((one.method, one.url, one.post_data_buffer or b"")))
    yield found
    browser.close()


def posts_of(found: Phone, base: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Every request went to the house; those that carry anything, by their last word, without the form's own token."""
    assert {urlsplit(url).netloc for _, url, _ in found.sent if not url.startswith("data:")} == {
        urlsplit(base).netloc
    }
    told = []
    for method, url, body in found.sent:
        if method != "POST":
            assert body == b""
            continue
        assert len(body) < 400, url
        assert urlsplit(url).query == ""
        fields = parse_qs(body.decode(), keep_blank_values=True)
        fields.pop("csrfmiddlewaretoken")
        told.append((urlsplit(url).path.rpartition("/")[2], fields))
    return told


@pytest.mark.parametrize("language", ["id", "en"])
def test_far_above_the_line_one_yes_leaves_the_phone_and_nothing_of_the_face(running: Running, language):
    said = SAID[language]
    with phone(running, "wajah.mjpeg", language, graphics=language == "id") as found:
        found.to_the_camera(running.check())
        found.look("before")
        assert found.camera_is_off()
        assert [
            url for _, url, _ in found.sent if "model-wajah" in url
        ] == []  # nothing heavy before the button
        found.page.locator("#mulai button").click()
        found.page.locator("#layar").locator("visible=true").wait_for()
        found.shoot("camera")
        found.reads(said["proved"])
        found.reads(said["forged"])
        assert found.page.locator("form[action$='/simpan']").count() == 0
        found.look("proved")
        posts = posts_of(found, running.base)
        assert [name for name, _ in posts] == ["mulai", "ya"]
        assert posts[0][1] == {}
        assert set(posts[1][1]) == {"state", "hasil"}
        assert posts[1][1]["hasil"] == ["ya"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", posts[1][1]["state"][0])
        for _, url, _ in found.sent:
            assert not re.search(r"[0-9]{2}\.[0-9]", urlsplit(url).query), url
        cookies = "".join(one["value"] for one in found.page.context.cookies())
        assert found.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        found.go(f"{running.base}/cek-umur/pernyataan")
        found.look("practice")
        assert found.wrong == []
    state = posts[1][1]["state"][0]
    jpeg = (PICTURES / "wajah.mjpeg").read_bytes()
    needles = [state.encode(), b"hasil=ya", b"data:image", jpeg[600:680], jpeg[6000:6080]]
    assert len(cookies) > 20
    for path in running.house.data.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert [one for one in needles if one in held] == [], path


def test_near_the_line_nothing_is_sent_and_nobody_is_called_younger(running: Running):
    """The same face, where somebody measured that the model errs by twenty years."""
    running.error(20)
    with phone(running, "wajah.mjpeg") as found:
        url = running.check()
        found.to_the_camera(url)
        found.page.locator("#mulai button").click()
        found.reads(SAID["id"]["unproved"])
        assert found.camera_is_off()
        assert found.page.locator("#layar").is_hidden()
        found.look("unproved")
        assert [name for name, _ in posts_of(found, running.base)] == ["mulai"]
        found.go(url)
        assert found.page.locator("input[value=token]").count() == 1  # the other way stays open
        assert found.wrong == []


def test_pictures_that_cannot_count_are_told_in_words(running: Running):
    pictures = {"none": "tanpa-wajah", "several": "dua-wajah", "dark": "gelap", "far": "jauh"}
    for (word, name), url in zip(pictures.items(), running.checks(*[GROWN] * len(pictures)), strict=True):
        with phone(running, f"{name}.mjpeg", "en") as found:
            found.go(f"{url}/wajah")
            found.page.locator("#mulai button").click()
            found.reads(SAID["en"][word])
            found.shoot(word)
            found.page.locator("#berhenti").click()
            found.reads(SAID["en"]["stopped"])
            assert found.camera_is_off()
            assert [name for name, _ in posts_of(found, running.base)] == ["mulai"]
            assert found.wrong == []


def test_without_a_camera_or_scripts_the_other_ways_stand_there_and_no_try_is_used(running: Running):
    url = running.check()
    with phone(running, "wajah.mjpeg", "en", allowed=False) as found:
        found.to_the_camera(url)
        found.page.locator("#mulai button").click()
        found.reads(SAID["en"]["refused"])
        found.look("refused")
        assert posts_of(found, running.base) == []
    with phone(running, "wajah.mjpeg", scripts=False) as found:
        found.go(f"{url}/wajah")
        found.reads(SAID["id"]["scripts"])
        assert found.page.locator("#kamera").is_hidden()
        assert found.page.get_by_role("link", name="Pilih cara lain").is_visible()
        found.shoot("no scripts")


def test_at_an_age_of_children_no_camera_is_offered(running: Running):
    with phone(running, "wajah.mjpeg") as found:
        for url in running.checks(*faces.rule().never):
            found.go(url)
            assert [one.get_attribute("value") for one in found.page.locator("input[name=cara]").all()] == [
                "token"
            ]
