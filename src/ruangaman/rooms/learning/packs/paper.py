"""
Lessons on paper: A4, black and white. For each lesson the sheet to keep, the lesson to read aloud where there is no
phone, two forms with boxes (or what a carer observes), and the key on a page of its own.

A form asks for the code and number of a seat, never for a name. Letters are those of `core.learning.lettering`, so that
answers from paper are typed in as they are printed.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruangaman.adapters import pdf
from ruangaman.core.learning import passages, seats
from ruangaman.core.learning.model import Course, Lesson, Told
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.courses import Basis
from ruangaman.rooms.learning.packs import paging, pictures

TEMPLATE: Final = Path(__file__).resolve().parents[1] / "templates" / "learning" / "pdf" / "kertas.typ"
_COLOUR: Final = re.compile(rb"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b")


def make(course: Course, objectives: Sequence[str], language: str, now: datetime) -> bytes:
    """
    These lessons in one language, as one tagged PDF (PDF/A-2b and PDF/UA-1).

    Args:
        now: the instant at which the law is asked; its day is the document's date.
    """
    with translation.override(language):
        told = _told(course, objectives, language, now)
    day = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return pdf.render(TEMPLATE.read_text(encoding="utf-8"), told, at=day, read_aloud=True)


def grey(svg: bytes) -> bytes:
    """A drawing without colours: each as light as it was (ITU-R BT.601)."""
    return _COLOUR.sub(_grey, svg)


def _grey(found: re.Match[bytes]) -> bytes:
    told = found[1].decode()
    told = told if len(told) == 6 else "".join(one * 2 for one in told)
    red, green, blue = bytes.fromhex(told)
    light = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return f"#{light:02X}{light:02X}{light:02X}".encode()


def _told(course: Course, objectives: Sequence[str], language: str, now: datetime) -> dict[str, Any]:
    lessons = [course.lessons[name] for name in objectives]
    drawn = dict.fromkeys(name for lesson in lessons for name in courses.pictures_of(lesson))
    drawn |= dict.fromkeys(
        name
        for lesson in lessons
        for letter in "AB"
        if (form := course.forms.get((lesson.objective, letter)))
        for item in form.items
        for name in (item.picture, *(one.picture for one in item.options))
        if name
    )
    title = lessons[0].title.said(language) if len(lessons) == 1 else _("Pelajaran Ruang Aman")
    return {
        "language": language,
        "title": title,
        "words": _words(),
        "signs": seats.LENGTH,
        "times": [_("Sebelum"), _("Sesudah"), _("Hari ke-28")],
        "lessons": [_lesson(course, lesson, language, now) for lesson in lessons],
        "drawings": {name: grey(pictures.read(name)).decode() for name in drawn},
    }


def _words() -> dict[str, str]:
    return {
        "sheet": _("Lembar untuk disimpan"),
        "kept": _("Simpan lembar ini, atau tempel di rumah."),
        "aloud": _("Pelajaran untuk dibacakan"),
        "aloud_how": _("Bacakan pelan-pelan. Beri waktu untuk memilih, baru bacakan penjelasannya."),
        "brief": _("Untuk yang memimpin"),
        "right": _("yang tepat"),
        "hints": _("Petunjuk"),
        "code": _("Kode"),
        "seat": _("Nomor kursi"),
        "time": _("Kapan"),
        "sure": _("Yakin?"),
        "yes": _("Ya"),
        "no": _("Tidak"),
        "form_how": _("Jangan tulis nama. Beri tanda pada satu kotak untuk setiap soal."),
        "key": _("Kunci"),
        "key_how": _("Halaman ini untuk yang memimpin. Jangan dibagikan bersama soal."),
        "number": _("Soal"),
        "letter": _("Huruf jawaban"),
        "answer": _("Jawaban yang tepat"),
        "observed": _("Lembar amatan"),
        "observed_how": _(
            "Untuk pendamping. Amati selama seminggu, lalu beri tanda. Jangan tulis nama anak."
        ),
        "seen": _("Yang diamati"),
    }


def _lesson(course: Course, lesson: Lesson, language: str, now: datetime) -> dict[str, Any]:
    forms = [course.forms.get((lesson.objective, letter)) for letter in "AB"]
    return {
        "name": lesson.objective,
        "title": lesson.title.said(language),
        "minutes": ngettext("%(count)s menit", "%(count)s menit", lesson.minutes) % {"count": lesson.minutes},
        "sheet": _lines(passages.below(lesson.title.said(language), lesson.paper.sheet.said(language))),
        "note": _blocks(lesson.note, language),
        "brief": _blocks(lesson.brief, language),
        "screens": [
            {
                "title": step.told.title.said(language),
                "text": _blocks(step.told.text, language),
                "picture": step.told.picture,
                "items": [_item(one, language) for one in step.items],
                "basis": [_basis(one, language) for one in step.basis],
            }
            for step in paging.steps(lesson, now)
        ],
        "observations": [one.text.said(language) for one in lesson.observations],
        "forms": [
            {
                "title": _("Bentuk %(letter)s") % {"letter": form.form},
                "version": _("versi %(number)s") % {"number": form.version},
                "items": [_item(one, language) for one in paging.questions(form.items, count(1))],
            }
            for form in forms
            if form
        ],
    }


def _item(one: paging.Question, language: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "stem": one.told.stem.said(language),
        "shown": _blocks(one.told.shown, language),
        "picture": one.told.picture,
        "hints": [hint.said(language) for hint in one.told.hints],
        "right": one.right,
        "options": [
            {
                "letter": option.letter,
                "text": option.told.text.said(language),
                "feedback": _blocks(option.told.feedback, language),
                "right": option.told.right,
                "picture": option.told.picture,
            }
            for option in one.options
        ],
    }


def _basis(one: Basis, language: str) -> str:
    if one.changed:
        return _("Aturan ini sudah berubah. Pelajaran ini sedang diperiksa.")
    return f"{_('Dasar:')} {', '.join(courses.cited(one.articles, language))}"


def _blocks(text: Told | None, language: str) -> list[dict[str, Any]]:
    """Paragraphs, and lists of points, as on our pages."""
    return _lines(passages.blocks(text.said(language)) if text else [])


def _lines(blocks: Iterable[str | passages.Points]) -> list[dict[str, Any]]:
    return [
        {"points": False, "lines": [one]} if isinstance(one, str) else {"points": True, "lines": one.lines}
        for one in blocks
    ]
