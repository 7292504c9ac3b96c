"""Pages of the lessons: doors by age, a door's lessons, one lesson, its sheet of paper; no account, nothing sent."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock, helpline_files, kept_pages
from ruangaman.core import helplines
from ruangaman.core.learning.model import LANGUAGES, Audience
from ruangaman.rooms.learning import config, courses, sounds
from ruangaman.rooms.learning.errors import NoSuchLesson

SHELL = (
    *("tegel/tegel.css", "tegel/logo.svg", "tegel/strip.svg", "tegel/floor.svg", "tegel/sinyal.js"),
    *("learning/pelajaran.css", "learning/pelajaran.js", "learning/simpanan.js", "learning/acak.js"),
    *(
        "learning/ulangan.js",
        "learning/ulang.js",
        "learning/pintu.js",
        "learning/siapa.js",
        "learning/suara.js",
    ),
    *("learning/unduh.js", "learning/teman.svg"),
    *("learning/kelas.css", "learning/kelas.js", "learning/kotak-tes.js"),
)
PAGES = r"^/pelajaran/(?!pekerja|berkas|lencana|xapi|pemandu|kampanye|hasil|p/)"
"""
Every page of the lessons is the same for everybody, but those of badges and files; those of campaigns and behind a
facilitator's secret are kept nowhere.
"""
SOUNDS = r"^/pelajaran/suara/"
PAGE_BYTES = 110_000
"""No lesson's page is larger; a test measures them. By it a device is asked for room before anything is fetched."""
MOST_PEOPLE = 12
"""On one device. Our choice: a family, or the children of one table."""
PICTURES = {
    "kucing": _("Kucing"), "ikan": _("Ikan"), "burung": _("Burung"), "kura": _("Kura-kura"),
    "gajah": _("Gajah"), "kupu": _("Kupu-kupu"), "perahu": _("Perahu"), "layang": _("Layang-layang"),
    "bola": _("Bola"), "bunga": _("Bunga"), "pohon": _("Pohon"), "bulan": _("Bulan"),
}  # fmt: skip
"""What a learner of a shared phone may choose."""
CHILDREN = ("B1", "B2", "B3", "B4", "B5")
REMARKS = "ruangaman.remarks"
"""Under this name a preview hands what an author should look at to the pages of a lesson."""
LETTERS = ("A", "B")
HELP_CHILDREN, HELP_OLDER, HELP_ADULTS = "anak", "remaja", "dewasa"
HELP = {HELP_CHILDREN: "child-10-12", HELP_OLDER: "child-16-17", HELP_ADULTS: "family"}
"""Pages of help and their grounds. What is for younger children has no link that leads out, telephone numbers apart."""
HELP_OF = dict.fromkeys(("B1", "B2", "B3"), HELP_CHILDREN) | {"B4": HELP_OLDER, "B5": HELP_OLDER}

View = Callable[..., HttpResponse]


