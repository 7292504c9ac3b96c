"""A file is whole or not there, whatever goes wrong while it is written."""

import pytest

from ruangaman.adapters import whole_files


def test_the_file_stands_there_alone_and_the_folders_above_it_are_made(tmp_path):
    file = tmp_path / "a" / "b.json"
    whole_files.write(file, b"first")
    whole_files.write(file, b"second")
    assert [(one.name, one.read_bytes()) for one in file.parent.iterdir()] == [("b.json", b"second")]


@pytest.mark.parametrize("wrong", [OSError, KeyboardInterrupt])
def test_what_fails_half_way_leaves_what_was_there_and_nothing_beside_it(tmp_path, wrong):
    file = tmp_path / "b.json"
    whole_files.write(file, b"first")

    def half() -> None:
        with whole_files.beside(file) as fresh:
            fresh.write_bytes(b"sec")
            assert file.read_bytes() == b"first"
            raise wrong

    with pytest.raises(wrong):
        half()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("b.json", b"first")]


def test_a_file_that_cannot_take_its_place_is_not_left_beside_it(tmp_path):
    file = tmp_path / "b.json"
    file.mkdir()
    with pytest.raises(OSError, match="directory"):
        whole_files.write(file, b"x")
    assert list(tmp_path.iterdir()) == [file]
