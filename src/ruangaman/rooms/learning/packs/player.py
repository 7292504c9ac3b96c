"""One lesson as a folder of its own: a page, styles, a script and pictures, without any link that leads outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

from ruangaman.adapters import helpline_files
from ruangaman.core import helplines
from ruangaman.core.learning import answering
from ruangaman.core.learning.model import Course, Form, Item, Lesson
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.packs import pictures, scripts, voicing

_STYLES: Final = (
    "tegel/tegel.css",
    "tegel/strip.svg",
    "tegel/floor.svg",
    "learning/pelajaran.css",
    "learning/paket/paket.css",
)
_SCRIPT: Final = "pelajaran.js"
_STORE: Final = "simpanan.js"
_PARTS: Final = ("acak.js", "ulangan.js")
_VOICE: Final = "suara.js"
_BOTH: Final = "semua.js"


@dataclass(frozen=True, slots=True)
class Runtime:
    """
    Where a lesson keeps what was answered.

    Attributes:
        modules: static scripts beside the lesson's own. store: the one in the place of `simpanan.js`, or none.
        checked: whether what was learned is looked at in the end: the items of form B, which count towards the score.
        sheet: whether a sheet to print lies beside the page.
        sent: whether answers go to a learning system, and are not kept on the device alone.
    """

    modules: tuple[str, ...] = ()
    store: str = ""
    checked: bool = False
    sheet: bool = True
    sent: bool = False


MASTERY: Final = "0.8"
"""Adults master a lesson with 4 of 5 answers right."""
HERE: Final = Runtime()


def lesson_files(
    course: Course,
    objective: str,
    language: str,
    now: datetime,
    *,
    runtime: Runtime = HERE,
    up: str = "",
    sounds: bool = False,
) -> dict[str, bytes]:
    """
    The files of one lesson by their paths; `index.html` begins.

    Args:
        now: the instant at which the law is asked for the articles that stand below a screen.
        up: address of a list of lessons above this one, where there is one.
        sounds: whether those that there are come along; without them a browser's own voice may speak.
    """
    lesson = course.lessons[objective]
    form = course.forms.get((objective, "B")) if runtime.checked else None
    who = course.scheme.audience(objective)
    steps = courses.steps(lesson, who, now)
    carried = voicing.of_lesson(course, objective, language, checked=runtime.checked) if sounds else {}
    told = {
        "base": "learning/paket/dasar.html",
        "pack": {
            "up": up,
            "sheet": runtime.sheet,
            "sent": runtime.sent,
            "last": lesson.screens[-1].id,
            "mastery": mastery(course, objective),
            "iri": iri(objective),
            "sounds": carried,
        },
        "objective": next(one for one in course.scheme.objectives if one.id == objective),
        "lesson": lesson,
        "who": who,
        "ground": courses.ground(who),
        "steps": steps,
        "law_on": localtime(now).date() if any(step.basis for step in steps) else None,
        "checks": _sittings(course, form),
        "second": answering.asks_how_sure(who.id),
        "spoken": who.voice,
    }
    files = {"index.html": _page("learning/pelajaran.html", told, course, language)}
    if runtime.sheet:
        files["lembar.html"] = _page("learning/lembar.html", told, course, language)
    files |= {name.rpartition("/")[2]: static(name) for name in _STYLES}
    files[_SCRIPT] = script(runtime, spoken=who.voice)
    files |= {one.address: one.content for one in carried.values()}
    return files | {f"gambar/{name}.svg": pictures.read(name) for name in drawings(lesson, form)}


def mastery(course: Course, objective: str) -> str:
    """The share that adults are to reach, as packages write it; empty for children, who never fail a lesson."""
    audience = course.scheme.audience(objective)
    return "" if audience.first is not None or audience.measured != "forms" else MASTERY


def iri(objective: str) -> str:
    """The name of a lesson in others' records: its address in this house."""
    return f"{settings.BASE_URL}/pelajaran/{objective}/"


def frame(template: str, told: Mapping[str, Any], course: Course, language: str) -> dict[str, bytes]:
    """A page of a pack that is no lesson, `index.html`, with its styles."""
    files = {"index.html": _page(template, {"pack": {"list": True}, **told}, course, language)}
    return files | {name.rpartition("/")[2]: static(name) for name in _STYLES}


def drawings(lesson: Lesson, form: Form | None = None) -> tuple[str, ...]:
    """The drawings that a lesson, and the form beside it, shows, each once, in the order of their names."""
    items: tuple[Item, ...] = (*lesson.practice, *(form.items if form else ()))
    found = {screen.picture for screen in lesson.screens} | {item.picture for item in items}
    found |= {option.picture for item in items for option in item.options}
    return tuple(sorted(name for name in found if name))


@cache
def static(name: str) -> bytes:
    """A static file of ours; the process and its files end together."""
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()


@cache
def script(runtime: Runtime, *, spoken: bool = False) -> bytes:
    """The lesson's script for this store; `spoken`: with a voice, for who does not read yet."""
    names = (*(f"learning/{name}" for name in (_SCRIPT, _STORE, _VOICE, *_PARTS)), *runtime.modules)
    texts = {name.rpartition("/")[2]: static(name).decode() for name in names}
    if runtime.store:
        texts[_SCRIPT] = texts[_SCRIPT].replace(f'"./{_STORE}"', f'"./{runtime.store}"')
    if not spoken:
        return scripts.classic(texts, _SCRIPT).encode()
    # The voice first: a lesson waits for a learning system before it shows anything.
    texts[_BOTH] = f'import * as voice from "./{_VOICE}";\nimport * as lesson from "./{_SCRIPT}";\n'
    return scripts.classic(texts, _BOTH).encode()


def _sittings(course: Course, form: Form | None) -> list[tuple[Item, ...]]:
    if form is None:
        return []
    size = course.scheme.audience(form.objective).sitting or len(form.items)
    return [form.items[at : at + size] for at in range(0, len(form.items), size)]


def _page(template: str, told: Mapping[str, Any], course: Course, language: str) -> bytes:
    # A pack lies around for months: of every line it says that nobody checked it, and names the surest alone.
    lines = helpline_files.lines(course.scheme.jurisdiction)
    services = helplines.shown(lines, date.min, children=True, least="high")
    with translation.override(language):
        return render_to_string(template, {**told, "language": language, "services": services}).encode()
