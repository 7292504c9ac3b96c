"""The whole house as people meet it: real processes, a real browser, each story on its own day."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.house.conftest import installed
from tests.stories.people import House, Scene

from ruangaman.client import Client

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 120.0  # seconds; several houses may start at once on a small machine


def _free_ports(count: int) -> list[int]:
    """Ports that nobody uses now. They are held together, so that they differ."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def start_story(data_dir: Path, log: Path) -> House:
    """`ruangaman story run` on free ports; returns when everything answers."""
    web, lane, platform, registry, school, wallet = _free_ports(6)
    command = [sys.executable, "-m", "ruangaman.site.cli", "story", "run", "--port", str(web)]
    command += ["--lane-port", str(lane), "--platform-port", str(platform), "--registry-port", str(registry)]
    command += ["--school-port", str(school), "--wallet-port", str(wallet)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    environment |= {"RUANGAMAN_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    # Jakarta is built where its data are at hand, which takes a processor for half a minute; each story begins without.
    environment["RUANGAMAN_CITY_DATA"] = str(data_dir / "no-city")
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    house = House(
        base=f"http://localhost:{web}",
        platform=f"http://ramai.localhost:{platform}",
        office=f"http://kantor.localhost:{registry}",
        school=f"http://sekolah.localhost:{school}",
        wallet=f"http://identitas.localhost:{wallet}",
        lane_port=lane,
        data_dir=data_dir,
        log=log,
        process=process,
    )
    until = time.monotonic() + READY_WITHIN
    while "Ctrl-C" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            stop_story(house)
            pytest.fail(f"the story did not start: {log.read_text()[-3000:]}")
        time.sleep(0.1)
    return house


def stop_story(house: House) -> None:
    """Ask the runner to stop; it stops what it started."""
    if house.process.poll() is None:
        house.process.send_signal(signal.SIGTERM)
        try:
            house.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(house.process.pid, signal.SIGKILL)
            house.process.wait()


def begun(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder for a story that finds its database migrated."""
    folder = factory.mktemp(name)
    shutil.copytree(installed(factory), folder / "data")
    return folder


@contextmanager
def living_story(folder: Path) -> Iterator[House]:
    """
    The story in a folder that is not there yet or has been initialised, for as long as it is needed; it must end as it
    should.
    """
    house = start_story(folder / "data", folder / "log.txt")
    yield house
    stop_story(house)
    assert house.process.returncode == 0


@pytest.fixture(scope="session")
def story_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all stories of this worker."""
    with living_story(begun(tmp_path_factory, "cerita")) as house:
        yield house


@pytest.fixture
def story(story_house: House, chromium: object) -> Iterator[Scene]:
    """A fresh day and fresh windows. A script error, a blocked resource or a fault of ours fails the story."""
    scene = Scene(story_house, chromium)
    scene.next_day()  # limits for one day, and the windows of the story before, are over
    before = len(story_house.log.read_text())
    yield scene
    wrong = scene.close()
    assert wrong == []
    written = story_house.log.read_text()[before:]
    assert not re.search(r"Traceback|ERROR", written), written[-3000:]


@pytest.fixture
def api_of(story_house: House) -> Iterator[Callable[[str], Client]]:
    """A client of the HTTP API with the key of one service, as the platform has it."""
    settings = json.loads((story_house.data_dir / "cerita" / "platform.json").read_text())
    with ExitStack() as stack:
        yield lambda service: stack.enter_context(
            Client(settings["ruangaman"], settings["services"][service]["key"])
        )
