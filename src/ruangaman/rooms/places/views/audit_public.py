"""What anyone may see of audits: places and ranks, results heading by heading, certificates and their proof."""

from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from ruangaman.adapters import clock
from ruangaman.rooms.places.audits import certificates, photos, showing
from ruangaman.rooms.places.audits.reading import form_of
from ruangaman.rooms.places.models import Audit, AuditPhoto, Certificate, Defect, Space
from ruangaman.rooms.places.roles import city_of, may

MOST_SHOWN = 1000


@require_GET
def places(request: HttpRequest, slug: str) -> HttpResponse:
    """Every place that was audited, with its rank and whether a certificate holds."""
    city, now = city_of(slug), clock.now()
    latest: dict[UUID, Audit] = {}
    rows = Audit.objects.filter(space__city=city, decided_at__isnull=False).select_related("space", "form")
    for audit in rows.order_by("decided_at"):
        latest[audit.space_id] = audit
    held = {
        one.space_id: one
        for one in Certificate.objects.filter(space__city=city, revoked_at__isnull=True, valid_until__gt=now)
    }
    over = {
        one.space_id: one
        for one in Certificate.objects.filter(space__city=city).order_by("valid_from")
        if certificates.state(one, now) != certificates.VALID
    }
    shown = [
        {
            "space": one.space,
            "rank": showing.rank_name(one),
            "why": showing.why(one),
            "day": showing.day(one.decided_at),
            "certificate": held.get(space),
            "until": showing.day(held[space].valid_until) if space in held else "",
            "over": showing.over_words(over[space], certificates.state(over[space], now))
            if space in over and space not in held
            else "",
        }
        for space, one in sorted(latest.items(), key=lambda pair: pair[1].space.name.casefold())
    ]
    return render(request, "places/audit/tempat_semua.html", {"city": city, "places": shown[:MOST_SHOWN]})


def _space(slug: str, identity: UUID) -> Space:
    row = Space.objects.filter(pk=identity, city=city_of(slug)).select_related("city").first()
    if row is None:
        raise Http404
    return row


@require_GET
def place(request: HttpRequest, slug: str, identity: UUID) -> HttpResponse:
    """One place: its last result, its certificate, repairs, photos without faces. No auditor is named."""
    space, now = _space(slug, identity), clock.now()
    audits = list(
        Audit.objects.filter(space=space, decided_at__isnull=False)
        .select_related("form", "limits")
        .order_by("-decided_at")
    )
    if not audits:
        raise Http404
    audit, form = audits[0], form_of(audits[0].form)
    given = Certificate.objects.filter(space=space).order_by("-valid_from").first()
    pictures = AuditPhoto.objects.filter(space=space, shown_at__isnull=False, destroyed_at__isnull=True)
    repairs = (
        Defect.objects.filter(space=space)
        .select_related("form")
        .order_by("checked_at", "-critical", "due_at")
    )
    context = {
        "city": space.city,
        "space": space,
        "audit": audit,
        "day": showing.day(audit.decided_at),
        "rank": showing.rank_name(audit),
        "why": showing.why(audit),
        "agreement": showing.agreement(audit),
        "headings": showing.lines(audit),
        "principles": showing.lines(audit, "principles"),
        "certificate": given,
        "holds": given is not None and certificates.state(given, now) == certificates.VALID,
        "until": showing.day(given.valid_until) if given else "",
        "may_take_down": may(request.user, space.city, "certify"),
        "over": showing.over_words(given, certificates.state(given, now))
        if given and certificates.state(given, now) != certificates.VALID
        else "",
        "pictures": [
            {"row": one, "ask": showing.say(form.items[one.item].ask) if one.item in form.items else ""}
            for one in pictures.order_by("received_at")
        ],
        "repairs": [repair(one) for one in repairs[:100]],
        "older": [{"day": showing.day(one.decided_at), "rank": showing.rank_name(one)} for one in audits[1:]],
        "limits": audit.limits,
    }
    return render(request, "places/audit/tempat.html", context)


def repair(row: Defect) -> dict[str, object]:
    """A defect as pages tell it."""
    item = form_of(row.form).items[row.item]
    state = (
        "checked"
        if row.checked_at
        else "fixed"
        if row.fixed_at
        else "late"
        if clock.now() > row.due_at
        else "open"
    )
    return {
        "row": row,
        "space": row.space,
        "what": showing.say(item.repair),
        "ask": showing.say(item.ask),
        "found": showing.day(row.found_at),
        "due": showing.day(row.due_at),
        "fixed": showing.day(row.fixed_at),
        "checked": showing.day(row.checked_at),
        "state": state,
    }


@require_GET
def picture(request: HttpRequest, slug: str, identity: UUID) -> HttpResponse:
    """A photo in which somebody found no face."""
    row = AuditPhoto.objects.filter(
        pk=identity, space__city=city_of(slug), shown_at__isnull=False, destroyed_at__isnull=True
    ).first()
    if row is None:
        raise Http404
    response = HttpResponse(photos.opened(row), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-cache"  # it may be taken down
    return response


def _certificate(slug: str, identity: UUID) -> Certificate:
    rows = Certificate.objects.select_related("space__city", "audit__form", "audit__limits")
    row = rows.filter(pk=identity, space__city=city_of(slug)).first()
    if row is None:
        raise Http404
    return row


@require_GET
def certificate(request: HttpRequest, slug: str, identity: UUID) -> HttpResponse:
    """A certificate, to read and to print on A4."""
    row, now = _certificate(slug, identity), clock.now()
    state = certificates.state(row, now)
    address = request.build_absolute_uri(reverse("places:certificate", args=[slug, row.pk]))
    context = {
        "city": row.space.city,
        "row": row,
        "space": row.space,
        "rank": showing.say(row.body["rank_name"]),
        "holds": state == certificates.VALID,
        "over": "" if state == certificates.VALID else showing.over_words(row, state),
        "since": showing.day(row.valid_from),
        "until": showing.day(row.valid_until),
        "mark": bytes(row.digest),
        "hash": bytes(row.digest).hex(),
        "agreement": showing.agreement(row.audit),
        "audited": showing.day(row.audit.decided_at),
        "limits": row.audit.limits,
        "address": address,
        "qr": _qr(address),
    }
    return render(request, "places/audit/sertifikat.html", context)


def _qr(address: str) -> SafeString:
    """150 px wide as drawn: a picture without a view box is cut, not shrunk, by a style."""
    code = segno.make(address, error="m", micro=False)
    scale = round(150 / code.symbol_size(border=3)[0], 3)
    return mark_safe(  # noqa: S308  (drawn by us from our own address)
        code.svg_inline(scale=scale, border=3, dark="#14242A", light="#FFFFFF", svgclass="qr", lineclass=None)
    )


@require_GET
def proof(request: HttpRequest, slug: str, identity: UUID) -> HttpResponse:
    """The certificate with its proof, to check without us."""
    told = certificates.proof(_certificate(slug, identity), clock.now())
    return JsonResponse(
        told,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"},
    )
