"""`ruangaman city check`: JSON by file name, refusals beside it."""

import builtins
import json
import os
import subprocess
import sys

import pytest
from tests.osm import files
from tests.osm.drawn import ANSWERS, DRAWN

from ruangaman.site.cli import main


def test_each_file_is_told_by_its_name(tmp_path, capsys):
    (tmp_path / "a.osm.pbf").write_bytes(files.pbf(DRAWN))
    (tmp_path / "b.osm").write_bytes(files.xml(DRAWN))
    assert main(["city", "check", str(tmp_path / "a.osm.pbf"), str(tmp_path / "b.osm")]) == 0
    assert json.loads(capsys.readouterr().out) == {"a.osm.pbf": ANSWERS, "b.osm": ANSWERS}


def test_a_city_without_streets_has_counts_alone(tmp_path, capsys):
    (tmp_path / "sea.osm").write_bytes(files.xml([files.Node(1, 10, 10, {"amenity": "library"})]))
    assert main(["city", "check", str(tmp_path / "sea.osm")]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "sea.osm": {
            "counts": {"library_node": 1},
            "nodes": 0,
            "undirected_edges": 0,
            "km": 0.0,
            "components": 0,
            "largest": 0,
        }
    }


def test_a_file_that_is_refused_does_not_hide_the_others(tmp_path, capsys):
    (tmp_path / "a.osm.pbf").write_bytes(files.pbf(DRAWN)[:-5])
    (tmp_path / "b.osm").write_bytes(files.xml(DRAWN))
    assert main(["city", "check", str(tmp_path / "a.osm.pbf"), str(tmp_path / "b.osm")]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out) == {"b.osm": ANSWERS}
    assert "a.osm.pbf" in told.err
    assert "city.osm-broken" in told.err
    assert "Download it again." in told.err


@pytest.mark.slow
def test_the_answer_is_json_whatever_a_file_is_called_and_whatever_the_console_writes(tmp_path):
    for name in (b"a\xff.osm", "kota-é.osm".encode()):
        (tmp_path / os.fsdecode(name)).write_bytes(files.xml(DRAWN))
    told = subprocess.run(
        [sys.executable, "-m", "ruangaman.site.cli", "city", "check", *tmp_path.iterdir()],
        capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
    ).stdout  # fmt: skip
    found = json.loads(told)
    assert set(found) == {"a\udcff.osm", "kota-é.osm"}
    assert list(found.values()) == [ANSWERS, ANSWERS]


def test_two_files_of_one_name_are_a_wrong_call(tmp_path, capsys):
    assert main(["city", "check", "one/a.osm", "two/a.osm"]) == 2
    assert "a.osm" in capsys.readouterr().err


def test_a_missing_extra_is_named(tmp_path, capsys, monkeypatch):
    real = builtins.__import__

    def without_numba(name, *args, **kwargs):
        if name.split(".")[0] == "numba":
            raise ModuleNotFoundError("No module named 'numba'", name="numba")
        return real(name, *args, **kwargs)

    for module in [
        name for name in sys.modules if name.startswith(("ruangaman.adapters.osm", "ruangaman.core.reach"))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(builtins, "__import__", without_numba)
    assert main(["city", "check", str(tmp_path / "a.osm")]) == 1
    assert "city.extra-missing (package=numba)" in capsys.readouterr().err


@pytest.mark.slow
def test_the_house_starts_without_what_a_city_needs():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys; from ruangaman.site.cli import main\n"
         "try: main(['city', 'check', '--help'])\nexcept SystemExit: pass\n"
         "print([name for name in ('numba', 'osmium', 'numpy', 'django') if name in sys.modules])"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert loaded.splitlines()[-1] == "[]"
