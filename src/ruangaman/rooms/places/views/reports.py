"""The form for a hazard or an idea, its receipt, and where it stands. No account, no telephone number, no script."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import clock
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.core.reports import grid, rules, states
from ruangaman.core.reports.grid import NoCell
from ruangaman.rooms.places.models import City, Report
from ruangaman.rooms.places.report_errors import ReportRefused, TooManyReports
from ruangaman.rooms.places.reports import sending, tables, telling, wheres
from ruangaman.rooms.places.reports.moments import english, in_language, moment
from ruangaman.rooms.places.roles import city_of
from ruangaman.rooms.places.views.report_pages import (
    MOST_BODY,
    ROOM,
    digest,
    fresh,
    in_memory,
    network,
    page,
    sentence,
    to,
    too_large,
)

RECEIPT: Final = "lapor_baru"
LOOK: Final = "lapor_dibuka"
"""In the session: the report that this browser made, or opened by its secret word; each for a while."""
SHOWN_FOR: Final = timedelta(minutes=15)
FEW: Final = 80
"""So many places and streets stand in one list; with more, a kelurahan is chosen first."""


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """One plain page: what, where, when, and a photo if one likes."""
    city = city_of(slug)
    if request.method != "POST":
        return _form(request, city)
    limit = tables.kinds(city).limits.photo_bytes
    if too_large(request, min(limit, MOST_BODY) + ROOM):
        return _form(request, city, sentence("photo-large"), 413, unread=True)
    now = clock.now()
    sent = request.FILES.get("foto")
    try:
        row = sending.make(
            city,
            kind=request.POST.get("apa", ""),
            words=request.POST.get("cerita", ""),
            where=request.POST.get("tempat", ""),
            week=request.POST.get("hari", ""),
            day=request.POST.get("jam", ""),
            photo=sent.read() if sent is not None and sent.size else b"",
            once=digest(request.POST.get("once", "") or fresh()),
            network=network(request),
            now=now,
        )
    except ReportRefused as refused:
        return _form(request, city, sentence(str(refused.facts["why"])), 400)
    except PhotoRefused as refused:
        return _form(request, city, sentence(f"photo-{refused.facts['why']}"), 400)
    except TooManyReports as refused:
        response = _form(request, city, sentence("many"), 429)
        response["Retry-After"] = str(refused.facts["wait_s"])
        return response
    request.session[RECEIPT] = _kept(row, now)
    return to(reverse("places:report_receipt", args=[slug]))


def _form(
    request: HttpRequest, city: City, error: str = "", status: int = 200, *, unread: bool = False
) -> HttpResponse:
    table = tables.kinds(city)
    known = wheres.of_city(city, table.grid_metres)
    said = request.GET if unread or request.method != "POST" else request.POST
    cell = _cell(said.get("sel", ""), table.grid_metres)
    area = said.get("kel", "") if said.get("kel", "") in known.areas else ""
    many = len(known.places) + len(known.streets) > FEW
    shown = [one for one in (*known.places, *known.streets) if not many or one.area == area]
    context = {
        "city": city,
        "error": error,
        "hazards": [one for one in table.kinds.values() if one.of == rules.HAZARD],
        "ideas": [one for one in table.kinds.values() if one.of == rules.IDEA],
        "week": list(table.week.values()),
        "day": list(table.day.values()),
        "places": [one for one in shown if one.key.startswith("p:")],
        "streets": [one for one in shown if one.key.startswith("s:")],
        "areas": known.areas,
        "choose_area": many,
        "area": area,
        "area_name": known.areas.get(area, ""),
        "cell": cell,
        "metres": table.grid_metres,
        "said": {name: said.get(name, "") for name in ("apa", "tempat", "hari", "jam")},
        "words": said.get("cerita", "")[: table.limits.words],
        "longest": table.limits.words,
        "photo_mb": min(table.limits.photo_bytes, MOST_BODY) // 1_000_000,
        "helpline": table.helpline,
        "once": fresh(),
        "names": {code: known.areas[code] for code in known.areas},
    }
    return page(request, "lapor.html", context, status)


def _cell(said: str, metres: int) -> str:
    try:
        return str(grid.read(said, metres)) if said else ""
    except NoCell:
        return ""


def _kept(row: Report, now: datetime) -> dict[str, Any]:
    return {"id": str(row.pk), "until": (now + SHOWN_FOR).isoformat()}


def _kept_row(request: HttpRequest, city: City, name: str, now: datetime) -> Report | None:
    """The report that this browser may see now; its time over, nothing is left of it in the session."""
    kept = request.session.get(name)
    if not kept:
        return None
    rows = Report.objects.filter(pk=UUID(kept["id"]), city=city).select_related("city", "joined_to")
    row = rows.first()
    if now >= datetime.fromisoformat(kept["until"]) or row is None or not sending.readable(row, now):
        del request.session[name]
        return None
    return row


@require_GET
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """Number and secret word, in the browser that made it and for a quarter of an hour."""
    city, now = city_of(slug), clock.now()
    row = _kept_row(request, city, RECEIPT, now)
    if row is None:
        return page(request, "lapor_lihat.html", {"city": city, "gone": True}, 410)
    context = {
        "number": sending.shown_number(row),
        "word": sending.secret_words(row)["en" if english() else "id"],
        "held": bool(row.held),
    }
    return page(request, "lapor_terima.html", _standing(row) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a report stands, for who has its number and secret word; whatever is wrong, the answer is one."""
    city, now = city_of(slug), clock.now()
    if request.method != "POST":
        row = _kept_row(request, city, LOOK, now)
        if row is None or "lagi" in request.GET:
            request.session.pop(LOOK, None)
            return page(request, "lapor_lihat.html", {"city": city})
        return page(request, "lapor_status.html", _standing(row))
    number, word = request.POST.get("nomor", ""), request.POST.get("kata", "")
    told = {"city": city, "number": number[:12]}
    try:
        row = sending.find(city, number, word, network=network(request), now=now)
    except TooManyReports as refused:
        many = _("Terlalu banyak percobaan. Coba lagi satu jam lagi.")
        response = page(request, "lapor_lihat.html", told | {"error": many}, 429)
        response["Retry-After"] = str(refused.facts["wait_s"])
        return response
    if row is None:
        wrong = _("Nomor dan kata rahasia ini tidak cocok.")
        return page(request, "lapor_lihat.html", told | {"error": wrong}, 404)
    request.session[LOOK] = _kept(row, now)
    return to(reverse("places:report_look", args=[slug]))


def _standing(row: Report) -> dict[str, Any]:
    """Where a report stands, as its sender reads it: the answers of the one that it was joined to, too."""
    top = sending.root(row)
    known = telling.names(row.city)
    due = telling.next_due(top)
    refused = top.state == states.REFUSED
    return {
        "city": row.city,
        "row": row,
        "top": top,
        "number": sending.shown_number(row),
        "line": telling.line(top, known),
        "joined": top.pk != row.pk,
        "told": top.joined.count() + 1,
        "steps": telling.steps(top.steps.all(), known),
        "refused": refused,
        "refusal": _refusal(top, known) if refused else "",
        "reason": in_language(sending.answer_of(top)) if refused else "",
        "received": moment(row.raised_at),
        "due": moment(due.due_at) if due else "",
        "due_what": due.what if due else "",
        "late": due is not None and due.late_at is not None,
        "danger": row.danger,
        "helpline": known.kinds.helpline,
        "closed": top.state in states.CLOSED,
        "public": top.state in states.SHOWN and not top.private,
        "forget": moment(row.forget_at),
    }


def _refusal(row: Report, known: telling.Names) -> str:
    found = known.kinds.refusals.get(row.refusal)
    return in_language(found.name) if found else ""
