"""The facilitator's pages of a group, behind a secret address: made, printed, dated, looked at, taken away."""

from pathlib import Path
from typing import Any, Final

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock, pdf
from ruangaman.core.learning import seats, times
from ruangaman.rooms.learning import config, courses
from ruangaman.rooms.learning.errors import NoSuchLesson
from ruangaman.rooms.learning.group_errors import GroupRefused, TooMany
from ruangaman.rooms.learning.groups import making, telling
from ruangaman.rooms.learning.groups.forgetting import FEWEST
from ruangaman.rooms.learning.models import Group, Wording
from ruangaman.rooms.learning.views.common import network, of_group, page, private, sentence, time_name, to

SLIPS: Final = Path(__file__).resolve().parents[1] / "templates/learning/pdf/slips.typ"


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A form for a new group; no account. Its lessons are those of the audience that was chosen first."""
    if request.method != "POST" or "pilih" in request.POST:
        return _form(request)
    said = request.POST
    count = said.get("kursi", "")
    try:
        _row, token = making.make(
            name=said.get("nama", ""),
            audience=said.get("untuk", ""),
            objectives=said.getlist("pelajaran")[: making.MOST_OBJECTIVES + 1],
            seats_wanted=int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0,
            language=said.get("bahasa_tes", ""),
            region=said.get("wilayah", "").strip(),
            campaign=said.get("kampanye", "").strip()[:20],
            network=network(request),
            now=clock.now(),
        )
    except GroupRefused as refused:
        return _form(request, sentence(str(refused.facts["why"])), 422)
    except TooMany as refused:
        response = _form(request, sentence("many"), 429)
        response["Retry-After"] = str(refused.facts["wait_s"])
        return response
    return to(reverse("learning:group", args=[token]))


def _form(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    every = courses.course().scheme.audiences
    audience = next((one for one in every if one.id == said.get("untuk", "")), None)
    chosen = said.getlist("pelajaran")
    told: dict[str, Any] = {
        "audiences": every,
        "audience": audience,
        "lessons": [
            (objective, lesson, objective.id in chosen)
            for objective, lesson in (courses.objectives_of(audience.id) if audience else [])
            if lesson
        ],
        "error": error,
        "said": {name: said.get(name, "")[:40] for name in ("nama", "kursi", "wilayah", "kampanye")},
        "language": said.get("bahasa_tes", "") or get_language(),
        "least": FEWEST,
        "objectives": making.MOST_OBJECTIVES,
        "fewest": seats.FEWEST,
        "most": seats.MOST,
    }
    return private(render(request, "learning/pemandu.html", told, status=status))


def _brief(objective: str) -> bool:
    try:
        return courses.lesson(objective)[1].brief is not None
    except NoSuchLesson:  # withdrawn since the group was made
        return False


@require_safe
def brief(request: HttpRequest, objective: str) -> HttpResponse:
    """What whoever leads a sensitive lesson must know first; a page of its own, so that no child's sheet has it."""
    try:
        aim, lesson = courses.lesson(objective)
    except NoSuchLesson:
        raise Http404 from None
    if lesson.brief is None:
        raise Http404
    return render(request, "learning/untuk_pemandu.html", {"objective": aim, "lesson": lesson})


@require_safe
@of_group
def group(request: HttpRequest, row: Group, secret: bytes) -> HttpResponse:
    """Dates, what is open, how many sheets have come."""
    return _shown(request, row, secret)


