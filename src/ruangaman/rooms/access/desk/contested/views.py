"""Contests of an age at the desk: one list, each opened by one officer, each file seen once, decided once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.law import citing
from ruangaman.rooms.access.desk import wording
from ruangaman.rooms.access.desk.forms import ContestForm
from ruangaman.rooms.access.desk.views import MOST_SHOWN, officer_only
from ruangaman.rooms.ages.api import contest_desk as ages

_ALONE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FILE_POLICY = f"default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; {_ALONE}"
"""Of a photo and a sound: the browser's own page around them writes its style and does nothing else."""
PDF_POLICY = _ALONE
"""A document is drawn by the browser's own viewer, which a narrower policy would keep shut."""


def line(row: ages.Contest, now: datetime) -> dict[str, Any]:
    """One row of the list, and the facts at the top of its page."""
    cited = citing.cited(row.articles)
    return {
        "row": row,
        "number": ages.shown_number(row),
        "title": _said(row.kind),
        "service": row.question.card["name"] if row.question else _("tidak disebut"),
        "asked": row.question.threshold if row.question else None,
        "articles": "; ".join(cited["en" if wording.english() else "id"]),
        "left": wording.left(row.due_at, now),
        "holds": row.kind == "never" and row.ref is not None and row.decided_at is None,
        "late": row.decided_at is None and row.due_at is not None and row.due_at < now,
        "doubt": wording.in_language(row.doubt),
        "decision": wording.decision(row.decision),
        "who": row.officer.get_username() if row.officer else "",
        "has": row.opened_by.get_username() if row.opened_by else "",
    }


def _said(kind: str) -> str:
    return {
        "older": _("Umurku lebih tua"),
        "younger": _("Umurku lebih muda"),
        "never": _("Aku tidak pernah cek"),
    }[kind]


@require_GET
@officer_only
def inbox(request: HttpRequest, _officer: User) -> HttpResponse:
    """What waits, the earliest due first; looking changes nothing."""
    now = clock.now()
    rows = ages.waiting()
    context = {
        "rows": [line(row, now) for row in rows[:MOST_SHOWN]],
        "count": rows.count(),
        "late": rows.filter(due_at__lt=now).count(),
        "holding": rows.filter(kind="never", ref__isnull=False).count(),
        "most": MOST_SHOWN,
        "decided": [line(row, now) for row in ages.decided()],
    }
    return render(request, "access/desk/banding.html", context)


def _row(ref: UUID) -> ages.Contest:
    try:
        return ages.get(ref)
    except ages.NotFound:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@officer_only
def contest(request: HttpRequest, officer: User, ref: UUID) -> HttpResponse:
    """One contest. Opening and deciding are acts, so each is a POST."""
    now = clock.now()
    row = _row(ref)
    if request.method != "POST":
        return _show(request, row, officer, ContestForm())
    try:
        if request.POST.get("act") == "open":
            ages.open_it(ref, officer, now=now)
            return _to(ref, "cerita")
        form = ContestForm(request.POST, kind=row.kind, bound=row.ref is not None)
        if not form.is_valid():
            return _show(request, row, officer, form, status=400)
        ages.decide(ref, officer, **form.told(), now=now)
    except ages.ContestOver:
        told = _("Sudah diputuskan sebelum ini. Jawaban Anda tidak disimpan.")
        return _show(request, _row(ref), officer, ContestForm(), error=told, status=409)
    except ages.ContestOpened:
        told = _("Petugas lain sudah membukanya. Jawaban Anda tidak disimpan.")
        return _show(request, _row(ref), officer, ContestForm(), error=told, status=409)
    return _to(ref, "jawaban")


def _to(ref: UUID, part: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse("desk:banding_satu", args=[ref]) + f"#{part}")
    response.status_code = 303
    return response


def _show(
    request: HttpRequest,
    row: ages.Contest,
    officer: User,
    form: ContestForm,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    mine = row.opened_by_id == officer.pk
    over = row.decided_at is not None or row.forgotten_at is not None
    context = {
        "row": row,
        "line": line(row, now),
        "mine": mine,
        "over": over,
        "free": row.opened_by_id is None or ages.may_take_over(row, officer, now),
        "words": ages.words(row, officer),
        "files": row.files.select_related("shown_to"),
        "bound": row.ref is not None,
        "reason": wording.in_language(ages.reason_of(row)),
        "form": form,
        "error": error,
    }
    return render(request, "access/desk/banding_satu.html", context, status=status)


@officer_only
def file(request: HttpRequest, officer: User, ref: UUID, place: int) -> HttpResponseBase:
    """One file, once. It is gone from the house before its first byte leaves; who comes second reads who saw it."""
    return _file(request, officer, ref, place)


@require_POST
def _file(request: HttpRequest, officer: User, ref: UUID, place: int) -> HttpResponseBase:
    row = _row(ref)
    try:
        shown = ages.show_file(ref, place, officer, now=clock.now())
    except ages.NotFound:
        raise Http404 from None
    except (ages.ContestOpened, ages.ContestOver):
        found = row.files.select_related("shown_to").filter(place=place).first()
        return render(
            request,
            "access/desk/banding_berkas.html",
            {"row": row, "file": found, "place": place},
            status=409,
        )
    response = StreamingHttpResponse(shown.parts, content_type=shown.media_type)
    response["Content-Length"] = str(sum(len(part) for part in shown.parts))
    response["Content-Disposition"] = f'inline; filename="{shown.name}"'
    response["Content-Security-Policy"] = PDF_POLICY if shown.media_type == "application/pdf" else FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
