"""
The learner's side of a test: a code, the test that is open, and thanks. No name, no account, no result.

The code in the body is all that a call brings, and no cookie gives it any more rights, so there is no token against
foreign forms. But wrong codes count against a network, and a page of another site could send them from the browsers of
a school: what a browser says comes from another site is refused, and calls of programs must be JSON, which no foreign
form is. The page is the same for everybody, and a device keeps it for times without signal; the code of a QR stands
behind `#` and never leaves it.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.adapters import clock, ids
from ruangaman.core.learning import seats
from ruangaman.rooms.learning.group_errors import (
    FromAnotherSite,
    NoSuchSeat,
    SheetsMalformed,
    SheetsTooLarge,
    TooMany,
)
from ruangaman.rooms.learning.groups import opening, syncing
from ruangaman.rooms.learning.groups.opening import Opened, Test
from ruangaman.rooms.learning.views.common import network, of_another_site, private, sentence, time_name

MOST_CODE_BYTES: Final = 1_000
MOST_FORM_BYTES: Final = 20_000
YOUNG: Final = ("B1", "B2")
JSON: Final = "application/json"


def words() -> dict[str, str]:
    """What the script says, in the reader's language; `{...}` is filled in by it."""
    return {
        "misspelt": sentence("misspelt"),
        "unknown": sentence("unknown"),
        "tries": sentence("tries"),
        "offline": _("Tidak ada sinyal. Kode ini belum pernah dibuka di HP ini."),
        "saved": _("Tersimpan di HP ini."),
        "unsaved": _("HP ini tidak bisa menyimpan. Jangan tutup halaman ini."),
        "unsent": _("Tersimpan di HP ini. Belum terkirim: {count}."),
        "sent": _("Terkirim. Terima kasih."),
        "refused": _("Satu tes tidak diterima. Panggil pemandu."),
        "left": _("Belum dijawab: {count}. Boleh kembali dulu."),
        "failed": _("Ada yang salah di pihak kami. Tidak ada yang berubah."),
        "step": _("Soal {n} dari {all}"),
    }


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def classroom(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; without scripts the whole test by forms."""
    if request.method != "POST":
        response = render(request, "learning/kelas.html", {"words": words(), "signs": seats.LENGTH})
        response["Cache-Control"] = "no-cache"
        return response
    if of_another_site(request):
        return _typed(request, {"error": sentence("foreign")}, 403)
    if _size(request) > MOST_FORM_BYTES:
        return _typed(request, {"error": sentence("misspelt")}, 413)
    now, word = clock.now(), request.POST.get("kata", "")
    try:
        told = opening.opened(request.POST.get("kode", ""), network=network(request), now=now, word=word)
    except NoSuchSeat as refused:
        return _typed(request, {"error": sentence(str(refused.facts["why"]))}, 404)
    except TooMany:
        return _typed(request, {"error": sentence("tries")}, 429)
    with translation.override(told.group.language):
        return _step(request, told, now)


def _typed(request: HttpRequest, told: dict[str, Any], status: int = 200) -> HttpResponse:
    return private(
        render(
            request, "learning/kelas.html", {"words": words(), "signs": seats.LENGTH, **told}, status=status
        )
    )


def _step(request: HttpRequest, told: Opened, now: datetime) -> HttpResponse:
    """Without scripts: the list of tests, then a test in portions, then thanks."""
    wanted = request.POST.get("tes", "")
    test = next((one for one in told.tests if one.objective.id == wanted), None)
    if test is None or "lewati" in request.POST:  # whoever leaves a test out: nothing of it is kept
        return _typed(request, {"opened": _shown(told), "plain": True})
    said = {name: request.POST.get(name, "") for name in request.POST if name[:2] in ("j-", "y-", "d-")}
    portion = request.POST.get("bagian", "")
    number = int(portion) if portion.isascii() and portion.isdigit() and len(portion) < 3 else -1
    portions = len(test.sittings) or 1
    if number + 1 < portions:
        context = {
            "opened": _shown(told),
            "test": test,
            "plain": True,
            "young": told.audience.id in YOUNG,
            "portion": number + 1,
            "first": number < 0,
            "sittings": [test.sittings[number + 1]] if test.sittings else [],
            "id": _uuid(request.POST.get("id", "")) or ids.new(now),
            "said": said.items(),
            "stop": number >= 0,
            "last": number + 2 >= portions,
        }
        return _typed(request, context)
    answers = _answers(test, said)
    word = opening.word(told.group)
    sheet = {
        "word": word,
        "id": str(_uuid(request.POST.get("id", "")) or ids.new(now)),
        "code": told.code,
        "objective": test.objective.id,
        "time": test.time,
        "form": test.form,
        "version": test.version,
        "language": told.group.language,
        "answers": answers,
        "taken_on": timezone.localdate(now).isoformat(),
        "did": [one.id for one in test.did if said.get(f"d-{one.id}")],
    }
    body = json.dumps({"sheets": [sheet]}).encode()
    result = syncing.receive(body, network=network(request), now=now)[0]
    again = opening.opened(told.code, network=network(request), now=now, word=word)
    return _typed(
        request, {"opened": _shown(again), "plain": True, "kept": result.result, "refused": result.code}
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _answers(test: Test, said: dict[str, str]) -> list[list[Any]]:
    if not test.sittings:
        return [[one.id, said.get(f"j-{one.id}") == "1"] for one in test.observations]
    found: list[list[Any]] = []
    for asked in (one for portion in test.sittings for one in portion):
        chosen = said.get(f"j-{asked.item.id}", "")
        sure = {"1": True, "0": False}.get(said.get(f"y-{asked.item.id}", "")) if test.how_sure else None
        found.append([asked.item.id, chosen, sure if chosen else None])
    return found


def _shown(told: Opened) -> dict[str, Any]:
    opens = told.opens
    return {
        "code": told.code,
        "word": opening.word(told.group),
        "shown": seats.shown(told.code),
        "number": told.number,
        "time": time_name(told.time) if told.time else "",
        "tests": told.tests,
        "done": told.done,
        "opens": {"time": time_name(opens[0]), "day": date_format(opens[1], "j F Y")} if opens else None,
        "young": told.audience.id in YOUNG,
    }


def _of_script(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A call of our own script or of a program: JSON, and not from a page of another site."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        if of_another_site(request):
            return _json({"code": FromAnotherSite.code}, 403)
        if request.content_type != JSON:
            return _json({"code": SheetsMalformed.code}, 415)
        return view(request)

    return inner


@csrf_exempt
@require_POST
@_of_script
def open_code(request: HttpRequest) -> HttpResponse:
    """
    What a code opens, for the script: `{"code": "...", "word": "..."}` in, the word of an earlier code or none; tests
    out, drawn by the same template as without it.
    """
    if _size(request) > MOST_CODE_BYTES:
        return _json({"code": SheetsTooLarge.code}, 413)
    try:
        said = json.loads(request.body)
        code, word = (one if isinstance(one, str) else "" for one in (said["code"], said.get("word", "")))
        told = opening.opened(code, network=network(request), now=clock.now(), word=word)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return _json({"code": SheetsMalformed.code}, 400)
    except NoSuchSeat as refused:
        return _json({"code": refused.code, "why": refused.facts["why"]}, 404)
    except TooMany as refused:
        return _json({"code": refused.code, "wait_s": refused.facts["wait_s"]}, 429)
    language = told.group.language
    with translation.override(language):
        shown = _shown(told)
        tests = [_as_json(request, told, test) for test in told.tests]
        page = render_to_string("learning/_kelas_terbuka.html", {"opened": shown}, request)
    return _json(
        {
            "code": told.code,
            "word": opening.word(told.group),
            "language": language,
            "today": timezone.localdate(clock.now()).isoformat(),
            "page": page,
            "tests": tests,
        }
    )


def _as_json(request: HttpRequest, told: Opened, test: Test) -> dict[str, Any]:
    context = {
        "test": test,
        "sittings": test.sittings,
        "young": told.audience.id in YOUNG,
        "first": True,
        "last": True,
        "scripts": True,
    }
    return {
        "key": test.key,
        "objective": test.objective.id,
        "time": test.time,
        "form": test.form,
        "version": test.version,
        "page": render_to_string("learning/_tes.html", context, request),
    }


@csrf_exempt
@require_POST
@_of_script
def send(request: HttpRequest) -> HttpResponse:
    """`{"sheets": [...]}`, a hundred at most; of each is told `accepted`, `already`, `refused` or `later`, and why."""
    if _size(request) > syncing.MOST_BYTES:
        return _json({"code": SheetsTooLarge.code}, 413)
    try:
        results = syncing.receive(request.body, network=network(request), now=clock.now())
    except (SheetsMalformed, SheetsTooLarge) as refused:
        return _json({"code": refused.code}, 413 if isinstance(refused, SheetsTooLarge) else 400)
    except TooMany as refused:
        return _json({"code": refused.code, "wait_s": refused.facts["wait_s"]}, 429)
    told = [
        {"id": one.id, "result": one.result} | ({"code": one.code} if one.code else {}) for one in results
    ]
    return _json({"sheets": told})


def _json(told: dict[str, Any], status: int = 200) -> HttpResponse:
    response = private(JsonResponse(told, status=status))
    if status == 429:
        response["Retry-After"] = str(told["wait_s"])
    return response


def _size(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return (
        int(said)
        if said.isascii() and said.isdigit() and len(said) < 12
        else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )
