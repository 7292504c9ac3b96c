"""What is slow to make and the same for all: made once for all workers of a run, who then copy it."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """
    What `make` puts into the path that it is given. Who comes meanwhile waits; what fails is tried again by the next.

    `factory` knows the folder of the run: with pytest-xdist the one above that of the worker.
    """
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    made, begun = shared / name, shared / f"{name}.begun"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(mode=0o700)
            make(begun / name)
            (begun / name).rename(made)
    return made


def migrated(factory: pytest.TempPathFactory) -> Path:
    """SQLite after all migrations, and nothing in it."""
    return once(factory, "migrated.sqlite3", _migrate)


def _migrate(file: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "ruangaman.site.settings",
        "RUANGAMAN_DATA_DIR": str(file.parent),
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)
    (file.parent / "ruangaman.sqlite3").rename(file)
