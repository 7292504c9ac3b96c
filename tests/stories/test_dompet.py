"""
A wallet of age cards, on a phone of 360 px: proved at a school, kept, fetched, used at a gate of another origin.

By the keyboard alone. The house learns of no use: the page of a use comes from the phone, and is shown without signal;
the last card is used while the house stands still.
"""

import os
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from tests import axe
from tests.age_house import THRESHOLD, files_with, gate, new_check, school, start
from tests.house.conftest import House, _made, get, house  # noqa: F401  (fixtures)

from ruangaman.client import tokens
from ruangaman.core.credentials import token_keys
from ruangaman.core.credentials.blind_rsa import PublicKey

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WAIT = 30_000
SAID = {
    "id": {
        "school": "Tanya Sekolah Contoh",
        "proved": f"Terbukti: {THRESHOLD} tahun ke atas",
        "empty": "Belum ada kartu umur.",
        "fetched": "Selesai.",
        "card": f"{THRESHOLD} tahun ke atas",
        "twelve": "12 lembar · sampai",
        "eleven": "11 lembar · sampai",
        "offline": "Bisa dipakai tanpa sinyal. Ambil baru perlu sinyal.",
        "asks": f"bertanya: {THRESHOLD} tahun ke atas?",
        "fresh": "Untuk aplikasi mana, tidak tahu.",
        "stock": "Tidak tahu kamu memakai lembar ini.",
        "ready": "Lembar siap.",
        "gate": f"Terbukti: {THRESHOLD} tahun ke atas.",
        "used": "Dipakai di gerbang.localhost",
        "emptied": "Dompet sudah kosong.",
        "scripts": "perlu skrip di peramban",
        "pin": "PIN gambar terpasang.",
    },
    "en": {
        "school": "Ask Example School",
        "proved": f"Proved: {THRESHOLD} or over",
        "empty": "No age cards yet.",
        "fetched": "Done.",
        "card": f"{THRESHOLD} or over",
        "twelve": "12 left · until",
        "eleven": "11 left · until",
        "offline": "Works without a signal. Getting new ones needs a signal.",
        "asks": f"asks: {THRESHOLD} or over?",
        "fresh": "For which app, it does not know.",
        "stock": "Does not know that you use this card.",
        "ready": "The card is ready.",
        "gate": f"Proved: {THRESHOLD} or over.",
        "used": "Used at gerbang.localhost",
        "emptied": "The wallet is empty now.",
        "scripts": "needs scripts in the browser",
        "pin": "The picture PIN is set.",
    },
}


