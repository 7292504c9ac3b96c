"""Lessons in one zip for phones, cards and boxes without internet: a list, each lesson, and a signature over all."""

from datetime import datetime
from typing import Final

from django.utils.timezone import localtime

from ruangaman.core.learning import sealed_packs
from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning.packs import keys, player
from ruangaman.rooms.learning.packs.zipped import zipped

LIST: Final = "../index.html"


def make(
    course: Course, objectives: tuple[str, ...], language: str, now: datetime, *, sounds: bool = False
) -> bytes:
    """The zip; its signature covers each file, and says who signed and of which day it is."""
    told = {
        "who": course.scheme.audience(objectives[0]),
        "ground": "family",
        "lessons": [
            (one, course.lessons[one.id]) for one in course.scheme.objectives if one.id in objectives
        ],
    }
    files = player.frame("learning/paket/daftar.html", told, course, language)
    for name in objectives:
        of_lesson = player.lesson_files(course, name, language, now, up=LIST, sounds=sounds)
        files |= {f"{name}/{path}": content for path, content in of_lesson.items()}
    lessons = {name: course.lessons[name].version for name in objectives}
    manifest = sealed_packs.manifest(files, language=language, lessons=lessons, made_on=localtime(now).date())
    files[sealed_packs.MANIFEST] = manifest
    files[sealed_packs.SIGNATURE] = sealed_packs.signed(manifest, keys.signing()).encode()
    return zipped(files)
