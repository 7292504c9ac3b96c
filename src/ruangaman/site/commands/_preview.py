"""
`ruangaman learn preview`: lessons in the browser as learners see them, read anew at each look, with what to repair.

It answers on this machine alone, shows the pages of lessons and nothing else of the house, and needs neither a database
nor keys.
"""

import argparse
import html
import os
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from ruangaman.adapters import clock, lesson_files, packs
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import answer_keys, checks, plain, why
from ruangaman.core.learning.model import Course, Form, Item, Lesson
from ruangaman.site.commands._django import refuse, wake

if TYPE_CHECKING:
    from ruangaman.rooms.learning.api import OfItem

HOST = "127.0.0.1"
SHOWN = ("/pelajaran/", "/static/", "/bahasa")
OF_A_HOUSE = tuple(
    f"/pelajaran/{one}/" for one in ("berkas", "hasil", "kampanye", "kelas", "lencana", "p", "pemandu")
)
"""Pages of the room that read a database or sign with its keys; a preview has neither."""
ELSEWHERE = (
    "<!doctype html><html lang=id><meta charset=utf-8><title>Pratinjau</title>"
    "<p>Pratinjau hanya menunjukkan pelajaran. Halaman ini ada di rumah yang berjalan.</p>"
    "<p lang=en>A preview shows lessons alone. This page is part of a house that runs.</p>"
    "<p><a href=/pelajaran/>Pelajaran</a></p>"
)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def serve(args: argparse.Namespace) -> int:
    """Until it is interrupted; 1 where the port is taken or the folder cannot be read."""
    folder = (args.folder or lesson_files.folder()).resolve()
    try:
        lesson_files.course(folder)
    except RuangAmanError as error:
        return refuse(error)
    try:
        server = make_server(HOST, args.port, application(folder, args.port), WSGIServer, Quiet)
    except OSError as error:
        print(f"ruangaman learn preview: port {args.port}: {error.strerror}")
        return 1
    with server:
        print(
            f"http://localhost:{server.server_port}/pelajaran/ shows {folder}; end it with Ctrl-C", flush=True
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


class Quiet(WSGIRequestHandler):
    """An author reads faults on the page, not requests in the terminal."""

    def log_message(self, *_args: object) -> None:
        """Nothing."""


def application(folder: Path, port: int) -> Application:
    """The pages of lessons of one folder. Django is woken with settings of its own: a process shows one folder."""
    os.environ["RUANGAMAN_LESSONS_DIR"] = str(folder)
    os.environ["RUANGAMAN_BASE_URL"] = f"http://localhost:{port}"
    os.environ.setdefault("RUANGAMAN_SECRET_KEY", secrets.token_urlsafe(48))
    wake()
    from django.core.wsgi import get_wsgi_application

    return partial(answer, get_wsgi_application(), folder)


def answer(
    django: Application, folder: Path, environ: dict[str, Any], start: Callable[..., Any]
) -> Iterable[bytes]:
    """One answer: the lessons are read anew, and nothing of it is kept by the browser."""
    path = environ["PATH_INFO"]
    if not path.startswith(SHOWN):
        start("302 Found", [("Location", "/pelajaran/"), ("Content-Length", "0")])
        return [b""]
    if path.startswith(OF_A_HOUSE):
        return _page("404 Not Found", ELSEWHERE, start)
    if path.startswith("/pelajaran/"):
        from ruangaman.rooms.learning import api as learning

        try:
            course = learning.read_anew()
        except RuangAmanError as error:
            return _broken(error, start)
        environ["ruangaman.remarks"] = Remarks(course, folder)

    def fresh(status: str, headers: list[tuple[str, str]], *rest: object) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() != "cache-control"]
        return start(status, [*kept, ("Cache-Control", "no-store")], *rest)

    return django(environ, fresh)


def _broken(error: RuangAmanError, start: Callable[..., Any]) -> Iterable[bytes]:
    told = f"<!doctype html><meta charset=utf-8><title>{error.code}</title><h1>{error.code}</h1><p>"
    return _page("500 Internal Server Error", told + html.escape(str(error)), start)


