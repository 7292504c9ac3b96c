"""A Kolibri as a school has it: a data folder of its own, an administrator, the real server on loopback."""

import json
import os
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tests.house.conftest import free_port, listens
from tests.readers.environments import installed

ADMIN = ("kepala", "rahasia-sekolah")
START_WITHIN = 90  # seconds; the first start takes ten


@dataclass
class Person:
    """Somebody signed in by Kolibri's API, as its pages do it."""

    address: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def call(self, method: str, path: str, sent: dict[str, Any] | None = None) -> Any:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        for one in self.cookies:
            if one.name == "kolibri_csrftoken":
                headers["X-CSRFToken"] = one.value or ""
        body = None if sent is None else json.dumps(sent).encode()
        asked = urllib.request.Request(self.address + path, body, headers, method=method)
        with opener.open(asked, timeout=30) as answer:
            content = answer.read()
        return json.loads(content) if content[:1] in b"{[" else content

    def sign_in(self, name: str, password: str, school: str) -> "Person":
        self.call("GET", "/id/auth/")  # gives the cookie against forged requests
        self.call("POST", "/api/auth/session/", {"username": name, "password": password, "facility": school})
        return self


@dataclass
class Kolibri:
    """One installation, started with `start` and ended with `stop`."""

    home: Path
    port: int = field(default_factory=free_port)
    boxes: int = field(default_factory=free_port)
    running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("KOLIBRI_", "DJANGO_"))
        }
        return kept | {
            "KOLIBRI_HOME": str(self.home),
            "KOLIBRI_LISTEN_ADDRESS": "127.0.0.1",
            "KOLIBRI_DISABLE_PING": "1",
            "KOLIBRI_ZEROCONF_ENABLED": "0",
        }

    def manage(self, *words: str) -> str:
        """One of its commands; what it prints."""
        done = subprocess.run(
            [installed("kolibri", "bin/kolibri"), "manage", *words],
            env=self._environment,
            capture_output=True,
            timeout=300,
        )
        told = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, told[-3000:]
        return told

    def open_school(self) -> None:
        name, password = ADMIN
        self.manage(
            *("provisiondevice", "--noinput", "--facility", "Sekolah Melati", "--preset", "nonformal"),
            *("--superusername", name, "--superuserpassword", password, "--language_id", "id"),
        )

    def take(self, channel: str, folder: Path) -> None:
        """Import a channel from a disk: what there is, then its files, each of which must be there."""
        self.manage("importchannel", "disk", channel, str(folder))
        self.manage("importcontent", "--fail-on-error", "disk", channel, str(folder))

    def start(self) -> None:
        log = (self.home.parent / "kolibri.log").open("ab")
        self.running = subprocess.Popen(
            [
                *(installed("kolibri", "bin/kolibri"), "start", "--foreground"),
                *("--port", str(self.port), "--zip-port", str(self.boxes)),
            ],
            env=self._environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        until = time.monotonic() + START_WITHIN
        while not (listens(self.port) and listens(self.boxes)):
            assert self.running.poll() is None, (self.home.parent / "kolibri.log").read_text()[-3000:]
            assert time.monotonic() < until, "Kolibri did not start"
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask it to end, by its own process id; whoever does not listen is ended."""
        if self.running is None:
            return
        self.running.terminate()
        try:
            self.running.wait(30)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait(10)

    @property
    def school(self) -> str:
        return str(Person(self.address).call("GET", "/api/auth/facility/")[0]["id"])

    def enrol(self, name: str, password: str) -> Person:
        """A new learner of the school, signed in."""
        admin = Person(self.address).sign_in(*ADMIN, self.school)
        learner = {"username": name, "full_name": name.title(), "password": password, "facility": self.school}
        admin.call("POST", "/api/auth/facilityuser/", learner)
        return Person(self.address).sign_in(name, password, self.school)
