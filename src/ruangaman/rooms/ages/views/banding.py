"""A contest in two steps, its receipt, and where it stands. No account, no telephone number, no script needed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import callers, clock
from ruangaman.adapters.uploads import InMemory
from ruangaman.core.shown_files import FileRefused
from ruangaman.rooms.ages import checks, config, contests, links, telling
from ruangaman.rooms.ages.errors import ContestRefused, TooMany
from ruangaman.rooms.ages.models import AgeCheck, Contest
from ruangaman.rooms.ages.models.contests import KINDS
from ruangaman.rooms.ages.times import moment
from ruangaman.rooms.ages.views.common import guarded, page
from ruangaman.rooms.ages.views.holding import wallet_here

P = ParamSpec("P")
RECEIPT: Final = "banding_baru"
LOOK: Final = "banding_dibuka"
"""In the session: the contest that this browser made, or opened by its secret word; each for a while."""
SHOWN_FOR: Final = timedelta(minutes=15)
ROOM: Final = 100_000
"""Bytes of a form beside its files."""


def _address(request: HttpRequest) -> str:
    return callers.network(request.META, behind_proxy=config.behind_proxy())


def in_memory(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A form with files: held in memory, never read when it is too large, and protected against other sites."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers = [InMemory(request)]
            if too_large(request):
                return view(request, *args, **kwargs)  # which refuses it unread, and so changes nothing
        return protected(request, *args, **kwargs)

    return inner


def too_large(request: HttpRequest) -> bool:
    """Whether more came than the files of a contest may have together."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return not said.isascii() or not said.isdigit() or int(said) > config.CONTEST_BYTES + ROOM


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
def contest(request: HttpRequest) -> HttpResponse:
    """From the public page: a contest of no check that is known."""
    return _contest(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
@guarded
def contest_check(request: HttpRequest, token: str) -> HttpResponse:
    """From the page of a check: a contest of its result."""
    return _contest(request, checks.find(token))


def _contest(request: HttpRequest, question: AgeCheck | None) -> HttpResponse:
    kind = request.GET.get("apa", "")
    if kind not in KINDS:
        wrong = "apa" in request.GET or request.method == "POST"
        told = _("Pilih dulu apa yang salah.") if wrong else ""
        return page(request, "banding_1.html", _about(question) | {"error": told}, 400 if wrong else 200)
    if request.method != "POST":
        return _second(request, kind, question)
    if too_large(request):
        return _second(request, kind, question, _sentence("files"), 413)
    return _send(request, kind, question)


def _about(question: AgeCheck | None) -> dict[str, Any]:
    if question is None:
        return {"here": reverse("ages:contest")}
    token = links.derived(question.pk)
    return {
        "here": reverse("ages:contest_check", args=[token]),
        "token": token,
        "service": question.card["name"],
    }


def _second(
    request: HttpRequest, kind: str, question: AgeCheck | None, error: str = "", status: int = 200
) -> HttpResponse:
    unread = request.method == "POST" and too_large(request)
    due = contests.due_of(question.jurisdiction if question else config.JURISDICTION, clock.now())
    ranges = _ranges(question) if kind == "younger" and question else []
    context = _about(question) | {
        "kind": kind,
        "error": error,
        "words": "" if unread else request.POST.get("words", "")[: config.CONTEST_WORDS],
        "chosen": "" if unread else request.POST.get("umur", ""),
        "ranges": ranges,
        "must_choose": bool(ranges) and question is not None and question.threshold is None,
        "needs_words": kind == "older" or (question is None and wallet_here(request) is None),
        "due": moment(due.due_at),
        "doubt": due.doubt,
        "once": links.fresh(),
        "longest": config.CONTEST_WORDS,
        "most_files": config.CONTEST_FILES,
        "most_mb": config.CONTEST_BYTES // 1_000_000,
    }
    return page(request, "banding_2.html", context, status)


def _ranges(question: AgeCheck) -> list[tuple[int, str]]:
    """What somebody younger may choose: the bound from above, and its words; nothing where there is but one."""
    bounds = contests.younger_ranges(question)
    found = [(high, words) for high, (_low, words) in zip(bounds, telling.ranges(bounds), strict=False)]
    return found if len(found) > 1 or question.threshold is None else []


def _send(request: HttpRequest, kind: str, question: AgeCheck | None) -> HttpResponse:
    now = clock.now()
    said = request.POST.get("umur", "")
    wallet = wallet_here(request)
    words = request.POST.get("words", "")
    sent = [one.read() for one in request.FILES.getlist("files") if one.size]
    try:
        if question is None and wallet is None and not words.strip() and not sent:
            raise ContestRefused(why="nothing")
        row = contests.make(
            kind,
            words=words,
            files=contests.files_of(sent),
            question=question,
            below=int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None,
            wallet=wallet,
            once=links.digest(request.POST.get("once", "") or links.fresh()),
            address=_address(request),
            now=now,
        )
    except (ContestRefused, FileRefused) as refused:
        return _second(request, kind, question, _sentence(str(refused.facts["why"])), 400)
    except TooMany:
        return _second(request, kind, question, _sentence("many"), 429)
    request.session[RECEIPT] = _kept(row, now) | {"stopped": kind != "older" and wallet is not None}
    return _to("ages:contest_receipt")


def _to(name: str) -> HttpResponse:
    response = HttpResponseRedirect(reverse(name))
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    return response


def _kept(row: Contest, now: datetime) -> dict[str, Any]:
    return {"id": str(row.pk), "until": (now + SHOWN_FOR).isoformat()}


def _kept_row(request: HttpRequest, name: str, now: datetime) -> Contest | None:
    """The contest that this browser may see now; its time over, nothing is left of it in the session."""
    kept = request.session.get(name)
    if not kept:
        return None
    row = Contest.objects.select_related("question").filter(pk=UUID(kept["id"])).first()
    if now >= datetime.fromisoformat(kept["until"]) or row is None or not contests.readable(row, now):
        del request.session[name]
        return None
    return row


@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and secret word, in the browser that made it and for a quarter of an hour."""
    now = clock.now()
    row = _kept_row(request, RECEIPT, now)
    if row is None:
        return page(request, "banding_lihat.html", {"gone": True, "here": reverse("ages:contest_look")}, 410)
    language = str(getattr(request, "LANGUAGE_CODE", "id"))
    context = {
        "number": contests.shown_number(row),
        "word": contests.secret_words(row)["en" if language.startswith("en") else "id"],
        "look": links.absolute(reverse("ages:contest_look")),
        "token": links.derived(row.question_id) if row.question_id else "",
        "stopped": bool(request.session[RECEIPT].get("stopped")),
    }
    return page(request, "banding_terima.html", _standing(row) | context)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Where a contest stands, for who has its number and secret word; whatever is wrong, the answer is one."""
    now = clock.now()
    here = {"here": reverse("ages:contest_look")}
    if request.method != "POST":
        row = _kept_row(request, LOOK, now)
        if row is None or "lagi" in request.GET:
            request.session.pop(LOOK, None)
            return page(request, "banding_lihat.html", here)
        context = {"number": contests.shown_number(row), "reason": contests.reason_of(row)}
        return page(request, "banding_status.html", here | _standing(row) | context)
    number, word = request.POST.get("nomor", ""), request.POST.get("kata", "")
    try:
        row = contests.find(number, word, address=_address(request), now=now)
    except TooMany as refused:
        told = here | {
            "error": _("Terlalu banyak percobaan. Coba lagi satu jam lagi."),
            "number": number[:12],
        }
        response = page(request, "banding_lihat.html", told, 429)
        response["Retry-After"] = str(refused.facts["wait_s"])
        return response
    if row is None:
        told = here | {"error": _("Nomor dan kata rahasia ini tidak cocok."), "number": number[:12]}
        return page(request, "banding_lihat.html", told, 404)
    request.session[LOOK] = _kept(row, now)
    return _to("ages:contest_look")


def _standing(row: Contest) -> dict[str, Any]:
    """The steps of a contest, and by when it is decided."""
    stage = contests.stage(row)
    late = row.late_at is not None and stage != "answered"
    seen = {"text": _("Dilihat petugas"), "when": moment(row.opened_at)}
    answered = {"text": _("Dijawab"), "when": moment(row.decided_at)}
    if stage == "answered":
        seen["state"] = answered["state"] = "done"
    elif stage == "seen":
        seen["state"], answered["state"] = "done", "late" if late else "now"
    else:
        seen["state"], answered["state"] = "late" if late else "now", "open"
    return {
        "steps": [
            {"text": _("Sudah diterima"), "when": moment(row.raised_at), "state": "done"},
            seen,
            answered,
        ],
        "stage": stage,
        "late": late,
        "kind": row.kind,
        "bound": row.question_id is not None,
        "decision": row.decision,
        "due": moment(row.due_at),
        "doubt": row.doubt,
        "forget": moment(row.forget_at),
    }


def _sentence(why: str) -> str:
    return {
        "nothing": _("Tulis ceritamu, atau pilih berkas. Salah satu cukup."),
        "range": _("Pilih berapa umurmu."),
        "files": _("Berkasnya terlalu banyak atau terlalu besar. Tulis ceritamu saja, itu cukup."),
        "full": _("Berkas belum bisa diterima sekarang. Tulis ceritamu saja, itu cukup."),
        "waiting": _("Sudah ada beberapa permintaan yang menunggu untuk akun ini. Tunggu jawabannya dulu."),
        "many": _("Terlalu banyak permintaan dari jaringan ini. Coba lagi satu jam lagi."),
        "empty": _("Berkasnya kosong. Pilih berkas lain, atau tulis ceritamu saja."),
        "large": _("Ukuran fotonya terlalu besar. Pilih foto lain, atau tulis ceritamu saja."),
        "broken": _("Berkasnya rusak. Pilih berkas lain, atau tulis ceritamu saja."),
        "mixed": _("Berkas ini berisi hal lain juga. Pilih berkas lain, atau tulis ceritamu saja."),
        "acts": _("PDF ini berisi perintah. Pilih berkas lain, atau tulis ceritamu saja."),
    }.get(why, _("Berkas ini bukan foto, PDF, atau suara. Pilih berkas lain, atau tulis ceritamu saja."))
