"""npm `openid-client` signs people in at the running house: what it gets, and what it is refused."""

import json
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from tests.house.conftest import free_port, listens
from tests.openid.conftest import Browser, Running
from tests.peers import FOLDER, NODE

pytestmark = pytest.mark.slow


class Platform:
    """A platform in Node, for one service."""

    def __init__(self, running: Running, slug: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        client, secret = running.add_client(slug, f"{self.base}/kembali")
        self.process = subprocess.Popen(
            [str(NODE), str(FOLDER / "openid.mjs"), running.base, client, secret, "16", str(self.port)],
            cwd=FOLDER,
        )
        running.house.until(lambda: listens(self.port))

    def get(self, path: str) -> dict:
        return httpx.get(self.base + path, timeout=60).json()

    def sends_to(self, path: str) -> str:
        return httpx.get(self.base + path, timeout=60).headers["Location"]


@pytest.fixture(scope="module")
def platforms(running) -> Iterator[dict[str, Platform]]:
    found = {}
    try:
        for slug in ("ramai", "kabar"):
            found[slug] = Platform(running, slug)
        yield found
    finally:
        for one in found.values():
            one.process.terminate()
            one.process.wait(15)


def told(reply: httpx.Response) -> dict:
    assert reply.headers["Content-Type"] == "application/json", reply.text
    return json.loads(reply.text)


def sign_in(browser: Browser, platform: Platform, says: int, begin: str = "/masuk") -> dict:
    browser.go(platform.base + begin)
    assert "Siapa tahu apa?" in browser.text, browser.text
    browser.step("lanjut")
    browser.prove(says)
    return told(browser.step("lanjut"))


def test_the_library_reads_what_the_house_says_of_itself(platforms):
    metadata = platforms["ramai"].get("/tahu")
    assert metadata["subject_types_supported"] == ["pairwise"]
    assert metadata["pushed_authorization_request_endpoint"].endswith("/oidc/par")


@pytest.mark.parametrize("begin", ["/masuk", "/masuk-par"])
def test_one_yes_by_the_plain_and_by_the_pushed_request(platforms, browser, begin):
    got = sign_in(browser, platforms["ramai"], 18, begin)
    assert "refresh_token" not in got["keys"]
    assert got["claims"]["age_over_16"] is True
    assert set(got["claims"]) == {
        *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "jti", "status", "acr"),
        "age_over_16",
    }


def test_a_child_and_its_parent_and_the_size_of_the_token(running, platforms):
    child, grown = Browser(), Browser()
    child.go(platforms["ramai"].base + "/masuk")
    child.step("lanjut")
    child.prove(16)
    assert "Menunggu jawaban orang tuamu" in child.text
    running.parent_says_yes()
    of_child = told(child.step("lanjut"))
    of_grown = sign_in(grown, platforms["ramai"], 18)
    assert of_child["claims"]["age_over_16"] is of_grown["claims"]["age_over_16"] is True
    assert len(of_child["token"]) == len(of_grown["token"])
    assert list(of_child["claims"]) == list(of_grown["claims"])


def test_two_platforms_know_one_browser_by_two_numbers_and_each_by_the_same(platforms, browser):
    first = sign_in(browser, platforms["ramai"], 18)
    second = sign_in(browser, platforms["kabar"], 18)
    assert first["claims"]["sub"] != second["claims"]["sub"]
    browser.go(platforms["ramai"].base + "/masuk")
    assert "Lanjut dengan akun itu" in browser.text
    assert told(browser.step("lanjut"))["claims"]["sub"] == first["claims"]["sub"]


def test_a_code_counts_once_and_for_its_verifier(platforms, browser):
    platform = platforms["ramai"]
    sign_in(browser, platform, 18)
    again = told(browser.http.get(browser.page))  # the same address once more
    assert again["error"] == "invalid_grant"
    browser.go(platform.base + "/masuk")
    token = {"csrfmiddlewaretoken": browser.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]}
    stopped = browser.http.post(
        browser.page, data={**token, "langkah": "lanjut"}, headers={"Referer": browser.page}
    )
    stolen = stopped.headers["Location"].replace("/kembali", "/salah")
    assert told(browser.http.get(stolen))["error"] == "invalid_grant"


def test_a_pushed_request_opens_once(platforms):
    address = platforms["ramai"].sends_to("/masuk-par")
    assert "request_uri=urn" in address
    assert "state" not in address
    assert Browser().go(address).status_code == 200
    assert Browser().go(address).status_code == 400


def test_what_the_library_is_refused(running, platforms):
    platform = platforms["ramai"]
    assert platform.get("/segarkan")["error"] == "unsupported_grant_type"
    for flaw in (
        "code_challenge_method=plain",
        "response_type=id_token",
        "prompt=none",
        "scope=openid+age_over:16+age_over:18",
    ):
        back = Browser().go(platform.sends_to(f"/masuk?{flaw}"))
        assert "error" in told(back), flaw
    elsewhere = platform.sends_to("/masuk?redirect_uri=http://127.0.0.1:1/kembali")
    assert Browser().go(elsewhere).status_code == 400
    assert platform.get("/masuk-par?scope=openid+age_over:18")["error"] == "invalid_scope"


def test_giving_up_is_told_as_that(platforms, browser):
    browser.go(platforms["ramai"].base + "/masuk")
    assert told(browser.step("batal"))["error"] == "access_denied"


def test_the_log_of_the_house_holds_no_code_and_no_secret(running, platforms, browser):
    sign_in(browser, platforms["ramai"], 18)
    code = dict(httpx.URL(browser.page).params)["code"]
    said = running.house.said()
    assert code not in said
    assert browser.http.cookies["peramban"] not in said
