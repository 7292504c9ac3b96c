"""Badges for adults: what there is, three questions a day, the badge itself; and what whoever checks one needs."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.core.learning import badges as of_badges
from ruangaman.core.learning.model import Item, Option
from ruangaman.rooms.learning import badge_keys, badges, courses
from ruangaman.rooms.learning.badge_rules import rules
from ruangaman.rooms.learning.errors import NoSuchLesson
from ruangaman.rooms.learning.views.common import network

COOKIE: Final = "lencana"
KEYS_KEPT_S: Final = 3600
MOST_COOKIE: Final = 1024
_EPOCH: Final = 719_163
"""1 January 1970 as `date.toordinal` counts."""

View = Callable[..., HttpResponse]


def _found(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoSuchLesson:
            raise Http404 from None

    return inner


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """What adults can get a badge for, and what a badge says and does not say."""
    told = [(courses.audience(name), lessons) for name, lessons in badges.on_offer()]
    return render(request, "learning/lencana/daftar.html", {"offers": told, "rules": rules()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_found
def badge(request: HttpRequest, objective: str) -> HttpResponse:
    """The questions of today, what was said to them, or the badge that is ready."""
    aim, lesson = badges.of(objective)
    day = _today()
    given = _given(request, objective)
    told: dict[str, Any] = {"objective": aim, "lesson": lesson, "rules": rules()}
    if request.method == "POST":
        before = any(one[0] == day for one in given)
        given = badges.after(objective, given, {name: str(request.POST[name]) for name in request.POST}, day)
        told["chosen"] = [] if before else _chosen(request, objective, day)
    told |= {
        "earned": badges.earned(given),
        "today": any(one[0] == day for one in given),
        "right": sum(right for _day, _item, right in given),
        "given": len(given),
        "items": badges.asked(objective, day),
    }
    response = render(request, "learning/lencana/minta.html", told)
    if request.method == "POST":
        _keep(response, request, objective, given)
    return response


@never_cache
@require_POST
@_found
def issue(request: HttpRequest, objective: str) -> HttpResponse:
    """The badge as a file. The answers that earned it are forgotten by the browser as well."""
    issued = badges.issue(
        objective=objective,
        given=_given(request, objective),
        subject=request.POST.get("untuk", "")[:200],
        language=translation.get_language() or "id",
        now=clock.now(),
        network=network(request),
    )
    name = f"lencana-{objective}.jwt"
    response = HttpResponse(
        issued.token,
        content_type="application/jwt",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    response.delete_cookie(COOKIE, path=reverse("learning:badge", args=[objective]), samesite="Lax")
    return response


def _today() -> int:
    """Days since 1970, as the house's own calendar has it."""
    return timezone.localdate(clock.now()).toordinal() - _EPOCH


def _chosen(request: HttpRequest, objective: str, day: int) -> list[tuple[Item, Option | None]]:
    """Item and answer, as they were sent, for what is said to each."""
    return [
        (item, next((one for one in item.options if one.id == request.POST.get(item.id)), None))
        for item in badges.asked(objective, day)
    ]


def _given(request: HttpRequest, objective: str) -> badges.Given:
    """What the browser kept; nothing where it was changed, is too old or of another objective."""
    try:
        told = request.get_signed_cookie(COOKIE, salt=f"{COOKIE}:{objective}", max_age=rules().kept)
    except (KeyError, signing.BadSignature):
        return ()
    given = tuple((int(day), str(item), bool(right)) for day, item, right in json.loads(told or "[]"))
    return badges.current(given, _today())


def _keep(response: HttpResponse, request: HttpRequest, objective: str, given: badges.Given) -> None:
    value = json.dumps(given, separators=(",", ":"))
    assert len(value) <= MOST_COOKIE
    response.set_signed_cookie(
        COOKIE,
        value,
        salt=f"{COOKIE}:{objective}",
        max_age=rules().kept,
        path=reverse("learning:badge", args=[objective]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _public(told: dict[str, object]) -> JsonResponse:
    return JsonResponse(
        told, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={KEYS_KEPT_S}"}
    )


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of badges, a JWK set (RFC 7517)."""
    return _public(badge_keys.jwks(clock.now()))


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """The same keys as the document of the issuer's did:web."""
    return _public(of_badges.did_document(badges.issuer(), badge_keys.known(clock.now())))


@require_safe
@_found
def achievement(request: HttpRequest, objective: str) -> HttpResponse:
    """What a badge is for, as JSON."""
    told = badges.achievement(objective, translation.get_language() or "id")
    return _public({"@context": of_badges.CONTEXT, **told})


@require_safe
@_found
def stopped(request: HttpRequest, number: int) -> HttpResponse:
    """The signed list of badges that were stopped."""
    return HttpResponse(
        badges.list_token(number, now=clock.now()),
        content_type="application/vc+jwt",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={KEYS_KEPT_S}"},
    )
