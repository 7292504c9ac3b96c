"""The age check (`cek-umur`): one fact is asked, several ways, and who learns what. No account, no script."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.age_checks import BY_NAME
from ruangaman.core.age_verdicts import LONGEST, AgeVerdictRefused
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import apart, checks, holds, institutions, links, telling, vouching
from ruangaman.rooms.ages.api import WAY_BACK
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.errors import (
    AskedTooOften,
    AttemptOver,
    CheckOver,
    NoSuchRange,
    NotFound,
    OtherBrowser,
    TooManyTries,
    WayClosed,
)
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ages.times import moment
from ruangaman.rooms.ages.views.common import bind, bound, decided_here, guarded, page
from ruangaman.rooms.ages.views.dompet import context as wallet_words
from ruangaman.rooms.ages.views.holding import may_keep, wallet_here

UNPROVED = "belum-terbukti"


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "id"))


def _choices(row: AgeCheck, now: datetime, language: str) -> list[dict[str, Any]]:
    """Each way that can be gone, as the page shows it; an institution is one way each."""
    found: list[dict[str, Any]] = []
    for judged in checks.ways(row, now=now):
        partners = institutions.living() if judged.way.name == "institution" else [None]
        for partner in partners:
            name = judged.way.name
            found.append(
                {
                    "value": f"{name}-{partner.slug}" if partner else name,
                    "title": telling.title(name, partner, language),
                    "act": telling.act(name, partner, language),
                    "learns": telling.learns(row, name, partner, language),
                    "way": name,
                    "partner": partner.slug if partner else "",
                    "doubt": [one["point"] for one in judged.answer.doubt],
                }
            )
    return found


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The question and the ways; or what came of it."""
    unproved, row = request.session.pop(UNPROVED, False), checks.find(token)
    apart.remember(request, row.card["slug"])
    return check_page(request, token, row, _unproved() if unproved else "")


def check_page(
    request: HttpRequest, token: str, row: AgeCheck, error: str = "", status: int = 200
) -> HttpResponse:
    """The page of a check as it stands: a question, its ways, or what came of it; `error` says what went wrong."""
    now, language = clock.now(), _language(request)
    context: dict[str, Any] = {"token": token, "service": row.card["name"], "years": row.threshold}
    context["back"] = dict(request.session.get(WAY_BACK, {})).get(row.card["slug"])
    over_or_held = row.decided_at is not None or row.closed_at is not None or holds.held(row.ref)
    context["return_to"] = apart.way_back(row.ref) if over_or_held else None
    if row.decided_at is not None:
        over = checks.result_of(row)
        way = telling.title(row.method, institutions.answered(row), language)
        aside = holds.set_aside(row)
        context |= {
            "over": over,
            "way": way,
            "aside": aside,
            "forgeable": over is not None and BY_NAME[row.method].kind == "estimation",
            "may_keep": may_keep(request, row, over),
            "cards": _has_cards(request, row, over),
        }
        if context["may_keep"]:
            context["has_wallet"] = wallet_here(request) is not None
        return page(request, "hasil.html", context, status)
    if row.closed_at is not None:
        return page(request, "hasil.html", {**context, "not_needed": True}, status)
    if holds.held(row.ref):
        return page(request, "ditahan.html", context | _clock_of(row, now), status)
    if row.threshold is None:
        ranges = telling.ranges(row.bounds)
        return page(request, "rentang.html", {**context, "ranges": ranges, "error": error}, status)
    choices = _choices(row, now, language)
    wanted = request.GET.get("cara", "")
    chosen = next((one for one in choices if one["value"] == wanted), None)
    context |= {"choices": choices, "chosen": chosen, "error": error}
    context |= {"asked": vouching.open_of(row, now), "unsure": vouching.was_unsure(row)}
    if wanted and chosen is None and not error:
        return page(request, "cek.html", {**context, "error": _("Pilih satu cara.")}, 400)
    if chosen is not None and chosen["way"] == "token":
        context |= wallet_words()
    response = page(request, "cek.html", context, status)
    # A form here leads to an institution; browsers hold the redirect against `form-action` too.
    response.form_to = [one.ask_url for one in institutions.living()]  # type: ignore[attr-defined]
    return response


def _clock_of(row: AgeCheck, now: datetime) -> dict[str, Any]:
    """By when a person decides about an age that a contest holds, and whether that is over."""
    contest = holds.waiting(row.ref)
    if contest is None:
        return {}
    late = contest.due_at is not None and contest.due_at <= now
    seen = contest.opened_at is not None
    return {"due": moment(contest.due_at), "doubt": contest.doubt, "late": late, "seen": seen, "clock": True}


