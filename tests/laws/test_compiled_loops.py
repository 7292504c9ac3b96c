"""What is compiled is kept, and never taken for what the code says no longer."""

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from ruangaman.adapters import osm
from ruangaman.core import reach
from ruangaman.core.reach.compiled import fingerprint, marked

pytestmark = pytest.mark.slow  # compiles loops

INNER = """
from ruangaman.core.reach.compiled import FLOAT, compiled, kept

PRICE = {price}

@compiled(FLOAT, FLOAT)
def early(x):
    return x * {factor}

@kept
def late(x):
    return x * {factor}
"""
OUTER = """
import inner
from inner import PRICE, early
from ruangaman.core.reach.compiled import FLOAT, compiled, kept

@compiled(FLOAT, FLOAT)
def one(x):
    return early(x) + PRICE

@kept
def other(x):
    return inner.late(x) + PRICE

print(one(1.0), other(1.0), sum(one.stats.cache_hits.values()) + sum(other.stats.cache_hits.values()))
"""


def write(folder: Path, *, factor: int, price: int) -> None:
    (folder / "inner.py").write_text(INNER.format(factor=factor, price=price))
    (folder / "outer.py").write_text(OUTER)


def start(folder: Path, **more: str) -> subprocess.Popen[str]:
    source = Path(reach.__file__).parents[3]
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment |= {"PYTHONPATH": f"{source}{os.pathsep}{folder}", "PYTHONDONTWRITEBYTECODE": "1"} | more
    return subprocess.Popen(
        [sys.executable, "-c", "import outer"], env=environment, cwd=folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> str:
    out, wrong = process.communicate(timeout=120)
    assert not process.returncode, wrong
    return out.strip()


def test_a_change_in_another_file_compiles_the_loops_that_call_it(tmp_path):
    write(tmp_path, factor=2, price=10)
    assert told(start(tmp_path)) == "12.0 12.0 0"
    assert told(start(tmp_path)) == "12.0 12.0 2"
    write(tmp_path, factor=3, price=10)
    assert told(start(tmp_path)) == "13.0 13.0 0"
    write(tmp_path, factor=3, price=20)
    assert told(start(tmp_path)) == "23.0 23.0 0"
    write(tmp_path, factor=2, price=10)  # an older version, whose loops are still kept
    assert told(start(tmp_path)).startswith("12.0 12.0")


def test_two_starts_at_once_compile_the_same(tmp_path):
    write(tmp_path, factor=2, price=10)
    both = [start(tmp_path) for _ in range(2)]
    assert [told(one)[:9] for one in both] == ["12.0 12.0"] * 2
    assert told(start(tmp_path)) == "12.0 12.0 2"


def test_where_nothing_can_be_kept_it_is_compiled_at_each_start(tmp_path):
    write(tmp_path, factor=2, price=10)
    (tmp_path / "__pycache__").write_text("a file, where a folder would be written")
    nowhere = tmp_path / "nowhere"
    nowhere.write_text("")
    for _ in range(2):
        assert told(start(tmp_path, XDG_CACHE_HOME=str(nowhere), HOME=str(nowhere))) == "12.0 12.0 0"


def test_where_the_program_may_not_be_written_to_the_users_cache_keeps_it(tmp_path):
    write(tmp_path, factor=2, price=10)
    (tmp_path / "__pycache__").write_text("")
    cache = str(tmp_path / "cache")
    assert told(start(tmp_path, XDG_CACHE_HOME=cache)) == "12.0 12.0 0"
    assert told(start(tmp_path, XDG_CACHE_HOME=cache)) == "12.0 12.0 2"


def test_a_loop_stands_below_whatever_it_names():
    """Else its name, made where it stands, could not speak of what it calls."""
    seen = 0
    for package in (reach, osm):
        for module in pkgutil.iter_modules(package.__path__):
            found = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
            for name, loop in found.items():
                if hasattr(loop, "py_func"):
                    seen += 1
                    assert marked(loop.py_func) == fingerprint(loop), f"{module.name}.{name}"
    assert seen
