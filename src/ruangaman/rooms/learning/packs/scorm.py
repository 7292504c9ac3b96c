"""Lessons for learning systems by SCORM 1.2 and SCORM 2004 4th edition: one zip, one object (SCO) a lesson."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning.packs import player
from ruangaman.rooms.learning.packs.zipped import zipped

_MANIFEST: Final = "imsmanifest.xml"
_COMMON: Final = ("learning/paket/hasil.js", "learning/paket/scorm.js")
SCORM12: Final = player.Runtime(
    (*_COMMON, "learning/paket/scorm12.js"), "scorm12.js", checked=True, sheet=False, sent=True
)
SCORM2004: Final = player.Runtime(
    (*_COMMON, "learning/paket/scorm2004.js"), "scorm2004.js", checked=True, sheet=False, sent=True
)


def make12(
    course: Course, objectives: tuple[str, ...], language: str, now: datetime, *, sounds: bool = False
) -> bytes:
    """A package of SCORM 1.2 (ADL, October 2001)."""
    return _package(course, objectives, language, now, SCORM12, "learning/paket/imsmanifest12.xml", sounds)


def make2004(
    course: Course, objectives: tuple[str, ...], language: str, now: datetime, *, sounds: bool = False
) -> bytes:
    """A package of SCORM 2004 4th edition (ADL, 2009)."""
    return _package(
        course, objectives, language, now, SCORM2004, "learning/paket/imsmanifest2004.xml", sounds
    )


def _package(
    course: Course,
    objectives: tuple[str, ...],
    language: str,
    now: datetime,
    runtime: player.Runtime,
    manifest: str,
    sounds: bool,
) -> bytes:
    files: dict[str, bytes] = {}
    told = []
    for name in objectives:
        of_lesson = player.lesson_files(course, name, language, now, runtime=runtime, sounds=sounds)
        mine = {f"{name}/{path}": content for path, content in of_lesson.items()}
        files |= mine
        paths = [path for path in sorted(mine) if path != f"{name}/index.html"]
        told.append(
            {
                "id": name,
                "lesson": course.lessons[name],
                "mastery": player.mastery(course, name),
                "files": paths,
            }
        )
    audience = course.scheme.audience(objectives[0])
    with translation.override(language):
        text = render_to_string(
            manifest, {"who": audience, "lessons": told, "language": language, "base": settings.BASE_URL}
        )
    files[_MANIFEST] = text.encode()
    return zipped(files)
