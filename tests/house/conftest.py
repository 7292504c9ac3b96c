"""A house as someone installs it: an own data folder, the command, real processes on free ports."""

import base64
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest
from tests import forks
from tests.once import migrated, once


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def lower(headers: Message) -> dict[str, str]:
    """Names of headers in lower case, as some servers send them."""
    return {name.lower(): value for name, value in headers.items()}


def get(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one GET, whatever the status is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, lower(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, lower(refused.headers), refused.read()


@dataclass
class House:
    """One installation. `settings` are variables beside the data folder."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    running: list[forks.Fork] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
        return {**kept, "RUANGAMAN_DATA_DIR": str(self.data), **self.settings}

    def run(self, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return forks.server().run(list(command), self.environment, told=given, timeout=90)

    def python(self, code: str, *given: str) -> forks.Fork:
        """A process that runs `code` with Django awake; `given` stands in `sys.argv`."""
        awake = "from ruangaman.site.commands._django import wake\nwake()\n"
        # Beside the data: no test finds there what a process of the house did not write.
        return self._begin(list(given), self.data.parent / "told", code=awake + code)

    def start(self, *command: str) -> forks.Fork:
        """A process that goes on; what it says stands in the data folder."""
        return self._begin(list(command), self.data / "said")

    def _begin(self, given: list[str], out: Path, *, code: str = "") -> forks.Fork:
        files = {"out": out, "err": out, "read": Path(os.devnull)}
        process = forks.server().start(given, self.environment, code=code, **files)
        self.running.append(process)
        return process

    def said(self) -> str:
        return (self.data / "said").read_text()

    def until(self, true: Callable[[], bool], seconds: float = 90) -> None:
        """Wait for something to become true; shows what the processes said when it does not."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s; said:\n{self.said()}")
            time.sleep(0.1)

    def stop_all(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def empty_house(tmp_path) -> Iterator[House]:
    """A folder that is not there yet."""
    house = House(tmp_path / "data")
    yield house
    house.stop_all()


def installed(factory: pytest.TempPathFactory) -> Path:
    """The data folder of a house after `ruangaman init`, made once; each test works on a copy."""

    def make(data: Path) -> None:
        data.mkdir(mode=0o700)
        shutil.copy(migrated(factory), data / "ruangaman.sqlite3")
        done = House(data).run("init")
        assert done.returncode == 0, done.stderr

    return once(factory, "installed", make)


@pytest.fixture(scope="session")
def _made(tmp_path_factory) -> Path:
    return installed(tmp_path_factory)


@pytest.fixture
def house(_made, tmp_path) -> Iterator[House]:
    """A house after `ruangaman init`."""
    shutil.copytree(_made, tmp_path / "data")
    one = House(tmp_path / "data")
    yield one
    one.stop_all()


def a_key(byte: int) -> str:
    """A master key as the environment gives it."""
    return base64.b64encode(bytes([byte]) * 32).decode()
