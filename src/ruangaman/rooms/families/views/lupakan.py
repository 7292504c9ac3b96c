"""To be forgotten: what goes, what stays, what must be finished first; and the proof that it was done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import clock
from ruangaman.core import tegel
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.families import children, forgetting, holding, session, tokens
from ruangaman.rooms.families.errors import NotFound
from ruangaman.rooms.families.models import Child, Forgotten, Guardian
from ruangaman.rooms.families.times import day
from ruangaman.rooms.families.views.common import back, guarded, guardian_only, name_of, page, told
from ruangaman.rooms.families.views.keluarga import mine


def _proven(row: Forgotten) -> HttpResponse:
    return back("dilupakan", tokens.derived("forgotten", row.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@guardian_only
def family(request: HttpRequest, who: Guardian, child: UUID) -> HttpResponse:
    """A guardian's wish: one page that says what happens, one button that does it."""
    now = clock.now()
    hers = mine(who, now)
    found = next(((one, here) for one, here in hers if one.pk == child), None)
    if found is None:
        raise NotFound
    chosen, here = found
    if children.grown(chosen, now):
        return back("keluarga_anak", chosen.pk)
    error = ""
    if request.method == "POST":
        try:
            done = forgetting.wish_of_guardian(here, chosen, now=now)
        except RuangAmanError as refused:
            error = told(refused)
        else:
            session.leave(request)
            return _proven(done)
    rows = list(Child.objects.filter(family=chosen.family))
    context = {
        "quick_exit": True,
        "child": chosen,
        "names": _names([row for row in rows if row.person_id is None], now),
        "elsewhere": any(one.family != chosen.family for one, _ in hers),
        "held": [_said(one) for one in forgetting.against_wish(here, chosen, now)],
        "forgotten_on": holding.forgotten_on(rows, now),
        "error": error,
        "home_url": reverse("families:keluarga_anak", args=[chosen.pk]),
    }
    return page(request, "lupakan.html", context, 409 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def grown(request: HttpRequest, token: str) -> HttpResponse:
    """The wish of somebody who is 18, from the page of the own service."""
    now = clock.now()
    person = tokens.find(token, "child", now=now).child
    if person is None:
        raise NotFound
    if not children.grown(person.root, now):
        return back("anak", token)
    error = ""
    if request.method == "POST":
        try:
            return _proven(forgetting.wish_of_grown(person, now=now))
        except RuangAmanError as refused:
            error = told(refused)
    context = {
        "ground": "child-16-17",
        "token": token,
        "held": [_said(one) for one in forgetting.against_wish_of_grown(person, now)],
        "error": error,
    }
    return page(request, "anak/lupakan.html", context, 409 if error else 200)


@require_GET
@guarded
def proof(request: HttpRequest, token: str) -> HttpResponse:
    """What was destroyed and when; names nobody."""
    row = forgetting.by_link(token, now=clock.now())
    context = {
        "row": row,
        "token": token,
        "mark": bytes(row.digest),
        "hash": bytes(row.digest).hex(),
    }
    return page(request, "dilupakan.html", context)


@require_GET
@guarded
def as_json(_request: HttpRequest, token: str) -> HttpResponse:
    """The proof to keep, with salt and place in the ledger."""
    row = forgetting.by_link(token, now=clock.now())
    response = JsonResponse(forgetting.as_json(row), json_dumps_params={"ensure_ascii": False, "indent": 2})
    code = tegel.mark(bytes(row.digest)).code
    response["Content-Disposition"] = f'attachment; filename="dilupakan-{code}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _names(persons: list[Child], now: datetime) -> list[str]:
    return [name_of(one) for one in persons if not children.grown(one, now)]


def _said(one: holding.Held) -> dict[str, Any]:
    """What must be finished first, in one sentence."""
    facts = {"service": one.service, "day": day(one.until) if one.until else ""}
    sentence = {
        "account": _("%(service)s masih dipakai, atau permintaannya masih menunggu."),
        "deletion": _("%(service)s belum membuktikan bahwa datanya dihapus."),
        "objection": _("Ada surat anak yang belum dijawab."),
        "age": _("Ada umur yang masih diperiksa petugas."),
        "complaint": _("Ada aduan tentang %(service)s yang belum dijawab."),
        "unread": _("Anak masih punya waktu membaca jawaban untuknya, sampai %(day)s."),
        "guardian": _("Ada wali lain. Satu wali tidak bisa menghapus bukti wali lain."),
    }[one.kind] % facts
    if one.until and one.kind in ("deletion", "objection", "age"):
        sentence += " " + _("Batasnya %(day)s.") % facts
    return {"kind": one.kind, "text": sentence}
