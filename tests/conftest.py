"""One real Chromium for all tests of a worker that look at pages as people do."""

import os
from collections.abc import Iterator

import pytest

from tests.chromium import program

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """
    Bytes name no test: some hold the second at which they were made (gzip does), and the workers of one run must
    collect the same names.
    """
    return argname if isinstance(val, bytes | bytearray) else None


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    # The driver runs an event loop in this thread; the live server answers in another one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def whole_chromium(chromium) -> Iterator[object]:
    """
    The browser that people have. The quicker one follows no redirect that a test answers in another server's place,
    and has neither a wallet of the system nor a camera to ask for.
    """
    browser = chromium.browser_type.launch(executable_path=program(whole=True), args=FLAGS)
    yield browser
    browser.close()
