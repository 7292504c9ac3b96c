"""
A house without the story, on PostgreSQL: a guardian reached by WhatsApp says yes and takes it back.

Real processes; a server of the documented shape stands for the Cloud API, and the example office for a registry.
"""

import hashlib
import hmac
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OKPKey
from playwright.sync_api import Page
from tests.house.conftest import House, free_port, get, listens
from tests.postgres import cluster
from tests.stories.people import Adult
from tests.stories.people import House as Addresses

from ruangaman.client import Client

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

OBROL = Path(__file__).resolve().parents[2] / "docs" / "guides" / "platform" / "obrol.yaml"
MOTHER = "6281234567890"
SECRET = "rahasia-aplikasi"


Cloud = tuple[str, list[dict[str, Any]]]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """The address of the stand-in, and what it was asked to send, in the documented shape."""
    sent: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sent.append({"path": self.path, "login": self.headers["Authorization"], **body})
            contact = [{"input": body["to"], "wa_id": body["to"]}]
            told = {
                "messaging_product": "whatsapp",
                "contacts": contact,
                "messages": [{"id": "wamid.KELUAR"}],
            }
            answer = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v23.0", sent
    server.shutdown()
    server.server_close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The example office, which knows Bima and his mother; its port and its settings."""
    port = free_port()
    key = OKPKey.generate_key("Ed25519", {"kid": "uji"}, private=True)
    people = {"id": "ibu", "name": {"id": "Ibu", "en": "Mother"}, "relation": "mother", "children": ["bima"]}
    born = (date.today() - timedelta(days=int(365.25 * 14.5))).isoformat()
    told: dict[str, Any] = {
        "issuer": f"http://kantor.localhost:{port}",
        "slug": "kantor-contoh",
        "audiences": {},
        "key": key.as_dict(private=True),
        "public": {"keys": [key.as_dict(private=False)]},
        "pairwise_key": "k" * 43,
        "people": [people],
        "children": {"bima": {"nickname": "Bima", "given_names": "Bima Pratama", "birth_date": born}},
    }
    file = tmp_path / "kantor.json"
    running: list[subprocess.Popen[bytes]] = []

    def start(house: str) -> None:
        told["audiences"] = {"rumah-uji": f"{house}/izin/bukti/kembali"}
        file.write_text(json.dumps(told))
        command = [sys.executable, "-m", "examples.registry", "--settings", str(file), "--port", str(port)]
        running.append(subprocess.Popen(command, cwd=OBROL.parents[3]))

    yield {**told, "start": start, "port": port}
    for one in running:
        one.terminate()
        one.wait(15)


REGISTER = """
import json, sys
from datetime import UTC, datetime
from ruangaman.rooms.families import api
told = json.loads({told!r})
api.register_provider(
    slug=told["slug"], name={{"id": "Kantor Contoh", "en": "Example Office"}}, issuer=told["issuer"],
    audience="rumah-uji", ask_url=told["issuer"] + "/tanya", keys=told["public"], checks_names=True,
    now=datetime.now(UTC),
)
"""


@pytest.fixture
def living(tmp_path: Path, cloud: Cloud, office: dict[str, Any]) -> Iterator[tuple[Addresses, str]]:
    """A house that serves and has a messenger and an office; the key of one platform."""
    web, lane = free_port(), free_port()
    base = f"http://localhost:{web}"
    with cluster() as database:
        house = House(
            tmp_path / "data",
            {
                "RUANGAMAN_BASE_URL": base,
                "RUANGAMAN_DATABASE_URL": database,
                "RUANGAMAN_WHATSAPP_API": cloud[0],
                "RUANGAMAN_WHATSAPP_TOKEN": "token",
                "RUANGAMAN_WHATSAPP_PHONE_ID": "1234",
                "RUANGAMAN_WHATSAPP_NUMBER": "6281100000000",
                "RUANGAMAN_WHATSAPP_APP_SECRET": SECRET,
            },
        )
        try:
            for command in (("init",), ("services", "add", str(OBROL))):
                done = house.run(*command)
                assert done.returncode == 0, done.stderr
            made = house.run("keys", "create", "--service", "obrol", "--label", "uji").stdout
            key = re.search(r"ra_live_\S+", made)
            assert key
            told = json.dumps({name: office[name] for name in ("slug", "issuer", "public")})
            assert house.python(REGISTER.format(told=told)).wait(60) == 0
            office["start"](base)
            house.start("serve", "--port", str(web), "--lane-port", str(lane))
            house.until(lambda: listens(web) and json.loads(get(web, "/healthz")[2]).get("jobs") == "ok")
            house.until(lambda: listens(office["port"]))
            yield (
                Addresses(
                    base, "", office["issuer"], "", lane, house.data, house.data / "said", house.running[-1]
                ),
                key[0],
            )
        finally:
            house.stop_all()
    assert not re.search(r"Traceback|" + MOTHER, house.said()), house.said()[-3000:]


def writes(house: str, text: str, *, secret: str = SECRET) -> int:
    """What the messenger tells when the mother's phone wrote to our number; the status of our answer."""
    message = {"from": MOTHER, "id": "wamid.MASUK", "timestamp": str(int(time.time())), "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "6281100000000", "phone_number_id": "1234"},
        "messages": [{**message, "text": {"body": text}}],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    inside = house.replace("localhost", "127.0.0.1")
    headers = {
        "X-Hub-Signature-256": signature,
        "Content-Type": "application/json",
        "Host": urlsplit(house).netloc,
    }
    return httpx.post(f"{inside}/kait/whatsapp", content=body, headers=headers, timeout=30).status_code


def waited(sent: list[dict[str, Any]]) -> str:
    """The one message that went out."""
    until = time.monotonic() + 60
    while not sent and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(2)  # a second one would come now
    assert [(one["path"], one["login"], one["to"], one["type"]) for one in sent] == [
        ("/v23.0/1234/messages", "Bearer token", MOTHER, "text")
    ]
    return str(sent[0]["text"]["body"])


def test_the_mother_writes_from_her_own_phone_answers_and_takes_it_back(
    living: tuple[Addresses, str], cloud: Cloud, chromium: Any
) -> None:
    house, key = living
    wrong: list[str] = []

    def window() -> Page:
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("response", lambda reply: wrong.append(reply.url) if reply.status >= 400 else None)
        return page

    platform = Client(house.base.replace("localhost", "127.0.0.1"), key)
    opened = platform.open_session(
        "obrol", "anak-14", age={"at_least": 14, "at_most": 14}, evidence="self_declared", nickname="Bima"
    )
    contexts = [chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-US")]
    side = window()
    side.goto(opened.next.url)  # the child's side opens the mother's own messenger with the words in it
    link = side.get_attribute("a[href^='https://wa.me/6281100000000']", "href")
    words = parse_qs(urlsplit(link).query)["text"][0]
    assert "Bima" not in words
    assert side.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0

    assert writes(house.base, words, secret="tebakan") == 403
    assert writes(house.base, words) == 200
    assert writes(house.base, words) == 200  # the messenger calls again until it has heard us
    text = waited(cloud[1])
    code = re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}", side.inner_text("main"))
    assert code
    assert code[0] in text

    contexts.append(chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-US"))
    mother = Adult(house, window(), "id")
    address = re.search(r"http://\S+/tautan/[\w-]+", text)
    assert address
    mother.go(address[0])
    assert "Belum ada yang berubah" in mother.text()
    mother.press("main form button")
    assert "Bima ingin pakai Obrol" in mother.text()
    assert not platform.session(opened.id).is_open
    mother.choose("yes").prove("ibu", "bima")
    assert "Izin tersimpan" in mother.text()
    assert platform.session(opened.id).is_open
    mother.withdraw("Bima", "obrol")
    assert "Izin Obrol dicabut" in mother.text()
    assert not platform.session(opened.id).is_open
    assert [one.session for one in platform.deletions()] == [opened.id]
    for one in contexts:
        one.close()
    platform.close()
    assert wrong == []
