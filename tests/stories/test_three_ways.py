"""
Ayu shows her age at Ramai by each of the three ways, on a phone, in both languages: a card, a sign-in, a wallet.

Each time the same door opens after her father's yes, the pages say truly who learned what, and Ramai's own database
holds the yes and nothing else of it.
"""

import json
import re
import sqlite3
from typing import Any

import pytest
from tests.stories.people import Adult, Child, Scene
from tests.stories.test_looks import look

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

LEARNS = {
    "id": {
        "kartu": ["Umur yang kamu pilih di bawah, ke atas: ya.", "Kartu milik siapa, tidak tahu."],
        "masuk": ["“16 tahun ke atas”: ya, kalau terbukti.", "Kamu memakai Ramai."],
        "cek": ["Batas umurmu", "Bukti langsung dihapus.", "Untuk Ramai, tidak tahu."],
    },
    "en": {
        "kartu": ["The age that you choose below, or over: yes.", "Whose card it was, it does not know."],
        "masuk": ["“16 or over”: yes, if it is proved.", "You use Ramai."],
        "cek": [
            "A bound of your age",
            "The proof is deleted at once.",
            "That it is for Ramai, they do not know.",
        ],
    },
}
KNOWN = {"id": "16 tahun ke atas: ya.", "en": "16 or over: yes."}
NO_MORE = {"id": "Tidak lebih.", "en": "Nothing more."}


def visitor(story: Scene) -> Child:
    """Somebody at the sign-up of Ramai, who types nothing; the words of all three ways, in both languages."""
    child = Child(story.house, story._page(360, scripts=True), "id", "ayu", "ramai")
    for language in ("en", "id"):
        child.go(f"{story.house.platform}/ramai/?bahasa={language}")
        for way, sentences in LEARNS[language].items():
            said = child.page.inner_text(f"#cara-{way}")
            assert [one for one in sentences if one not in said] == []
    return child


def in_both(child: Child, picture: str) -> None:
    """The platform's page in English and Indonesian: it says what it knows, and no more."""
    for language in ("en", "id"):
        child.go(f"{child.house.platform}/ramai/?bahasa={language}")
        said = child.page.inner_text("#tahu")
        assert KNOWN[language] in said
        assert NO_MORE[language] in said
        look(child, f"{picture}{'-en' if language == 'en' else ''}-360")


WALLET = {
    "en": (
        "Show your age?",
        "Yes, 16 or over.",
        "Which app, it does not know.",
        "Neither your name nor",
        "Who asks: Ruang Aman (cerita). Example Register of Askers vouches for that name.",
        "Mobile document (mdoc)",
        "Digital card (SD-JWT VC)",
    ),
    "id": (
        "Tunjukkan umurmu?",
        "Ya, sudah 16 tahun.",
        "Aplikasi mana, tidak tahu.",
        "tidak dikirim",
        "Yang bertanya: Ruang Aman (cerita). Namanya dijamin Daftar Penanya Contoh.",
        "Dokumen HP (mdoc)",
        "Kartu digital (SD-JWT VC)",
    ),
}


def looks_at_the_wallet(child: Child) -> None:
    """Whose phone, what is shown, who learns what: in English, then in Indonesian, where it stays."""
    look(child, "identitas-siapa-360")
    asks = child.page.url
    for language in ("en", "id"):
        child.go(f"{asks}&bahasa={language}")
        child.press("button[value=ayu]")
        said = child.text()
        assert [one for one in WALLET[language] if one not in said] == []
        look(child, f"identitas-jawab{'-en' if language == 'en' else ''}-360")
    child.go(asks)


def shows_identity(child: Child, *, range_first: bool, form: str, looks: bool = False) -> None:
    """
    On the house's page: the range where it is asked, then the wallet on this phone says yes.

    `form`: what it shows, the mobile document (`av`) or the card (`vc`).
    """
    if range_first:
        child.page.locator("input[name=umur][value='16'], button[name=umur][value='16']").first.click()
        if child.page.locator("input[name=umur]").count():
            child.press("main form button")
    child.page.locator("input[value=wallet]").check()
    child.press("main form[method=get] button")
    child.page.wait_for_selector("table.learns")
    child.press("form[action$='/identitas/mulai'] button")
    child.press("#buka")
    child.page.wait_for_url(f"{child.house.wallet}/buka?client_id=x509_san_dns%3Alocalhost&request_uri=*")
    if looks:
        looks_at_the_wallet(child)
    child.press("button[value=ayu]")
    forms = child.page.locator("input[name=bukti]")
    assert [one.get_attribute("value") for one in forms.all()] == ["av", "vc"]
    child.page.locator(f"input[name=bukti][value={form}]").check()
    child.press("form[action='/kirim'] button")
    child.page.wait_for_url(f"{child.house.base}/cek-umur/**")


def kept(story: Scene, way: str) -> tuple[dict[str, Any], str]:
    """Ramai's row of the latest account that came by this way, and its whole database as text."""
    base = sqlite3.connect(story.house.data_dir / "cerita" / "platform.sqlite3")
    base.row_factory = sqlite3.Row
    row = dict(base.execute("SELECT * FROM account WHERE way = ? ORDER BY rowid DESC", [way]).fetchone())
    tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = [list(one) for table in tables for one in base.execute(f"SELECT * FROM {table}")]
    base.close()
    return row, json.dumps(rows, default=bytes.hex)


