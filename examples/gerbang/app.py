"""
The gate: `/ruang` is open to who proves an age, by RFC 9577. No account, no cookie but that of the visit.

Without a token: 401 and a challenge. With one: the six steps of `check_token`, the last of them in the gate's own
store. The page leads to the wallet by a plain link; the wallet answers behind the `#`, which no server sees.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from examples.gerbang import STATIC
from examples.gerbang.store import Store
from examples.serving import Answer, Request, Safe, fill
from ruangaman.client.tokens import (
    HouseKeys,
    TokenKey,
    TokenRefused,
    challenge,
    challenge_header,
    check_token,
    keeping,
    read_authorization,
    wallet_link,
)

ASSURANCES = ("standard", "enhanced", "strict")
COOKIE = "kunjungan"
WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Gerbang Film", "Film Gate"),
    "h1": ("Film ini untuk {years} tahun ke atas", "This film is for {years} and over"),
    "lead": ("Buktikan umurmu saja. Kami tidak bertanya nama.", "Prove your age alone. We ask no name."),
    "use": ("Pakai kartu umur", "Use an age card"),
    "who": ("Siapa tahu apa?", "Who learns what?"),
    "we": ("Kami: “{years} tahun ke atas”, ya.", "We: “{years} or over”, yes."),
    "house": (
        "Ruang Aman: tidak tahu kamu datang ke sini.",
        "Ruang Aman: does not know that you came here.",
    ),
    "open": ("Terbuka. Selamat menonton.", "Open. Enjoy the film."),
    "proved": ("Terbukti: {years} tahun ke atas.", "Proved: {years} or over."),
    "checking": ("Memeriksa kartu.", "Checking the card."),
    "refused": ("Kartu ini tidak bisa dipakai: ", "This card cannot be used: "),
    "again": ("Coba lagi", "Try again"),
    "script": (
        "Untuk memeriksa kartu, halaman ini perlu skrip di peramban.",
        "This page needs scripts in the browser to check a card.",
    ),
    "missing": ("Tidak ada di sini.", "Not here."),
}
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/static/gerbang.css"><script type="module" src="/static/gerbang.js"></script>
<main><p>{title}</p><h1>{h1}</h1>{body}
<p><a href="?bahasa={other}" lang="{other}" hreflang="{other}">{other_name}</a></p>
</main></html>"""
ASKS = """<p>{lead}</p><noscript><p><b>{script}</b></p></noscript>
<p role="status" id="kabar" data-checking="{checking}" data-refused="{refused}"></p>
<p><a class="main" id="pakai" href="{link}" rel="noreferrer">{use}</a></p>
<h2>{who}</h2><ul><li>{we}</li><li>{house}</li></ul>"""


class Gate:
    """
    One gate for one claim.

    Args:
        house: where the tokens come from. origin: this gate, as its visitors see it.
        stock: take tokens that were fetched before (no context); else each visit has a challenge of its own.
    """

    def __init__(
        self,
        house: str,
        origin: str,
        store: Store,
        *,
        claim: str,
        stock: bool,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.house, self.origin, self.store, self.claim, self.stock = house, origin, store, claim, stock
        self.now = now
        self._house_keys = HouseKeys(house, now=now)
        self._keys: Mapping[bytes, TokenKey] = {}

    def keys(self) -> Mapping[bytes, TokenKey]:
        """The keys of the house; whenever they were read anew, what is over is forgotten here too."""
        keys = self._house_keys()
        if keys is not self._keys:
            self._keys = keys
            self.store.forget(int(self.now()))
        return keys

    def asked(self, context: bytes) -> bytes:
        """The challenge; one for tokens from stock names neither visit nor gate, so that any gate takes them."""
        issuer = urlsplit(self.house).netloc
        return (
            challenge(issuer, b"") if self.stock else challenge(issuer, context, urlsplit(self.origin).netloc)
        )

    def handle(self, request: Request) -> Answer:
        """Route one request."""
        english = request.query.get("bahasa", request.cookies.get("bahasa")) == "en"
        if request.path.startswith("/static/"):
            return _static(request.path.removeprefix("/static/"))
        if request.path not in ("/", "/ruang") or request.method != "GET":
            return Answer(WORDS["missing"][english], 404, "text/plain; charset=utf-8")
        visit, context, cookies = self._visit(request)
        answer = self._room(request, visit, context, english) if request.path == "/ruang" else self._page(
            visit, context, english
        )  # fmt: skip
        answer.cookies |= cookies | (
            {"bahasa": "en" if english else "id"} if "bahasa" in request.query else {}
        )
        answer.headers["Referrer-Policy"] = "no-referrer"  # the house shall not hear whence somebody comes
        return answer

    def _visit(self, request: Request) -> tuple[str, bytes, dict[str, str]]:
        visit, now = request.cookies.get(COOKIE, ""), int(self.now())
        context = self.store.context(visit, now)
        if context is not None:
            return visit, context, {}
        visit, context = secrets.token_urlsafe(24), secrets.token_bytes(32)
        self.store.begin(visit, context, now)
        return visit, context, {COOKIE: visit}

    def _room(self, request: Request, visit: str, context: bytes, english: bool) -> Answer:
        said = request.headers.get("authorization", "")
        plain = "text/plain; charset=utf-8"
        if not said and self.store.is_open(visit, int(self.now())):
            return Answer(self._say("open", english), kind=plain)
        asked, code = self.asked(context), "token-missing"
        try:
            if said:
                token, keys = read_authorization(said), self.keys()
                once = keeping(keys, self.store.spend)
                check_token(token, keys, self.claim, ASSURANCES, [asked], once, now=self.now())
                self.store.open(visit)
                return Answer(self._say("open", english), kind=plain)
        except TokenRefused as refused:
            code = refused.code
        header = challenge_header(asked, self.keys(), self.claim, ASSURANCES, self.now())
        return Answer(code, 401, plain, headers={"WWW-Authenticate": header})

    def _page(self, visit: str, context: bytes, english: bool) -> Answer:
        if self.store.is_open(visit, int(self.now())):
            body = fill('<p role="status" id="kabar"><b>{proved}</b> {open}</p>', **self._words(english))
        else:
            link = wallet_link(
                self.house,
                self.asked(context),
                self.keys(),
                self.claim,
                self.origin + "/",
                ASSURANCES,
                self.now(),
            )
            body = fill(ASKS, link=link, **self._words(english))
        language, other, other_name = ("en", "id", "Bahasa Indonesia") if english else ("id", "en", "English")
        shown = {"language": language, "other": other, "other_name": other_name, "body": body}
        words = self._words(english)
        return Answer(fill(PAGE, title=words["title"], h1=words["h1"], **shown))

    def _words(self, english: bool) -> dict[str, str | Safe]:
        return {name: self._say(name, english) for name in WORDS}

    def _say(self, name: str, english: bool) -> str:
        return WORDS[name][english].replace("{years}", self.claim.rpartition("_")[2])


def _static(name: str) -> Answer:
    kinds = {"gerbang.css": "text/css", "gerbang.js": "text/javascript"}
    if name not in kinds:
        return Answer("", 404, "text/plain")
    return Answer((STATIC / name).read_bytes(), kind=kinds[name])
