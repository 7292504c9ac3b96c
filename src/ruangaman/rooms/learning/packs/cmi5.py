"""Lessons for learning systems by cmi5: one zip, one assignable unit (AU) a lesson, told by xAPI."""

from datetime import datetime
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation

from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning.packs import player
from ruangaman.rooms.learning.packs.zipped import zipped

CMI5: Final = player.Runtime(
    ("learning/paket/hasil.js", "learning/paket/cmi5.js"), "cmi5.js", checked=True, sheet=False, sent=True
)


def make(
    course: Course, objectives: tuple[str, ...], language: str, now: datetime, *, sounds: bool = False
) -> bytes:
    """A course package (cmi5 Quartz, section 14): `cmi5.xml` at the root, addresses relative to it."""
    files: dict[str, bytes] = {}
    for name in objectives:
        of_lesson = player.lesson_files(course, name, language, now, runtime=CMI5, sounds=sounds)
        files |= {f"{name}/{path}": content for path, content in of_lesson.items()}
    audience = course.scheme.audience(objectives[0])
    told = [
        {
            "objective": next(one for one in course.scheme.objectives if one.id == name),
            "lesson": course.lessons[name],
            "mastery": player.mastery(course, name),
            "iri": player.iri(name),
        }
        for name in objectives
    ]
    with translation.override(language):
        text = render_to_string(
            "learning/paket/cmi5.xml",
            {"who": audience, "lessons": told, "iri": player.iri(f"untuk/{audience.id}")},
        )
    files["cmi5.xml"] = text.encode()
    return zipped(files)
