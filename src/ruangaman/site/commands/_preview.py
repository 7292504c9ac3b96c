"""
`ruangaman learn preview`: lessons in the browser as learners see them, read anew at each look, with what to repair.

It answers on this machine alone, shows the pages of lessons and nothing else of the house, and needs neither a database
nor keys.
"""

import argparse
import html
import os
import secrets
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from ruangaman.adapters import clock, lesson_files, packs
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import answer_keys, checks, plain, why
from ruangaman.core.learning.model import Course, Lesson
from ruangaman.site.commands._django import refuse, wake

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
    """What an author should look at, of one screen of a lesson, or (screen "") of what belongs to none."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder
        self.told: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def __call__(self, objective: str, screen: str) -> list[str]:
        """`code: what`, faults first, then hard sentences with what to do, in the language of the page."""
        from django.utils.translation import get_language

        key = objective, "en" if get_language() == "en" else "id"
        if key not in self.told:
            self.told[key] = list(dict.fromkeys(self._of(self.course.lessons[objective], key[1])))
        return [text for place, text in self.told[key] if place == screen]

    def _of(self, lesson: Lesson, language: str) -> Iterable[tuple[str, str]]:
        scheme, name = self.course.scheme, lesson.objective
        audience = scheme.audience(name)
        vocabulary = lesson_files.vocabulary(self.folder, audience.limits.words)
        alone = Course(
            scheme,
            {name: lesson},
            {key: form for key, form in self.course.forms.items() if key[0] == name},
            self.course.pictures,
        )
        law = partial(_law, scheme.jurisdiction)
        vocabularies = {
            one.limits.words: lesson_files.vocabulary(self.folder, one.limits.words)
            for one in scheme.audiences
        }
        found = checks.faults(alone, vocabularies, law)
        found += answer_keys.faults(alone, lesson_files.keys(self.folder))
        for fault in found:
            if fault.at.partition("/")[0] == name:
                yield _place(lesson, fault.at), f"{fault.code}: {fault.what or fault.at}"
        for one in plain.measure(checks.spoken(alone, lesson), audience.limits, vocabulary).findings:
            word = f" [{one.word}]" if one.word else ""
            told = why.why(one, audience.limits, vocabulary, plain.syllables(one.word)).said(language)
            yield _where(lesson, one.sentence), f"{one.code}{word}: {one.sentence} {told}"


def _law(jurisdiction: str, facts: dict[str, Any]) -> tuple[str, str, Any]:
    now = clock.now()
    told = packs.load(jurisdiction).ask({"on": now.isoformat()} | facts, now=now)
    return str(told.outcome), str(told.reason), told.value


def _place(lesson: Lesson, at: str) -> str:
    """The screen of a fault's place: `objective/screen/...` or `objective/item/...`; "" where there is none."""
    part = ([*at.split("/"), ""])[1]
    for screen in lesson.screens:
        if part == screen.id or any(item.id == part for item in screen.items):
            return screen.id
    return ""


def _where(lesson: Lesson, sentence: str) -> str:
    """The screen in which a sentence stands; "" where it stands in none."""
    for screen in lesson.screens:
        told = [screen.title.id, screen.text.id if screen.text else ""]
        told += [text.id for item in screen.items for _, text in checks.texts_of_item(item)]
        if sentence and any(sentence in plain.sentences(text) for text in told):
            return screen.id
    return ""
