"""
After each way of proving, against running processes: nothing of what was shown is left anywhere.

Searched are the bytes of all files of the house: database, -wal, -shm, logs, temporary folder; with PostgreSQL also the
whole cluster, its tables, write-ahead log and log. A planted row is found by the same search, so that finding nothing
means something.
"""

import base64
import json
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from tests.house.conftest import House, free_port, get, listens
from tests.postgres import cluster

from ruangaman.client import age_signal
from ruangaman.client import tokens as checking
from ruangaman.core.credentials import tokens

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SHORT = 6  # a piece of evidence shorter than this is found by chance in random bytes

FILL = """
import json, sys
from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
now = clock.now()
word = lambda text: {"id": text, "en": text}
for slug, risk in (("obrol", "low"), ("ramai", "high")):
    access.create_service(slug=slug, operator="PT Contoh", name=slug.title(), type="chat", risk_profile=risk,
        purpose=word("Contoh"), opens=[word("Contoh")], stays_closed=[word("Contoh")], data_requested=[word("Contoh")],
        risk_determined_by="Contoh", risk_determined_at=now, now=now)
print(json.dumps(access.create_key(operator="PT Contoh", now=now).text))
"""

GUARDIAN = """
import json, sys
from importlib import import_module
from django.conf import settings
from ruangaman.adapters import clock, ids
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.ages.models import Attempt
from ruangaman.rooms.families.models import Child, Guardian, Relation
now = clock.now()
child = Child.objects.get(pk=AccessSession.objects.get(id=sys.argv[1]).child)
who = Guardian.objects.create(id=ids.new(now), family=child.family, created_at=now)
Relation.objects.create(id=ids.new(now), family=child.family, child=child, guardian=who, kind="mother", level=3,
    method="relation_verdict", provider="kantor-contoh", valid_from=now)
store = import_module(settings.SESSION_ENGINE).SessionStore()
store["wali"] = {"id": str(who.pk), "how": "test", "seen": now.timestamp()}
store.create()
print(json.dumps(store.session_key))
"""

WALLET = """
import json
from ruangaman.adapters import clock
from ruangaman.rooms.ages import holders
from ruangaman.rooms.ages.models import AgeCheck
row = AgeCheck.objects.filter(method="institution", kept_at=None).latest("decided_at")
print(json.dumps(holders.open_wallet(row, now=clock.now())))
"""

PLANT = """
import sys
from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages.models import Institution
text = open(sys.argv[1]).read()
Institution.objects.create(slug="tanam", kind="other", name={"id": "x", "en": "x"}, issuer="tanam", audience="x",
    ask_url="https://tanam.example", keys={"note": text}, assurance="strict", enabled=False)
print("true")
"""


def asked_of(house: House, code: str, *given: str):
    """What a process with Django awake prints as JSON."""
    awake = "from ruangaman.site.commands._django import wake\nwake()\n"
    done = subprocess.run(
        [sys.executable, "-c", awake + code, *given],
        env=house.environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def shapes(piece: bytes | str) -> set[bytes]:
    """A piece of evidence as it could stand in a file: raw, in hex, in base64 of both alphabets."""
    raw = piece.encode() if isinstance(piece, str) else piece
    plain = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):  # inside a longer text that is encoded as a whole
            text = encode(b"\0" * shift + raw).rstrip(b"=")
            plain.add(text[4:-2] if shift else text[:-2])
    return {one for one in plain if len(one) >= SHORT}


def found_in(folder: Path, pieces: Iterable[bytes | str]) -> list[tuple[str, str]]:
    """Each file that holds a piece of evidence, in any shape."""
    wanted = [(one, shape) for one in pieces for shape in shapes(one)]
    return [
        (str(file.relative_to(folder)), str(piece)[:40])
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for held in [file.read_bytes()]
        for piece, shape in wanted
        if shape in held
    ]


class Browser:
    """Somebody with a browser, at the page of a check."""

    def __init__(self, base: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=60)

    def get(self, url: str) -> str:
        reply = self.http.get(url, follow_redirects=True)
        assert reply.status_code == 200, (url, reply.status_code)
        return reply.text

    def post(self, page: str, act: str, **form: str) -> httpx.Response:
        """Send a form as its page has it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page))
        assert token, page
        reply = self.http.post(act, data={"csrfmiddlewaretoken": token[1], **form})
        assert reply.status_code in (302, 303), (act, reply.status_code, reply.text[-500:])
        return reply


class Running:
    """The house, the school, and a platform's key."""

    def __init__(self, house: House, port: int, school: int, key: str) -> None:
        self.house, self.base, self.school = house, f"http://localhost:{port}", f"http://127.0.0.1:{school}"
        self.open: list[httpx.Client] = []
        self.api = httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {key}"}, timeout=60)
        self.open.append(self.api)
        self.shown: list[bytes | str] = []

    def browser(self) -> Browser:
        """A browser of its own."""
        found = Browser(self.base)
        self.open.append(found.http)
        return found

    def sign_up(self, service: str, evidence: str = "self_declared", **age) -> tuple[str, str]:
        """An account; its id and the path of its check."""
        body = {"service": service, "subject": secrets.token_urlsafe(12), "evidence": evidence, "age": age}
        told = self.api.post("/v1/sessions", json=body).json()
        return told["id"], urlsplit(told["next"]["url"]).path

    def left(self, pieces: Iterable[bytes | str]) -> list[tuple[str, str]]:
        return found_in(self.house.data, pieces)

    def keeps_nothing_of(self, pieces: Iterable[bytes | str]) -> None:
        """Now, and, as the fixture sees at its end, when the house has stopped."""
        self.shown += pieces
        assert self.left(pieces) == []