def _found(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoSuchLesson:
            raise Http404 from None

    return inner


def _for(audience: Audience) -> dict[str, object]:
    """What every page for an audience needs: who they are, their ground, and their page of help."""
    return {
        "who": audience,
        "ground": courses.ground(audience),
        "help_for": HELP_OF.get(audience.id, HELP_ADULTS),
    }


@require_safe
@gzip_page  # the same for everybody: what is packed holds no secret that its length could tell
def doors(request: HttpRequest) -> HttpResponse:
    """Who are you? A door for each age, then for adults."""
    every = courses.course().scheme.audiences
    told = {
        "children": [one for one in every if one.id in CHILDREN],
        "adults": [one for one in every if one.id not in CHILDREN],
    }
    return render(request, "learning/pintu.html", told)


@require_safe
@gzip_page
@_found
def lessons(request: HttpRequest, audience: str) -> HttpResponse:
    """What there is to learn behind one door."""
    who = courses.audience(audience)
    pack = courses.pack(who)
    size = courses.weight(who, each_page=PAGE_BYTES)
    told = {"objectives": courses.objectives_of(audience), "pack": [request.path, *pack], "bytes": size}
    told["megabytes"] = round(size / 1_000_000, 1)
    return render(request, "learning/daftar.html", _for(who) | told)


@require_safe
@gzip_page
@_found
def lesson(request: HttpRequest, objective: str) -> HttpResponse:
    """One lesson: all its screens on one page; a script shows one after the other and saves on this device alone."""
    aim, told = courses.lesson(objective)
    who = courses.course().scheme.audience(objective)
    # Only a preview on this machine puts anything there: a header of a caller never has that name.
    remarks = request.META.get(REMARKS)
    facts = {
        "objective": aim,
        "lesson": told,
        "steps": courses.steps(told, who, clock.now(), remarks),
        "remarks": _remarks(objective, remarks) if remarks else {},
        "second": not who.voice,
        "spoken": who.voice,
    }
    return render(request, "learning/pelajaran.html", _for(who) | facts)


def _remarks(objective: str, remarks: courses.Remarks) -> dict[str, object]:
    """Of the whole lesson, and how many each of its forms has."""
    forms = []
    for letter in LETTERS:
        if form := courses.course().forms.get((objective, letter)):
            beside = [remarks.of_item(objective, item) for item in form.items]
            count = len(remarks(objective, letter)) + sum(len(one.faults) + one.hard for one in beside)
            forms.append((letter, count))
    return {"lesson": remarks(objective, ""), "forms": forms}


@require_safe
@_found
def form(request: HttpRequest, objective: str, letter: str) -> HttpResponse:
    """A form with its key beside each item, for its author: in a preview alone, for a house keeps its keys."""
    remarks = request.META.get(REMARKS)
    shown = courses.course().forms.get((objective, letter))
    if remarks is None or shown is None:
        raise NoSuchLesson
    aim, told = courses.lesson(objective)
    facts = {
        "objective": aim,
        "lesson": told,
        "form": shown,
        "letters": [one for one in LETTERS if (objective, one) in courses.course().forms],
        "remarks": remarks(objective, letter),
        "items": [
            ({"item": item, "options": item.options}, remarks.of_item(objective, item))
            for item in shown.items
        ],
    }
    return render(request, "learning/bentuk.html", _for(courses.course().scheme.audience(objective)) | facts)


@require_safe
@_found
def sheet(request: HttpRequest, objective: str) -> HttpResponse:
    """What to keep, for paper and for a chat group."""
    aim, told = courses.lesson(objective)
    who = courses.course().scheme.audience(objective)
    return render(request, "learning/lembar.html", _for(who) | {"objective": aim, "lesson": told})


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """What is due today: the device knows, the house does not, so the page names every lesson."""
    return render(request, "learning/ulang.html", {"lessons": sorted(courses.course().lessons.items())})


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who learns on this device."""
    return render(request, "learning/siapa.html", {"pictures": PICTURES.items(), "most": MOST_PEOPLE})


@require_safe
def no_signal(request: HttpRequest) -> HttpResponse:
    """What a browser shows of us when a page is not kept and there is no signal to fetch it."""
    return render(request, "learning/tanpa_sinyal.html")


@require_safe
def sound(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A line that is spoken; its address changes when its words do."""
    found = sounds.file(language, name) if language in LANGUAGES else None
    if found is None:
        raise Http404
    return HttpResponse(
        found.file.read_bytes(),
        content_type=found.media_type,
        headers={"Cache-Control": "public, max-age=86400"},
    )


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A drawing of ours."""
    if name not in courses.course().pictures:
        raise Http404
    content = (config.folder() / "pictures" / f"{name}.svg").read_bytes()
    return HttpResponse(
        content, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


@require_safe
def help_for(request: HttpRequest, who: str) -> HttpResponse:
    """Whom to call: for children, for older children, for adults. Nothing is noted of whoever looks."""
    if who not in HELP:
        raise Http404
    services = helplines.shown(
        helpline_files.lines(courses.course().scheme.jurisdiction),
        localtime(clock.now()).date(),
        children=who != HELP_ADULTS,
    )
    told = {"services": services, "who": who, "linked": who != HELP_CHILDREN, "ground": HELP[who]}
    return render(request, "learning/bantuan.html", told)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the lessons installable."""
    return kept_pages.manifest(
        reverse("learning:doors"),
        name=str(_("Pelajaran Ruang Aman")),
        short=str(_("Pelajaran")),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        ground="#E4E8F6",
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: what it keeps at once; lessons are kept when they are opened, or a door as a whole."""
    lost = reverse("learning:no_signal")
    first = (*(reverse("learning:help", args=[who]) for who in HELP), reverse("learning:doors"), lost)
    return kept_pages.worker_of_pages("pelajaran", SHELL, pages=PAGES, first=first, sounds=SOUNDS, lost=lost)