class Phone:
    """One browser; moved by Tab, Space and Enter."""

    def __init__(
        self, chromium, base: str, language: str, folder: Path | None, *, scripts: bool = True
    ) -> None:
        self.base, self.language, self.folder = base, language, folder
        self.context = chromium.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=scripts, locale="en-US"
        )
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.shots = 0
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", lambda said: self._said(said))
        self.context.on("request", self._request)

    def _said(self, said) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.wrong.append(f"console: {said.text}")

    def _request(self, request) -> None:
        if request.url.startswith(self.base) and "gerbang" in request.headers.get("referer", ""):
            self.wrong.append(f"the house hears whence: {request.url}")
        if request.url.startswith(self.base):
            self.asked.append(request.url)

    def go(self, path: str) -> None:
        address = path if path.startswith("http") else self.base + path
        self.page.goto(f"{address}{'&' if '?' in address else '?'}bahasa={self.language}")

    def key(self, css: str, key: str = "Enter") -> None:
        """Reach something by Tab alone, and press it."""
        place = self.page.locator(css).first
        place.wait_for()
        for _ in range(80):
            if place.evaluate("one => one === document.activeElement"):
                self.page.keyboard.press(key)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by Tab: {css}")

    def choose(self, css: str) -> None:
        """One of a group: Tab reaches the group, arrows move in it."""
        self.key("input[name=cara]", "Space")
        for _ in range(9):
            if self.page.locator(css).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"not reached by arrows: {css}")

    def reads(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def look(self, name: str) -> None:
        """axe finds nothing, nothing stands beside the screen, and a picture is kept where one is wanted."""
        assert axe.complaints(self.page) == [], name
        wide = axe.loaded(self.page, lambda: self.page.evaluate("document.documentElement.scrollWidth"))
        assert wide <= 360, name
        if self.folder:
            self.shots += 1
            self.page.screenshot(
                path=self.folder / f"{self.language}-{self.shots:02}-{name}.png", full_page=True
            )


@pytest.fixture
def folder(request) -> Path | None:
    """Where pictures are kept, when somebody wants to look at them: RUANGAMAN_PICTURES."""
    told = os.environ.get("RUANGAMAN_PICTURES")
    if told:
        Path(told).mkdir(parents=True, exist_ok=True)
    return Path(told) if told else None


def keep_a_proof(phone: Phone, url: str, said: dict[str, str]) -> None:
    phone.go(url)
    phone.choose("input[value='institution-sekolah']")
    phone.key("form[method=get] button")
    phone.reads(said["school"])
    phone.key("section#cara form button")
    phone.reads(said["proved"])
    phone.look("proved")
    phone.key("form[action$='/simpan'] button")
    phone.page.wait_for_url("**/dompet/")
    phone.reads(said["empty"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_proved_kept_fetched_and_used_where_the_house_does_not_hear(
    house: House,  # noqa: F811
    chromium,
    tmp_path,
    language,
    folder,
):
    said = SAID[language]
    base = start(house)
    (tmp_path / "gerbang").mkdir()
    with (
        school() as ask_url,
        gate(base, tmp_path / "gerbang", stock=False) as visits,
        gate(base, tmp_path / "gerbang", stock=True) as stocks,
    ):
        phone = Phone(chromium, base, language, folder)
        keep_a_proof(phone, new_check(house, school=ask_url)["url"], said)
        assert not phone.page.locator("a[href='/kartu-umur']").is_visible()
        phone.look("empty")
        (cookie,) = (one for one in phone.context.cookies() if one["name"] == "dompet")
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
        assert cookie["value"] not in phone.page.content()

        phone.key("[data-ambil]")
        phone.reads(said["fetched"])
        phone.reads(said["card"])
        phone.reads(said["twelve"])
        assert phone.page.locator("a[href='/kartu-umur']").is_visible()
        phone.look("cards")

        # A challenge of this visit: one card is made for it, after a while that nobody knows.
        phone.go(visits)
        phone.look("gate")
        phone.key("#pakai")
        phone.reads(said["asks"])
        phone.reads(said["fresh"])
        phone.look("asked")
        phone.key("[data-ya]")
        phone.page.wait_for_url(f"{visits}/**")
        phone.reads(said["gate"])

        # Cards from stock, without signal: the page comes from the phone.
        phone.go(stocks)
        link = phone.page.get_attribute("#pakai", "href")
        phone.context.set_offline(True)
        phone.page.goto(f"{base}/dompet/")
        phone.reads(said["offline"])
        phone.reads(said["used"])
        phone.look("offline")
        phone.page.goto(link)
        phone.reads(said["stock"])
        phone.key("[data-ya]")
        phone.reads(said["ready"])
        phone.look("ready")
        # The house is gone for good; the gate is not, and takes the card.
        house.stop_all()
        phone.context.set_offline(False)
        phone.key("[data-kembali]")
        phone.page.wait_for_url(f"{stocks}/**")
        phone.reads(said["gate"])

        phone.page.goto(f"{base}/dompet/")
        phone.reads(said["eleven"])
        phone.key("[data-buang] summary")
        phone.look("about to empty")
        phone.key("[data-kosongkan]")
        phone.reads(said["emptied"])
        phone.reads(said["empty"])
        assert phone.page.locator("[data-catatan] li").count() == 0
        assert phone.wrong == []
        phone.context.close()


def test_a_use_asks_nothing_of_the_house(house: House, chromium, tmp_path):  # noqa: F811
    """From the gate's link to its open door no request leaves for the house, for cards that were fetched before."""
    base = start(house)
    (tmp_path / "gerbang").mkdir()
    with school() as ask_url, gate(base, tmp_path / "gerbang", stock=True) as door:
        phone = Phone(chromium, base, "id", None)
        keep_a_proof(phone, new_check(house, school=ask_url)["url"], SAID["id"])
        phone.key("[data-ambil]")
        phone.reads("Selesai.")
        served = []
        phone.context.on("response", lambda reply: served.append((reply.url, reply.from_service_worker)))
        phone.page.goto(door)
        phone.key("#pakai")
        phone.key("[data-ya]")
        phone.page.wait_for_url(f"{door}/**")
        phone.reads("Terbukti")
        of_house = [one for one in served if one[0].startswith(base)]
        assert of_house
        assert [url for url, kept in of_house if not kept and not url.endswith("/dompet/pekerja.js")] == []
        # What the gate took stands nowhere at the house.
        spent = (tmp_path / "gerbang").glob("*.sqlite3")
        ((nonce,),) = sqlite3.connect(next(iter(spent))).execute("SELECT nonce FROM spent").fetchall()
        house.stop_all()
        assert files_with(house.data, {"nonce": bytes(nonce)}) == []
        phone.context.close()


def test_keys_that_two_ways_tell_differently_are_not_used(house: House, chromium):  # noqa: F811
    """Another directory for this visitor than the one that the ledger names: the wallet fetches nothing."""
    base = start(house)
    with school() as ask_url:
        phone = Phone(chromium, base, "id", None)
        keep_a_proof(phone, new_check(house, school=ask_url)["url"], SAID["id"])
        told = {"number": 1, "sha256": "0" * 64, "ledger-index": 1, "published": 1}
        phone.context.route("**/age-tokens/directory", lambda route: route.fulfill(json=told))
        phone.key("[data-ambil]")
        phone.reads("Kunci kartu dari dua jalan tidak sama.")
        assert [url for url in phone.asked if url.endswith(("/age-tokens", "/offers"))] == []
        phone.context.close()


def test_a_card_answers_the_houses_own_check_and_the_pictures_close_the_screen(
    house: House,  # noqa: F811
    chromium,
    folder,
):
    base = start(house)
    with school() as ask_url:
        phone = Phone(chromium, base, "id", folder)
        keep_a_proof(phone, new_check(house, school=ask_url)["url"], SAID["id"])
        phone.key("[data-pin]")
        phone.look("pictures")
        for _ in range(2):
            for name in ("ikan", "ikan", "bulan", "payung"):
                phone.key(f"[data-gambar={name}]")
            phone.page.wait_for_timeout(1700)
        phone.reads(SAID["id"]["pin"])
        other = phone.context.new_page()  # another window: closed
        other.goto(f"{base}/dompet/")
        other.get_by_text("Pilih 4 gambar, berurutan").wait_for()
        assert not other.locator("[data-isi]").is_visible()
        for name in ("ikan", "bulan", "ikan", "payung"):
            other.locator(f"[data-gambar={name}]").click()
        other.get_by_text("Bukan itu gambarnya.").wait_for()
        other.wait_for_timeout(1700)
        for name in ("ikan", "ikan", "bulan", "payung"):
            other.locator(f"[data-gambar={name}]").click()
        other.locator("[data-isi]").wait_for()
        other.close()

        phone.go(new_check(house)["url"])
        phone.choose("input[value=token]")
        phone.key("form[method=get] button")
        phone.page.locator("[data-kartu-form]").wait_for()
        phone.look("card at the house")
        phone.key("[data-kartu-form] button")
        phone.reads(SAID["id"]["proved"])
        phone.reads("Pakai kartu umur di Dompet")
        assert phone.page.locator("form[action$='/simpan']").count() == 0, "a card breeds no cards"
        phone.page.goto(f"{base}/dompet/")
        phone.reads("Dipakai di Ramai")

        phone.key("[data-buang] summary")
        phone.key("[data-kosongkan]")
        phone.reads("Dompet sudah kosong.")
        assert [one for one in phone.context.cookies() if one["name"] == "dompet"] == []
        phone.key("[data-ambil]")
        phone.reads("Dompet ini belum terisi.")
        assert phone.wrong == []
        phone.context.close()


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ("back", "Alamat kembalinya bukan milik yang bertanya."),
        ("challenge", "Pertanyaan ini rusak"),
        ("issuer", "Tempat ini meminta kartu dari rumah lain."),
        ("two ages", "Tempat ini bertanya lebih dari satu umur."),
        ("key", "Kunci di pertanyaan ini tidak ada di daftar umum."),
    ],
)
def test_a_question_with_a_flaw_is_not_answered(slips, slip, words):
    page, links = slips
    page.goto("about:blank")
    page.goto(links[slip])
    page.get_by_text(words).wait_for()
    assert not page.locator("[data-ya]").is_visible()


@pytest.fixture(scope="module")
def slips(_made, tmp_path_factory, chromium):  # noqa: F811
    """A house, and questions to its wallets that each have one flaw."""

    folder = tmp_path_factory.mktemp("slips")
    shutil.copytree(_made, folder / "data")
    living = House(folder / "data")
    base = start(living)

    _, _, body = get(int(base.rpartition(":")[2]), tokens.DIRECTORY_PATH)
    keys = tokens.read_directory(body)
    issuer, back = base.removeprefix("http://"), "http://gerbang.localhost:9/"
    claims = sorted({one.claim for one in keys.values()})

    def link(asked, where=back, told=keys, claim=claims[0]):
        return tokens.wallet_link(base, asked, told, claim, where)

    good = tokens.challenge(issuer, bytes(32), "gerbang.localhost:9")

    foreign = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    spki = token_keys.spki(PublicKey(foreign.n, foreign.e))
    one = link(good)
    two = link(good, claim=claims[1]).split("#")[1]
    fields = [
        ("challenge", tokens._text(good)),
        ("token-key", tokens._text(spki)),
        ("back", back),
    ]
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(WAIT)
    yield (
        context.new_page(),
        {
            "back": link(good, "http://lain.localhost:9/"),
            "challenge": one.replace("challenge=", "challenge=AAA%3D&x="),
            "issuer": link(tokens.challenge("lain.example", bytes(32), "gerbang.localhost:9")),
            "two ages": one + "&" + "&".join(p for p in two.split("&") if p.startswith("token-key")),
            "key": f"{base}/dompet/pakai#{urlencode(fields)}",
        },
    )
    context.close()
    living.stop_all()


@pytest.mark.parametrize("language", ["id", "en"])
def test_without_scripts_each_page_says_what_is_missing(house: House, chromium, language):  # noqa: F811
    base = start(house)
    phone = Phone(chromium, base, language, None, scripts=False)
    for path in ("/dompet/", "/dompet/pakai"):
        phone.go(path)
        phone.reads(SAID[language]["scripts"])
    url = new_check(house)["url"]
    phone.go(f"{url}?cara=token")
    phone.reads(SAID[language]["scripts"])
    assert not phone.page.locator("[data-kartu-form]").is_visible()
    phone.context.close()
