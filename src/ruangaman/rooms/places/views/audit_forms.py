"""The city's own form and rules of audits: what holds now, a file to change, and the next version of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import audit_tables, clock
from ruangaman.core.audits.form import AuditFormMalformed
from ruangaman.rooms.places.audits import forms, showing
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import form_of, limits_of, rules_of
from ruangaman.rooms.places.models import City, CityForm
from ruangaman.rooms.places.roles import Acting, needs
from ruangaman.rooms.places.views.audits import sentence
from ruangaman.rooms.places.views.uploads import file_of, in_memory

MOST_EARLIER = 20


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
@needs("load")
def own(request: HttpRequest, city: City, who: Acting) -> HttpResponseBase:
    """Which form and rules hold, and a file for the next version. What is refused is told with its code and place."""
    error, code = "", ""
    if request.method == "POST":
        try:
            part = request.POST.get("bagian", "")
            forms.load(city, part, file_of(request, "berkas"), by=who.user, now=clock.now())
            return redirect("places:audit_forms", city.slug)
        except AuditFormMalformed as refused:
            code = f"{refused.code}: {refused.facts['at']}"
        except AuditRefused as refused:
            error, code = sentence(refused), f"{refused.code}: {refused.facts['why']}"
    return _shown(request, city, error, code)


def _shown(request: HttpRequest, city: City, error: str, code: str) -> HttpResponse:
    from ruangaman.rooms.places.audits.opening import latest_limits

    row, last = forms.current(city, now=clock.now()), forms.latest(city)
    form, rules = form_of(row), rules_of(row)
    limits = latest_limits(city)
    context = {
        "city": city,
        "error": error,
        "code": code,
        "last": last,
        "form": form,
        "rules": rules,
        "questions": len(form.items),
        "measures": len(form.measures),
        "limited": len(limits_of(limits, form)),
        "limits": limits,
        "headings": [(showing.say(one.name), len(one.items)) for one in form.headings],
        "ranks": [(showing.say(one.name), int(100 * one.share)) for one in rules.ranks],
        "reminders": rules.remind_days or (),
        "earlier": CityForm.objects.filter(city=city)
        .select_related("form")
        .order_by("-number")[:MOST_EARLIER],
    }
    return render(request, "places/audit/formulir.html", context, status=422 if code else 200)


@require_GET
@needs("load")
def file(request: HttpRequest, city: City, who: Acting, part: str) -> HttpResponse:
    """The form or the rules that hold now, as a file to change; raises Http404."""
    if part not in forms.PARTS:
        raise Http404
    row = forms.current(city, now=clock.now())
    told = audit_tables.as_yaml(0, row.body) if part == forms.FORM else audit_tables.as_yaml(1, row.rules)
    response = HttpResponse(told, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{part}-{city.slug}.yaml"'
    return response
