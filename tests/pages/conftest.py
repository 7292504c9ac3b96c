"""Pages of a live server, opened in the real Chromium of tests/conftest.py."""

from collections.abc import Callable, Iterator

import pytest


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
