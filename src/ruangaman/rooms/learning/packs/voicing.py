"""
What is spoken of a lesson, as files beside its page: recordings, and a computer's voice in their place for now.

Sound is apart from text and pictures, whose budget a pack keeps: it comes along when it is asked for. Only Ogg/Opus
does; a WAV, seven times as large, stays out, and the browser's own voice speaks that line.
"""

from dataclasses import dataclass
from typing import Final

from ruangaman.adapters import voice
from ruangaman.core.learning import voices
from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning import config

FOLDER: Final = "suara"
MOST_BYTES: Final = voice.BYTES_A_MINUTE * voice.SECONDS_EACH // 60 + voice.HEAD_BYTES
"""Of one file: the longest line there may be."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A sound in a pack. `address`: from the lesson's page. `placeholder`: a computer speaks, and the page says so."""

    address: str
    content: bytes
    placeholder: bool


def of_lesson(course: Course, objective: str, language: str, *, checked: bool) -> dict[str, Carried]:
    """
    The sounds that are there for a lesson whose audience does not read yet, by the names of their lines.

    Args:
        checked: whether its form B comes along.
    """
    lines = voices.lines(course.lessons[objective]) if course.scheme.audience(objective).voice else []
    if lines and checked and (objective, "B") in course.forms:
        lines += voices.of_test(course.forms[objective, "B"])
    found = {}
    for line in lines:
        sound = voice.found(config.folder(), config.voices(), language, line)
        if sound is None or sound.file.suffix not in voice.RECORDED:
            continue
        content = sound.file.read_bytes()
        if len(content) <= MOST_BYTES:
            # `.ogg`: servers of others know what that is, and few know `.opus`.
            found[line.name] = Carried(f"{FOLDER}/{line.name}.ogg", content, sound.placeholder)
    return found
