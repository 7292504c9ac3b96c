"""Others' wallet libraries in Node fetch a batch from a running house, check each card, and see when it is stopped."""

import html
import json
import re
import subprocess
import sys
import time
import urllib.error

import httpx
import pytest
from tests.house.conftest import free_port, get
from tests.peers import FOLDER, NODE

from ruangaman.core.credentials import jose, sd_jwt_vc, status_token
from ruangaman.core.credentials.sd_jwt import KeyBinding

pytestmark = pytest.mark.slow

A_WALLET = """
import sys
from datetime import UTC, datetime
from ruangaman.rooms.ages.tests.conftest import wallet
print(wallet(16, True, assurance="strict", now=datetime.now(UTC))[0])
"""
QR = """
from ruangaman.rooms.ages import cards
from ruangaman.rooms.ages.models import CardOffer
print(cards.short_link(CardOffer.objects.order_by("made_at").last()))
"""
STOP = """
import sys
from datetime import UTC, datetime
from ruangaman.rooms.ages import holders
holders.stop(holders.login(sys.argv[1]), now=datetime.now(UTC))
"""


@pytest.fixture
def living(house):
    """A house that answers, its port and address."""
    port = free_port()
    base = f"http://localhost:{port}"
    house.settings["RUANGAMAN_BASE_URL"] = base
    house.start("serve", "web", "--port", str(port))
    house.until(lambda: _answers(port))
    return house, port, base


def _answers(port):
    try:
        return get(port, "/healthz")[0] == 200
    except (urllib.error.URLError, OSError):
        return False


def inside(house, code, *given):
    awake = "from ruangaman.site.commands._django import wake\nwake()\n"
    done = subprocess.run(
        [sys.executable, "-c", awake + code, *given],
        env=house.environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def node(*command):
    """What the wallet says; its exit status is another than 0 when it was refused."""
    return subprocess.run(
        [NODE, FOLDER / "card_wallet.mjs", *command], capture_output=True, text=True, timeout=120
    )


def offer_on_the_page(base, secret):
    """The link and the digits, as the page shows them to whoever holds the wallet."""
    with httpx.Client(
        base_url=base, cookies={"dompet": secret}, follow_redirects=True, timeout=30
    ) as browser:
        start = browser.get("/kartu-umur").raise_for_status().text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', start)[1]
        asked = browser.post("/kartu-umur", data={"csrfmiddlewaretoken": token})
        page = asked.raise_for_status().text
    link = html.unescape(re.search(r'href="(openid-credential-offer://[^"]+)"', page)[1])
    digits = re.search(r'id="angka">([0-9 ]+)<', page)[1].replace(" ", "")
    return link, digits


def found_in(house, wanted):
    """Which of these texts, their parts or the bytes that they stand for are in any file of the house."""
    parts = {part for one in wanted for part in one.replace("~", ".").split(".") if len(part) > 20}
    parts -= {one for one in parts if one.startswith("eyJhbGciOiJFUzI1NiIs")}  # headers, alike for all
    sought = {one: one.encode() for one in parts} | {
        f"{one} raw": jose.from_base64url(one.rstrip("=")) for one in parts
    }
    files = [path.read_bytes() for path in house.data.rglob("*") if path.is_file()]
    assert len(files) > 2
    return [name for name, text in sought.items() if any(text in one for one in files)]


def our_verdict(port, issuer, shown, nonce):
    """What our own verifier says of a presentation, and of its status."""
    keys = {
        one["kid"]: jose.public_key(one)
        for one in json.loads(get(port, "/.well-known/jwt-vc-issuer")[2])["jwks"]["keys"]
    }
    now = int(time.time())
    found = sd_jwt_vc.verify(
        shown,
        key_of=lambda header, payload: keys[header["kid"]],
        now=now,
        key_binding=KeyBinding(nonce, "https://ramai.example"),
        vct={f"{issuer}/vct/umur/1"},
    )
    _, headers, body = get(port, found.status.uri.removeprefix(issuer))
    assert headers["content-type"] == "application/statuslist+jwt"

    def key_of(header):
        return keys[header["kid"]]

    return found, status_token.standing(found.status, body.decode(), now=now, key_of=key_of)


def test_a_batch_of_thirty_goes_into_a_wallet_of_others_and_is_stopped_at_once(living, tmp_path):
    house, port, base = living
    secret = inside(house, A_WALLET)
    link, digits = offer_on_the_page(base, secret)
    done = node("fetch", link, digits, "30")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert (len(set(got["cards"])), got["batch"], got["issuer"]) == (30, 30, base)
    held = tmp_path / "wallet.json"
    held.write_text(done.stdout)
    checked = json.loads(node("verify", str(held)).stdout)
    assert checked["fetched"] == 1
    for one in checked["found"]:
        assert one.get("refused") is None, one
        assert (one["status"], one["bound"]) == (0, True)
        assert one["claims"] == ["age_over_13", "age_over_16"]
        told = one["payload"]
        assert told["age_over_13"] is True
        assert "age_over_16" not in told
        assert (told["vct"], told["iss"], told["assurance"]) == (f"{base}/vct/umur/1", base, "strict")
        assert (told["iat"] % 86_400, told["exp"] % 86_400) == (0, 0)
        assert not {"sub", "jti", "birthdate", "nbf"} & told.keys()
    assert checked["found"][0]["type"] == f"{base}/vct/umur/1"
    first = checked["found"][0]
    found, standing = our_verdict(port, base, first["shown"], first["nonce"])
    assert (found.key_bound, standing.accepted, standing.status) == (True, True, 0)
    assert set(found.disclosed) == {("age_over_13",)}
    assert found_in(house, [*got["sent"], *got["cards"], *(one["x"] for one in got["keys"])]) == []
    kid = json.loads(get(port, "/.well-known/jwt-vc-issuer")[2])["jwks"]["keys"][0]["kid"]
    assert kid in found_in(house, [kid])  # what is there is found
    again = node("fetch", link, digits, "1")  # the code was taken
    assert again.returncode != 0
    inside(house, STOP, secret)
    checked = json.loads(node("verify", str(held)).stdout)
    assert {one["refused"] for one in checked["found"]} == {"Status is not valid"}
    _, standing = our_verdict(port, base, first["shown"], first["nonce"])
    assert (standing.accepted, standing.status) == (False, 1)
    with pytest.raises(httpx.HTTPStatusError, match="403"):
        offer_on_the_page(base, secret)
    written = house.said()
    assert secret not in written
    assert digits not in written
    assert not re.search(r"Traceback|ERROR", written), written[-2000:]


def test_a_wallet_of_others_with_wrong_digits_gets_nothing(living):
    house, _, base = living
    secret = inside(house, A_WALLET)
    link, digits = offer_on_the_page(base, secret)
    wrong = str((int(digits[0]) + 1) % 10) + digits[1:]
    refused = node("fetch", link, wrong, "1")
    assert refused.returncode != 0
    assert "invalid_grant" in refused.stderr + refused.stdout or "400" in refused.stderr
    by_qr = inside(house, QR)  # the QR leads to the same offer, which stands at an address
    assert "credential_offer_uri" in by_qr
    done = node("fetch", by_qr, digits, "1")
    assert done.returncode == 0, done.stderr