def _page(status: str, told: str, start: Callable[..., Any]) -> Iterable[bytes]:
    start(status, [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
    return [told.encode()]


class Remarks:
    """
    What an author should look at, of one screen of a lesson, of one of its forms or an item of these, or (place "") of
    what belongs to none.
    """

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder
        self.told: dict[tuple[str, str], _Told] = {}

    def __call__(self, objective: str, place: str) -> list[str]:
        """`code: what`, faults first, then hard sentences with what to do, in the language of the page."""
        told = self._told(objective)
        hard = [text for at, sentence, text in told.hard if at == place]
        return list(dict.fromkeys([text for at, text in told.faults if at == place] + hard))

    def of_item(self, objective: str, item: Item) -> "OfItem":
        """Its faults; and each of its sentences in Indonesian, what it shows left out, with why it is hard."""
        from ruangaman.rooms.learning.api import OfItem, Sentence

        told = self._told(objective)
        sentences = [
            Sentence(
                one,
                len(plain.words(one)),
                tuple(dict.fromkeys(text for at, hard, text in told.hard if (at, hard) == (item.id, one))),
            )
            for one in dict.fromkeys(_sentences(item))
        ]
        faults = dict.fromkeys(text for at, text in told.faults if at == item.id)
        return OfItem(tuple(faults), tuple(sentences))

    def _told(self, objective: str) -> "_Told":
        from django.utils.translation import get_language

        key = objective, "en" if get_language() == "en" else "id"
        if key not in self.told:
            self.told[key] = self._of(self.course.lessons[objective], key[1])
        return self.told[key]

    def _of(self, lesson: Lesson, language: str) -> "_Told":
        scheme, name = self.course.scheme, lesson.objective
        audience = scheme.audience(name)
        vocabulary = lesson_files.vocabulary(self.folder, audience.limits.words)
        forms = {key: form for key, form in self.course.forms.items() if key[0] == name}
        alone = Course(scheme, {name: lesson}, forms, self.course.pictures)
        law = partial(_law, scheme.jurisdiction)
        vocabularies = {
            one.limits.words: lesson_files.vocabulary(self.folder, one.limits.words)
            for one in scheme.audiences
        }
        found = checks.faults(alone, vocabularies, law)
        found += answer_keys.faults(alone, lesson_files.keys(self.folder))
        told = _Told([], [])
        for fault in found:
            # What `why` explains is told below, beside its sentence and with what to do.
            if fault.at.partition("/")[0] == name and (fault.at != name or fault.code not in why.WHY):
                text = f"{fault.code}: {fault.what or fault.at}"
                told.faults.extend((place, text) for place in _places(lesson, forms.values(), fault))
        for one in plain.measure(checks.spoken(alone, lesson), audience.limits, vocabulary).findings:
            word = f" [{one.word}]" if one.word else ""
            reason = why.why(one, audience.limits, vocabulary, plain.syllables(one.word)).said(language)
            for place, within in _where(lesson, forms.values(), one.sentence):
                text = (
                    f"{one.code}{word}: {reason}" if within else f"{one.code}{word}: {one.sentence} {reason}"
                )
                told.hard.append((place, one.sentence, text))
        return told


@dataclass(frozen=True, slots=True)
class _Told:
    """Faults with their places; what is hard with its place and its sentence."""

    faults: list[tuple[str, str]]
    hard: list[tuple[str, str, str]]


def _law(jurisdiction: str, facts: dict[str, Any]) -> tuple[str, str, Any]:
    now = clock.now()
    told = packs.load(jurisdiction).ask({"on": now.isoformat()} | facts, now=now)
    return str(told.outcome), str(told.reason), told.value


def _places(lesson: Lesson, forms: Collection[Form], fault: checks.Fault) -> list[str]:
    """
    Where a fault is told: a screen, an item of a form, a form; "" where there is none of these.

    Its `at` is `objective/screen/...`, `objective/item/...` or `objective/form/item/...`.
    """
    parts = fault.at.split("/")[1:]
    if fault.code == "not-parallel" and fault.what.isdigit():
        return [form.items[int(fault.what) - 1].id for form in forms]
    for screen in lesson.screens:
        if parts and (parts[0] == screen.id or any(item.id == parts[0] for item in screen.items)):
            return [screen.id]
    items = {item.id for form in forms for item in form.items}
    if found := [part for part in parts[:2] if part in items]:
        return found[:1]
    return parts[:1] if parts and any(form.form == parts[0] for form in forms) else [""]


def _where(lesson: Lesson, forms: Iterable[Form], sentence: str) -> list[tuple[str, bool]]:
    """Screens and items of forms in which a sentence stands, and whether that is an item; "" where in none."""
    found = []
    for screen in lesson.screens:
        told = [screen.title.id, screen.text.id if screen.text else ""]
        told += [text.id for item in screen.items for _, text in checks.texts_of_item(item)]
        if sentence and any(sentence in plain.sentences(text) for text in told):
            found.append((screen.id, False))
    found += [
        (item.id, True) for form in forms for item in form.items if sentence and sentence in _sentences(item)
    ]
    return found or [("", False)]


def _sentences(item: Item) -> list[str]:
    texts = [text.id for place, text in checks.texts_of_item(item) if not place.endswith("/shown")]
    return [one for text in texts for one in plain.sentences(text)]
