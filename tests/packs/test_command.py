"""`ruangaman learn pack`, `verify`, `keys`: from lessons to a file, and whether it is as it was signed."""

import json
import zipfile

import pytest

from ruangaman.rooms.learning.packs.kinds import KINDS
from ruangaman.rooms.learning.packs.zipped import zipped
from ruangaman.site.cli import main
from ruangaman.site.commands.learn import PACKS
from tests.packs.serving import unzipped


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")


@pytest.fixture
def pack(tmp_path, capsys):
    file, keys = tmp_path / "B3.zip", tmp_path / "keys.json"
    assert main(["learn", "pack", "--as", "offline", "--audience", "B3", "--to", str(file)]) == 0
    assert capsys.readouterr().out == f"B3.zip: 9 lessons, {file.stat().st_size} bytes\n"
    assert main(["learn", "keys"]) == 0
    keys.write_text(capsys.readouterr().out)
    return file, keys


def verify(file, keys):
    return main(["learn", "verify", str(file), "--key", str(keys)])


def test_a_pack_is_as_it_was_signed(pack, capsys):
    assert verify(*pack) == 0
    assert capsys.readouterr().out.endswith(": 9 lessons, 87 files\n")


def changed(files):
    return {**files, "B3-2/index.html": files["B3-2/index.html"].replace(b"Sari", b"Sara")}


def missing(files):
    return {path: content for path, content in files.items() if path != "B3-2/pelajaran.js"}


def added(files):
    return {**files, "B3-2/baru.js": b"alert(1)"}


def relisted(files):
    told = json.loads(files["manifest.json"])
    told["made_on"] = "2027-01-01"
    return {**files, "manifest.json": json.dumps(told).encode()}


def unsigned(files):
    return {path: content for path, content in files.items() if path != "manifest.jws"}


def outside(files):
    return {**files, "../luar.html": b"x"}


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (changed, "why=changed, path=B3-2/index.html"),
        (missing, "why=missing, path=B3-2/pelajaran.js"),
        (added, "why=added, path=B3-2/baru.js"),
        (relisted, "why=manifest"),
        (unsigned, "why=unsigned"),
        (outside, "why=form"),
    ],
)
def test_what_was_changed_on_its_way_is_refused_with_its_reason(pack, capsys, spoil, why):
    file, keys = pack
    file.write_bytes(zipped(spoil(unzipped(file.read_bytes()))))
    assert verify(file, keys) == 1
    told = capsys.readouterr().err
    assert f"learning.pack-refused ({why})" in told
    assert "tidak seperti saat ditandatangani" in told


def test_one_path_twice_in_a_zip_is_refused(pack, capsys):
    file, keys = pack
    with zipfile.ZipFile(file, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr("B3-2/index.html", "lain")
    assert verify(file, keys) == 1
    assert "why=form" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"x" * 1000])
def test_what_is_no_zip_is_refused(pack, capsys, content):
    file, keys = pack
    file.write_bytes(content)
    assert verify(file, keys) == 1
    assert "why=form" in capsys.readouterr().err


@pytest.mark.parametrize("keys", ["{}", "[]", '{"keys": 1}', '{"keys": [{"kid": "x"}]}', "no json"])
def test_keys_that_are_none_are_refused(pack, capsys, keys):
    file, place = pack
    place.write_text(keys)
    assert verify(file, place) == 1
    assert capsys.readouterr().err.startswith("ruangaman: ")


def test_another_key_refuses_and_a_new_key_of_the_same_house_does_not(pack, capsys, settings, tmp_path):
    file, keys = pack
    assert main(["learn", "keys", "--new"]) == 0
    keys.write_text(capsys.readouterr().out)
    assert len(json.loads(keys.read_text())["keys"]) == 2
    assert verify(file, keys) == 0
    capsys.readouterr()
    settings.LESSON_KEY_FILE = str(tmp_path / "other.key")
    assert main(["learn", "keys"]) == 0
    keys.write_text(capsys.readouterr().out)
    assert verify(file, keys) == 1
    assert "why=signature" in capsys.readouterr().err


def test_packs_of_a_lost_key_are_good_no_more(pack, capsys):
    file, place = pack
    before = json.loads(place.read_text())["keys"]
    assert main(["learn", "keys", "--lost"]) == 0
    place.write_text(capsys.readouterr().out)
    (fresh,) = json.loads(place.read_text())["keys"]
    assert fresh["kid"] not in {one["kid"] for one in before}
    assert verify(file, place) == 1
    assert "why=signature" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["--as", "betamax", "--audience", "B3"], "learning.no-such-kind (kinds=offline, pdf"),
        (["--as", "offline", "--objective", "B3-99"], "learning.no-such-lesson"),
        (["--as", "offline", "--audience", "B9"], "learning.no-such-lesson"),
        (["--as", "epub", "--audience", "B2", "--with-voice"], "learning.no-sounds (why=kind)"),
        (["--as", "offline", "--audience", "B3", "--with-voice"], "learning.no-sounds (why=readers)"),
    ],
)
def test_what_cannot_be_packed_is_refused_and_nothing_is_written(tmp_path, capsys, asked, code):
    assert main(["learn", "pack", *asked, "--to", str(tmp_path / "x.zip")]) == 1
    assert code in capsys.readouterr().err
    assert list(tmp_path.glob("*x.zip*")) == []


def test_a_place_where_nothing_can_be_written_is_told(tmp_path, capsys):
    (tmp_path / "no").touch()
    place = tmp_path / "no" / "x.zip"
    assert main(["learn", "pack", "--as", "scorm12", "--objective", "B3-2", "--to", str(place)]) == 1
    assert "learning.file-unwritable" in capsys.readouterr().err


def test_help_names_every_kind_in_its_order(capsys):
    assert tuple(KINDS) == PACKS
    with pytest.raises(SystemExit):
        main(["learn", "pack", "--help"])
    assert ", ".join(KINDS) in " ".join(capsys.readouterr().out.split())
