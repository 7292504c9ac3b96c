"""Every vector file that stands in the repository passes, and so does every shared one where it is there."""

import os
from pathlib import Path

import pytest

from tests.vectors.__main__ import main
from tests.vectors.kinds import KINDS
from tests.vectors.running import DATA, files, outcome, run

SHARED = Path(os.environ.get("RUANGAMAN_SHARED", DATA.parents[2].parent / "shared")) / "vectors"
FOLDERS = [folder for folder in (DATA, SHARED) if folder.is_dir()]


FILES = [(folder, file) for folder in FOLDERS for file in files(folder)]


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "file"), FILES, ids=str)
def test_a_file_does_not_fail(folder, file):
    came = outcome(file, file.relative_to(folder).parts[0])
    assert came.state in ("pass", "not covered"), came.detail


def test_a_kind_that_nobody_reads_says_so_and_does_not_fail(tmp_path, capsys):
    (tmp_path / "quantum").mkdir()
    (tmp_path / "quantum" / "a.json").write_text("{}")
    assert main([str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "kind not covered  quantum/a.json  (no reader for a folder named quantum)" in told
    assert "0 passed, 0 failed, 1 not covered" in told


def test_an_empty_or_missing_folder_is_an_error(tmp_path):
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "none")]) == 2


def test_a_file_that_breaks_its_reader_fails_and_the_next_is_read(tmp_path, capsys):
    for kind in KINDS:
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "a.json").write_text("this is no vector")
        (tmp_path / kind / "b.json").write_bytes(b"\xff\xfe")
    states = [came.state for _, came in run(tmp_path)]
    assert len(states) == 2 * len(KINDS)
    assert "pass" not in states
