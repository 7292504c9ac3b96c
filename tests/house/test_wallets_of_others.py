"""
Other people's wallets against a running house: npm @openid4vc/openid4vp with @sd-jwt/sd-jwt-vc and @animo-id/mdoc.

After each, the database file, its journals, the log and the temporary folder are searched for what was shown. The
browser's own door is Chromium's own `navigator.credentials.get`, clicked open: nothing of it is replaced. Behind it
stands the virtual wallet of the browser's automation protocol, which gives back what the Node wallet signed for the
very request of the page. The one thing it cannot do is to show a request to a wallet by itself, so the test carries
the request over; a recorder in the page, which passes every call on, shows that the browser was asked the same.
"""

import http.client
import json
import re
import subprocess
import time
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests import mdocs, peers
from tests.axe import complaints
from tests.tls import proxy

from ruangaman.core.credentials import jose

pytestmark = pytest.mark.slow

VCT = "https://penerbit.example/vct/umur/1"
KINDS = [VCT, "org.iso.18013.5.1.mDL", "eu.europa.ec.av.1"]
LIFE = {"first": mdocs.NOW - 400 * mdocs.DAY, "last": mdocs.NOW + 9_000 * mdocs.DAY}
MAKE = """
import sys
from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import checks, links
for _ in range(int(sys.argv[2])):
    row = checks.ask(ids.new(clock.now()), jurisdiction="ID",
        card={"slug": "ramai", "name": "Ramai", "operator": "PT Contoh Ramai"},
        facts={"risk_profile": "high", "designed_for_children": False}, needed=True,
        threshold=16, bounds=[16], language="id", now=clock.now())
    with open(sys.argv[1], "a") as out:
        out.write("/cek-umur/" + links.derived(row.pk) + "\\n")
"""