def nothing_else(story: Scene, way: str, age: dict[str, int], seen: list[str]) -> dict[str, Any]:
    """The yes is there; what travelled to prove it (cards, codes, tokens, credentials) is not, nor a birth date."""
    row, everything = kept(story, way)
    assert json.loads(row["age"]) == age
    assert (row["nickname"], row["service"]) == ("", "ramai")
    plan = json.loads((story.house.data_dir / "cerita" / "cerita.json").read_text())
    assert row["age"].find(plan["born"]["ayu"]) == -1
    evidence = [one for one in seen if len(one) > 20]
    assert evidence
    files = b"".join(one.read_bytes() for one in (story.house.data_dir / "cerita").glob("platform.sqlite3*"))
    assert [one for one in evidence if one in everything or one.encode() in files] == []
    return row


def says_yes(story: Scene, child: Child, link: str) -> None:
    """Her father, at his own phone. Ramai told no name of her, so that she says herself who her father is."""
    side = Adult(story.house, child.page.context.new_page(), "id").go(link)
    father = story.adult().open_code(str(side.page.inner_text("#kode .code-big")).strip()).choose("yes")
    father.page.get_by_text("Ramai: jawaban Anda, bukan nama atau alamat Anda.").first.wait_for(
        state="attached"
    )
    father.prove("ayah", "ayu")
    side.page.reload()
    side.press("button[name=jawab][value=ya]")
    father.press("a[href*='langkah=']")
    father.press("form[action$='/bukti/kirim'] button")
    father.page.wait_for_url("**/izin/**")
    side.page.close()


def test_a_card_from_the_wallet(story: Scene) -> None:
    child = story.child("ayu", "ramai")
    child.press("a#cek-umur")
    shows_identity(child, range_first=False, form="av")
    child.press("form[action$='/simpan'] button")
    child.page.wait_for_url("**/dompet/")
    child.press("[data-ambil]")
    child.page.get_by_text("12 lembar").first.wait_for()
    child.look_again().press("form[action$='/ganti'] button")

    child.page.wait_for_selector("#kartu-16")
    child.go(f"{story.house.platform}/ramai/?bahasa=id")
    child.page.locator("#kartu-16").evaluate("one => one.scrollIntoView({block: 'center'})")
    look(child, "ramai-tiga-cara-360", whole=False)
    sent: list[str] = []
    child.page.on("request", lambda one: sent.append(one.headers.get("authorization", "")))
    child.press("#kartu-16")
    child.page.locator("[data-ya]").click()
    child.page.wait_for_selector(".keadaan.waiting")
    in_both(child, "ramai-kartu")
    cards = [found[1] for one in sent if (found := re.search(r'token="([^"]+)"', one))]
    assert len(cards) == 1
    nothing_else(story, "kartu", {"at_least": 16, "at_most": 17}, cards)
    says_yes(story, child, child.link())
    child.becomes("open")

    story.refusals(401)  # the same card a second time, at the same place
    again = story._page(360, scripts=True)
    again.goto(f"{story.house.platform}/ramai/kartu?umur=16#token={cards[0]}")
    again.get_by_text("spent").wait_for()


def test_signing_in_through_the_house(story: Scene) -> None:
    child = visitor(story)
    seen: list[str] = []
    child.page.on("request", lambda one: seen.extend(re.findall(r"[?&]code=([^&]+)", one.url)))
    child.press("form[action='/ramai/masuk'] button")
    child.page.wait_for_url(f"{story.house.base}/oidc/**")
    look(child, "masuk-360")
    child.press("button[value=lanjut]")
    child.page.locator("a[href*='/cek-umur/']").first.click()
    shows_identity(child, range_first=True, form="vc")
    child.page.locator("main a[href*='/oidc/lanjut']").first.click()
    look(child, "masuk-menunggu-360")
    says_yes(story, child, str(child.page.get_attribute("main a[target=_blank]", "href")))
    child.press("button[value=lanjut]")
    child.page.wait_for_selector(".keadaan.open")
    in_both(child, "ramai-masuk")
    row = nothing_else(story, "masuk", {"at_least": 16}, seen)
    assert (len(row["subject"]), row["session"]) == (43, "")


BACK = {"id": "Kembali ke Ramai", "en": "Back to Ramai"}


def comes_back(child: Child) -> None:
    """From the result to Ramai, by the keyboard alone: to the address that Ramai registered, with nothing added."""
    result = child.page.url
    for language in ("en", "id"):
        child.go(f"{result}?bahasa={language}")
        assert child.page.inner_text("#kembali") == BACK[language]
        suffix = "-en" if language == "en" else ""
        look(child, f"cek-umur-kembali{suffix}-360")
        child.page.set_viewport_size({"width": 1280, "height": 900})
        look(child, f"cek-umur-kembali{suffix}-1280")
        child.page.set_viewport_size({"width": 360, "height": 740})
    asked: list[Any] = []
    child.page.on("request", lambda one: asked.append(one) if one.is_navigation_request() else None)
    for _ in range(40):
        child.page.keyboard.press("Tab")
        if child.page.evaluate("document.activeElement.id") == "kembali":
            break
    child.page.keyboard.press("Enter")
    child.page.wait_for_url(f"{child.house.platform}/ramai/")
    assert [one.url for one in asked] == [f"{child.house.platform}/ramai/"]
    assert "referer" not in asked[0].headers


def test_an_identity_wallet_by_the_check(story: Scene) -> None:
    child = visitor(story)
    seen: list[str] = []
    child.page.on("request", lambda one: seen.extend(re.findall(r"[?&](?:kode|nonce)=([^&]+)", one.url)))
    child.press("form[action='/ramai/cek'] button")
    child.page.wait_for_url(f"{story.house.base}/cek-umur/**")
    shows_identity(child, range_first=True, form="av", looks=True)
    comes_back(child)
    in_both(child, "ramai-identitas")
    assert child.state == "waiting"
    nothing_else(story, "cek", {}, seen)
    says_yes(story, child, child.link())
    child.becomes("open")
