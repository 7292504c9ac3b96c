"""The machine, and servers on it: pinned to one core, watched by CPU time and memory, stopped by id."""

import contextlib
import os
import platform
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
SERVER_CORE = 0
CLIENT_CORE = max(0, (os.cpu_count() or 1) - 1)
STARTS_WITHIN_SECONDS = 30.0


def line() -> str:
    """Cores, processor, Python, load: what a reader needs to place the figures."""
    model = next(
        (
            each.partition(":")[2].strip()
            for each in Path("/proc/cpuinfo").read_text().splitlines()
            if each.startswith("model name")
        ),
        platform.machine(),
    )
    load = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, load at the start {load}"


@dataclass(slots=True)
class Neighbours:
    """How much of the machine others used between two looks: a busy one distorts even CPU-second rates."""

    _start: tuple[float, float] = field(default=(0.0, 0.0))

    def __post_init__(self) -> None:
        self._start = self._look()

    @staticmethod
    def _look() -> tuple[float, float]:
        first = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
        busy = (sum(map(int, first)) - int(first[3]) - int(first[4])) / TICKS
        mine = os.times()
        return busy, mine.user + mine.system + mine.children_user + mine.children_system

    def cores_used(self, seconds: float) -> float:
        """Cores that other programs kept busy on average, over the `seconds` since this was made."""
        busy, mine = self._look()
        return max(0.0, (busy - self._start[0]) - (mine - self._start[1])) / seconds


def free_port() -> int:
    """A port that nothing uses: a fresh one for every server, so that no orphan ever answers in its place."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield int(each)
            yield from _children(int(each))


def tree(pid: int) -> list[int]:
    return [pid, *_children(pid)]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and the living processes under it."""
    spent = 0.0
    for each in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) / TICKS
    return spent


def memory_mib(pid: int, what: str = "VmRSS") -> float:
    """Resident memory (`VmRSS`) or its peak (`VmHWM`) of a process and those under it, in MiB."""
    kib = 0
    for each in tree(pid):
        with contextlib.suppress(OSError):
            kib += sum(
                int(line.split()[1])
                for line in Path(f"/proc/{each}/status").read_text().splitlines()
                if line.startswith(what + ":")
            )
    return kib / 1024


@contextlib.contextmanager
def pin(core: int) -> Iterator[None]:
    """Keep this process, and what it starts, on one core for a while."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Server:
    """A server of its own process group, pinned to one core, on a fresh port of the loopback address."""

    def __init__(
        self, command: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.port = port
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self.pid = self._process.pid
        try:
            self._wait(log)
        except BaseException:
            self.stop()
            raise

    def _wait(self, log: Path) -> None:
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"server did not start: {' '.join(self._process.args)}\n{log.read_text()[-2000:]}")  # type: ignore[arg-type]

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def memory_mib(self) -> float:
        return memory_mib(self.pid)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            for each in reversed(tree(self.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, 9)
            self._process.wait(10)
        self._log.close()