def _has_cards(request: HttpRequest, row: AgeCheck, over: bool | None) -> bool:
    """Whether cards for another wallet can be had from here: it can be kept, or this browser has it kept."""
    kept = row.kept_at is not None and decided_here(request, row) and wallet_here(request) is not None
    return bool(over) and not holds.set_aside(row) and (kept or may_keep(request, row, over))


@require_POST
@guarded
def say(request: HttpRequest, token: str) -> HttpResponse:
    """Between which ages: this alone opens nothing, it says which age is then to be proved, or that none is."""
    row = checks.find(token)
    said = request.POST.get("umur", "")
    try:
        going_on = checks.say(row, int(said) if said.isascii() and said.isdigit() else -1, now=clock.now())
    except NoSuchRange:
        return check_page(request, token, row, _("Pilih satu jawaban."), 400)
    except CheckOver:
        return redirect("ages:check", token=token)
    return redirect("ages:check", token=links.derived((going_on or row).pk))


@require_POST
@guarded
def ask_institution(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """Go to an institution. What goes along: the age that is asked, and random words."""
    row = checks.find(token)
    partner = institutions.get(slug)
    try:
        begun = checks.begin(row, "institution", partner=partner.slug, now=clock.now())
    except (CheckOver, WayClosed, TooManyTries) as refused:
        return check_page(request, token, row, _sentence(refused), 409)
    bind(request, begun)
    asked = {
        "audience": partner.audience,
        "state": begun.state,
        "nonce": begun.attempt.nonce,
        "age_over": row.threshold,
        "return_to": links.absolute(reverse("ages:returned")),
    }
    response = redirect(f"{partner.ask_url}?{urlencode(asked)}")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@guarded
def ask_guardian(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the proven guardians; the page then waits, and every other way stays open."""
    row = checks.find(token)
    try:
        begun = vouching.ask(row, now=clock.now())
    except (CheckOver, WayClosed, AskedTooOften) as refused:
        return check_page(
            request, token, row, _sentence(refused), 429 if isinstance(refused, AskedTooOften) else 409
        )
    if begun is not None:
        bind(request, begun)
    return redirect("ages:check", token=token)


@require_GET
@guarded
def returned(request: HttpRequest) -> HttpResponse:
    """Back from an institution: the answer counts once, for the try that this browser began, and is not kept."""
    now = clock.now()
    state, text = request.GET.get("state", ""), request.GET.get("answer", "")
    browser = bound(request).get(links.digest(state).hex())
    if browser is None:
        raise NotFound
    try:
        attempt = checks.attempt_of(state, browser=browser, now=now)
    except (AttemptOver, OtherBrowser):
        return page(request, "tidak_ada.html", {"slow": True}, 410)
    return _settled(request, attempt, text[: LONGEST + 1], now)


def _settled(request: HttpRequest, attempt: Attempt, text: str, now: datetime) -> HttpResponse:
    token = links.derived(attempt.question_id)
    if not text:
        checks.refuse(attempt, "cancelled", now=now)
        return redirect("ages:check", token=token)
    try:
        over = institutions.accept(attempt, text, now=now)
    except AgeVerdictRefused as refused:
        checks.refuse(attempt, refused.code, now=now)
        return check_page(request, token, attempt.question, _sentence(refused), 403)
    if over is None:
        checks.refuse(attempt, "unknown", now=now)
        request.session[UNPROVED] = True  # the answer goes out of the address at once
    return redirect("ages:check", token=token)


@require_http_methods(["POST"])
@guarded
def declare(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody says it: enough where the law says that it may be. Never above `asserted`."""
    row, now = checks.find(token), clock.now()
    said = request.POST.get("umur", "")
    if said not in ("ya", "belum"):
        return check_page(request, token, row, _("Pilih satu jawaban."), 400)
    try:
        begun = checks.begin(row, "declared", now=now)
        checks.decide(begun.attempt, Proved(said == "ya", "asserted"), now=now)
    except (CheckOver, WayClosed, TooManyTries) as refused:
        return check_page(request, token, row, _sentence(refused), 409)
    return redirect("ages:check", token=token)


def _unproved() -> str:
    return _("Belum terbukti. Ini bukan berarti kamu bohong. Coba cara lain.")


def _sentence(refused: RuangAmanError) -> str:
    return {
        CheckOver.code: _("Pertanyaan ini sudah selesai."),
        TooManyTries.code: _("Terlalu banyak percobaan. Tunggu sepuluh menit."),
        AskedTooOften.code: _(
            "Orang tuamu sudah beberapa kali ditanya hari ini. Tunggu besok, atau pilih cara lain."
        ),
        WayClosed.code: _("Cara ini tidak bisa dipakai di sini. Pilih cara lain."),
        AgeVerdictRefused.code: _("Jawaban dari sana tidak bisa dipakai. Coba lagi, atau pilih cara lain."),
    }.get(refused.code, _("Belum berhasil. Coba lagi."))
