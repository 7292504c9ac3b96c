"""Pages of the lessons: doors by age, a door's lessons, one lesson, its sheet of paper; no account, nothing sent."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ruangaman.adapters import clock, kept_pages
from ruangaman.rooms.learning import config, courses
from ruangaman.rooms.learning.errors import NoSuchLesson

SHELL = (
    *("tegel/tegel.css", "tegel/logo.svg", "tegel/strip.svg", "tegel/floor.svg", "tegel/sinyal.js"),
    *("learning/pelajaran.css", "learning/pelajaran.js", "learning/simpanan.js"),
    *("learning/kelas.css", "learning/kelas.js", "learning/kotak-tes.js"),
)
PAGES = r"^/pelajaran/(?!pekerja|berkas|lencana|xapi|pemandu|kampanye|hasil|p/)"
"""
Every page of the lessons is the same for everybody, but those of badges and files; those of campaigns and behind a
facilitator's secret are kept nowhere.
"""
CHILDREN = ("B1", "B2", "B3", "B4", "B5")

View = Callable[..., HttpResponse]


def _found(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoSuchLesson:
            raise Http404 from None

    return inner


@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """Who are you? A door for each age, then for adults."""
    every = courses.course().scheme.audiences
    told = {
        "children": [one for one in every if one.id in CHILDREN],
        "adults": [one for one in every if one.id not in CHILDREN],
    }
    return render(request, "learning/pintu.html", told)


@require_GET
@_found
def lessons(request: HttpRequest, audience: str) -> HttpResponse:
    """What there is to learn behind one door."""
    who = courses.audience(audience)
    told = {"who": who, "ground": courses.ground(who), "objectives": courses.objectives_of(audience)}
    return render(request, "learning/daftar.html", told)


@require_GET
@_found
def lesson(request: HttpRequest, objective: str) -> HttpResponse:
    """One lesson: all its screens on one page; a script shows one after the other and saves on this device alone."""
    aim, told = courses.lesson(objective)
    who = courses.course().scheme.audience(objective)
    now = clock.now()
    screens = [(screen, courses.basis(screen, now)) for screen in told.screens]
    return render(
        request,
        "learning/pelajaran.html",
        {"objective": aim, "lesson": told, "who": who, "ground": courses.ground(who), "screens": screens},
    )


@require_GET
@_found
def sheet(request: HttpRequest, objective: str) -> HttpResponse:
    """What to keep, for paper and for a chat group."""
    aim, told = courses.lesson(objective)
    return render(request, "learning/lembar.html", {"objective": aim, "lesson": told})


@require_GET
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A drawing of ours."""
    if name not in courses.course().pictures:
        raise Http404
    content = (config.folder() / "pictures" / f"{name}.svg").read_bytes()
    return HttpResponse(
        content, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the lessons installable."""
    return kept_pages.manifest(
        reverse("learning:doors"),
        name=_("Pelajaran Ruang Aman"),
        short=_("Pelajaran"),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        ground="#E4E8F6",
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps at once; lessons are kept when they are opened, or a door as a whole."""
    return kept_pages.worker_of_pages("pelajaran", SHELL, pages=PAGES)
