"""The command that registers who answers about ages: what it takes, what it refuses, what it says."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sekolah")
    command = [sys.executable, "-m", "examples.institution.new", "sekolah", "http://sekolah.localhost:8003"]
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True, timeout=60)
    return folder


def test_add_list_change_and_close(house, files):
    said = house.run("ages", "add-institution", str(files / "sekolah.public.json"))
    assert (said.returncode, said.stderr) == (0, "")
    assert house.run("ages", "list").stdout.splitlines() == [
        "sekolah  school  enhanced  http://sekolah.localhost:8003/tanya  Sekolah Contoh",
        "1 institutions may be asked",
    ]
    changed = json.loads((files / "sekolah.public.json").read_text()) | {"assurance": "strict"}
    (house.data / "other.json").write_text(json.dumps(changed))
    assert house.run("ages", "add-institution", str(house.data / "other.json")).returncode == 0
    assert "sekolah  school  strict" in house.run("ages", "list").stdout
    assert house.run("ages", "close-institution", "sekolah").returncode == 0
    assert "0 institutions" in house.run("ages", "list").stdout
    again = house.run("ages", "close-institution", "sekolah")
    assert again.returncode == 1
    assert "ages.not-found" in again.stderr


def test_each_flaw_of_a_file_is_named_and_nothing_is_registered(house, files):
    good = json.loads((files / "sekolah.public.json").read_text())
    private = json.loads((files / "sekolah.json").read_text())["key"]
    flaws = {
        "no JSON": "{",
        "no fields": "[]",
        "missing: keys": {name: value for name, value in good.items() if name != "keys"},
        "no such field: birth_date": good | {"birth_date": "2009-03-04"},
        "keys has the wrong form": good | {"keys": []},
        "why=slug": good | {"slug": "Sekolah!"},
        "why=kind": good | {"kind": "bank"},
        "why=name": good | {"name": {"id": "Sekolah"}},
        "why=ask_url": good | {"ask_url": "http://sekolah.example/tanya"},
        "why=assurance": good | {"assurance": "asserted"},
        "why=keys": good | {"keys": {"keys": [private]}},
    }
    for told, content in flaws.items():
        file = house.data / "wrong.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        said = house.run("ages", "add-institution", str(file))
        assert said.returncode == 1, told
        assert told in said.stderr, (told, said.stderr)
        assert "Traceback" not in said.stderr
        assert private["d"] not in said.stderr + said.stdout
    assert house.run("ages", "add-institution", str(house.data / "none.json")).returncode == 1
    assert "0 institutions" in house.run("ages", "list").stdout
