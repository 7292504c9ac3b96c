"""Our voices made by the real program that speaks, and packed by the real encoder: as light and as short as we say."""

import shutil
import subprocess

from ruangaman.adapters import lesson_files, voice
from ruangaman.core.learning import voices

OBJECTIVE = "B1-2"


def test_the_real_program_speaks_a_lesson_within_the_limits_and_twice_the_same(tmp_path):
    for program in ("espeak-ng", "opusenc", "opusinfo"):
        assert shutil.which(program), f"{program} is missing: apt install espeak-ng opus-tools"
    folder = lesson_files.folder()
    lines = voices.lines(lesson_files.course(folder).lessons[OBJECTIVE])
    counts = [
        voice.make(lines, ("id", "en"), folder, tmp_path / place, voice.espeak(), voice.encoder())
        for place in ("one", "other")
    ]
    assert counts[0] == counts[1]
    assert counts[0].made == 2 * len(lines)
    made = voice.table(tmp_path / "one")
    for one in made.values():
        assert one.seconds <= voice.SECONDS_EACH
        assert one.bytes <= voice.BYTES_A_MINUTE / 60 * one.seconds + voice.HEAD_BYTES
    assert {key: one.sha256 for key, one in made.items()} == {
        key: one.sha256 for key, one in voice.table(tmp_path / "other").items()
    }
    first = tmp_path / "one" / next(iter(made.values())).file
    told = subprocess.run(["opusinfo", first], capture_output=True, text=True, check=True).stdout
    assert "Channels: 1" in told
    assert first.read_bytes()[:4] == b"OggS"
    again = voice.make(lines, ("id", "en"), folder, tmp_path / "one", voice.espeak(), voice.encoder())
    assert (again.made, again.kept) == (0, 2 * len(lines))
