"""A real browser with a house of two names: people at `issuer.localhost`, platforms at `localhost`."""

import json
from urllib.parse import urlsplit

import pytest
from tests.age_house import new_check, school, start
from tests.house.conftest import House, _made, get, house  # noqa: F401  (fixtures)
from tests.stories.test_dompet import SAID, Phone, keep_a_proof

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_cards_are_fetched_at_the_one_and_compared_at_the_other(house: House, chromium):  # noqa: F811
    base = start(house, issuer_host="issuer.localhost")
    issuer = base.replace("localhost", "issuer.localhost")
    with school() as ask_url:
        phone = Phone(chromium, issuer, "id", None)
        other: list[tuple[str, bool]] = []
        phone.context.on(
            "request",
            lambda one: one.url.startswith(base) and other.append((one.url, "cookie" in one.all_headers())),
        )
        check = new_check(house, school=ask_url)["url"]
        assert check.startswith(issuer)
        keep_a_proof(phone, check, SAID["id"])
        phone.key("[data-ambil]")
        phone.reads(SAID["id"]["fetched"])
        # By the second way the directory and its proof, without any cookie; nothing else.
        assert {urlsplit(url).path for url, _ in other} == {
            "/.well-known/private-token-issuer-directory",
            "/age-tokens/directory",
        }
        assert not any(cookie for _, cookie in other)
        assert {one["domain"] for one in phone.context.cookies()} == {"issuer.localhost"}
        # A directory of the platforms' host that tells another history: nothing more is fetched.
        told = {"number": 1, "sha256": "0" * 64, "ledger-index": 1, "published": 1}
        phone.context.route(f"{base}/age-tokens/directory*", lambda route: route.fulfill(
            json=told, headers={"Access-Control-Allow-Origin": "*"}))  # fmt: skip
        phone.key("[data-ambil]")
        phone.reads("Kunci kartu dari dua jalan tidak sama.")
        phone.context.unroute(f"{base}/age-tokens/directory*")
        # Both tell the same, and it does not follow from what this wallet saw: a ledger that was written anew.
        rewritten = json.loads(get(urlsplit(base).port, "/age-tokens/directory?since=1")[2])
        rewritten["entry"] = rewritten["entry"].replace('"at":"2', '"at":"1')
        phone.context.route("**/age-tokens/directory*", lambda route: route.fulfill(
            json=rewritten, headers={"Access-Control-Allow-Origin": "*"}))  # fmt: skip
        phone.key("[data-ambil]")
        phone.reads("Daftar kunci tidak cocok dengan buku catatan rumah.")
        assert [line for line in phone.wrong if "Content Security Policy" in line] == []
        phone.context.close()