def _shown(
    request: HttpRequest, row: Group, secret: bytes, error: str = "", status: int = 200
) -> HttpResponse:
    today = timezone.localdate(clock.now())
    token = making.told(secret)
    address = config.absolute(reverse("learning:group", args=[token]))
    joined = telling.joined(row, today)
    told = {
        "group": row,
        "token": token,
        "address": address,
        "qr": qr(address, _("Alamat rahasia kelompok ini")),
        "audience": courses.audience(row.audience),
        "titles": telling.titles(row.objectives),
        "briefs": [one for one in row.objectives if _brief(one)],
        "stages": [(stage, time_name(stage.time, row)) for stage in telling.stages(row, today)],
        "results": telling.results(row),
        "told_on": times.told_from(row.taught_on),
        "told_after": times.TOLD_AFTER,
        "least": FEWEST,
        "small": row.seats < FEWEST,
        "waits": telling.waits(row),
        "observed": courses.audience(row.audience).measured == "observations",
        "error": error,
        "today": ((joined and joined.day) or today).isoformat(),
        "taught": row.taught_on.isoformat() if row.taught_on else "",
        "latest": making.latest(row, today),
        "place": config.absolute(reverse("learning:class")),
        "joined": joined,
        "message": _message(joined.wording, row.language) if joined and joined.wording else "",
    }
    return page(request, "kelompok.html", told, status)


def _message(wording: Wording, language: str) -> str:
    """What a group sends of its own wording; its short address is counted for this wording alone."""
    text = wording.text_en if language == "en" else wording.text_id
    return f"{text}\n\n{config.absolute(reverse('learning:short', args=[wording.code]))}"


@require_POST
@of_group
def teach(request: HttpRequest, row: Group, secret: bytes) -> HttpResponse:
    """The day of the lesson, or none any more."""
    said = request.POST.get("hari", "")
    try:
        day = parse_date(said) if said else None
    except ValueError:
        day = None
    try:
        if said and day is None:
            raise GroupRefused(why="day")
        making.teach(row, day, now=clock.now())
    except GroupRefused as refused:
        last = making.latest(row, timezone.localdate(clock.now()))
        told = sentence(str(refused.facts["why"]), last=date_format(last, "j F Y") if last else "")
        return _shown(request, row, secret, told, 400)
    return to(reverse("learning:group", args=[making.told(secret)]))


@require_http_methods(["GET", "HEAD", "POST"])
@of_group
def take_away(request: HttpRequest, row: Group, secret: bytes) -> HttpResponse:
    """Delete the group with all its sheets, after one more look."""
    if request.method != "POST":
        return page(request, "kelompok_hapus.html", {"group": row, "token": making.told(secret)})
    making.take_away(row, now=clock.now())
    return page(request, "kelompok_hilang.html", {"deleted": True})


@require_safe
@of_group
def slips(request: HttpRequest, row: Group, secret: bytes) -> HttpResponse:
    """A slip for each seat, on A4 with lines to cut along; the same each time."""
    content = pdf.render(SLIPS.read_text(), document(row, secret), at=row.made_at)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="slip-kursi.pdf"'
    return private(response)


def document(row: Group, secret: bytes) -> dict[str, Any]:
    """What the slips hold: number and code, and a QR whose code stands behind `#`, so that no server is told it."""
    place = config.absolute(reverse("learning:class"))
    language = "" if row.language == "id" else f"?bahasa={row.language}"
    return {
        "title": _("Slip kursi %(name)s") % {"name": row.name},
        "language": get_language(),
        "group": row.name,
        "seat": _("Kursi"),
        "address": place.partition("://")[2].rstrip("/"),
        "keep": _("Simpan slip ini sampai tes terakhir. Jangan tulis nama."),
        "alt": _("Kode QR kursi"),
        "slips": [
            {
                "number": number,
                "code": seats.shown(code),
                "qr": segno.make(f"{place}{language}#{code}", error="m", micro=False).svg_inline(
                    scale=4, border=2
                ),
            }
            for number, code in making.codes(row, secret)
        ],
    }


def qr(address: str, title: str) -> SafeString:
    """150 px wide as drawn: a picture without a view box is cut, not shrunk, by a style."""
    code = segno.make(address, error="m", micro=False)
    scale = round(150 / code.symbol_size(border=3)[0], 3)
    drawn = code.svg_inline(
        scale=scale, border=3, dark="#14242A", light="#FFFFFF", svgclass="qr", lineclass=None, title=title
    )
    return mark_safe(drawn)  # noqa: S308  (drawn by us from our own address)
