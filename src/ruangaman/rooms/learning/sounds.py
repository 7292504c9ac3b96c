"""Which file speaks a line of the lessons here: a recording, or a computer's voice for now."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from ruangaman.adapters import voice
from ruangaman.core.learning import voices
from ruangaman.core.learning.voices import Spoken
from ruangaman.rooms.learning import config, courses


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page needs to play a line. `placeholder`: a computer speaks, and the page says so."""

    address: str
    placeholder: bool


@cache
def spoken() -> dict[str, Spoken]:
    """Every line that is spoken of lessons and tests whose audience does not read yet, by its name."""
    return {line.name: line for told in voices.of_course(courses.course()).values() for line in told}


def file(language: str, name: str) -> voice.Sound | None:
    """The file of a line as it is written now; None when there is none."""
    line = spoken().get(name)
    return voice.found(config.folder(), config.voices(), language, line) if line else None


def of(language: str, name: str) -> Offered | None:
    """Where a page finds a line's sound; None when there is none."""
    sound = file(language, name)
    if sound is None:
        return None
    address = reverse("learning:sound", args=[language, name])
    return Offered(f"{address}?{urlencode({'v': sound.version})}", sound.placeholder)
