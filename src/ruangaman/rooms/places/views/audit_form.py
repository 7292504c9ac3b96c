"""The form of an auditor without scripts: the 13 headings, then one page for each."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.core.audits.form import ANSWERS, Heading, Item
from ruangaman.core.audits.limits import Limit, number
from ruangaman.rooms.places.audits import answering, photos, showing
from ruangaman.rooms.places.audits.errors import AnswersRefused, AuditFinished
from ruangaman.rooms.places.audits.reading import form_of, limits_of, plain
from ruangaman.rooms.places.models import AuditSeat, City
from ruangaman.rooms.places.roles import Acting, needs
from ruangaman.rooms.places.views.uploads import file_of, in_memory


def seat_of(city: City, user: User, identity: UUID) -> AuditSeat:
    """The seat of this account; raises Http404, for another's too."""
    rows = AuditSeat.objects.select_related("audit__space__city", "audit__form", "audit__limits")
    found = rows.filter(
        pk=identity, user=user, audit__space__city=city, audit__cancelled_at__isnull=True
    ).first()
    if found is None:
        raise Http404
    return found


@require_GET
@needs("audit")
def seat(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponse:
    """The headings, in any order, with how much is answered."""
    return _seat(request, city, seat_of(city, who.user, identity))


def _seat(
    request: HttpRequest, city: City, row: AuditSeat, error: str = "", status: int = 200
) -> HttpResponse:
    form = form_of(row.audit.form)
    answered = set(row.answers.values_list("item", flat=True))
    differ = (row.audit.agreement or {}).get("differences")
    context = {
        "city": city,
        "seat": row,
        "space": row.audit.space,
        "headings": [
            {
                "id": one.id,
                "name": showing.say(one.name),
                "done": sum(item.id in answered for item in one.items),
                "all": len(one.items),
            }
            for one in form.headings
        ],
        "left": len(form.items) - len(answered & set(form.items)),
        "error": error,
        "closed": row.finished_at or row.audit.decided_at,
        "both": row.audit.both_at,
        "differ": None if differ is None else [showing.say(form.items[name].ask) for name in differ],
        "agreement": showing.agreement(row.audit),
    }
    return render(request, "places/audit/bagian_semua.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("audit")
def heading(request: HttpRequest, city: City, who: Acting, identity: UUID, name: str) -> HttpResponseBase:
    """The questions of one heading."""
    row = seat_of(city, who.user, identity)
    form = form_of(row.audit.form)
    found = form.heading(name)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _heading(request, city, row, found, {})
    said, wrong = _said(request, found)
    if wrong:
        return _heading(request, city, row, found, wrong, status=422)
    try:
        reply = answering.put(row, said, now=clock.now())
    except AuditFinished:
        return redirect("places:audit_seat", city.slug, row.pk)
    if reply["conflicts"]:
        changed = {
            item: _("Jawaban ini berubah di HP lain. Lihat, lalu simpan lagi.") for item in reply["conflicts"]
        }
        return _heading(request, city, row, found, changed, status=409, fresh=True)
    return redirect(f"{reverse('places:audit_seat', args=[city.slug, row.pk])}#{name}")


def _said(request: HttpRequest, of: Heading) -> tuple[list[answering.Said], dict[str, str]]:
    said, wrong = [], {}
    for item in of.items:
        answer = request.POST.get(item.id, "")
        if answer not in ANSWERS:
            continue
        text = request.POST.get(f"ukuran:{item.id}", "").strip()
        measure = number(text) if text else None
        if text and (measure is None or item.measure is None):
            wrong[item.id] = _("Tulis angka saja, misalnya 85 atau 1,5.")
        base = request.POST.get(f"dari:{item.id}", "0")
        known = int(base) if base.isascii() and base.isdigit() and len(base) < 9 else 0
        said.append(answering.Said(item.id, answer, measure, known))
    return said, wrong


def _heading(
    request: HttpRequest,
    city: City,
    row: AuditSeat,
    of: Heading,
    wrong: dict[str, str],
    *,
    status: int = 200,
    fresh: bool = False,
) -> HttpResponse:
    here = {one.item: one for one in row.answers.filter(item__in=[item.id for item in of.items])}
    limits = limits_of(row.audit.limits, form_of(row.audit.form))
    pictures = {
        item.id: row.photos.filter(item=item.id, destroyed_at__isnull=True).count() for item in of.items
    }
    posted = request.method == "POST" and not fresh
    context = {
        "city": city,
        "seat": row,
        "space": row.audit.space,
        "heading": showing.say(of.name),
        "id": of.id,
        "closed": row.finished_at or row.audit.decided_at,
        "items": [
            {
                **_item(item, limits),
                "chosen": request.POST.get(item.id, "")
                if posted
                else here[item.id].answer
                if item.id in here
                else "",
                "value": request.POST.get(f"ukuran:{item.id}", "")
                if posted
                else _value(here[item.id].measure if item.id in here else None),
                "base": here[item.id].revision if item.id in here else 0,
                "photos": pictures[item.id],
                "error": wrong.get(item.id, ""),
            }
            for item in of.items
        ],
        "answers": [(one, showing.answer_word(one)) for one in ANSWERS],
    }
    return render(request, "places/audit/bagian.html", context, status=status)


def _item(item: Item, limits: dict[str, Limit]) -> dict[str, Any]:
    measure = item.measure
    return {
        "id": item.id,
        "ask": showing.say(item.ask),
        "label": showing.say(measure.label) if measure else "",
        "limit": showing.limit_words(limits.get(measure.key), measure.unit) if measure else "",
    }


def _value(measure: Decimal | None) -> str:
    return "" if measure is None else showing.decimal(plain(measure))


@require_POST
@needs("audit")
def finish(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Say that all is answered."""
    row = seat_of(city, who.user, identity)
    try:
        answering.finish(row, now=clock.now())
    except AnswersRefused:
        return _seat(request, city, row, _("Masih ada pertanyaan yang belum dijawab."), 422)
    except AuditFinished:
        pass
    return redirect("places:audit_seat", city.slug, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
@needs("audit")
def photo(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """A photo of one question: a page of its own, so that answers never wait for it."""
    row = seat_of(city, who.user, identity)
    item = form_of(row.audit.form).items.get(str(request.POST.get("butir") or request.GET.get("butir", "")))
    if item is None:
        raise Http404
    error = ""
    if request.method == "POST":
        told = request.POST.get("nomor", "")
        try:
            identifier = UUID(told)
        except ValueError:
            identifier = uuid4()
        try:
            photos.receive(row, identifier, item.id, file_of(request, "foto"), now=clock.now())
            return redirect("places:audit_heading", city.slug, row.pk, item.heading)
        except PhotoRefused as refused:
            error = photo_sentence(refused)
        except AnswersRefused:
            error = _("Sudah ada cukup foto untuk pertanyaan ini.")
        except AuditFinished:
            return redirect("places:audit_seat", city.slug, row.pk)
    context = {
        "city": city,
        "seat": row,
        "heading": item.heading,
        "item": item.id,
        "ask": showing.say(item.ask),
        "number": str(uuid4()),
        "error": error,
    }
    return render(request, "places/audit/foto.html", context, status=422 if error else 200)


def photo_sentence(refused: PhotoRefused) -> str:
    """What is wrong with a photo, in words."""
    words = {
        "empty": _("Pilih fotonya dulu."),
        "kind": _("Berkas ini bukan foto JPEG atau PNG."),
        "large": _("Fotonya terlalu besar. Paling besar 3 MB."),
    }
    return words.get(str(refused.facts["why"]), _("Fotonya rusak. Ambil foto lagi."))
