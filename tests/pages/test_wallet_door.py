"""
The wallet's page in browsers that know the Digital Credentials API by halves: link and box stay, and it is said why.

What such a browser says is set in the page before its script runs; the page, its script and its forms are our own.
"""

import json

import pytest
from tests.axe import complaints
from tests.pages.test_contest_in_browser import taken
from tests.pages.test_desk_in_browser import fits

from ruangaman.adapters import clock
from ruangaman.rooms.ages import wallet_asking
from ruangaman.rooms.ages.tests import presenting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SIGNED, UNSIGNED = "openid4vp-v1-signed", "openid4vp-v1-unsigned"
KNOWS = """
window.DigitalCredential = class {};
%s
navigator.credentials.get = (options) => {
  (window.asked ||= []).push(options.digital.requests.map((one) => one.protocol));
  return Promise.reject(new DOMException("no", "NotAllowedError"));
};
"""
ALLOWS = "DigitalCredential.userAgentAllowsProtocol = function (one) { return this === DigitalCredential && (%s); };"
REFUSES = {
    "no protocol of ours": KNOWS % (ALLOWS % "false"),
    "protocols of others alone": KNOWS % (ALLOWS % "one === 'org-iso-mdoc'"),
    "no such door": "delete window.DigitalCredential;",
}
TAKES = {
    "both": (KNOWS % (ALLOWS % "one.startsWith('openid4vp-v1-')"), [SIGNED, UNSIGNED]),
    "unsigned alone": (KNOWS % (ALLOWS % f"one === '{UNSIGNED}'"), [UNSIGNED]),
    "does not say": (KNOWS % "", [SIGNED, UNSIGNED]),
}
SAYS = {
    "id": "Peramban ini belum bisa bertanya langsung ke dompet. Pakai tautan atau kotak di bawah.",
    "en": "This browser cannot ask a wallet directly yet. Use the link or the box below.",
}


@pytest.fixture
def path(transactional_db, live_server, settings, tmp_path) -> str:
    """The page of a check in a house with a certificate, whose wallet is the story's (no https here)."""
    settings.STORY, settings.STORY_WALLET = True, "http://identitas.localhost:8005/buka"
    settings.BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    presenting.certificate(tmp_path, settings, host="localhost")
    presenting.trusted(clock.now())
    yield presenting.asked(clock.now())[1]
    wallet_asking._certificate.cache_clear()


def opened(open_page, path: str, script: str, language: str = "id"):
    page = open_page(f"{path}?cara=wallet&bahasa={language}")
    page.context.add_init_script(script)
    page.locator("form[action$='/identitas/mulai'] button").click()
    page.wait_for_url("**/identitas")
    requests = json.loads(page.locator("#permintaan").text_content())
    assert [one["protocol"] for one in requests] == [SIGNED, UNSIGNED]
    return page


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("script", REFUSES.values(), ids=REFUSES)
def test_a_browser_that_refuses_our_protocols_leaves_link_and_box_and_says_so(
    open_page, path, script, language
):
    page = opened(open_page, path, script, language)
    told = page.locator("#tanpa-pintu")
    assert told.is_visible()
    assert told.inner_text() == SAYS[language]
    assert told.get_attribute("role") == "status"
    assert page.locator("#peramban").is_hidden()
    assert page.locator("#buka").is_visible()
    assert page.locator("svg.qr").is_visible()
    assert page.locator("#lanjut button").is_visible()
    fits(page)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        taken(page, f"identitas-tanpa-pintu-{language}-{width}")
    assert page.evaluate("window.asked") is None
    assert page.wrong == []


@pytest.mark.parametrize(("script", "protocols"), TAKES.values(), ids=TAKES)
def test_a_browser_is_asked_only_in_protocols_that_it_takes(open_page, path, script, protocols):
    page = opened(open_page, path, script)
    assert page.locator("#tanpa-pintu").is_hidden()
    page.locator("#peramban button").click()
    page.locator("#maaf").wait_for()
    assert page.evaluate("window.asked") == [protocols]
    assert complaints(page) == []
    assert page.wrong == []


def test_without_scripts_nothing_is_said_of_it_and_link_and_box_are_there(open_page, path):
    page = open_page(f"{path}?cara=wallet", scripts=False)
    page.locator("form[action$='/identitas/mulai'] button").click()
    page.wait_for_url("**/identitas")
    assert page.locator("#tanpa-pintu").is_hidden()
    assert page.locator("#peramban").is_hidden()
    assert page.locator("#buka").is_visible()
    assert page.locator("svg.qr").is_visible()
    fits(page, scripts=False)
