"""Reports and ideas as everybody reads them: a table with filters as links, one page each, squares for the map."""

from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.core.reports import rules, states
from ruangaman.rooms.places.models import City, Report
from ruangaman.rooms.places.reports import sending, telling
from ruangaman.rooms.places.roles import acting, city_of

STANDINGS: Final = {
    "terbuka": states.OPEN,
    "selesai": (states.SOLVED,),
    "tidak-bisa": (states.NOT_SOLVED,),
}
OF: Final = {"bahaya": rules.HAZARD, "ide": rules.IDEA}


@require_safe
def every(request: HttpRequest, slug: str) -> HttpResponse:
    """Open and solved, hazards and ideas, by area. What is late says so."""
    city = city_of(slug)
    known = telling.names(city)
    chosen = {
        "status": request.GET.get("status", "") if request.GET.get("status") in STANDINGS else "",
        "jenis": request.GET.get("jenis", "") if request.GET.get("jenis") in OF else "",
        "kel": request.GET.get("kel", "")[:40],
    }
    rows = telling.public(city).order_by("-serial")
    if chosen["status"]:
        rows = rows.filter(state__in=STANDINGS[chosen["status"]])
    if chosen["jenis"]:
        rows = rows.filter(of=OF[chosen["jenis"]])
    if chosen["kel"]:
        rows = rows.filter(area=chosen["kel"])
    shown = Paginator(rows, telling.PAGE).get_page(request.GET.get("hal"))
    unread, late = telling.late_moderation(city)
    context = {
        "city": city,
        "lines": [telling.line(row, known) for row in shown],
        "count": shown.paginator.count,
        "page": shown,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "filters": _filters(chosen),
        "chosen_area": known.area(chosen["kel"]) if chosen["kel"] else "",
        "areas": telling.by_area(city, known),
        "metres": known.kinds.grid_metres,
        "unread": unread,
        "late": late,
    }
    return render(request, "places/laporan.html", context)


def _filters(chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter as links: the one that holds is marked, the others lead to it."""
    words = {
        "status": {
            "": _("Semua"),
            "terbuka": _("Terbuka"),
            "selesai": _("Selesai"),
            "tidak-bisa": _("Tidak bisa"),
        },
        "jenis": {"": _("Semua"), "bahaya": _("Bahaya"), "ide": _("Ide")},
    }
    titles = {"status": _("Keadaan"), "jenis": _("Jenis")}
    return [
        {
            "title": titles[name],
            "links": [
                {
                    "word": word,
                    "current": chosen[name] == value,
                    "query": urlencode({k: v for k, v in (chosen | {name: value}).items() if v}),
                }
                for value, word in values.items()
            ],
        }
        for name, values in words.items()
    ]


@require_safe
def one(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """One report or idea; one that was joined leads to the other."""
    city = city_of(slug)
    row = telling.public(city).filter(serial=serial).first()
    if row is None:
        joined = Report.objects.filter(city=city, serial=serial, state=states.JOINED).first()
        other = sending.root(joined) if joined is not None else None
        if other is None or other.private or other.serial is None or other.state not in states.SHOWN:
            raise Http404
        return HttpResponseRedirect(reverse("places:report", args=[slug, other.serial]))
    known = telling.names(city)
    rounds = [one.round for one in row.vote_options.select_related("round").order_by("-pk")]
    context = {
        "city": city,
        "line": telling.line(row, known),
        "steps": telling.steps(row.steps.all(), known),
        "clocks": [clock for clock in telling.clocks(row) if row.state in states.OPEN or clock["late"]],
        "rounds": rounds,
        "may_take_down": _may_take_down(request, city, row),
        "square": row.row is not None,
        "metres": row.metres,
    }
    return render(request, "places/laporan_satu.html", context)


def _may_take_down(request: HttpRequest, city: City, row: Report) -> bool:
    who = acting(request.user, city, "moderate")
    return who is not None and who.sees(row.area, row.body)


@require_safe
def photo(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """The photo of a report, once an adult saw that no face is on it, and until it is forgotten."""
    city = city_of(slug)
    row = telling.public(city).filter(serial=serial, photo_state="shown").first()
    return picture(sending.photo_of(row) if row is not None else b"")


@require_safe
def done_photo(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """The photo of what was done, once an adult saw that no face is on it."""
    row = telling.public(city_of(slug)).filter(serial=serial).first()
    step = row.steps.filter(photo_state="shown").last() if row is not None else None
    return picture(sending.photo_of(step) if step is not None else b"")


def picture(data: bytes) -> HttpResponse:
    """A JPEG that can be taken down at any time; raises Http404 for none."""
    if not data:
        raise Http404
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def squares(request: HttpRequest, slug: str) -> HttpResponse:
    """Reports as GeoJSON for the map: squares of the grid, never points."""
    city = city_of(slug)
    return JsonResponse(telling.features(city), content_type="application/geo+json")
