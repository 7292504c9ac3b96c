"""Which kinds of files there are, and how each is made. A kind is one entry of `KINDS`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from ruangaman.core.learning.model import Course, Plain
from ruangaman.rooms.learning.errors import NoSounds, NoSuchKind, NoSuchLesson
from ruangaman.rooms.learning.packs import (
    cmi5,
    epub,
    gift,
    kolibri,
    moodle,
    offline,
    paper,
    qti3,
    scorm,
    voicing,
    xapi,
)

Make = Callable[[Course, tuple[str, ...], str, datetime], bytes]
"""Course, objectives in their order, language (`id`, `en`), the instant at which the law is asked -> the file."""


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A kind of file.

    Attributes:
        name: in addresses and on the command line. suffix: of the file, without a dot. title: for which system it is.
        quick: made within a second, so that its size can be told before anybody asks for it.
        signed: by the key of this house, so that it is made anew when another key signs.
        with_sounds: makes the same with what is spoken to who does not read yet; None where it cannot be heard.
    """

    name: str
    suffix: str
    media_type: str
    title: Plain
    make: Make
    quick: bool = True
    signed: bool = False
    with_sounds: Make | None = None


KINDS: Final[dict[str, Kind]] = {
    one.name: one
    for one in (
        Kind(
            "offline",
            "zip",
            "application/zip",
            Plain("HP dan komputer tanpa internet", "Phones and computers without internet"),
            offline.make,
            with_sounds=partial(offline.make, sounds=True),
            signed=True,
        ),
        Kind(
            "pdf",
            "pdf",
            "application/pdf",
            Plain(
                "Kertas A4: pelajaran untuk dibacakan, soal, dan kunci",
                "A4 paper: the lesson to read aloud, questions and key",
            ),
            paper.make,
            quick=False,
        ),
        Kind("epub", "epub", "application/epub+zip", Plain("Buku, EPUB", "A book, EPUB"), epub.make),
        Kind(
            "scorm12",
            "zip",
            "application/zip",
            Plain("Sistem belajar dengan SCORM 1.2", "Learning systems with SCORM 1.2"),
            scorm.make12,
            with_sounds=partial(scorm.make12, sounds=True),
        ),
        Kind(
            "scorm2004",
            "zip",
            "application/zip",
            Plain("Sistem belajar dengan SCORM 2004", "Learning systems with SCORM 2004"),
            scorm.make2004,
            with_sounds=partial(scorm.make2004, sounds=True),
        ),
        Kind(
            "cmi5",
            "zip",
            "application/zip",
            Plain("Sistem belajar dengan cmi5 dan xAPI", "Learning systems with cmi5 and xAPI"),
            cmi5.make,
            with_sounds=partial(cmi5.make, sounds=True),
        ),
        Kind("gift", "txt", "text/plain", Plain("Bank soal, GIFT", "Question banks, GIFT"), gift.make),
        Kind(
            "moodle",
            "xml",
            "application/xml",
            Plain("Bank soal Moodle", "Moodle question banks"),
            moodle.make,
            quick=False,
        ),
        Kind("xapi", "jsonld", "application/ld+json", Plain("Profil xAPI", "xAPI profile"), xapi.make),
        Kind("qti3", "zip", "application/zip", Plain("Soal QTI 3.0", "Questions as QTI 3.0"), qti3.make),
        Kind(
            "kolibri",
            "zip",
            "application/zip",
            Plain("Kanal Kolibri", "Kolibri channel"),
            kolibri.make,
            with_sounds=partial(kolibri.make, sounds=True),
        ),
    )
}


def kind(name: str) -> Kind:
    """One kind. Raises NoSuchKind."""
    found = KINDS.get(name)
    if found is None:
        raise NoSuchKind(kinds=", ".join(KINDS))
    return found


def lessons_of(course: Course, name: str) -> tuple[str, ...]:
    """The lessons that an audience (`B3`) or an objective (`B3-2`) means, in their order. Raises NoSuchLesson."""
    found = tuple(
        one.id
        for one in course.scheme.objectives
        if name in (one.id, one.id.partition("-")[0]) and one.id in course.lessons
    )
    if not found:
        raise NoSuchLesson
    return found


def heard(of: Kind, course: Course, lessons: tuple[str, ...], language: str) -> Make:
    """What makes this kind with the sounds that are there. Raises NoSounds."""
    if of.with_sounds is None:
        raise NoSounds(why="kind")
    sounds_of(course, lessons, language)
    return of.with_sounds


def sounds_of(course: Course, lessons: Iterable[str], language: str) -> int:
    """How many there are of these lessons. Raises NoSounds: their readers need none, or none was made or recorded."""
    spoken = [one for one in lessons if one in course.lessons and course.scheme.audience(one).voice]
    if not spoken:
        raise NoSounds(why="readers")
    many = sum(len(voicing.of_lesson(course, one, language, checked=False)) for one in spoken)
    if not many:
        raise NoSounds(why="folder")
    return many
