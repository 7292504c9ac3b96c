"""Files for walks: what is broken is refused, and the house reads them without the compiled loops."""

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ruangaman
from ruangaman.adapters import walk_files
from ruangaman.adapters.walk_files import ARRAYS, WORDS, WalkFilesUnreadable

BUILT = Path(ruangaman.__file__).parent / "site" / "story" / "city" / "built"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map").mkdir()
    (tmp_path / "work").mkdir()
    for name in (WORDS, ARRAYS):
        shutil.copy(BUILT / name, tmp_path / name)
    return tmp_path


def changed(folder, **arrays):
    with np.load(folder / ARRAYS) as opened:
        every = {name: opened[name] for name in opened.files}
    np.savez_compressed(
        folder / ARRAYS, **(every | {name: change(every[name]) for name, change in arrays.items()})
    )


def with_one(value):
    def change(array):
        array = array.copy()
        array[0] = value
        return array

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("u", with_one(10_000)), ("v", with_one(-1)), ("line", with_one(999)), ("name", with_one(999)),
        ("look", with_one(99)), ("look", with_one(-1)), ("gate_edge", with_one(999)), ("gate_place", with_one(99)),
        ("home_edge", with_one(999)), ("start", with_one(999)), ("start_name", with_one(999)),
        ("start_first", with_one(99)), ("metres", with_one(np.nan)), ("metres", with_one(-1)),
        ("metres", lambda a: a[1:]),
        ("lat", lambda a: a[1:]), ("children 6-12", lambda a: a[1:]), ("home_along", with_one(np.inf)),
    ],
)  # fmt: skip
def test_numbers_that_point_to_nothing_are_refused(folder, name, change):
    changed(folder, **{name: change})
    with pytest.raises(WalkFilesUnreadable):
        walk_files.read(folder)


def test_what_is_not_there_is_refused_and_what_is_whole_is_read(folder):
    assert len(walk_files.read(folder).starts) > 20
    (folder / WORDS).unlink()
    with pytest.raises(WalkFilesUnreadable):
        walk_files.read(folder)


@given(at=st.integers(0, 1 << 16), byte=st.integers(0, 255), of=st.sampled_from([WORDS, ARRAYS]))
def test_a_changed_byte_is_refused_or_read_and_breaks_nothing(tmp_path_factory, at, byte, of):
    folder = tmp_path_factory.mktemp("changed")
    (folder / "map").mkdir()
    (folder / "work").mkdir()
    for name in (WORDS, ARRAYS):
        shutil.copy(BUILT / name, folder / name)
    content = bytearray((folder / of).read_bytes())
    content[at % len(content)] = byte
    (folder / of).write_bytes(bytes(content))
    with suppress(WalkFilesUnreadable):
        assert walk_files.read(folder).streets.u


def test_another_version_is_refused(folder):
    told = json.loads((folder / WORDS).read_bytes())
    (folder / WORDS).write_text(json.dumps(told | {"format": 2}))
    with pytest.raises(WalkFilesUnreadable):
        walk_files.read(folder)


def test_the_house_walks_without_the_extra():
    """No module of the extra is loaded by what pages use."""
    program = f"""
import sys
for name in ("numba", "osmium", "shapely", "geopandas", "pyogrio", "pyarrow", "rasterio", "openpyxl", "highspy"):
    sys.modules[name] = None
from pathlib import Path
from ruangaman.adapters import map_ground, map_tiles, pmtiles, walk_files
from ruangaman.core.reach import journey
city = walk_files.read(Path({str(BUILT)!r}))
start = next(v for v, n in city.starts.items() if set(n) == {{"Gang Jambu", "Gang Sawo"}})
told = journey.journey(city.streets, "6-12/day/foot", start, range(len(city.streets.entrances)), limit=400, far=2000)
print(told.why)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() in ("safe", "barrier", "not_surveyed"), done.stderr
