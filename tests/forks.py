"""
Processes that begin where every process of the house begins: with what they import, and the law, read already.

One process imports what needs no settings and compiles the packs; each command is a fork of it, with an environment, a
standard input and files for its outputs of its own. What a fork then does is what `python -m` does.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
# None of them reads a setting when it is imported.
EARLY = (
    "cbor2",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
    "django.contrib.auth.hashers",
    "django.contrib.sessions.middleware",
    "django.contrib.staticfiles.finders",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.db.models",
    "django.forms",
    "django.template.defaultfilters",
    "django.template.loader",
    "django.test",
    "django.urls",
    "django.views.decorators.csrf",
    "httpx",
    "joserfc.jws",
    "joserfc.jwt",
    "msgspec",
    "requests",
    "segno",
    "webauthn",
    "yaml",
    "ruangaman.core.accounts",
    "ruangaman.core.age_checks",
    "ruangaman.core.credentials.mdoc",
    "ruangaman.core.verdicts",
)
BETWEEN = 0.02  # seconds between two looks at a process


class Fork:
    """One process, as `subprocess.Popen` shows one."""

    def __init__(self, server: "Server", pid: int) -> None:
        self._server, self.pid = server, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, the negative of the signal that ended it, or None while it lives."""
        if self.returncode is None:
            self.returncode = self._server.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (1e9 if timeout is None else timeout)
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout or 0.0)
            time.sleep(BETWEEN)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Server:
    """The process that forks, for as long as this one lives."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, told: dict[str, object]) -> int | None:
        with self._asking:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            print(json.dumps(told), file=self._process.stdin, flush=True)
            found: int | None = json.loads(self._process.stdout.readline())
            return found

    def start(
        self,
        given: list[str],
        environment: dict[str, str],
        *,
        code: str = "",
        out: Path,
        err: Path,
        read: Path,
    ) -> Fork:
        """The command with these words, or `code` with them in `sys.argv`."""
        told = {"given": given, "environment": environment, "code": code, "cwd": str(Path.cwd())}
        files = {"out": str(out), "err": str(err), "read": str(read)}
        pid = self.ask(told | files)
        assert pid
        return Fork(self, pid)

    def run(
        self, given: list[str], environment: dict[str, str], *, told: str, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """The command to its end, and what it said."""
        with tempfile.TemporaryDirectory() as folder:
            out, err, read = (Path(folder) / name for name in ("out", "err", "read"))
            read.write_text(told)
            process = self.start(given, environment, out=out, err=err, read=read)
            try:
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                raise
            return subprocess.CompletedProcess(given, status, out.read_text(), err.read_text())

    def close(self) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(15)


_SERVER: list[Server] = []


def server() -> Server:
    """The one of this process; started when it is first asked for, and gone with this process."""
    if not _SERVER:
        _SERVER.append(Server())
        atexit.register(close)
    return _SERVER[0]


def close() -> None:
    """End the server, if there is one."""
    while _SERVER:
        _SERVER.pop().close()


def _child(told: dict[str, object]) -> None:
    """Becomes the process that was asked for; returns when it is to end by itself."""
    os.setsid()
    for place, (name, how) in enumerate(
        (("read", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    ):
        os.dup2(os.open(str(told[name]), how, 0o644), place)
    os.dup2(
        1 if told["err"] == told["out"] else os.open(str(told["err"]), os.O_WRONLY | os.O_CREAT, 0o644), 2
    )
    os.environ.clear()
    os.environ.update(told["environment"])  # type: ignore[arg-type]
    os.chdir(str(told["cwd"]))
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    tempfile.tempdir = None
    time.tzset()
    given = list(told["given"])  # type: ignore[call-overload]
    sys.stdin, sys.stdout, sys.stderr = (
        open(place, how, encoding="utf-8", closefd=False)  # noqa: SIM115
        for place, how in ((0, "r"), (1, "w"), (2, "w"))
    )
    if told["code"]:
        sys.argv = ["-c", *given]
        exec(str(told["code"]), {"__name__": "__main__"})
        sys.exit(0)
    from ruangaman.site import cli

    sys.argv = ["ruangaman", *given]
    sys.exit(cli.main(given))


def _serve(asked: IO[str], answers: IO[str]) -> None:
    for line in asked:
        told = json.loads(line)
        if "ended" in told:
            pid, status = os.waitpid(told["ended"], os.WNOHANG)
            print(json.dumps(os.waitstatus_to_exitcode(status) if pid else None), file=answers, flush=True)
            continue
        if pid := os.fork():
            print(json.dumps(pid), file=answers, flush=True)
        else:
            asked.close()
            answers.close()
            _child(told)


def _main() -> None:
    import gc
    import importlib

    # A process that a test starts must not hold the pipes to the one that runs the tests.
    asked = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for name in EARLY:
        importlib.import_module(name)
    from ruangaman.adapters import packs

    packs.load("ID")
    gc.collect()
    gc.freeze()
    _serve(asked, answers)


if __name__ == "__main__":
    _main()
