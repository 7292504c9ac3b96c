"""The visit in a real browser at 360 px: buttons alone, with and without scripts, both languages, axe finds nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest

from ruangaman.rooms.access.tests.openid import challenge
from tests.axe import complaints, loaded
from tests.openid.conftest import SCHOOL, Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class Back(BaseHTTPRequestHandler):
    """The platform's address to return to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"back at the platform")

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture(scope="module")
def back() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Back)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/kembali"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def begins(running, back) -> str:
    client, _ = running.add_client("ramai", back)
    asked = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": back,
        "scope": "openid age_over:16",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge("x" * 64),
        "code_challenge_method": "S256",
    }
    return f"{running.base}/oidc/authorize?{urlencode(asked)}"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("language", "words"), [("id", "Siapa tahu apa?"), ("en", "Who learns what?")])
def test_a_visit_by_buttons_alone(whole_chromium, running, begins, back, tmp_path, language, words, scripts):
    context = whole_chromium.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=scripts)
    page, school = context.new_page(), Browser()
    page.route(
        f"{SCHOOL}*",
        lambda route: route.fulfill(status=303, headers={"Location": school.answered(route.request.url)}),
    )

    def look(name: str) -> None:
        page.wait_for_load_state("load")
        loaded(page, lambda: page.screenshot(path=tmp_path / f"{name}.png", full_page=True))
        assert loaded(page, lambda: page.evaluate("document.documentElement.scrollWidth")) <= 360
        assert not scripts or complaints(page) == [], name

    page.goto(f"{begins}&ui_locales={language}")
    assert words in page.content()
    look("ask")
    page.locator("button[value=lanjut]").focus()
    page.keyboard.press("Enter")
    page.locator("a[href*='/cek-umur/']").wait_for()
    look("check")
    page.locator("a[href*='/cek-umur/']").click()
    page.locator("input[value='16']").check()
    page.locator("main form button").first.click()
    page.goto(f"{page.url.partition('?')[0]}?cara=institution-sekolah")
    page.locator("form[action*='/tanya/sekolah'] button").click()
    page.locator("a[href^='/oidc/lanjut/']").wait_for()
    look("proved")
    page.locator("a[href^='/oidc/lanjut/']").click()
    page.locator("button[value=batal]").wait_for()
    look("guardian")
    page.locator("button[value=lanjut]").click()
    assert page.url.startswith(f"{running.base}/oidc/lanjut/")  # nobody has answered yet
    running.parent_says_yes()
    page.reload()
    look("done")
    page.locator("button[value=lanjut]").click()
    page.wait_for_url(f"{back}?*")
    assert "code=" in page.url
    page.goto(f"{begins}&ui_locales={language}")
    look("again")
    page.locator("button[value=batal]").click()
    page.wait_for_url(f"{back}?*")
    assert "error=access_denied" in page.url
    context.close()
