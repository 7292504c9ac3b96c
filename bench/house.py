"""A house for the bench: its own data folder, database, key, service and office; its processes on one core."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.machine import ROOT, Server, free_port

COMMAND = Path(sys.executable).with_name("ruangaman")
THREADS = 4

# As `ruangaman serve lane` starts it, for the empty endpoint.
UVICORN_SETTINGS = (
    *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
    *("--lifespan", "off", "--no-server-header"),
)


@dataclass(frozen=True, slots=True)
class House:
    """A migrated house with one service, a key that may do everything, and an office whose verdicts count."""

    folder: Path
    environment: Mapping[str, str]
    key: str
    office_key: Mapping[str, Any]

    @property
    def log(self) -> Path:
        """What the lane wrote."""
        return self.folder / "lane.log"

    def lane(self) -> Server:
        return self._serve("lane", "--lane-port")

    def web(self, more: Mapping[str, str] | None = None) -> Server:
        """`more` goes into its environment."""
        return self._serve("web", "--port", "--threads", str(THREADS), environment=more)

    def fill(self, module: str, *words: str) -> dict[str, Any]:
        """What a module of the bench, run in this house, prints."""
        return told_by([sys.executable, "-m", module, *words], self.environment)

    def _serve(
        self, part: str, port_option: str, *more: str, environment: Mapping[str, str] | None = None
    ) -> Server:
        port = free_port()
        command = [str(COMMAND), "serve", part, port_option, str(port), *more]
        return Server(command, port, self.folder / f"{part}.out", {**self.environment, **(environment or {})})


def make(folder: Path, database_url: str | None = None) -> House:
    """Everything from nothing, in `folder`. The limits that would stop a measurement are lifted, none is taken out."""
    folder.mkdir(parents=True, mode=0o700)
    limits = ("ASK_PER_SECOND", "ASK_BURST", "API_PER_SECOND", "API_BURST")
    environment = {f"RUANGAMAN_{name}": "1000000000" for name in limits} | {"RUANGAMAN_DATA_DIR": str(folder)}
    if database_url:
        environment["RUANGAMAN_DATABASE_URL"] = database_url
    run([str(COMMAND), "init"], environment)
    found = told_by([sys.executable, "-m", "bench.fill"], environment)
    return House(folder, environment, found["key"], found["office_key"])


def run(command: list[str], environment: Mapping[str, str]) -> bytes:
    """What a command prints that knows these settings of ours and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    ran = subprocess.run(
        command, cwd=ROOT, env={**others, **environment}, stdout=subprocess.PIPE, check=True, timeout=120
    )
    return ran.stdout


def told_by(command: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object that a command prints."""
    found: dict[str, Any] = json.loads(run(command, environment))
    return found
