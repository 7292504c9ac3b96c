"""What `make fuzz` runs: every target is found, lets `CredentialError` pass, and nothing else."""

import ast
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import __main__ as runner
from fuzz import status_list
from tests.architecture.source import ROOT

from ruangaman.core.credentials.errors import CredentialError

pytestmark = pytest.mark.slow

FOLDER = ROOT / "fuzz"
NAMES = runner.names()


def forgiven(source: str) -> set[str]:
    """What the `except` and `suppress` of a target's file name; `seeds` prepares and is not looked at."""
    found = set()
    for part in ast.parse(source).body:
        if isinstance(part, ast.FunctionDef) and part.name == "seeds":
            continue
        for node in ast.walk(part):
            if isinstance(node, ast.ExceptHandler):
                found.add(ast.unparse(node.type) if node.type else "everything")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                found |= {ast.unparse(argument) for argument in node.args}
    return found


def test_every_file_with_a_target_is_found():
    others = {"__init__", "__main__", "one"}
    assert set(NAMES) == {path.stem for path in FOLDER.glob("*.py")} - others
    assert "status_list" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_target_forgives_our_own_refusals_alone(name):
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert forgiven(source) == {"CredentialError"}
    assert forgiven(source.replace("except CredentialError", "except ValueError")) != {"CredentialError"}
    assert "atheris" not in source


@pytest.mark.parametrize("name", NAMES)
def test_a_target_lives_through_its_seeds_and_a_few_odd_bytes(name):
    chance = random.Random(name)
    target = runner.load(name)
    for data in [
        b"",
        b"\x00",
        *runner.beginnings(name)[:50],
        *(chance.randbytes(length) for length in range(1, 60)),
    ]:
        target(data)


def test_a_refusal_passes_and_any_other_error_does_not(monkeypatch):
    def refusing(_rest, _text):
        raise CredentialError

    def broken(_rest, _text):
        raise ValueError("found")

    monkeypatch.setattr(status_list, "READERS", (refusing, broken))
    status_list.target(b"\x00")
    with pytest.raises(ValueError, match="found"):
        status_list.target(b"\x01")


def test_a_broken_target_fails_the_run_and_its_input_is_named(monkeypatch, capsys, tmp_path):
    """Without atheris: a stand-in for the process of a target writes what libFuzzer would."""

    def stand_in(command, **_rest):
        prefix = next(part for part in command if part.startswith("-artifact_prefix=")).partition("=")[2]
        Path(f"{prefix}crash-1").write_bytes(b"bad")
        told = (
            f"#1\tNEW cov: 1\nValueError: found\nTest unit written to {prefix}crash-1\n"
            "stat::number_of_executed_units: 7\nstat::peak_rss_mb: 50\n"
        )
        return subprocess.CompletedProcess(command, 77, "", told)

    monkeypatch.setattr(runner, "HERE", tmp_path)
    monkeypatch.setattr(runner, "CRASHES", tmp_path / "crashes")
    monkeypatch.setattr(runner, "names", lambda: ["status_list"])
    monkeypatch.setattr(runner.subprocess, "run", stand_in)
    assert runner.main(["1"]) == 1
    told = capsys.readouterr()
    assert "broken  status_list" in told.out
    assert "7 inputs, 50 MiB at most" in told.out
    assert "crashes/status_list-crash-1" in told.out
    assert "ValueError: found" in told.err
    assert "NEW cov" not in told.err
    assert b"bad" in runner.beginnings("status_list")


def test_a_target_that_ends_well_is_told_so_and_an_unknown_one_is_an_error(monkeypatch, capsys, tmp_path):
    def stand_in(command, **_rest):
        return subprocess.CompletedProcess(command, 0, "", "stat::number_of_executed_units: 7\n")

    monkeypatch.setattr(runner, "CRASHES", tmp_path / "crashes")
    monkeypatch.setattr(runner.subprocess, "run", stand_in)
    assert runner.main(["1", "status_list"]) == 0
    assert "1 targets, 0 broken" in capsys.readouterr().out
    assert runner.main(["1", "nobody"]) == 2


def test_the_runner_itself_needs_no_atheris():
    code = "import sys, fuzz.__main__, fuzz.one; sys.exit('atheris' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0
