"""Packs for who does not read yet: sounds come along when asked for, within their budget, or the browser speaks."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest

from ruangaman.adapters import voice
from ruangaman.core.learning import voices
from ruangaman.rooms.learning import api, config, courses
from ruangaman.rooms.learning.errors import NoSounds
from ruangaman.rooms.learning.packs import kinds, player, voicing
from ruangaman.rooms.learning.tests.test_packs import unzipped

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WHOLE = courses.course()
LINES = voices.of_course(WHOLE)
WAV = b"RIFF" + bytes(20) + (22050).to_bytes(4, "little") + bytes(16 + 22050)
WITH = [name for name, kind in kinds.KINDS.items() if kind.with_sounds]


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.LESSON_KEY_FILE = str(tmp_path / "lessons.key")
    settings.DATA_DIR = tmp_path


def speak(objective, suffix=".opus", content=b"OggS", lessons=None, only=None):
    """A computer's voice for one lesson, in Indonesian."""
    voice.make(
        LINES[objective], ("id",), lessons or config.folder(), config.voices(),
        lambda *_: WAV, lambda _wav: (content, suffix), only=only,
    )  # fmt: skip


def inside(packed: bytes) -> dict[str, bytes]:
    """The files of a pack, those of zips within it as well."""
    found = unzipped(packed)
    for path, content in list(found.items()):
        if path.endswith(".zip"):
            found |= {f"{path}/{name}": one for name, one in unzipped(content).items()}
    return found


def test_which_kinds_can_be_heard():
    assert WITH == ["offline", "scorm12", "scorm2004", "cmi5", "kolibri"]


@pytest.mark.parametrize("kind", WITH)
@pytest.mark.parametrize("objective", ["B1-2", "B2-2"])
def test_sounds_come_along_when_they_are_asked_for_and_every_button_finds_its_own(kind, objective):
    speak(objective)
    packed, _ = api.pack(kind, objective, "id", NOW, sounds=True)
    files = inside(packed)
    (page,) = [path for path in files if path.endswith("index.html") and b"data-dengar" in files[path]]
    folder = page.rpartition("/")[0]
    named = re.findall(r'data-berkas="([^"]+)"', files[page].decode())
    assert {f"{folder}/{one}" for one in named} == {path for path in files if path.endswith(".ogg")}
    assert len(named) == len(set(named)) >= len(voices.lines(WHOLE.lessons[objective]))
    assert "Suara komputer, sementara" in files[page].decode()
    assert all(files[f"{folder}/{one}"] == b"OggS" for one in named)
    silent = inside(api.pack(kind, objective, "id", NOW)[0])
    assert not [path for path in silent if path.endswith(".ogg")]
    assert "data-berkas" not in next(
        one.decode() for path, one in silent.items() if path.endswith("index.html") and b"data-dengar" in one
    )


def test_a_form_that_comes_along_is_heard_and_tells_nothing_of_its_answers():
    speak("B2-2")
    found = voicing.of_lesson(WHOLE, "B2-2", "id", checked=True)
    form = {line.name for line in voices.of_test(WHOLE.forms["B2-2", "B"])}
    assert form <= found.keys()
    assert not form & voicing.of_lesson(WHOLE, "B2-2", "id", checked=False).keys()


def test_what_is_too_large_stays_out_and_the_browser_speaks_that_line():
    speak("B1-2", ".wav", WAV)
    with pytest.raises(NoSounds) as refused:
        api.pack("offline", "B1-2", "id", NOW, sounds=True)
    assert refused.value.facts == {"why": "folder"}
    speak("B1-1")
    first = LINES["B1-1"][0].name
    (config.voices() / f"id/{first}.opus").write_bytes(bytes(voicing.MOST_BYTES + 1))
    found = voicing.of_lesson(WHOLE, "B1-1", "id", checked=False)
    assert first not in found
    assert len(found) == len(LINES["B1-1"]) - 1
    page = player.lesson_files(WHOLE, "B1-1", "id", NOW, sounds=True)["index.html"].decode()
    assert page.count("data-dengar=") == page.count("data-berkas=") + 1


def test_a_recording_goes_before_the_computer(settings, tmp_path):
    import shutil

    settings.LESSONS_DIR = str(shutil.copytree(config.folder(), tmp_path / "lessons"))
    speak("B1-2")
    first = LINES["B1-2"][0].name
    recorded = tmp_path / "lessons" / "voices" / "id" / f"{first}.opus"
    recorded.parent.mkdir(parents=True, exist_ok=True)
    recorded.write_bytes(b"OggS by somebody")
    found = voicing.of_lesson(WHOLE, "B1-2", "id", checked=False)
    assert (found[first].content, found[first].placeholder) == (b"OggS by somebody", False)
    assert all(one.placeholder for name, one in found.items() if name != first)


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [("epub", "B2", "kind"), ("qti3", "B2", "kind"), ("offline", "B3", "readers"), ("cmi5", "B2", "folder")],
)
def test_where_there_is_no_sound_asking_for_it_is_refused(kind, name, why):
    with pytest.raises(NoSounds) as refused:
        api.pack(kind, name, "id", NOW, sounds=True)
    assert refused.value.facts == {"why": why}


def test_the_whole_channel_has_sounds_when_asked():
    with pytest.raises(NoSounds):
        api.channel("id", after=0, questions="exercise", now=NOW, sounds=True)
    speak("B1-2")
    files, _ = api.channel("id", after=0, questions="exercise", now=NOW, sounds=True)
    heard = sum(
        name.endswith(".ogg")
        for path, content in files.items()
        if path.endswith(".zip")
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )
    assert heard == len(LINES["B1-2"])


def test_who_reads_has_no_voice_in_a_pack_and_a_book_says_that_it_has_none():
    assert b"suara.js" not in player.lesson_files(WHOLE, "B3-2", "id", NOW)["pelajaran.js"]
    assert b"suara.js" in player.lesson_files(WHOLE, "B2-2", "id", NOW)["pelajaran.js"]
    for language, words in (("id", "Buku ini tidak bersuara."), ("en", "This book has no sound.")):
        for name, said in (("B2", True), ("B3", False)):
            book = unzipped(api.pack("epub", name, language, NOW)[0])
            assert (words in book["EPUB/nav.xhtml"].decode()) is said


def test_a_door_says_that_sounds_are_not_kept(client):
    for name, said in (("B1", True), ("B2", True), ("B3", False)):
        assert (
            "Suara tidak ikut tersimpan." in client.get(f"/pelajaran/untuk/{name}/").content.decode()
        ) is said