def pem(der: bytes) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """For localhost, from our own test authority; for TLS and for signing requests alike."""
    key = mdocs.private_key("rumah")
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("localhost", "Akar")]
    made = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(9)
        .not_valid_before(mdocs.at(LIFE["first"]))
        .not_valid_after(mdocs.at(LIFE["last"]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(mdocs.ROOT_KEY, hashes.SHA256())
    )
    chain, private = folder / "rantai.pem", folder / "kunci.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    return chain, private


@dataclass
class Visitor:
    """A browser without scripts, behind the proxy."""

    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    status: int = 0

    def go(self, path: str, form: dict[str, str] | None = None) -> "Visitor":
        for _ in range(6):
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Origin": f"https://{self.host}"}
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if form is not None:
                token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
                form = form | ({"csrfmiddlewaretoken": token[1]} if token else {})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                link.request("POST", path, urlencode(form), headers)
            else:
                link.request("GET", path, headers=headers)
            reply = link.getresponse()
            for line in reply.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
            self.status, self.page = reply.status, reply.read().decode()
            link.close()
            if reply.status not in (301, 302):
                return self
            where = urlsplit(str(reply.headers["Location"]))
            path, form = where.path + (f"?{where.query}" if where.query else ""), None
        raise AssertionError("too many redirects")

    def begin(self, path: str) -> "Visitor":
        self.go(f"{path}?cara=wallet")
        return self.go(f"{path}/identitas/mulai", {})

    def link(self) -> str:
        found = re.search(r'id="buka" href="([^"]+)"', self.page)
        assert found, self.page
        return found[1].replace("&amp;", "&")


@dataclass
class Wallets:
    """A house that asks wallets, its proxy's host, and pages of open checks."""

    house: Any
    port: int
    tls: int
    folder: Path

    @property
    def host(self) -> str:
        return f"localhost:{self.tls}"

    def checks(self, count: int) -> list[str]:
        made = self.folder / "pages"
        assert self.house.python(MAKE, str(made), str(count)).wait(60) == 0
        return made.read_text().split()[-count:]

    def visitor(self) -> Visitor:
        return Visitor(self.port, self.host)

    def node(self, **told: Any) -> dict[str, Any]:
        """Run the Node wallet."""
        key = mdocs.SIGNER_KEY
        number = key.private_numbers().private_value.to_bytes(32)
        jwk = jose.public_jwk(key.public_key()) | {"d": jose.to_base64url(number)}
        signer = mdocs.signer(**LIFE)
        issuer = {
            "key": jwk,
            "pem": pem(signer),
            "x5c": [b64encode(signer).decode()],
            "name": "https://penerbit.example",
        }
        given = {"host": self.host, "port": self.port, "now": int(time.time()), "issuer": issuer} | told
        done = subprocess.run(
            [peers.NODE, "wallet.mjs"],
            cwd=peers.FOLDER,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def search(self, shown: str) -> None:
        """Nothing of what was shown stands in any file of the house, as text, bytes, base64 or hex."""
        needles = needles_of(shown)
        assert len(needles) > 8
        files = [one for place in (self.house.data, self.folder / "tmp") for one in place.rglob("*")]
        held = {one.name: one.read_bytes() for one in files if one.is_file()}
        for name, text in held.items():
            for needle in needles:
                assert needle not in text, (name, needle[:40])
        # The search sees what stands there: a line of the log, and a row of the database.
        assert b"Listening at" in held["said"]
        assert any(b"age.trust-added" in held[name] for name in held if name.startswith("ruangaman.sqlite3"))


def needles_of(shown: str) -> list[bytes]:
    found = []
    if "~" in shown:
        for part in re.split(r"[~.]", shown):
            if len(part) >= 24:
                opened = urlsafe_b64decode(part + "=" * (-len(part) % 4))
                found += [part[:24].encode(), part[-24:].encode(), opened[:24], opened[-24:]]
                found.append(opened[-24:].hex().encode())
        return found
    raw = urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
    found = [shown[at : at + 24].encode() for at in range(0, len(shown) - 24, 97)]
    return found + [raw[at : at + 26] for at in range(0, len(raw) - 26, 37)] + [raw[:20].hex().encode()]


Opened = Callable[..., Wallets]


@pytest.fixture
def wallets(house, tmp_path) -> Iterator[Opened]:
    """A house behind a proxy, with a list of trust; ends by itself."""
    import socket
    from contextlib import ExitStack

    with ExitStack() as stack:

        def opened(client_id: str | None, *, encrypted: bool, **settings: str) -> Wallets:
            held = [socket.socket() for _ in range(2)]
            for one in held:
                one.bind(("127.0.0.1", 0))
            port, tls = (one.getsockname()[1] for one in held)
            for one in held:
                one.close()
            chain, private = write_certificate(tmp_path)
            (tmp_path / "tmp").mkdir()
            house.settings = {
                "RUANGAMAN_BASE_URL": f"https://localhost:{tls}",
                "RUANGAMAN_BEHIND_PROXY": "1",
                "RUANGAMAN_LOG_LEVEL": "DEBUG",
                "RUANGAMAN_WALLET_ENCRYPTED": "1" if encrypted else "0",
                "TMPDIR": str(tmp_path / "tmp"),
            } | settings
            if client_id:
                house.settings |= {
                    "RUANGAMAN_WALLET_CERTIFICATE_FILE": str(chain),
                    "RUANGAMAN_WALLET_KEY_FILE": str(private),
                    "RUANGAMAN_WALLET_CLIENT_ID": client_id,
                }
            trusted = tmp_path / "uji.yaml"
            anchor = {"name": "Akar", "answers_for": KINDS, "certificate": pem(mdocs.root(**LIFE))}
            trusted.write_text(json.dumps({"slug": "uji", "assurance": "strict", "anchors": [anchor]}))
            done = house.run("ages", "trust", "add", str(trusted))
            assert done.returncode == 0, done.stderr
            assert house.run("ages", "trust", "list").stdout == "uji  strict  1 issuers\n"
            house.start("serve", "web", "--port", str(port))
            found = Wallets(house, port, tls, tmp_path)
            house.until(lambda: _answers(found))
            stack.enter_context(proxy(tls, port, chain, private))
            return found

        yield opened


def _answers(house: Wallets) -> bool:
    try:
        return house.visitor().go("/bantuan").status in (200, 404)
    except OSError:
        return False


@pytest.mark.parametrize(
    ("client_id", "encrypted"), [("x509_san_dns", True), ("x509_hash", False), (None, True)]
)
def test_a_node_wallet_proves_an_age_and_leaves_nothing_behind(wallets, client_id, encrypted):
    house = wallets(client_id, encrypted=encrypted)
    shown = []
    for path, kind in zip(house.checks(3), ("vc", "av", "mdl"), strict=True):
        person = house.visitor().begin(path)
        came = house.node(link=person.link(), show=kind)
        assert came["version"] == 100  # the library takes the request for OpenID4VP 1.0 final
        assert came["client"] == (client_id or "redirect_uri")
        assert came["mode"] == ("direct_post.jwt" if encrypted else "direct_post")
        assert came["status"] == 200, came["body"]
        back = urlsplit(came["body"]["redirect_uri"])
        stranger = house.visitor().go(f"{back.path}?{back.query.replace('kode=', 'kode=x')}")
        assert stranger.status == 404
        assert "Terbukti: 16 tahun ke atas" in person.go(f"{back.path}?{back.query}").page
        shown.append(came["presentation"])
    for one in shown:
        house.search(one)
    assert "Traceback" not in house.house.said()
    house.house.stop_all()
    for one in shown:
        house.search(one)


def test_a_node_wallet_proves_its_device_by_a_mac(wallets):
    house = wallets(None, encrypted=True)
    (path,) = house.checks(1)
    person = house.visitor().begin(path)
    came = house.node(link=person.link(), show="mdl", mac=True)
    document = cbor2.loads(jose.from_base64url(came["presentation"]))["documents"][0]
    assert list(document["deviceSigned"]["deviceAuth"]) == ["deviceMac"]
    assert came["status"] == 200, came["body"]
    back = urlsplit(came["body"]["redirect_uri"])
    assert "Terbukti: 16 tahun ke atas" in person.go(f"{back.path}?{back.query}").page
    house.search(came["presentation"])


def test_a_node_wallet_answers_and_another_browser_goes_on(wallets):
    house = wallets("x509_san_dns", encrypted=True)
    (path,) = house.checks(1)
    attacker = house.visitor().begin(path)
    came = house.node(link=attacker.link(), show="vc")
    back = urlsplit(came["body"]["redirect_uri"])
    victim = house.visitor().go(f"{back.path}?{back.query}")
    assert victim.status == 403
    assert attacker.go(f"{back.path}?{back.query}").status == 410
    assert "Terbukti" not in attacker.go(path).page
    house.search(came["presentation"])  # a refused one is not kept either


def test_an_answer_in_chunks_is_read(wallets):
    house = wallets(None, encrypted=True)
    person = house.visitor().begin(house.checks(1)[0])
    where = urlsplit(parse_qs(urlsplit(person.link()).query)["response_uri"][0]).path
    link = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    headers = {"Host": house.host, "X-Forwarded-Proto": "https", "Transfer-Encoding": "chunked"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request("POST", where, iter([b"response=a.b", b".c.d.e"]), headers, encode_chunked=True)
    reply = link.getresponse()
    assert (reply.status, json.loads(reply.read())["code"]) == (400, "jose.not-compact")
    link.close()


RECORDER = """
const real = CredentialsContainer.prototype.get;
CredentialsContainer.prototype.get = function (options) {
  (window.asked ||= []).push(options.digital.requests);
  return real.call(this, options);
};
"""


def virtual_wallet(page: Any) -> Callable[..., None]:
    """What the wallet behind this page's browser does from now on: respond, decline or wait."""
    session = page.context.new_cdp_session(page)

    def behave(action: str, **told: Any) -> None:
        session.send("DigitalCredentials.setVirtualWalletBehavior", {"action": action} | told)

    return behave


UNSIGNED, SIGNED = "openid4vp-v1-unsigned", "openid4vp-v1-signed"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("client_id", "protocols"), [(None, [UNSIGNED]), ("x509_san_dns", [SIGNED, UNSIGNED])]
)
def test_the_browsers_own_door(wallets, whole_chromium, client_id, protocols):
    house = wallets(client_id, encrypted=True)
    (path,) = house.checks(1)
    base = f"https://{house.host}"
    context = whole_chromium.new_context(ignore_https_errors=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(RECORDER)
    wrong, posted = [], []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(f"{base}{path}?cara=wallet")
    page.get_by_role("button", name="Lanjut pakai identitas digital").click()
    button = page.get_by_role("button", name="Tanya dompet lewat peramban")
    button.wait_for()
    page.on("request", lambda one: posted.append(one.post_data) if one.method == "POST" else None)
    requests = json.loads(page.locator("#permintaan").text_content())
    assert [one["protocol"] for one in requests] == protocols
    came = house.node(
        request=requests[0]["data"], origin=base, show="vc"
    )  # signed, where there is a certificate

    behave, sorry = virtual_wallet(page), page.get_by_text("Belum jadi. Pakai cara lain di bawah.")
    assert sorry.is_hidden()
    for told in (
        {"action": "decline"},
        {"action": "respond", "protocol": "openid4vp-v9", "response": came["data"]},  # nobody asked in it
    ):
        behave(**told)
        button.click()
        sorry.wait_for()
    assert page.evaluate("window.asked") == [requests, requests]
    assert posted == []  # and nothing of it left the page

    behave("respond", protocol=protocols[0], response=came["data"])
    button.click()
    page.get_by_role("heading", name="Terbukti: 16 tahun ke atas").wait_for(timeout=60_000)
    (form,) = posted
    assert json.loads(parse_qs(form)["data"][0]) == came["data"]
    assert wrong == []
    context.close()
    house.search(came["presentation"])


@pytest.mark.browser
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_on_a_phone(wallets, whole_chromium, language, tmp_path):
    house = wallets("x509_san_dns", encrypted=True)
    base = f"https://{house.host}"
    (path,) = house.checks(1)
    context = whole_chromium.new_context(ignore_https_errors=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{base}{path}?cara=wallet&bahasa={language}")
    assert complaints(page) == []
    page.screenshot(path=tmp_path / f"cek-{language}.png", full_page=True)
    page.locator("form[action$='/identitas/mulai'] button").click()
    words = {"id": "Buka identitas digitalmu", "en": "Open your digital identity"}
    page.get_by_role("heading", name=words[language]).wait_for()
    door, sorry = page.locator("#peramban"), page.locator("#maaf")
    # A wallet that declines: plain words, and the others stay.
    behave = virtual_wallet(page)
    behave("decline")
    door.locator("button").click()
    sorry.wait_for()
    said = {"id": "Belum jadi. Pakai cara lain di bawah.", "en": "That did not work. Use another way below."}
    assert sorry.inner_text() == said[language]
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.screenshot(path=tmp_path / f"identitas-{language}.png", full_page=True)
    # While the browser still waits for its wallet, one on another phone answers; the page goes on by itself.
    behave("wait")
    door.locator("button").click()
    assert sorry.is_hidden()
    assert page.locator("svg.qr").is_visible()
    there = re.search(r'"there": "([^"]+)"', json.dumps(_states(house))).group(1)
    opened = context.browser.new_context(ignore_https_errors=True, viewport={"width": 360, "height": 740})
    other = opened.new_page()
    other.goto(f"{base}/cek-umur/identitas-buka/{there}?bahasa={language}")
    assert complaints(other) == []
    other.screenshot(path=tmp_path / f"buka-{language}.png", full_page=True)
    came = house.node(link=other.locator("#buka").get_attribute("href"), show="av")
    assert came["body"] == {}
    proved = {"id": "Terbukti: 16 tahun ke atas", "en": "Proved: 16 or over"}
    page.get_by_role("heading", name=proved[language]).wait_for(timeout=30_000)
    assert complaints(page) == []
    page.screenshot(path=tmp_path / f"hasil-{language}.png", full_page=True)
    context.close()
    opened.close()


def _states(house: Wallets) -> Any:
    """What the one session of this house holds, read from its database."""
    code = """
import json, sys
from django.contrib.sessions.models import Session
found = [one.get_decoded().get("identitas") for one in Session.objects.all()]
open(sys.argv[1], "w").write(json.dumps([one for one in found if one]))
"""
    made = house.folder / "states"
    assert house.house.python(code, str(made)).wait(60) == 0
    return json.loads(made.read_text())
