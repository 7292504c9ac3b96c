"""A real Chromium for the tests that look at pages as people do."""

import os
from collections.abc import Callable, Iterator

import pytest

CHROMIUM = os.environ.get("RUANGAMAN_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    # The driver runs an event loop in this thread; the live server answers in another one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable[..., object]]:
    """Open an address of the live server. Failed requests and script errors fail the test."""
    contexts = []

    def opened(path: str, *, width: int = 360, theme: str = "light", scripts: bool = True):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            java_script_enabled=scripts,
            locale="en-US",
        )
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and page.wrong.append(answer.url))
        page.goto(live_server.url + path)
        assert page.wrong == []
        return page

    yield opened
    for context in contexts:
        context.close()
