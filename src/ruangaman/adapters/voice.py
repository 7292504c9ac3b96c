"""
Voices of lessons: recordings of people, and in their place, for now, a program that speaks.

A recording lies beside the lessons (`voices/<language>/<name>.opus` or `.ogg`) and always wins. A placeholder lies in
the data folder and is listed in `table.json` with its own digest and that of its text, so that a text that changed has
no voice until it is made anew. The program (espeak-ng, GPL-3) is a separate one that only making placeholders needs.
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ruangaman.adapters import whole_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning.model import LANGUAGES
from ruangaman.core.learning.voices import Spoken

PROGRAM: Final = "espeak-ng"
SECONDS_EACH: Final = 60
BYTES_A_MINUTE: Final = 180_000
"""Opus, mono, 24 kbit/s: what a phone with little quota can carry. Our choice."""
BITRATE: Final = 23
"""Kilobits a second of sound; what Ogg adds makes it 24."""
HEAD_BYTES: Final = 2_000
"""What a file weighs before its first sound."""
WORDS_A_MINUTE: Final = 130
"""Slow, for small listeners. Our choice."""
PATIENCE: Final = 60
TABLE: Final = "table.json"
RECORDED: Final = (".opus", ".ogg")
TYPES: Final = {".opus": "audio/ogg", ".ogg": "audio/ogg", ".wav": "audio/wav"}

Speaker = Callable[[str, str], bytes]
"""Text and language to a WAV of 16 bits, mono."""
Encoder = Callable[[bytes], tuple[bytes, str]]
"""WAV to what is kept, and its suffix."""


class VoiceFailed(RuangAmanError):
    """The program that speaks is missing or failed, or a line became too long; `name` and `why` say which."""

    code = "learning.voice-failed"


@dataclass(frozen=True, slots=True)
class Made:
    """A placeholder's line of the table. `text`, `sha256`: digests, in hex, of what is spoken and of the file."""

    file: str
    text: str
    sha256: str
    seconds: float
    bytes: int
    placeholder: bool = True


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that speaks a line. `version`: changes with its content."""

    file: Path
    placeholder: bool
    version: str

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return TYPES[self.file.suffix]


@dataclass(frozen=True, slots=True)
class Count:
    """What one run did: lines made, lines that stood, recordings found, files of lines that are gone."""

    made: int
    kept: int
    recorded: int
    removed: int
    seconds: float
    bytes: int


def digest(text: str) -> str:
    """Of a line's words."""
    return hashlib.sha256(text.encode()).hexdigest()


def found(lessons: Path, place: Path, language: str, line: Spoken) -> Sound | None:
    """The file that speaks a line as it is written now: a recording, else a placeholder, else None."""
    for suffix in RECORDED:
        file = lessons / "voices" / language / f"{line.name}{suffix}"
        if file.is_file():
            return Sound(file, False, str(file.stat().st_mtime_ns))
    made = table(place).get(f"{language}/{line.name}")
    if made is None or made.text != digest(line.text(language)):
        return None
    file = place / made.file
    return Sound(file, True, made.sha256[:12]) if file.is_file() else None


def table(place: Path) -> dict[str, Made]:
    """`language/name` -> its placeholder; empty where none was made."""
    file = place / TABLE
    try:
        return _table(file, file.stat().st_mtime_ns)
    except OSError:
        return {}


@lru_cache(maxsize=4)
def _table(file: Path, _changed: int) -> dict[str, Made]:
    return {name: Made(**one) for name, one in json.loads(file.read_bytes()).items()}


def make(
    lines: Iterable[Spoken],
    languages: Iterable[str],
    lessons: Path,
    place: Path,
    speak: Speaker,
    encode: Encoder,
    *,
    only: frozenset[str] | None = None,
) -> Count:
    """
    Make what is missing or stale, and drop what nobody says any more.

    Args:
        lines: everything that is spoken; placeholders of other lines are removed.
        only: names of the lines to make now; None for all.

    Raises:
        VoiceFailed: a line lasts more than 60 seconds or weighs more than 180 kB a minute, or the program failed; what
        was made before it stays, and is in the table.
    """
    before = table(place)
    counts = {"made": 0, "kept": 0, "recorded": 0}
    said = list(lines)
    known = {f"{language}/{line.name}" for language in LANGUAGES for line in said}
    now = {key: one for key, one in before.items() if key in known}
    try:
        for language in languages:
            for line in said:
                if only is None or line.name in only:
                    counts[_line(now, language, line, lessons, place, speak, encode)] += 1
    finally:
        _write(place, now)
    gone = {one.file for one in before.values()} - {one.file for one in now.values()}
    for name in gone:
        (place / name).unlink(missing_ok=True)
    return Count(
        removed=len(gone),
        seconds=sum(one.seconds for one in now.values()),
        bytes=sum(one.bytes for one in now.values()),
        **counts,
    )


