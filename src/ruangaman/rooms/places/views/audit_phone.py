"""
The auditor's phone: pages that work without signal, and what the phone fetches and sends when there is one.

The page is alike for everybody and names nobody, so the phone may keep it. What an account has to look at comes by JSON
and lies on the phone under a key that only that account is told: whoever else uses the phone reads none of it.
"""

import json
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock, kept_pages
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.places.audits import answering, opening, photos, showing
from ruangaman.rooms.places.audits.errors import (
    AnswersRefused,
    AuditFinished,
    NotYours,
    SendingDiffers,
    SignInAgain,
)
from ruangaman.rooms.places.audits.reading import form_of
from ruangaman.rooms.places.models import AuditSeat, City
from ruangaman.rooms.places.roles import acting, city_of
from ruangaman.rooms.places.views.uploads import file_of, in_memory

P = ParamSpec("P")
SCRIPTS: Final = ("simpanan.js", "kata.js", "foto.js", "kirim.js", "lembar.js", "audit.js")
SHELL: Final = (
    *("tegel/tegel.css", "tegel/strip.svg", "tegel/logo.svg", "tegel/sinyal.js"),
    *("places/kota.css", "places/audit/hp.css"),
    *(f"places/audit/{name}" for name in SCRIPTS),
)
WORKER: Final = "places/audit/pekerja.js"
STATUS: Final = {
    SignInAgain.code: 401, NotYours.code: 403, AuditFinished.code: 409, SendingDiffers.code: 409,
}  # fmt: skip


def words() -> dict[str, str]:
    """What the scripts say, in the reader's language; `{...}` is filled in by them."""
    return {
        "yes": _("Ya"),
        "no": _("Tidak"),
        "unseen": _("Tidak bisa dilihat"),
        "done": _("{count} dari {all}"),
        "saved": _("Tersimpan di HP ini, {time}. Belum terkirim: {count}."),
        "nothing": _("Semua sudah terkirim."),
        "later": _("Tidak ada sinyal. Jawaban tersimpan di HP ini dan dikirim begitu ada sinyal."),
        "sending": _("Mengirim."),
        "sent": _("Terkirim. Terima kasih."),
        "check": _("{count} jawaban berubah di HP lain atau ditolak. Lihat lagi di bagian yang ditandai."),
        "look_again": _("lihat lagi"),
        "sign_in": _("Sesi Anda sudah berakhir. Jawaban tetap di HP ini. Masuk lagi untuk mengirim."),
        "not_yours": _("Akun ini bukan penilai di kota ini."),
        "failed": _("Belum terkirim. Jawaban tetap di HP ini. Coba lagi nanti."),
        "conflict": _("Jawaban ini berubah di HP lain: {answer}. Pilih lagi yang benar."),
        "closed": _("Penilaian ini sudah ditutup. Jawabannya tidak bisa diubah lagi."),
        "gone": _("Penilaian ini tidak ada lagi, atau bukan tugas Anda."),
        "refused": _("Satu jawaban ditolak. Periksa lagi angkanya."),
        "finished": _("Semua terjawab. Penilaian ini sudah selesai."),
        "missing": _("Masih {count} pertanyaan yang belum dijawab."),
        "least": _("paling sedikit {value} {unit}"),
        "most": _("paling banyak {value} {unit}"),
        "limit": _("Batas kota: {limit}."),
        "no_limit": _("Kota belum memuat batasnya. Angka dicatat saja."),
        "number": _("Tulis angka saja, misalnya 85 atau 1,5."),
        "low": _("Ruang HP hampir penuh. Foto mungkin tidak muat. Jawaban tetap tersimpan."),
        "photo_kept": _("Foto {count} tersimpan di HP ini."),
        "photo_failed": _("Fotonya tidak bisa dibuka. Coba foto lain, JPEG atau PNG."),
        "photo_full": _("Ruang HP penuh. Foto tidak tersimpan, jawaban tetap ada."),
        "photo_refused": _("Satu foto ditolak dan dihapus dari HP ini."),
        "photos": _("Foto: {count}"),
        "empty": _("Belum ada penilaian untuk Anda."),
        "offline_first": _("Buka halaman ini sekali dengan sinyal, supaya tugas Anda tersimpan di HP."),
        "locked": _("Anda sudah keluar dari HP ini. Masuk lagi untuk melihat jawaban Anda."),
        "both": _("Penilaian kedua berbeda di {count} butir."),
        "waiting": _("Menunggu penilai kedua."),
        "other": _("Belum berhasil. Coba lagi nanti."),
    }  # fmt: skip


