"""
The way "face": a page that works in the browser alone, the two posts of a try, and the files of the model.

The picture and every number stay in the browser. The page says before the camera starts what happens; only here is a
camera allowed at all, and the page may load from this house and nowhere else.
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.rooms.ages import checks, face_model, faces, links
from ruangaman.rooms.ages.errors import (
    AttemptOver,
    CheckOver,
    FaceAnswerRefused,
    FaceTriesUsed,
    NotFound,
    OtherBrowser,
    TooManyTries,
    WayClosed,
)
from ruangaman.rooms.ages.views import cek
from ruangaman.rooms.ages.views.common import bind, bound, guarded, page

FORM: Final = "application/x-www-form-urlencoded"
MOST: Final = 2048
"""Bytes of a yes: a token against other sites, a state, a word. A picture is longer."""
YEAR: Final = 365 * 24 * 3600
STATUS: Final = {FaceTriesUsed.code: 429, TooManyTries.code: 429}


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What will happen, and the button that starts it."""
    row, now = checks.find(token), clock.now()
    try:
        checks.way_of(row, faces.NAME, now=now)
    except CheckOver:
        return redirect("ages:check", token=token)
    except WayClosed:
        return cek.check_page(request, token, row, _sentence(WayClosed.code), 409)
    context = {
        "token": token,
        "service": row.card["name"],
        "years": row.threshold,
        "words": _words(),
        "model": reverse("ages:face_file", args=[face_model.package().version, "x"])[:-1],
    }
    response = page(request, "wajah.html", context)
    response.camera = True  # type: ignore[attr-defined]
    return response


@require_POST
@guarded
@never_cache
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """A try begins: its state, and where the line is. Asked by the page's script once the camera stands ready."""
    row, now = checks.find(token), clock.now()
    try:
        begun = faces.begin(row, now=now)
    except (FaceTriesUsed, TooManyTries, CheckOver, WayClosed) as refused:
        return JsonResponse({"code": refused.code}, status=STATUS.get(refused.code, 409))
    bind(request, begun)
    rule = faces.rule()
    return JsonResponse(
        {
            "state": begun.state,
            "line": faces.line_of(row.threshold, now),
            "frames": rule.frames,
            "seconds": rule.seconds,
            "least_score": rule.least_score,
            "least_face": rule.least_face,
            "darkest": rule.darkest,
        }
    )


@require_POST
@guarded
def say_yes(request: HttpRequest, token: str) -> HttpResponse:
    """One yes, in the browser that began; nothing else is read."""
    row, now = checks.find(token), clock.now()
    length = request.META.get("CONTENT_LENGTH") or "0"
    try:
        if request.content_type != FORM or not length.isdecimal() or int(length) > MOST:
            raise FaceAnswerRefused
        told: dict[str, Any] = {name: request.POST.getlist(name) for name in request.POST}
        told.pop("csrfmiddlewaretoken", None)
        single = {name: values[0] if len(values) == 1 else None for name, values in told.items()}
        secret = bound(request).get(links.digest(str(single.get("state"))).hex())
        if secret is None:
            raise OtherBrowser
        faces.accept(row, single, secret=secret, now=now)
    except (NotFound, OtherBrowser, FaceAnswerRefused, AttemptOver, CheckOver) as refused:
        row.refresh_from_db()
        status = {OtherBrowser.code: 403, NotFound.code: 403, FaceAnswerRefused.code: 400}
        return cek.check_page(request, token, row, _sentence(refused.code), status.get(refused.code, 409))
    return redirect("ages:check", token=token)


@require_safe
def model_file(_request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A file of the model. Its address names the version, so that a browser never asks for it twice."""
    found = face_model.content(name) if version == face_model.package().version else None
    if found is None:
        return HttpResponseNotFound()
    told, kind = found
    response = HttpResponse(
        told, content_type=kind if kind == "application/octet-stream" else f"{kind}; charset=utf-8"
    )
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _sentence(code: str) -> str:
    told = {
        CheckOver.code: _("Pertanyaan ini sudah selesai."),
        WayClosed.code: _("Cara ini tidak bisa dipakai di sini. Pilih cara lain."),
        AttemptOver.code: _("Waktunya lewat. Mulai lagi, atau pilih cara lain."),
    }
    return told.get(code, _("Jawaban dari kamera tidak bisa dipakai. Mulai lagi, atau pilih cara lain."))


def _words() -> dict[str, str]:
    """What the script says, by what happened."""
    return {
        "starting": _("Kamera dinyalakan. Izinkan kalau HP bertanya."),
        "loading": _("Menyiapkan. Ini bisa beberapa detik."),
        "looking": _("Lihat ke kamera, dan tahan sebentar."),
        "none": _("Belum ada wajah. Lihat ke kamera."),
        "several": _("Ada lebih dari satu wajah. Cukup kamu sendiri."),
        "dark": _("Terlalu gelap. Cari tempat yang lebih terang."),
        "far": _("Wajahmu terlalu jauh. Dekatkan HP."),
        "proved": _("Selesai. Kamera sudah mati. Yang dikirim: ya."),
        "unproved": _(
            "Belum terbukti. Ini bukan berarti kamu bohong. Tidak ada yang dikirim. Pilih cara lain."
        ),
        "ended": _(
            "Belum dapat gambar yang cukup jelas. Kamera sudah mati. Coba lagi, atau pilih cara lain."
        ),
        "stopped": _("Kamera sudah mati. Tidak ada yang dikirim."),
        "refused": _("Kamera tidak diizinkan. Tidak apa-apa. Pilih cara lain."),
        "no_camera": _("Di HP ini tidak ada kamera yang bisa dipakai. Pilih cara lain."),
        "broken": _("Perkiraan tidak bisa berjalan di HP ini. Pilih cara lain."),
        "ages.face-tries-used": _("Kamera sudah dicoba sebanyak yang boleh hari ini. Pilih cara lain."),
        "ages.check-over": _("Pertanyaan ini sudah selesai."),
        "ages.way-closed": _("Cara ini tidak bisa dipakai di sini. Pilih cara lain."),
        "ages.too-many-tries": _("Terlalu banyak percobaan. Tunggu sepuluh menit."),
    }
