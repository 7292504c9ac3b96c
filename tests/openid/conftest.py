"""A running house, an institution that the test speaks for, and the browser of a person without scripts."""

import html
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from tests.house.conftest import House, free_port, installed, listens

KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "1"})
SCHOOL = "https://sekolah.example/tanya"
SERVICE = """
slug: {slug}
operator: PT Contoh Ramai
name: {name}
type: social_media
risk_profile: high
risk_determined_by: Kementerian Komunikasi dan Digital
risk_determined_at: 2026-10-01T00:00:00+07:00
purpose: {{id: Berbagi kabar., en: Sharing news.}}
"""


@dataclass
class Running:
    """A house that answers at `base`."""

    house: House
    base: str

    def add_client(self, slug: str, redirect: str, *more: str) -> tuple[str, str]:
        done = self.house.run("oidc", "add", slug, "--redirect", redirect, "--age", "16", *more)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.split()
        return lines[1], lines[-1]

    def parent_says_yes(self) -> None:
        """To the request that was made last."""
        code = (
            "from ruangaman.adapters import clock\n"
            "from ruangaman.rooms.access.models import AccessSession\n"
            "from ruangaman.rooms.access.tests.conftest import answer\n"
            "row = AccessSession.objects.filter(request__isnull=False).order_by('-created_at')[0]\n"
            "answer(str(row.id), yes=True, now=clock.now())\n"
        )
        assert self.house.python(code).wait(60) == 0


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Running]:
    """Made once a file: keys, two services, a school, web."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    house = House(tmp_path_factory.mktemp("openid") / "data", {"RUANGAMAN_BASE_URL": base})
    shutil.copytree(installed(tmp_path_factory), house.data)
    try:
        for slug, name in (("ramai", "Ramai"), ("kabar", "Kabar")):
            file = house.data / f"{slug}.yaml"
            file.write_text(SERVICE.format(slug=slug, name=name))
            added = house.run("services", "add", str(file))
            assert added.returncode == 0, added.stderr
        school = {
            "kind": "school",
            "name": {"id": "Sekolah Contoh", "en": "Example School"},
            "issuer": "https://sekolah.example",
            "audience": "ruang-aman",
            "ask_url": SCHOOL,
            "keys": {"keys": [KEY.as_dict(private=False)]},
            "assurance": "strict",
        }
        code = (
            "import json, sys\n"
            "from ruangaman.adapters import clock\n"
            "from ruangaman.rooms.ages import api\n"
            "api.register_institution('sekolah', now=clock.now(), **json.loads(sys.argv[1]))\n"
        )
        assert house.python(code, json.dumps(school)).wait(60) == 0
        house.start("serve", "web", "--port", str(port))
        house.until(lambda: listens(port))
        yield Running(house, base)
    finally:
        house.stop_all()


@dataclass
class Browser:
    """Follows redirects by hand, sends forms, keeps cookies; at the school it answers for the school."""

    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    page: str = ""
    text: str = ""

    def go(self, url: str) -> httpx.Response:
        """To an address and on, until a page or the platform answers."""
        for _ in range(12):
            reply = self.http.get(url)
            if not reply.is_redirect:
                self.page, self.text = str(reply.url), reply.text
                return reply
            url = urljoin(url, reply.headers["Location"])
        raise AssertionError(f"no end of redirects at {url}")

    def link(self, part: str) -> str:
        found = re.search(rf'href="([^"]*{re.escape(part)}[^"]*)"', self.text)
        assert found, self.text
        return urljoin(self.page, html.unescape(found.group(1)))

    def post(self, url: str = "", **fields: str) -> httpx.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text)
        assert token, self.text
        where = urljoin(self.page, url or self.page)
        reply = self.http.post(
            where, data={"csrfmiddlewaretoken": token.group(1), **fields}, headers={"Referer": self.page}
        )
        if not reply.is_redirect:
            self.text = reply.text
            return reply
        return self.go_on(urljoin(where, reply.headers["Location"]))

    def go_on(self, url: str) -> httpx.Response:
        return self.go(self.answered(url) if url.startswith(SCHOOL) else url)

    def step(self, name: str) -> httpx.Response:
        """Press a button of the page of the visit."""
        return self.post(langkah=name)

    def answered(self, url: str, *, over: bool = True) -> str:
        """The school's signed answer, as the address to which it sends the browser back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        at = int(time.time())
        claims = {
            "iss": "https://sekolah.example",
            "aud": asked["audience"],
            "iat": at,
            "exp": at + 300,
            "jti": asked["nonce"][:16],
            "nonce": asked["nonce"],
            "age": {f"age_over_{asked['age_over']}": over},
        }
        headers = {"alg": "Ed25519", "kid": "1", "typ": "ra-age+jwt"}
        text = jws.serialize_compact(headers, json.dumps(claims).encode(), KEY, algorithms=["Ed25519"])
        return str(httpx.URL(asked["return_to"], params={"state": asked["state"], "answer": text}))

    def prove(self, says: int) -> None:
        """From the page of the visit through the check and back to it."""
        self.go(self.link("/cek-umur/"))
        self.post(f"{urlsplit(self.page).path}/rentang", umur=str(says))
        self.go(f"{self.page}?cara=institution-sekolah")
        self.post(f"{urlsplit(self.page).path}/tanya/sekolah")
        assert "Terbukti" in self.text, self.text
        self.go(self.link("/oidc/lanjut/"))

    def __post_init__(self) -> None:
        _OPEN.append(self.http)


_OPEN: list[httpx.Client] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.pop().close()


@pytest.fixture
def browser() -> Browser:
    return Browser()
