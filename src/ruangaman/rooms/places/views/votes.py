"""Votes of Forum Anak: the rule as sentences, the ideas, one ballot each, the result with its hash."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.core.voting import BallotRefused
from ruangaman.rooms.places import roles, votes
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import City, VoteRound
from ruangaman.rooms.places.report_errors import VoteRefused
from ruangaman.rooms.places.reports import tables, telling
from ruangaman.rooms.places.reports.moments import in_language, moment
from ruangaman.rooms.places.views.report_pages import page, sentence, to


def _get(city: City, serial: int) -> VoteRound:
    try:
        return votes.get(city, serial)
    except NotFound:
        raise Http404 from None


@require_safe
def every(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds of a city, the newest first."""
    city = roles.city_of(slug)
    rows = VoteRound.objects.filter(city=city).order_by("-serial")
    context = {
        "city": city,
        "rounds": [_line(row) for row in rows],
        "may_open": any(roles.may(request.user, city, act) for act in ("moderate", "vote")),
    }
    return render(request, "places/suara.html", context)


def _line(row: VoteRound) -> dict[str, Any]:
    return {
        "row": row,
        "title": in_language({"id": row.title_id, "en": row.title_en}),
        "closes": moment(row.closes_at),
        "over": row.closed_at is not None or clock.now() >= row.closes_at,
    }


@require_safe
def one(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """The rule, the ideas, and either the ballot or the result."""
    city = roles.city_of(slug)
    return _one(request, city, _get(city, serial))


def _one(
    request: HttpRequest, city: City, row: VoteRound, error: str = "", status: int = 200
) -> HttpResponse:
    known, rule = telling.names(city), votes.rule_of(row)
    options = row.options.select_related("report").order_by("rank", "report__serial")
    member = roles.acting(request.user, city, "vote")
    line = _line(row)
    context = {
        "city": city,
        "line": line,
        "row": row,
        "rule": [in_language(one) for one in rule.read_aloud()],
        "rule_name": in_language(rule.name),
        "most": rule.most,
        "quorum": rule.quorum(row.members) if row.members is not None else 0,
        "ideas": [telling.line(one.report, known) | {"option": one} for one in options],
        "winners": [telling.line(one.report, known) for one in options if one.won],
        "member": member is not None,
        "voted": member is not None and votes.has_voted(row, member.user),
        "error": error,
        "chosen": request.POST.getlist("ide") if error else [],
    }
    return page(request, "suara_satu.html", context, status)


@require_POST
@roles.needs("vote")
def cast(request: HttpRequest, city: City, who: roles.Acting, serial: int) -> HttpResponse:
    """One ballot."""
    row = _get(city, serial)
    try:
        votes.cast(city, serial, who.user, request.POST.getlist("ide"), now=clock.now())
    except BallotRefused as refused:
        why = str(refused.facts["why"])
        return _one(request, city, row, sentence("ballot-many" if why == "many" else why), 400)
    except VoteRefused as refused:
        return _one(request, city, row, sentence(str(refused.facts["why"])), 409)
    return to(reverse("places:vote", args=[city.slug, serial]) + "#suara")


@require_safe
def result(request: HttpRequest, slug: str, serial: int) -> HttpResponse:
    """The result as the bytes whose hash stands in the ledger."""
    row = _get(roles.city_of(slug), serial)
    if row.closed_at is None:
        raise Http404
    return HttpResponse(row.result, content_type="application/json")


def _opener(
    view: Callable[[HttpRequest, City, roles.Acting], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page for who moderates and for Forum Anak itself."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str) -> HttpResponse:
        city = roles.city_of(slug)
        if not request.user.is_authenticated or not request.user.is_staff:
            return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
        who = roles.acting(request.user, city, "moderate") or roles.acting(request.user, city, "vote")
        if who is None:
            return render(request, "places/bukan_tugas.html", {"city": city}, status=403)
        return view(request, city, who)

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@_opener
def open_round(request: HttpRequest, city: City, who: roles.Acting) -> HttpResponse:
    """A new round: a title, a rule, some ideas, a number of days."""
    error, status = "", 200
    if request.method == "POST":
        said = request.POST
        days = said.get("hari", "")
        try:
            row = votes.open_round(
                city,
                who.user,
                rule=said.get("aturan", ""),
                title={"id": said.get("judul", ""), "en": said.get("judul_en", "")},
                serials=[int(one) for one in said.getlist("ide") if one.isascii() and one.isdigit()][:1000],
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
                now=clock.now(),
            )
            return to(reverse("places:vote", args=[city.slug, row.serial]))
        except (VoteRefused, BallotRefused) as refused:
            error, status = sentence(str(refused.facts["why"])), 400
    known, rules = telling.names(city), tables.vote_rules(city)
    context = {
        "city": city,
        "error": error,
        "rules": [
            {"rule": rule, "name": in_language(rule.name), "sentences": map(in_language, rule.read_aloud())}
            for rule in rules.values()
        ],
        "ideas": [telling.line(row, known) for row in votes.ideas(city)[:200]],
        "said": request.POST,
        "chosen": request.POST.getlist("ide"),
        "days": request.POST.get("hari", "") or next(iter(rules.values())).days_open,
    }
    return page(request, "suara_baru.html", context, status)
