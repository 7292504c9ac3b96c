"""The maintenance list of a city or a kelurahan."""

import csv
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.rooms.places.audits import defects, forms, showing
from ruangaman.rooms.places.audits.errors import DefectRefused
from ruangaman.rooms.places.audits.reading import form_of
from ruangaman.rooms.places.models import City, Defect, Space
from ruangaman.rooms.places.roles import Acting, acting, may, needs
from ruangaman.rooms.places.views.audit_form import photo_sentence
from ruangaman.rooms.places.views.audit_public import repair
from ruangaman.rooms.places.views.uploads import file_of, in_memory


@require_GET
@needs("look")
def every(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """What is open, repaired and to be looked at again; critical ones first."""
    return listed(request, city, who)


def listed(request: HttpRequest, city: City, who: Acting, error: str = "", status: int = 200) -> HttpResponse:
    """The list, with what stopped an act."""
    area = "" if who.areas else request.GET.get("wilayah", "")[:40]
    rows = [repair(one) for one in defects.of_city(city, area) if who.inside(one.space.area)]
    form = form_of(forms.current(city, now=clock.now()))
    audits = acting(who.user, city, "audit")
    context = {
        "city": city,
        "area": area,
        "fixed_area": ", ".join(who.areas),
        "rows": rows,
        "late": sum(one["state"] == "late" for one in rows),
        "repairs": may(who.user, city, "answer"),
        "audits": audits,
        "me": who.user.pk,
        "looks": may(who.user, city, "certify"),
        "spaces": [
            one
            for one in Space.objects.filter(city=city).order_by("name")
            if audits and audits.inside(one.area)
        ],
        "headings": [
            (showing.say(one.name), [(item.id, showing.say(item.ask)) for item in one.items])
            for one in form.headings
        ],
        "error": error,
    }
    return render(request, "places/audit/perbaikan.html", context, status=status)


@require_GET
@needs("look")
def as_csv(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """The list as a table, what was looked at again included."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="perbaikan-{city.slug}.csv"'
    out = csv.writer(response)
    out.writerow(
        ["place", "area", "item", "repair", "severity", "critical", "found", "due", "fixed", "checked"]
    )
    for one in defects.of_city(city, over=True):
        if not who.inside(one.space.area):
            continue
        days = [
            timezone.localdate(at).isoformat() if at else ""
            for at in (one.found_at, one.due_at, one.fixed_at, one.checked_at)
        ]
        what = showing.say(form_of(one.form).items[one.item].repair)
        # A name that begins like a formula is written as text: the table is opened in spreadsheets.
        name = f"'{one.space.name}" if one.space.name[:1] in "=+-@\t\r" else one.space.name
        out.writerow([name, one.space.area, one.item, what, one.severity, int(one.critical), *days])
    return response


def _defect(city: City, who: Acting, identity: UUID) -> Defect:
    row = Defect.objects.filter(pk=identity, space__city=city).select_related("space__city", "form").first()
    if row is None or not who.inside(row.space.area):
        raise Http404
    return row


@require_POST
@needs("audit")
def report(request: HttpRequest, city: City, who: Acting) -> HttpResponseBase:
    """Somebody who may audit saw a defect."""
    told = request.POST.get("tempat", "")
    try:
        place = Space.objects.filter(pk=UUID(told), city=city).select_related("city").first()
    except ValueError:
        place = None
    if place is None or not who.inside(place.area):
        return listed(request, city, who, _("Pilih tempatnya."), 422)
    try:
        defects.report(place, request.POST.get("butir", ""), now=clock.now())
    except DefectRefused:
        return listed(request, city, who, _("Pilih apa yang rusak."), 422)
    return redirect("places:repairs", city.slug)


@require_POST
@in_memory
@needs("answer")
def fix(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """It is repaired; a photo may show it."""
    row = _defect(city, who, identity)
    try:
        defects.fix(row, file_of(request, "foto") or None, by=who.user, now=clock.now())
    except PhotoRefused as refused:
        return listed(request, city, who, photo_sentence(refused), 422)
    except DefectRefused:
        return listed(request, city, who, _("Ini sudah dijawab orang lain."), 409)
    return redirect("places:repairs", city.slug)


@require_POST
@needs("audit")
def check(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Another person looked: it is well, or not."""
    row = _defect(city, who, identity)
    if request.POST.get("baik") not in ("ya", "tidak"):
        raise Http404
    try:
        defects.check(row, good=request.POST["baik"] == "ya", by=who.user, now=clock.now())
    except DefectRefused as refused:
        told = _("Orang lain yang memeriksa lagi, bukan yang memperbaiki.")
        other = _("Ini sudah dijawab orang lain.")
        return listed(request, city, who, told if refused.facts["why"] == "same" else other, 409)
    return redirect("places:repairs", city.slug)
