"""`ruangaman learn channel` and the kinds of packs for QTI and Kolibri, as they are called."""

import sqlite3
import zipfile
from pathlib import Path

import pytest

from ruangaman.adapters import clock
from ruangaman.site import cli


def channel(to: Path, *more: str) -> int:
    return cli.main(["learn", "channel", "--to", str(to), *more])


def database(folder: Path) -> Path:
    (found,) = (folder / "content/databases").iterdir()
    return found


def version(folder: Path) -> int:
    opened = sqlite3.connect(database(folder))
    (found,) = opened.execute("SELECT version FROM content_channelmetadata").fetchone()
    opened.close()
    return int(found)


def test_a_channel_in_the_same_folder_is_newer_though_the_clock_stood_still_or_went_back(
    tmp_path, capsys, monkeypatch
):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    assert channel(tmp_path) == 0
    first = version(tmp_path)
    assert f"version {first}: " in capsys.readouterr().out
    assert channel(tmp_path) == 0
    assert version(tmp_path) == first + 1
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=2026, month=1, day=2))
    assert channel(tmp_path) == 0
    assert version(tmp_path) == first + 2
    assert [one for one in tmp_path.rglob("*") if one.name.startswith(".")] == []


def test_two_languages_are_two_channels_side_by_side(tmp_path):
    assert channel(tmp_path) == channel(tmp_path, "--language", "en") == 0
    assert len(list((tmp_path / "content/databases").iterdir())) == 2


def test_what_is_no_channel_is_left_as_it_lies(tmp_path, capsys):
    assert channel(tmp_path) == 0
    file = database(tmp_path)
    file.write_bytes(b"somebody's own notes")
    capsys.readouterr()
    assert channel(tmp_path) == 1
    told = capsys.readouterr().err
    assert "learning.channel-unreadable" in told
    assert "cannot be read" in told
    assert file.read_bytes() == b"somebody's own notes"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, capsys):
    (tmp_path / "content").write_text("in the way")
    assert channel(tmp_path) == 1
    assert "learning." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "holds"), [("qti3", "imsmanifest.xml"), ("kolibri", "KOLIBRI_DATA/content/")]
)
def test_packs_for_them_are_made_by_name(tmp_path, kind, holds):
    file = tmp_path / "berkas.zip"
    assert cli.main(["learn", "pack", "--as", kind, "--objective", "B3-2", "--to", str(file)]) == 0
    with zipfile.ZipFile(file) as packed:
        assert any(name.startswith(holds) for name in packed.namelist())


def test_of_the_youngest_there_is_no_pack_of_questions(tmp_path, capsys):
    file = tmp_path / "berkas.zip"
    assert cli.main(["learn", "pack", "--as", "qti3", "--audience", "B1", "--to", str(file)]) == 1
    assert "learning.no-questions" in capsys.readouterr().err
    assert not file.exists()
