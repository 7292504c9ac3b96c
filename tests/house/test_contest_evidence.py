"""
What was told and shown for a contest, looked for in a running house: database file, journal, logs, temporary folders.

Before the decision it stands sealed; after it, its sealed bytes are gone too.
"""

import http.cookiejar
import re
import secrets
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from tests.house.conftest import House, free_port, listens

from ruangaman.rooms.access.tests.contest_files import jpeg, pdf, voice

pytestmark = pytest.mark.slow

PASSWORD = "tiga kucing di atas atap"


class Browser:
    """Cookies and forms, no more."""

    def __init__(self, port: int) -> None:
        self.base = f"http://localhost:{port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, form: dict[str, str], files: list[bytes] | None = None) -> bytes:
        """Send a form as the page gives it, with what it hides."""
        found = re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|once)" value="([^"]+)"', page)
        form = dict(found) | form
        if files is None:
            body, kind = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        else:
            edge = secrets.token_hex(16)
            parts = [
                f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                for name, value in form.items()
            ]
            head = 'Content-Disposition: form-data; name="files"; filename="Rapor Kirana.jpg"'
            parts += [f"--{edge}\r\n{head}\r\n\r\n".encode() + one + b"\r\n" for one in files]
            body, kind = b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
        request = urllib.request.Request(
            self.base + path, body, {"Content-Type": kind, "Origin": self.base}, method="POST"
        )
        with self.opener.open(request, timeout=60) as answer:
            return bytes(answer.read())


def everything(*folders: Path) -> bytes:
    """Each byte of each file, whatever it is."""
    return b"".join(one.read_bytes() for folder in folders for one in folder.rglob("*") if one.is_file())


def sealed(house: House) -> list[bytes]:
    with sqlite3.connect(house.data / "ruangaman.sqlite3") as database:
        rows = database.execute("SELECT sealed FROM vault_sealed WHERE kind LIKE 'ages.contest-%'").fetchall()
    database.close()
    return [bytes(row[0]) for row in rows]


def test_evidence_is_never_in_the_clear_and_no_sealed_byte_of_it_is_left(house, tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    house.settings |= {"TMPDIR": str(temporary)}
    port = free_port()
    house.settings["RUANGAMAN_BASE_URL"] = f"http://localhost:{port}"
    house.start("serve", "web", "--port", str(port))
    house.until(lambda: listens(port))
    link = house.run("staff", "add", "dewi", "--officer").stdout
    path = urllib.parse.urlsplit(re.search(r"http\S+", link)[0]).path  # type: ignore[index]
    officer = Browser(port)
    place = officer.opener.open(officer.base + path).url.removeprefix(officer.base)
    officer.post(place, officer.get(place), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    officer.post("/petugas/masuk", officer.get("/petugas/masuk"), {"username": "dewi", "password": PASSWORD})
    gone, numbers, reasons = [], [], []
    for decision in ("declined", "granted"):
        paper = secrets.token_bytes(60) + secrets.token_hex(700_000).encode()
        marks = [paper[60:160], paper[-100:], secrets.token_hex(20).encode(), secrets.token_hex(20).encode()]
        words = f"Namaku Kirana Rahasia {secrets.token_hex(20)}"
        child = Browser(port)
        page = child.get("/banding?apa=older")
        files = [jpeg(paper), pdf(marks[2]), voice(marks[3])]
        receipt = child.post("/banding?apa=older", page, {"words": words}, files).decode()
        number, word = re.findall(r'<b class="said">([^<]+)</b>', receipt)
        clear = [*marks, words.encode(), b"Kirana", word.encode()]
        for mark in clear:
            assert mark not in everything(house.data, temporary)
        kept = [one for one in sealed(house) if one not in reasons]
        assert len(kept) > 30

        inbox = officer.get("/petugas/banding")
        desk = re.search(r'href="(/petugas/banding/[0-9a-f-]+)"', inbox)[1]  # type: ignore[index]
        officer.post(desk, officer.get(desk), {"act": "open"})
        seen = officer.post(f"{desk}/berkas/1", officer.get(desk), {})
        assert marks[0] in seen
        assert marks[1] in seen
        with pytest.raises(urllib.error.HTTPError):
            officer.post(f"{desk}/berkas/1", officer.get(desk), {})
        why = {"decision": decision, "reason": "Belum cukup.", "reason_en": "Not enough."}
        officer.post(desk, officer.get(desk), {"act": "answer", **why})
        status = child.post(
            "/banding/lihat", child.get("/banding/lihat"), {"nomor": number, "kata": word}
        ).decode()
        assert "Belum cukup." in status
        gone += [*clear, *(one[13:] for one in kept)]
        numbers.append(number)
        reasons = sealed(house)

    assert len(sealed(house)) == 2  # the reasons, for their persons to read
    with sqlite3.connect(house.data / "ruangaman.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        decisions = {one for (one,) in database.execute("SELECT decision FROM ages_contest")}
    database.close()
    assert decisions == {"declined", "granted"}
    raw = everything(house.data, temporary)
    for number in numbers:
        assert number.replace("-", "").encode() in raw
    for mark in gone:
        assert mark not in raw
