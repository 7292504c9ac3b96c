"""
Lessons as a book: EPUB 3, with answers at the end of each lesson, pictures, and without any script.

Source: EPUB 3.3 (W3C), sections 4 and 5; accessibility metadata as EPUB Accessibility 1.1 names them. That the book
conforms to a level of WCAG is not claimed: nobody has audited it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import paging, pictures
from ruangaman.rooms.learning.packs.zipped import zipped

_CONTAINER: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/isi.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)


def make(course: Course, objectives: Sequence[str], language: str, now: datetime) -> bytes:
    """
    One book of these lessons in one language.

    Args:
        now: the instant at which the law is asked; books made on the same day are the same bytes.
    """
    aims = {one.id: one for one in course.scheme.objectives}
    lessons = [course.lessons[name] for name in objectives]
    with translation.override(language):
        chapters = [
            {
                "name": lesson.objective.lower(),
                "lesson": lesson,
                "objective": aims[lesson.objective],
                "who": course.scheme.audience(lesson.objective),
                "screens": paging.steps(lesson, now),
            }
            for lesson in lessons
        ]
        drawn = list(dict.fromkeys(name for lesson in lessons for name in courses.pictures_of(lesson)))
        told: dict[str, Any] = {
            "language": language,
            "title": _title(course, objectives, language),
            "book": uuid5(NAMESPACE_URL, f"ruangaman:buku:{','.join(objectives)}:{language}"),
            "modified": localtime(now).strftime("%Y-%m-%dT00:00:00Z"),
            "chapters": chapters,
            "drawings": drawn,
            "spoken": any(course.scheme.audience(name).voice for name in objectives),
        }
        files = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER}
        for name in ("isi.opf", "nav.xhtml", "gaya.css"):
            files[f"EPUB/{name}"] = render_to_string(f"learning/buku/{name}", told)
        for one in chapters:
            files[f"EPUB/{one['name']}.xhtml"] = render_to_string("learning/buku/bab.xhtml", {**told, **one})
    packed = {name: text.encode() for name, text in files.items()}
    packed |= {f"EPUB/gambar/{name}.svg": pictures.read(name) for name in drawn}
    return zipped(packed, stored_first="mimetype")


def _title(course: Course, objectives: Sequence[str], language: str) -> str:
    if len(objectives) == 1:
        return course.lessons[objectives[0]].title.said(language)
    names = dict.fromkeys(course.scheme.audience(one).name.said(language) for one in objectives)
    return f"{_('Pelajaran Ruang Aman')}: {', '.join(names)}"
