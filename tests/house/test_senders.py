"""Receivers that never answer hold up nobody else: letters leave at once, and so do the events of other endpoints."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.house.conftest import free_port

from ruangaman.rooms.access.tests.receiver import receiver

pytestmark = pytest.mark.slow

# The allow-list opens receivers on this machine; a house that is no story refuses it at start, so it is set afterwards.
AWAKE = """
import json, sys, time
from django.conf import settings
settings.WEBHOOK_ALLOW = sys.argv[1].split(",")
"""
JOBS = (
    AWAKE
    + """
from ruangaman.site import jobs
sys.exit(jobs.run())
"""
)
PLATFORM = (
    AWAKE
    + """
from datetime import UTC, datetime
from pathlib import Path
from django.test import Client
from ruangaman.rooms.access import api as access

now = datetime.now(UTC)
text = lambda said: {"id": said, "en": said}
if access.service("obrol") is None:
    access.create_service(
        slug="obrol", operator="PT Contoh Riang", name="Obrol", type="chat", risk_profile="low",
        risk_determined_by="Kementerian Komunikasi dan Digital", risk_determined_at=now, purpose=text("Mengobrol."),
        opens=[text("Membaca.")], stays_closed=[text("Lokasi.")], data_requested=[text("Nama panggilan.")], now=now,
    )

def call(key, path, body):
    told = Client(SERVER_NAME="localhost").post(
        path, json.dumps(body), "application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert told.status_code < 300, told.content
    return json.loads(told.content)

def hook(key, url, tests):
    made = call(key, "/v1/webhooks", {"url": url})["id"]
    for _ in range(tests):
        call(key, f"/v1/webhooks/{made}/test", {})

live, sandbox = (access.create_key(service="obrol", sandbox=one, now=now).text for one in (False, True))
for number in range(4):
    for key in (live, sandbox):
        hook(key, f"{sys.argv[2]}/{number}", 3)
hook(live, sys.argv[3], 0)
folder = Path(settings.DATA_DIR)
(folder / "ready").touch()
while not (folder / "go").exists():
    time.sleep(0.05)
call(live, "/v1/sessions", {
    "service": "obrol", "subject": "p-1", "age": {"birth_date": "2012-03-14"}, "child": {"nickname": "Bima"},
    "guardian": {"email": "ibu@contoh.example"},
})
(folder / "asked").write_text(str(time.monotonic()))
"""
)


@dataclass
class Tarpit:
    """Takes every connection and never says a word; counts the calls."""

    port: int
    calls: list[float] = field(default_factory=list)


@contextmanager
def tarpit() -> Iterator[Tarpit]:
    server = socket.create_server(("127.0.0.1", 0))
    found = Tarpit(server.getsockname()[1])
    kept: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            kept.append(line)
            found.calls.append(time.monotonic())

    threading.Thread(target=take, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        for line in kept:
            line.close()


class Letters:
    """A mail server that keeps when each letter came."""

    def __init__(self) -> None:
        self.came: list[float] = []

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        self.came.append(time.monotonic())
        return "250 OK"


@pytest.fixture
def letters() -> Iterator[tuple[int, Letters]]:
    kept, port = Letters(), free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield port, kept
    server.stop()


def test_a_letter_and_a_good_endpoint_wait_for_no_receiver_that_never_answers(house, letters):
    mail, kept = letters
    with receiver() as good, tarpit() as mute:
        house.settings = {
            "RUANGAMAN_MAIL_URL": f"smtp://127.0.0.1:{mail}",
            "RUANGAMAN_MAIL_FROM": "Ruang Aman <izin@contoh.example>",
        }
        allow = f"{good.origin},127.0.0.1:{mute.port}"
        platform = house.python(PLATFORM, allow, f"http://127.0.0.1:{mute.port}", good.url)
        house.until((house.data / "ready").exists)
        jobs = house.python(JOBS, allow)
        house.until(lambda: len(mute.calls) >= 5)  # two of the sandbox, three of one operator: the bounds
        house.until((house.data / "jobs-heartbeat").exists)  # its first second is over: packs are read
        (house.data / "go").touch()
        assert platform.wait(30) == 0
        house.until(lambda: kept.came != [], 20)
        took = kept.came[0] - float((house.data / "asked").read_text())
        assert took < 9, "two seconds on a machine at rest, and less than one time limit on any"
        assert len(mute.calls) <= 16, "24 events wait; each endpoint is asked once or twice, and rests"
        # The operator's other three endpoints hang; its good one has its turn when the first of them is given up.
        house.until(lambda: good.got != [], 25)
        jobs.terminate()
        assert jobs.wait(8) == 0, "a receiver that is waited for holds up no stop"
