"""One run of wrk on the client's core against a server on the other, with the server's CPU time beside it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.machine import CLIENT_CORE, Server

SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What one run saw: requests by the wall clock and by the CPU time of the server, and latency."""

    per_second: float
    per_cpu_second: float
    p50_ms: float
    p99_ms: float


class RequestsFailedError(RuntimeError):
    """A request was refused or broken off: the run measured something else than it says."""


def load(
    server: Server,
    path: str,
    *,
    bodies: Path,
    key: str,
    connections: int,
    seconds: int,
    pause_ms: float = 0.0,
) -> Load:
    """POST the bodies round and round; each connection pauses `pause_ms` on average between two requests."""
    before = server.cpu_seconds()
    ran = subprocess.run(
        [
            *("taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"),
            *("--timeout", "10s", "-s", str(SCRIPT), f"http://127.0.0.1:{server.port}{path}"),
        ],
        env={**os.environ, "BODIES": str(bodies), "KEY": key, "PAUSE_MS": str(pause_ms)},
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=True,
    )
    spent = server.cpu_seconds() - before
    found = json.loads(ran.stdout.partition("RESULT ")[2])
    if found["failed"] or not found["requests"]:
        raise RequestsFailedError(f"{path}: {found}\n{ran.stdout}")
    return Load(
        per_second=found["requests"] / found["seconds"],
        per_cpu_second=found["requests"] / spent,
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
    )