@pytest.fixture(scope="module")
def running(_made, tmp_path_factory) -> Iterator[Running]:
    """One house for all ways; whatever was shown on any of them is looked for once more after it stopped."""
    data = tmp_path_factory.mktemp("running") / "data"
    shutil.copytree(_made, data)
    house = House(data)
    try:
        with served(house) as found:
            yield found
        house.stop_all()
        assert found.left(found.shown) == []
    finally:
        house.stop_all()


@contextmanager
def served(house: House) -> Iterator[Running]:
    """The house with a school beside it, both as processes."""
    port, lane, school = free_port(), free_port(), free_port()
    scratch = house.data / "tmp"
    scratch.mkdir()
    house.settings |= {
        "RUANGAMAN_BASE_URL": f"http://localhost:{port}",
        "RUANGAMAN_LOG_LEVEL": "DEBUG",
        "TMPDIR": str(scratch),
    }
    outside = house.data.parent / "sekolah"
    outside.mkdir()
    made = [sys.executable, "-m", "examples.institution.new", "sekolah", f"http://sekolah.localhost:{school}"]
    subprocess.run(
        [*made, str(outside), "--house", f"http://localhost:{port}"],
        cwd=ROOT, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    said = house.run("ages", "add-institution", str(outside / "sekolah.public.json"))
    assert said.returncode == 0, said.stderr
    key = asked_of(house, FILL)
    house.start("serve", "--port", str(port), "--lane-port", str(lane))
    program = [sys.executable, "-m", "examples.institution", "--settings", str(outside / "sekolah.json")]
    process = subprocess.Popen([*program, "--port", str(school)], cwd=ROOT, stdout=subprocess.DEVNULL)
    house.running.append(process)
    house.until(lambda: listens(port) and listens(school) and get(port, "/healthz")[0] == 200)
    found = Running(house, port, school, key)
    yield found
    for one in found.open:
        one.close()


def by_school(running: Running, service: str = "ramai", person: str = "ayu") -> tuple[list[bytes | str], str]:
    """Go to the school and come back; everything that was shown, and the account."""
    session, url = running.sign_up(service, at_least=17, at_most=17)
    browser = running.browser()
    there = urlsplit(
        browser.post(f"{url}?cara=institution-sekolah", f"{url}/tanya/sekolah").headers["Location"]
    )
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    said = httpx.post(f"{running.school}/tanya/kirim", data={**asked, "orang": person})
    back = urlsplit(said.headers["Location"])
    token = parse_qs(back.query)["answer"][0]
    browser.get(f"{back.path}?{back.query}")
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    pieces = [token, head, body, signature, base64.urlsafe_b64decode(signature + "=="), asked["nonce"]]
    pieces += [
        asked["state"],
        claims["jti"],
        json.dumps(claims["age"]),
        base64.urlsafe_b64decode(asked["nonce"] + "="),
    ]
    return [*pieces, urlencode({"answer": token})], session


def wait_decided(running: Running, session: str) -> dict:
    told = running.api.get(f"/v1/sessions/{session}").json()
    assert (told["next"] or {}).get("kind") != "age_check", told
    return told


@pytest.mark.parametrize("person", ["ayu", "bima", "tidak-ada"])
def test_after_an_institution_answered(running, person):
    pieces, session = by_school(running, person=person)
    if person != "tidak-ada":
        wait_decided(running, session)
    running.keeps_nothing_of(pieces)


def test_after_somebody_said_it_or_a_birth_date_or_a_phone_told_a_range(running):
    """The last two only lead to the right question; none of the phone's own fields comes along."""
    session, url = running.sign_up("obrol", at_most=15)
    browser = running.browser()
    browser.post(f"{url}?cara=declared", f"{url}/nyatakan", umur="ya")
    wait_decided(running, session)
    phone = {"userStatus": "VERIFIED", "ageLower": 16, "ageUpper": 17, "installId": "pasang-7f3a91c2"}
    signal = age_signal("google", phone)
    assert signal is not None
    running.sign_up("ramai", birth_date="2009-05-17")
    hinted, _ = running.sign_up("ramai", evidence=signal["evidence"], **signal["age"])
    assert (
        running.api.get(f"/v1/sessions/{hinted}").json()["next"]["kind"] == "age_check"
    )  # it proves nothing
    pieces = ["umur=ya", "&umur=", browser.http.cookies["csrftoken"]]
    pieces += ["2009-05-17", "birth_date", phone["installId"], "VERIFIED", '"at_least":16', '"at_least": 16']
    running.keeps_nothing_of(pieces)


def test_after_a_guardian_said_it(running):
    session, url = running.sign_up("obrol", at_most=15)
    login = asked_of(running.house, GUARDIAN, session)
    browser = running.browser()
    browser.post(f"{url}?cara=guardian", f"{url}/orang-tua")
    home = running.browser()
    page = home.http.get("/keluarga/", headers={"Cookie": f"ruang={login}"})
    act = re.search(r'action="(/keluarga/umur/[0-9a-f-]+)"', page.text)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert act, page.text
    assert token
    cookies = f"ruang={login}; csrftoken={page.cookies['csrftoken']}"
    said = home.http.post(
        act[1], data={"csrfmiddlewaretoken": token[1], "umur": "ya"}, headers={"Cookie": cookies}
    )
    assert said.status_code == 303, said.text[-500:]
    told = wait_decided(running, session)
    assert told["state"] == "waiting"
    running.keeps_nothing_of(["umur=ya", token[1], page.cookies["csrftoken"]])


def test_after_a_token_was_fetched_and_taken_elsewhere(running):
    """The house signs blindly; a platform of its own takes the token by the client, and the house sees neither."""
    _, session = by_school(running)
    wait_decided(running, session)
    login = asked_of(running.house, WALLET)
    told = httpx.get(f"{running.base}{checking.DIRECTORY_PATH}").content
    keys = checking.read_directory(told)
    key = next(
        one for one in keys.values()
        if one.claim == "age_over_16" and one.assurance == "standard" and one.not_before <= time.time() < one.not_after
    )  # fmt: skip
    asked = checking.challenge(urlsplit(running.base).netloc, secrets.token_bytes(32), "ramai.example")
    spki = next(
        base64.urlsafe_b64decode(one["token-key"])
        for one in json.loads(told)["token-keys"]
        if (one.get("claim"), one.get("assurance")) == ("age_over_16", "standard")
        and one["not-before"] == key.not_before
    )
    pending = tokens.begin(asked, spki, secrets.token_bytes)
    reply = httpx.post(
        f"{running.base}/age-tokens",
        content=pending.request,
        headers={"Authorization": f"Bearer {login}", "Content-Type": "application/private-token-request"},
        timeout=60,
    )
    assert reply.status_code == 200, reply.text
    token = tokens.finish(pending, reply.content)
    checking.check_token(token, keys, "age_over_16", {"standard", "strict"}, [asked], checking.MemorySpends())
    pieces = [token, token[2:34], token[-256:], pending.request[3:], reply.content, asked, login]
    running.keeps_nothing_of(pieces)


@pytest.mark.postgres
def test_with_postgresql_its_tables_and_its_log_ahead_hold_nothing_either(house):
    with cluster(durable=True) as url:
        house.settings["RUANGAMAN_DATABASE_URL"] = url
        made = house.run("init")
        assert made.returncode == 0, made.stderr
        files = Path(url.split("@/")[1]).parent
        with served(house) as running:
            pieces, session = by_school(running)
            wait_decided(running, session)
            assert running.left(pieces) == []
            assert found_in(files, pieces) == []
            evidence = house.data.parent / "bukti.txt"
            evidence.write_text(str(pieces[0]))
            assert asked_of(house, PLANT, str(evidence)) is True
            assert any("pg_wal" in file for file, _ in found_in(files, pieces))
            house.stop_all()


def test_what_is_planted_is_found_in_each_shape(house):
    """The search itself: a row in a table (while it stands in the -wal), a log, a temporary file, an encoded text."""
    with served(house) as running:
        found_when_planted(running)


def found_when_planted(running: Running) -> None:
    pieces, _ = by_school(running)
    assert running.left(pieces) == []
    nonce = str(pieces[5])
    for number, text in enumerate(
        (
            nonce.encode(),
            nonce.encode().hex().encode(),
            *(base64.b64encode(b"x" * shift + f"{nonce} and more".encode()) for shift in range(3)),
        )
    ):
        planted = running.house.data / "tmp" / f"tanam-{number}"
        planted.write_bytes(b"before " + text + b" after")
        assert [file for file, _ in running.left([nonce])] == [f"tmp/tanam-{number}"], text
        planted.unlink()
    evidence = running.house.data.parent / "bukti.txt"
    evidence.write_text(str(pieces[0]))
    assert asked_of(running.house, PLANT, str(evidence)) is True
    held = {file for file, _ in running.left(pieces)}
    assert any("sqlite3" in file for file in held), held