@require_GET
def shell(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that the phone keeps; the same for everybody."""
    response = render(request, "places/audit/hp.html", _context(city_of(slug)))
    response["Cache-Control"] = "no-cache"
    return response


def _context(city: City) -> dict[str, Any]:
    return {"city": city, "words": words()}


@require_GET
def manifest(request: HttpRequest, slug: str) -> HttpResponse:
    """What makes it installable (W3C Web Application Manifest)."""
    city = city_of(slug)
    start = reverse("places:audit_phone", args=[city.slug])
    return kept_pages.manifest(
        start,
        name=_("Penilaian tempat main, %(city)s") % {"city": city.name},
        short=_("Penilaian"),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        ground="#FFFFFF",
        scope=reverse("places:audits", args=[city.slug]),
    )


@require_GET
def worker(request: HttpRequest, slug: str) -> HttpResponse:
    """The service worker: the list of what it keeps, then its own text. Another version whenever any of it changed."""
    city = city_of(slug)
    page = reverse("places:audit_phone", args=[city.slug])
    said = {
        "version": _version(city.slug, city.name),
        "city": city.slug,
        "page": page,
        "files": [static(name) for name in SHELL],
        "languages": [code for code, _name in settings.LANGUAGES],
        "language": settings.LANGUAGE_CODE,
    }
    return kept_pages.worker(WORKER, said)


@cache
def _version(slug: str, name: str) -> str:
    pages = []
    for language, _shown in settings.LANGUAGES:
        with translation.override(language):
            pages.append(render_to_string("places/audit/hp.html", _context(City(slug=slug, name=name))))
    return kept_pages.version((*SHELL, WORKER), (f"{slug} {name}", *pages))


def by_json(
    view: Callable[Concatenate[HttpRequest, City, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """An address of the phone: who is not signed in or may not is told so by a code, never sent to another page."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        city = city_of(slug)
        try:
            if not request.user.is_authenticated:
                raise SignInAgain
            who = acting(request.user, city, "audit")
            if who is None:
                raise NotYours
            return view(request, city, who.user, *args, **kwargs)
        except (
            SignInAgain,
            NotYours,
            AuditFinished,
            SendingDiffers,
            AnswersRefused,
            PhotoRefused,
        ) as refused:
            return _refused(refused)

    return inner  # type: ignore[return-value]  # an address gives the slug by its name


def _refused(refused: RuangAmanError) -> JsonResponse:
    return JsonResponse(
        {"code": refused.code, **{name: str(value) for name, value in refused.facts.items()}},
        status=STATUS.get(refused.code, 422),
        headers={"Cache-Control": "no-store"},
    )


@require_GET
@by_json
def work(request: HttpRequest, city: City, user: User) -> HttpResponse:
    """
    What this account has to look at, with its own answers alone, and the key under which the phone keeps them.

    `user` is a pseudonym of the account; `key` (32 bytes in hex) seals what lies on the phone and is told to that
    account alone, so that drafts stay unread by the next person who holds the phone.
    """
    seats = opening.open_seats(user, city)
    forms = {one.audit.form_id: showing.phone_form(form_of(one.audit.form)) for one in seats}
    told = {
        "user": salted_hmac("places.audit-phone", str(user.pk), algorithm="sha256").hexdigest()[:32],
        "key": salted_hmac("places.audit-drafts", str(user.pk), algorithm="sha256").hexdigest(),
        "csrf": get_token(request),
        "forms": forms,
        "audits": [_told(one) for one in seats],
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _told(seat: AuditSeat) -> dict[str, Any]:
    audit = seat.audit
    return {
        "id": str(seat.pk),
        "place": audit.space.name,
        "form": audit.form_id,
        "limits": showing.phone_limits(audit),
        "answers": {row.item: answering.as_told(row) for row in seat.answers.all()},
        "photos": [[str(one.pk), one.item] for one in seat.photos.all()],
        "finished": seat.finished_at is not None,
        "differ": len(audit.agreement["differences"]) if audit.agreement else None,
    }


def _seat(city: City, user: User, identity: UUID) -> AuditSeat:
    rows = AuditSeat.objects.select_related("audit__space__city", "audit__form", "audit__limits")
    row = rows.filter(pk=identity, audit__space__city=city).first()
    if row is None:
        raise Http404
    if row.user_id != user.pk:
        raise NotYours
    return row


@require_POST
@by_json
def send(request: HttpRequest, city: City, user: User, identity: UUID) -> HttpResponse:
    """A set of answers: `{set, answers: [{item, answer, measure, base}], finish}`."""
    seat = _seat(city, user, identity)
    try:
        told = json.loads(request.body)
        sending = UUID(str(told["set"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise AnswersRefused(why="form") from None
    reply = answering.receive(
        seat, sending, told.get("answers"), finish=told.get("finish") is True, now=clock.now()
    )
    return JsonResponse(reply, headers={"Cache-Control": "no-store"})


@require_POST
@in_memory
@by_json
def photo(request: HttpRequest, city: City, user: User, identity: UUID) -> HttpResponse:
    """One photo by its own id; what broke off is sent again whole."""
    seat = _seat(city, user, identity)
    try:
        number = UUID(request.POST.get("nomor", ""))
    except ValueError:
        raise AnswersRefused(why="form") from None
    row = photos.receive(
        seat, number, request.POST.get("butir", ""), file_of(request, "foto"), now=clock.now()
    )
    return JsonResponse({"photo": str(row.pk)}, headers={"Cache-Control": "no-store"})
