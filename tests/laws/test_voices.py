"""Laws of voices: every line that is spoken has its own name, and no file speaks other words than the page shows."""

import hashlib
import stat
import sys

import pytest
from msgspec.structs import replace

from ruangaman.adapters import lesson_files, voice
from ruangaman.adapters.voice import VoiceFailed
from ruangaman.core.learning import voices
from ruangaman.core.learning.model import LANGUAGES
from ruangaman.core.learning.voices import Spoken
from ruangaman.site import cli

WHOLE = lesson_files.course(lesson_files.folder())
SPOKEN = [name for name in WHOLE.lessons if WHOLE.scheme.audience(name).voice]
LINES = [line for lines in voices.of_course(WHOLE).values() for line in lines]
RATE = 22050
TWO = [Spoken("b2-1-satu", "Satu.", "One."), Spoken("b2-1-dua", "Dua kata.", "Two words.")]

# It speaks as espeak-ng does: a text comes in, a WAV with a head of no length goes out; each word takes half a second.
SPEAKER = f"""#!{sys.executable}
import struct, sys
assert sys.argv[1] == "-v" and sys.argv[2] in ("id", "en") and "--stdin" in sys.argv
words = sys.stdin.buffer.read().decode().split()
if "rusak" in words:
    sys.exit(3)
form = struct.pack("<IHHIIHH", 16, 1, 1, {RATE}, {RATE * 2}, 2, 16)
head = b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt " + form
sys.stdout.buffer.write(head + b"data" + struct.pack("<I", 0x7FFFF000) + bytes({RATE} * len(words)))
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "speaks"
    file.write_text(SPEAKER)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


@pytest.fixture
def speak(program):
    return voice.espeak(program)


def plain(wav):
    return wav, ".wav"


def made(tmp_path, speak, lines=TWO, encode=plain, **told):
    return voice.make(lines, LANGUAGES, tmp_path / "lessons", tmp_path / "voices", speak, encode, **told)


def test_everything_that_small_children_meet_is_spoken_and_every_line_has_its_own_name():
    assert set(SPOKEN) == {name for name in WHOLE.lessons if name.startswith(("B1-", "B2-"))}
    names = [line.name for line in LINES]
    assert len(set(names)) == len(names)
    for name in SPOKEN:
        lesson = WHOLE.lessons[name]
        told = " ".join(line.id for line in voices.lines(lesson))
        for screen in lesson.screens:
            assert screen.title.id.rstrip(".") in told
        for item in lesson.practice:
            for text in (item.stem, *item.hints, *(one.text for one in item.options)):
                assert text.id.rstrip(".") in told
        for letter in ("A", "B"):
            if form := WHOLE.forms.get((name, letter)):
                asked = {line.name: line.id for line in voices.of_test(form)}
                parts = {item.id: [f"{item.id}-{one.id}" for one in item.options] for item in form.items}
                # Nothing that tells which answer is right
                assert asked.keys() == {*parts, *(name for names in parts.values() for name in names)}
                assert all(item.stem.id.rstrip(".") in asked[item.id] for item in form.items)
    assert all(line.id and line.en and "\n" not in line.id + line.en for line in LINES)


def test_no_line_is_longer_than_a_minute_at_a_slow_pace():
    slowest = voice.WORDS_A_MINUTE * 0.8
    assert max(len(line.text(language).split()) for line in LINES for language in LANGUAGES) < slowest


def test_placeholders_are_made_once_marked_and_listed_with_their_digests(tmp_path, speak):
    count = made(tmp_path, speak)
    assert (count.made, count.kept, count.removed) == (4, 0, 0)
    assert count.seconds == 3.0
    table = voice.table(tmp_path / "voices")
    assert set(table) == {f"{language}/{line.name}" for language in LANGUAGES for line in TWO}
    for key, one in table.items():
        content = (tmp_path / "voices" / one.file).read_bytes()
        assert one.placeholder, key
        assert one.sha256 == hashlib.sha256(content).hexdigest()
        assert one.bytes == len(content)
    again = made(tmp_path, speak)
    assert (again.made, again.kept) == (0, 4)


def test_a_text_that_changed_has_no_voice_until_it_is_made_anew_and_what_is_gone_is_removed(tmp_path, speak):
    made(tmp_path, speak)
    changed = Spoken("b2-1-satu", "Satu lagi.", "One.")
    lessons, place = tmp_path / "lessons", tmp_path / "voices"
    assert voice.found(lessons, place, "id", changed) is None
    assert voice.found(lessons, place, "en", changed) is not None
    count = made(tmp_path, speak, [changed])
    assert (count.made, count.kept, count.removed) == (1, 1, 2)
    assert voice.found(lessons, place, "id", changed).placeholder
    assert sorted(file.name for file in (place / "id").iterdir()) == ["b2-1-satu.wav"]


def test_a_file_that_was_spoilt_is_made_anew(tmp_path, speak):
    made(tmp_path, speak)
    (tmp_path / "voices" / "id" / "b2-1-satu.wav").write_bytes(b"?")
    assert made(tmp_path, speak).made == 1


@pytest.mark.parametrize("suffix", [".opus", ".ogg"])
def test_a_recording_of_a_person_always_wins(tmp_path, speak, suffix):
    made(tmp_path, speak)
    recorded = tmp_path / "lessons" / "voices" / "id" / f"b2-1-satu{suffix}"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(b"OggS")
    sound = voice.found(tmp_path / "lessons", tmp_path / "voices", "id", TWO[0])
    assert (sound.file, sound.placeholder, sound.media_type) == (recorded, False, "audio/ogg")
    count = made(tmp_path, speak)
    assert (count.recorded, count.kept, count.removed) == (1, 3, 1)


def test_what_is_too_long_too_heavy_or_fails_is_refused_and_what_was_made_stays(tmp_path, speak):
    for lines, encode in (
        ([*TWO, Spoken("b2-1-tiga", "kata " * 121, "Three.")], plain),
        ([*TWO, Spoken("b2-1-tiga", "rusak", "Three.")], plain),
    ):
        with pytest.raises(VoiceFailed) as refused:
            made(tmp_path, speak, lines, encode)
        assert "tiga" in str(refused.value.facts["name"]) or "rusak" in str(refused.value.facts["name"])
        assert set(voice.table(tmp_path / "voices")) >= {"id/b2-1-satu", "id/b2-1-dua"}
    with pytest.raises(VoiceFailed):
        made(tmp_path, speak, [Spoken("b2-1-empat", "Empat.", "Four.")], lambda wav: (bytes(9_000), ".opus"))
    assert not list((tmp_path / "voices").rglob("*.part"))


def test_a_program_that_is_not_there_is_refused():
    with pytest.raises(VoiceFailed):
        voice.espeak("no-such-program-speaks")


def test_the_command_makes_voices_of_one_lesson_and_leaves_what_others_have(
    tmp_path, program, capsys, monkeypatch
):
    monkeypatch.setattr(voice, "encoder", lambda: plain)
    told = ["learn", "voices", "--program", program, "--to", str(tmp_path / "voices"), "--language", "id"]
    for objective in ("B1-3", "B1-4"):
        assert cli.main([*told, "--only", objective]) == 0
    wanted = {f"id/{line.name}" for name in ("B1-3", "B1-4") for line in voices.of_course(WHOLE)[name]}
    assert set(voice.table(tmp_path / "voices")) == wanted
    assert "0 recorded by people, 0 removed" in capsys.readouterr().out
    assert cli.main(["learn", "voices", "--program", "no-such-program-speaks"]) == 1
    assert "learning.voice-failed" in capsys.readouterr().err


def test_lines_join_into_sentences_that_pause():
    lesson = WHOLE.lessons["B1-2"]
    screen = replace(lesson.screens[0], title=replace(lesson.screens[0].title, id="Satu"), items=())
    assert voices.lines(replace(lesson, screens=(screen,)))[0].id.startswith("Satu. Bima dan Kakek")
