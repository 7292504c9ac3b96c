"""Runs the story: fills the house, starts it and the example programs beside it, and stops all of them together.

This module stays outside of Django: the house runs in processes of its own.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ruangaman.site.story.errors import ExamplesMissing
from ruangaman.site.story.house import House

ROOT = Path(__file__).resolve().parents[4]
GRACE = 10.0  # seconds between asking a process to stop and ending it
READY_WITHIN = 60.0  # seconds
CITY_FILES = ("jakarta-2012.osm.pbf", "jakarta_rw.parquet", "jakarta_demand.parquet", "villages.csv.gz")
CITY_NEEDS = ("numba", "osmium", "geopandas")  # of the extra ruangaman[city]
CLOCK_FILE = "story-clock"  # of adapters/clock.py


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the processes listen."""

    web: int
    lane: int
    platform: int
    registry: int
    school: int
    wallet: int


def settings_of(ports: Ports, data_dir: Path) -> dict[str, str]:
    """The environment of every process of the story."""
    own = {
        "RUANGAMAN_STORY": "1",
        "RUANGAMAN_DATA_DIR": str(data_dir),
        "RUANGAMAN_BASE_URL": f"http://localhost:{ports.web}",
        "RUANGAMAN_WEBHOOK_ALLOW": f"127.0.0.1:{ports.platform}",
        "RUANGAMAN_STORY_WALLET": f"http://identitas.localhost:{ports.wallet}/buka",
        "PYTHONUNBUFFERED": "1",
    }
    kept = {*own, "RUANGAMAN_CITY_DATA"}
    house = [name for name in os.environ if name.startswith("RUANGAMAN_") and name not in kept]
    # A real installation's settings (its database, its mail server) never reach the story.
    return {name: value for name, value in os.environ.items() if name not in house} | own


def certified(house: House) -> dict[str, str]:
    """What the house is started with once the story is filled: the certificate by which it asks wallets."""
    return {
        "RUANGAMAN_WALLET_CERTIFICATE_FILE": str(house.asker_certificate),
        "RUANGAMAN_WALLET_KEY_FILE": str(house.asker_key),
    }


def taken(ports: Ports) -> list[tuple[str, int]]:
    """The ports on which somebody listens already, by name."""
    found = []
    for name in ("web", "lane", "platform", "registry", "school", "wallet"):
        port = getattr(ports, name)
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                found.append((name, port))
    return found


def commands(ports: Ports, house: House) -> dict[str, list[str]]:
    """The processes, by name."""
    python = [sys.executable, "-m"]
    clock = ["--clock", str(house.data_dir / CLOCK_FILE)]
    web = ["--port", str(ports.web), "--lane-port", str(ports.lane)]
    platform = ["--settings", str(house.platform), "--data", str(house.platform_data), *clock]
    registry = ["--settings", str(house.registry), *clock]
    school = ["--settings", str(house.school), *clock]
    wallet = ["--settings", str(house.wallet), *clock]
    return {
        "ruangaman": [*python, "ruangaman.site.cli", "serve", *web],
        "platform": [*python, "examples.platform", *platform, "--port", str(ports.platform)],
        "registry": [*python, "examples.registry", *registry, "--port", str(ports.registry)],
        "school": [*python, "examples.institution", *school, "--port", str(ports.school)],
        "wallet": [*python, "examples.dompet_identitas", *wallet, "--port", str(ports.wallet)],
    }


def empty(house: House) -> None:
    """Throw the story away: its folder, its database, its clock. Only a data folder that holds a story is emptied."""
    if not house.plan.exists():
        return
    shutil.rmtree(house.folder)
    for old in (*house.data_dir.glob("ruangaman.sqlite3*"), house.data_dir / CLOCK_FILE):
        old.unlink(missing_ok=True)


