"""What Chromium and axe say of a page that may load itself anew at any moment."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from playwright.sync_api import Page

T = TypeVar("T")
TRIES = 5
# A page that waits for an answer loads itself anew: for a moment there is no document to look at.
BETWEEN_PAGES = ("context was destroyed", "documentElement", "document.body", "because of a navigation")


def complaints(page: "Page") -> list[tuple[str, str]]:
    """Rule and first place of each violation that axe finds."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = loaded(page, lambda: Axe().run(page).response["violations"])
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def loaded(page: "Page", look: Callable[[], T]) -> T:
    """What a look at the loaded page gives; again, a few times at most, when the page went away meanwhile."""
    from playwright.sync_api import Error

    for _ in range(TRIES - 1):
        page.wait_for_load_state("load")
        try:
            return look()
        except Error as error:
            if not any(sign in str(error) for sign in BETWEEN_PAGES):
                raise
    page.wait_for_load_state("load")
    return look()