def _line(
    now: dict[str, Made],
    language: str,
    line: Spoken,
    lessons: Path,
    place: Path,
    speak: Speaker,
    encode: Encoder,
) -> str:
    key = f"{language}/{line.name}"
    sound = found(lessons, place, language, line)
    if sound and not sound.placeholder:
        now.pop(key, None)
        return "recorded"
    if sound and key in now and _whole(sound.file, now[key]):
        return "kept"
    now[key] = _made(key, line.text(language), language, place, speak, encode)
    return "made"


def _made(key: str, text: str, language: str, place: Path, speak: Speaker, encode: Encoder) -> Made:
    wav = speak(text, language)
    seconds = _seconds(wav, key)
    if seconds > SECONDS_EACH:
        raise VoiceFailed(name=key, why=f"{seconds:.0f} seconds, at most {SECONDS_EACH}")
    content, suffix = encode(wav)
    if suffix in RECORDED and len(content) > BYTES_A_MINUTE / 60 * seconds + HEAD_BYTES:
        raise VoiceFailed(name=key, why=f"{len(content)} bytes for {seconds:.1f} seconds")
    file = place / f"{key}{suffix}"
    whole_files.write(file, content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Made(f"{key}{suffix}", digest(text), sha256, round(seconds, 1), len(content))


def _whole(file: Path, made: Made) -> bool:
    return hashlib.sha256(file.read_bytes()).hexdigest() == made.sha256


def _seconds(wav: bytes, key: str) -> float:
    """From the bytes themselves: a program that writes to a pipe does not know the length when it writes the head."""
    if len(wav) < 46 or wav[:4] != b"RIFF":
        raise VoiceFailed(name=key, why="no sound")
    return (len(wav) - 44) / (2 * int.from_bytes(wav[24:28], "little"))


def _write(place: Path, told: dict[str, Made]) -> None:
    whole_files.write(
        place / TABLE, json.dumps({key: asdict(told[key]) for key in sorted(told)}, indent=0).encode()
    )


def espeak(program: str = PROGRAM) -> Speaker:
    """The program that speaks. Raises VoiceFailed where it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise VoiceFailed(name=program, why="not installed")

    def speak(text: str, language: str) -> bytes:
        return _run(
            [path, "-v", language, "-s", str(WORDS_A_MINUTE), "--stdin", "--stdout"], text.encode(), text
        )

    return speak


def encoder() -> Encoder:
    """To Ogg/Opus by `opusenc` or `ffmpeg`, whichever is there; else the WAV as it is, seven times as large."""
    opus, ffmpeg = shutil.which("opusenc"), shutil.which("ffmpeg")
    if opus:
        sound = ["--hard-cbr", "--bitrate", str(BITRATE), "--framesize", "60", "--downmix-mono"]
        told = ["--quiet", "--ignorelength", "--serial", "1", "--padding", "0", "-", "-"]
        return lambda wav: (_run([opus, *sound, *told], wav, "opusenc"), ".opus")
    if ffmpeg:
        kept = ["-c:a", "libopus", "-b:a", f"{BITRATE}k", "-ac", "1", "-f", "ogg", "-"]
        return lambda wav: (_run([ffmpeg, "-v", "error", "-i", "-", *kept], wav, "ffmpeg"), ".opus")
    return lambda wav: (wav, ".wav")


def _run(command: list[str], told: bytes, name: str) -> bytes:
    try:
        done = subprocess.run(command, input=told, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as wrong:
        raise VoiceFailed(name=name[:60], why=type(wrong).__name__) from None
    return done.stdout
