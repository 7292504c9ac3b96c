"""
Our statements in Ralph, an LRS that keeps them in files: taken, given back as they were, once each; bad ones refused.

Ralph does not look at the header X-Experience-API-Version, its command `validate` knows profiles of its own alone, and
its files are not searched by verb: none of the three can be tried with it.
"""

import copy
import json
import os
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.laws.test_statements import every
from tests.readers.environments import installed

LOOK = Path(__file__).resolve().parent / "ralph" / "look.py"
NAME, PASSWORD = "rumah", "melati-putih"
READY_S = 60
MOST = 5_000


@dataclass(frozen=True)
class Lrs:
    """A running Ralph on loopback."""

    port: int

    def __call__(
        self, method: str, query: dict[str, str], body: Any = None, *, password: str | None = PASSWORD
    ) -> tuple[int, Any]:
        headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        if password is not None:
            headers["Authorization"] = "Basic " + b64encode(f"{NAME}:{password}".encode()).decode()
        line = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(
                method,
                f"/xAPI/statements/?{urlencode(query)}",
                None if body is None else json.dumps(body),
                headers,
            )
            reply = line.getresponse()
            told = reply.read()
            is_json = reply.headers.get_content_type() == "application/json"
            return reply.status, json.loads(told) if told and is_json else None
        finally:
            line.close()


@pytest.fixture(scope="module")
def lrs(tmp_path_factory) -> Iterator[Lrs]:
    folder = tmp_path_factory.mktemp("ralph")
    (folder / "data").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_RUNSERVER_MAX_SEARCH_HITS_COUNT": str(MOST),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "data"),
    }
    subprocess.run(
        [
            *(installed("ralph", "bin/ralph"), "auth", "-w", "-u", NAME, "-p", PASSWORD, "-s", "all"),
            *("-A", NAME, "https://rumah.example"),
        ],
        env=settings,
        check=True,
        capture_output=True,
        timeout=60,
    )
    program = [installed("ralph", "bin/python"), "-m", "uvicorn", "ralph.api:app", "--host", "127.0.0.1"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*program, "--port", str(port)], env=settings, cwd=folder, stdout=log, stderr=log
        )
    try:
        last = time.monotonic() + READY_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert running.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < last, (folder / "log").read_text()
                time.sleep(0.1)
        yield Lrs(port)
    finally:
        running.terminate()
        running.wait(20)


def test_every_statement_is_taken_once_and_given_back_as_it_was(lrs):
    sent = every()
    status, ids = lrs("POST", {}, sent)
    assert (status, ids) == (200, [one["id"] for one in sent])
    status, _ = lrs("POST", {}, sent[:50])
    assert status in (200, 204), "what was sent twice is no fault"
    status, told = lrs("GET", {"limit": str(MOST)})
    assert status == 200
    assert len(told["statements"]) == len(sent), "once each"
    kept = {one["id"]: one for one in told["statements"]}
    for one in sent:
        assert {name: kept[one["id"]][name] for name in one} == one


def test_a_learner_is_found_by_the_account_alone(lrs):
    agent = json.dumps({"account": {"homePage": "https://lms.example", "name": "peserta-7f3a"}})
    status, told = lrs("GET", {"agent": agent, "limit": "5"})
    assert (status, len(told["statements"])) == (200, 5)
    other = json.dumps({"account": {"homePage": "https://lms.example", "name": "lain"}})
    assert lrs("GET", {"agent": other})[1]["statements"] == []


def test_nobody_writes_or_reads_without_a_password(lrs):
    for password in (None, "salah"):
        assert lrs("POST", {}, every()[:1], password=password)[0] in (401, 403)
        assert lrs("GET", {}, password=password)[0] in (401, 403)


def spoiled() -> dict[str, dict]:
    """Statements that nobody may send, by what is wrong."""
    good = every()[0]
    found = {
        name: copy.deepcopy(good)
        for name in ("two-names", "mail-as-name", "verb", "score", "time", "registration")
    }
    found["two-names"]["actor"]["mbox"] = "mailto:ibu@contoh.example"
    found["mail-as-name"]["actor"] = {"mbox": "ibu@contoh.example"}
    found["verb"]["verb"]["id"] = "menjawab"
    found["score"]["result"]["score"]["scaled"] = 3
    found["time"]["timestamp"] = "kemarin"
    found["registration"]["context"]["registration"] = "satu"
    return found


def test_what_is_no_statement_is_refused_and_not_kept(lrs):
    """With a mail that is none Ralph fails with 500 rather than 400; kept it is not."""
    bad = [spoiled()["two-names"], spoiled()["mail-as-name"]]
    bad += [
        {key: value for key, value in every()[0].items() if key != missing}
        for missing in ("actor", "verb", "object")
    ]
    for at, one in enumerate(bad):
        one = {**one, "id": f"00000000-0000-4000-8000-00000000000{at}"}
        assert lrs("POST", {}, [one])[0] in ((500,) if at == 1 else (400, 422)), at
        status, told = lrs("GET", {"statementId": one["id"]})
        assert status == 404 or told["statements"] == []


def test_by_ralphs_own_strict_model_all_of_ours_are_statements_and_spoiled_ones_are_not():
    told = [*every(), *spoiled().values()]
    done = subprocess.run(
        [installed("ralph", "bin/python"), LOOK],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == list(range(len(every()), len(told)))
