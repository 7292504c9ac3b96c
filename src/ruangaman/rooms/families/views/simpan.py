"""Before a withdrawal: what can be kept, and where it is. The child's things are at the app, the record is here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruangaman.adapters import clock
from ruangaman.core.consent import State
from ruangaman.rooms.families import actions, records
from ruangaman.rooms.families.models import Guardian
from ruangaman.rooms.families.views.common import back, guardian_only, page
from ruangaman.rooms.families.views.keluarga import about, request_of


@require_GET
@guardian_only
def show(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """What to save, step by step, then on to the withdrawal; nothing changes here."""
    now = clock.now()
    consent, _here = request_of(who, row, now)
    if actions.state_of(consent, now) is not State.GIVEN:
        return back("dicabut", consent.pk)
    context = {
        **about(consent),
        "operator": consent.card["operator"],
        "home_url": reverse("families:keluarga_anak", args=[consent.child.root.pk]),
    }
    return page(request, "simpan.html", context)


@require_GET
@guardian_only
def as_json(request: HttpRequest, who: Guardian, row: UUID) -> HttpResponse:
    """What this house holds of the consent: its record and its switches; no name and no address is in it."""
    consent, _here = request_of(who, row, clock.now())
    switches = [
        {"feature": one.feature, "title": one.title, "state": one.state, "managed_by": one.managed_by}
        for one in consent.permissions.all()
    ]
    document = {"record": records.record(consent), "switches": switches}
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="catatan-izin-{consent.card["slug"]}.json"'
    response["Cache-Control"] = "no-store"
    return response
