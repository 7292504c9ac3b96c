"""
The folder of a city: written beside and renamed when it is whole.

What is there is replaced only when it is a city's folder and one asked for it; what people put into it goes along.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ruangaman.adapters import city_costs
from ruangaman.adapters.city_build.request import NoCityFolder

FORMAT: Final = 1
_KEPT: Final = ("plans", city_costs.OWN)
"""Plans that were computed there, and the city's own table of costs."""
_MOST_HEAD: Final = 4 << 20


@contextmanager
def made(out: Path, *, replace: bool) -> Iterator[Path]:
    """
    A folder to write into; it stands at `out` once all is written, and nowhere if something went wrong.

    Raises:
        NoCityFolder: something else is there, or a city's folder that nobody asked to replace.
    """
    out = out.absolute()
    check(out, replace=replace)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
        unfinished.mkdir()
    except OSError as wrong:
        raise NoCityFolder(folder=out.name, why=wrong.strerror or "cannot be written") from None
    try:
        _carry(out, unfinished)  # what is written last may read them
        yield unfinished
        _carry(out, unfinished)  # and those that were made meanwhile
        _put(unfinished, out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _carry(out: Path, unfinished: Path) -> None:
    for kept in _KEPT:
        if (out / kept).is_dir():
            shutil.copytree(out / kept, unfinished / kept, dirs_exist_ok=True)
        elif (out / kept).is_file():
            shutil.copy2(out / kept, unfinished / kept)


def check(out: Path, *, replace: bool) -> None:
    """Raises NoCityFolder as `made` does."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise NoCityFolder(folder=out.name, why="no folder")
    if not out.exists() or not any(out.iterdir()):
        return
    if not is_city(out):
        raise NoCityFolder(folder=out.name, why="not a city's folder")
    if not replace:
        raise NoCityFolder(folder=out.name, why="a city is there; --replace puts another in its place")


def is_city(folder: Path) -> bool:
    """Whether a build wrote it."""
    try:
        with (folder / "city.json").open("rb") as opened:
            told = json.loads(opened.read(_MOST_HEAD))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and "format" in told and "layers" in told


def _put(unfinished: Path, out: Path) -> None:
    before = None
    if out.exists():
        before = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
        out.rename(before)
    try:
        unfinished.rename(out)
    except OSError:
        if before is not None:
            before.rename(out)
        raise
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)


def write_json(path: Path, told: Any) -> None:
    """UTF-8, without spaces, no NaN."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n")
        out.flush()
        os.fsync(out.fileno())
