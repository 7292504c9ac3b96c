"""Waiting for what a page promises."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TRIES, PAUSE_MS = 200, 50


def promised(page: "Page", script: str, arg: Any = None) -> None:
    """
    Wait until what `script` promises is true, ten seconds at most.

    Playwright's `wait_for_function` takes the promise itself for true, and waits for nothing.
    """
    for _ in range(TRIES):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(PAUSE_MS)
    raise AssertionError(script, arg)
