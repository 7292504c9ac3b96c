"""
Lessons on a slow phone: bytes and time of the first view of the doors and of a lesson, at 64 kbit/s with 400 ms of
delay and a CPU made four times slower, by Chromium; then the same again from what the device kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from tests.chromium import program

from bench import house, learning_syncs
from bench.table import Row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

KILOBIT = 1000 / 8
RATE, DELAY, SLOWER = 64 * KILOBIT, 400, 4
PHONE = {"width": 320, "height": 568}
LESSON = "B3-2"
TRIES = 3
FIRST, AGAIN = 10.0, 3.0
PACK = 5_000_000
"""Seconds: the first time at that rate, and from what was kept. Bytes of a pack of a band."""


def rows(folder: Path) -> list[Row]:
    """Medians of three visits, each by a browser that was never here."""
    made = house.make(folder / "lessons")
    packs = made.fill("bench.pack_times")
    web = made.web()
    try:
        at = f"http://localhost:{web.port}"
        with _chromium() as browser:
            doors = sorted(_visit(browser, f"{at}/pelajaran/") for _ in range(TRIES))[TRIES // 2]
            lesson = sorted(_visit(browser, f"{at}/pelajaran/{LESSON}/") for _ in range(TRIES))[TRIES // 2]
            again = sorted(_again(browser, f"{at}/pelajaran/{LESSON}/") for _ in range(TRIES))[TRIES // 2]
    finally:
        web.stop()
    return [
        _size("first view: bytes on the wire", doors[1], 150_000),
        _time("first view: ready at 64 kbit/s, CPU 4× slower", doors[0], FIRST),
        _size("a lesson, nothing kept yet: bytes on the wire", lesson[1], 300_000),
        _time("a lesson, nothing kept yet: ready at 64 kbit/s, CPU 4× slower", lesson[0], FIRST),
        _time("the same lesson from what the device kept, no network, CPU 4× slower", again, AGAIN),
        *(_pack(kind, told) for kind, told in packs.items()),
        *learning_syncs.rows(folder),
    ]


@contextmanager
def _chromium() -> Iterator["Browser"]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program())
        try:
            yield browser
        finally:
            browser.close()


def _visit(browser: "Browser", address: str) -> tuple[float, float]:
    """Seconds until it is ready, bytes received with all headers."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    try:
        page = context.new_page()
        session = _slow(page)
        received: list[float] = []
        session.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
        page.goto(address, wait_until="load")
        return _ready(page), sum(received)
    finally:
        context.close()


def _again(browser: "Browser", address: str) -> float:
    """Seconds until it is ready, from what a first visit kept, with the network pulled."""
    context = browser.new_context(viewport=PHONE)
    try:
        page = context.new_page()
        page.goto(address, wait_until="load")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_timeout(1000)
        _slow(page)
        context.set_offline(True)
        page.goto(address, wait_until="load")
        return _ready(page)
    finally:
        context.close()


def _slow(page: "Page") -> "CDPSession":
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": DELAY, "downloadThroughput": RATE, "uploadThroughput": RATE},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def _ready(page: "Page") -> float:
    """All of the page is there and its scripts have run."""
    milliseconds = page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventStart")
    return float(milliseconds) / 1000


def _pack(kind: str, told: dict[str, float]) -> Row:
    """CPU seconds of a file of all lessons of an audience; offline packs have a limit of bytes."""
    name = f"{kind}: CPU seconds of one file of an audience, mean of {told['files']:.0f}; the largest file"
    ours = f"{told['seconds'] / told['files']:.2f} s; {told['largest'] / 1e6:.2f} MB"
    if kind != "offline":
        return Row(name, ours)
    return Row(name, ours, limit="≤ 5 MB", ratio=PACK / told["largest"], met=told["largest"] <= PACK)


def _size(name: str, count: float, most: int) -> Row:
    return Row(
        name,
        f"{count / 1000:.1f} kB",
        limit=f"≤ {most / 1000:.0f} kB",
        ratio=most / count,
        met=count <= most,
    )


def _time(name: str, seconds: float, most: float) -> Row:
    return Row(name, f"{seconds:.2f} s", limit=f"≤ {most:g} s", ratio=most / seconds, met=seconds <= most)
