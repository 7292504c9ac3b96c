"""
A real PostgreSQL for the tests: a private cluster in a temporary folder, reached by a socket, gone at the end.

`python -m tests.postgres COMMAND...` runs a command with RUANGAMAN_DATABASE_URL pointing to such a cluster.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "ruangaman"
_OPTIONS = "-c listen_addresses='' -c max_connections=200"
_HASTE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path:
    """The folder of initdb and pg_ctl: Debian keeps it off the path, one folder a version; the newest is taken."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    found = str(versions[0]) if versions else shutil.which("initdb")
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt install postgresql")
    return Path(found).parent


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """
    A running cluster; gives its address as RUANGAMAN_DATABASE_URL takes it.

    Tests do not wait for the disk; a measurement that says something about consents asks for `durable`.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    # PostgreSQL refuses to run as root; Debian's package made the user that it runs as.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if prefix:
        shutil.chown(folder, "postgres")
    folder.chmod(0o755)
    data, here = folder / "data", programs()

    def run(*command: str) -> None:
        done = subprocess.run(
            [*prefix, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            log = folder / "log"
            raise RuntimeError(done.stdout + done.stderr + (log.read_text() if log.exists() else ""))

    try:
        run(str(here / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"{_OPTIONS} {'' if durable else _HASTE} -k {folder}"
        # pg_ctl hands its outputs to the server; into files, so that nobody waits for a pipe to close.
        started = [
            *prefix,
            str(here / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            options,
        ]
        with (folder / "started").open("w") as out:
            subprocess.run([*started, "start"], cwd=folder, stdout=out, stderr=out, check=True, timeout=120)
        try:
            run(str(here / "createdb"), "-h", str(folder), "-U", USER, USER)
            yield f"postgres://{USER}@/{folder}/{USER}"  # a socket: the path is the folder, then the name
        finally:
            run(str(here / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run `command` beside a cluster of its own; its exit status is ours."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped then too
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "RUANGAMAN_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
