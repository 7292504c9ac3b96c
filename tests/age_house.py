"""A real house for age tokens: processes on free ports, a school that signs, a gate that takes tokens."""

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import OKPKey

from ruangaman.adapters import packs
from ruangaman.core import age_checks
from tests.architecture.source import ROOT
from tests.house.conftest import House, free_port, get, listens

KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "1"})
ISSUER = "https://sekolah.example"
THRESHOLD = max(age_checks.claim_ages(packs.load("ID"), 20261125)[:-1])
"""The highest age that is worth a claim and still a child's."""

NEW_CHECK = """
import json, sys
from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import api as ages, checks
said, now = json.loads(sys.argv[1]), clock.now()
if said["school"]:
    ages.register_institution("sekolah", now=now, **said["school"])
row = checks.ask(
    ids.new(now), jurisdiction="ID", card={"slug": "ramai", "name": "Ramai", "operator": "PT Contoh"},
    facts={"risk_profile": "high", "designed_for_children": False}, needed=True, threshold=said["threshold"],
    bounds=[said["threshold"]], language="id", now=now,
)
out = {"url": checks.url_of(row)}
if said["proved"]:
    from ruangaman.rooms.ages import holders
    from ruangaman.rooms.ages.models import Attempt
    from datetime import timedelta
    tried = Attempt.objects.create(
        id=ids.new(now), question=row, method="institution", state=row.pk.bytes * 2, browser=bytes(32),
        began_at=now, ends_at=now + timedelta(minutes=10))
    row = checks.decide(tried, checks.Proved(True, "strict"), now=now)
    secret = holders.open_wallet(row, now=now)
    out |= {"secret": secret, "wallet": str(holders.login(secret).pk)}
with open(said["out"], "w") as file:
    json.dump(out, file)
"""


def start(house: House, *, issuer_host: str = "") -> str:
    """The house's web process; gives its address. `issuer_host`: a second name, where people prove and fetch."""
    port = free_port()
    temporary = house.data / "sementara"
    temporary.mkdir(exist_ok=True)
    base = f"http://localhost:{port}"
    house.settings |= {"RUANGAMAN_BASE_URL": base, "TMPDIR": str(temporary), "RUANGAMAN_LOG_LEVEL": "DEBUG"}
    if issuer_host:
        house.settings["RUANGAMAN_ISSUER_URL"] = f"http://{issuer_host}:{port}"
    house.start("serve", "web", "--port", str(port))
    house.until(lambda: listens(port))
    house.until(lambda: get(port, "/.well-known/private-token-issuer-directory")[0] == 200)
    return base


def new_check(
    house: House, *, school: str = "", proved: bool = False, threshold: int = THRESHOLD
) -> dict[str, str]:
    """A fresh check of an account, and a wallet of who proved it where that is wanted."""
    out = house.data / "cek.json"
    row = {
        "kind": "school", "name": {"id": "Sekolah Contoh", "en": "Example School"}, "issuer": ISSUER,
        "audience": "ruang-aman", "ask_url": school, "keys": {"keys": [KEY.as_dict(private=False)]},
        "assurance": "strict",
    }  # fmt: skip
    said = {"school": row if school else None, "threshold": threshold, "proved": proved, "out": str(out)}
    assert house.python(NEW_CHECK, json.dumps(said)).wait(60) == 0
    found: dict[str, str] = json.loads(out.read_text())
    out.unlink()
    return found


class _School(BaseHTTPRequestHandler):
    """Signs yes to whatever is asked, and sends back."""

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        at = int(time.time())
        claims = {
            "iss": ISSUER, "aud": asked["audience"], "iat": at, "exp": at + 300, "jti": asked["nonce"],
            "nonce": asked["nonce"], "age": {f"age_over_{asked['age_over']}": True},
        }  # fmt: skip
        headers = {"alg": "Ed25519", "kid": "1", "typ": "ra-age+jwt"}
        text = jws.serialize_compact(headers, json.dumps(claims).encode(), KEY, algorithms=["Ed25519"])
        self.send_response(302)
        self.send_header(
            "Location", f"{asked['return_to']}?{urlencode({'state': asked['state'], 'answer': text})}"
        )
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def school() -> Iterator[str]:
    """The address at which the school is asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _School)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://sekolah.localhost:{server.server_address[1]}/tanya"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def gate(base: str, folder: Path, *, stock: bool, threshold: int = THRESHOLD) -> Iterator[str]:
    """A gate as a process of its own; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "examples.gerbang", "--house", base, "--claim", f"age_over_{threshold}"]
    command += [
        "--port",
        str(port),
        "--data",
        str(folder / f"gerbang-{port}.sqlite3"),
        *(["--stock"] if stock else []),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        assert b"http://" in process.stdout.readline()
        yield f"http://gerbang.localhost:{port}"
    finally:
        process.terminate()
        process.wait(15)
        if process.stdout is not None:
            process.stdout.close()


def files_with(folder: Path, needles: dict[str, bytes]) -> list[tuple[str, str]]:
    """Which of these bytes stand in which file of a folder: raw, in hexadecimal, or as base64 of either alphabet."""
    forms = {
        (name, form): text
        for name, told in needles.items()
        for form, text in {
            "raw": told,
            "hex": told.hex().encode(),
            "HEX": told.hex().upper().encode(),
            "base64": base64.b64encode(told).rstrip(b"="),
            "base64url": base64.urlsafe_b64encode(told).rstrip(b"="),
        }.items()
    }
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            told = path.read_bytes()
            found += [(path.name, f"{name} {form}") for (name, form), text in forms.items() if text in told]
    return found