def run(ports: Ports, data_dir: Path, *, say: Callable[[str], None] = print) -> int:
    """Fill, start, wait; start anew when the page asks for it. 0 when a signal asked for the stop, else 1."""
    if not (ROOT / "examples" / "platform" / "app.py").is_file():
        raise ExamplesMissing
    house = House(data_dir)
    environment = settings_of(ports, data_dir)
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    while not stopping:
        data = _city_data(environment)
        if not _fill(ports, environment, with_jakarta=data is not None):
            return 1
        house.again.unlink(missing_ok=True)
        house.runner.write_text(str(os.getpid()))
        running = _start(ports, house, environment | certified(house))
        builder = None
        try:
            if not _ready(ports, running, lambda: stopping):
                return 0 if stopping else _died(running, say)
            say(_welcome(ports))
            builder = _build(data, environment) if data else None
            while not stopping and not house.again.exists():
                if any(process.poll() is not None for process in running.values()):
                    return _died(running, say)
                time.sleep(0.1)
        finally:
            _stop(running if builder is None else {**running, "jakarta": builder})
            house.runner.unlink(missing_ok=True)
        if not stopping:
            say("Cerita dimulai ulang. / The story starts anew.")
            empty(house)
    return 0


def _fill(ports: Ports, environment: Mapping[str, str], *, with_jakarta: bool) -> bool:
    cli = [sys.executable, "-m", "ruangaman.site.cli"]
    places = ["--platform-port", str(ports.platform), "--registry-port", str(ports.registry)]
    places += ["--school-port", str(ports.school), "--wallet-port", str(ports.wallet)]
    places += ["--jakarta"] if with_jakarta else []
    for command in ([*cli, "init"], [*cli, "story", "fill", *places]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:  # noqa: S603
            return False
    return True


def _city_data(environment: Mapping[str, str]) -> Path | None:
    """Where Jakarta's data stand, if they do and can be read."""
    wanted = Path(told) if (told := environment.get("RUANGAMAN_CITY_DATA", "")) else None
    folders = [wanted] if wanted else [ROOT.parent / "shared" / "data" / "city", ROOT / "data" / "city"]
    found = next((one for one in folders if all((one / name).is_file() for name in CITY_FILES)), None)
    return found if all(importlib.util.find_spec(name) for name in CITY_NEEDS) else None


def _build(data: Path, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Jakarta takes half a minute: it is built once, beside the running house."""
    command = [sys.executable, "-m", "ruangaman.site.cli", "story", "city", str(data)]
    return subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    )


def _start(ports: Ports, house: House, environment: Mapping[str, str]) -> dict[str, subprocess.Popen[bytes]]:
    """Each process in a session of its own: Ctrl-C reaches this one, which then stops the others in turn."""
    return {
        name: subprocess.Popen(  # noqa: S603
            command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
        )
        for name, command in commands(ports, house).items()
    }


def _ready(
    ports: Ports, running: Mapping[str, subprocess.Popen[bytes]], given_up: Callable[[], bool]
) -> bool:
    """Wait until each address answers."""
    waiting = [f"http://127.0.0.1:{ports.web}/cerita", f"http://127.0.0.1:{ports.platform}/"]
    waiting += [
        f"http://127.0.0.1:{port}/" for port in (ports.registry, ports.school, ports.wallet, ports.lane)
    ]
    until = time.monotonic() + READY_WITHIN
    while waiting and time.monotonic() < until and not given_up():
        if any(process.poll() is not None for process in running.values()):
            return False
        if _answers(waiting[0]):
            waiting.pop(0)
        else:
            time.sleep(0.1)
    return not waiting


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310  (an address of this machine)
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _died(running: Mapping[str, subprocess.Popen[bytes]], say: Callable[[str], None]) -> int:
    for name, process in running.items():
        if process.poll() is not None:
            say(f"{name} berhenti sendiri / stopped by itself (status {process.returncode}).")
    return 1


def _stop(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE
    for process in running.values():
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _welcome(ports: Ports) -> str:
    return f"""
http://localhost:{ports.web}/   Ruang Aman

  Cerita / the story   http://localhost:{ports.web}/cerita
  Sari, Bima, Ayu      http://ramai.localhost:{ports.platform}/   (daftar di aplikasi / sign up at an app)
  Ibu, Ayah / parents  http://localhost:{ports.web}/cerita/surat   (surat mereka / their mail)
  Petugas / officer    http://localhost:{ports.web}/petugas/   (nama dan kata sandi di cerita / name and password there)
  Kota / the city      http://localhost:{ports.web}/kota/kota-melati/peta   (jalan Sari / Sari's walk)
  Jam / the clock      http://localhost:{ports.web}/cerita/jam

Semua rekaan, semua di komputer ini. Ctrl-C menghentikan. / All made up, all on this machine. Ctrl-C stops it."""
