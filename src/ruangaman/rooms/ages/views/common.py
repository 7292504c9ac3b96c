"""What the views of this room share: their pages, and which tries this browser began."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ruangaman.adapters import clock
from ruangaman.rooms.ages import links
from ruangaman.rooms.ages.checks import Begun
from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import AgeCheck, Attempt

P = ParamSpec("P")
BROWSER = "cek"
"""In the session: state (its digest) -> the secret that binds a try to this browser."""
MOST_TRIES = 8  # that one browser may have open; the oldest are forgotten


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of this room; never kept by caches, never told to other sites."""
    response = render(request, f"ages/{template}", {"now": clock.now(), **(context or {})}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def bind(request: HttpRequest, begun: Begun) -> None:
    """Only this browser can bring the answer of a try back, and keep what came of it."""
    kept = bound(request)
    kept[links.digest(begun.state).hex()] = begun.browser
    request.session[BROWSER] = dict(list(kept.items())[-MOST_TRIES:])


def bound(request: HttpRequest) -> dict[str, str]:
    """Of the tries that this browser began: the digest of the state (hex) -> its secret."""
    return {str(name): str(secret) for name, secret in request.session.get(BROWSER, {}).items()}


def began_here(request: HttpRequest, attempt: Attempt) -> bool:
    """Whether this browser began a try."""
    return links.fits(bound(request).get(bytes(attempt.state).hex(), ""), attempt.browser)


def decided_here(request: HttpRequest, row: AgeCheck) -> bool:
    """Whether this browser began the try that decided a check; the platform also knows the link."""
    deciding = row.attempts.filter(ended_at=row.decided_at, why="") if row.decided_at is not None else ()
    return any(began_here(request, one) for one in deciding)


def guarded(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A link that finds nothing becomes a page that says so."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            return page(request, "tidak_ada.html", {}, 404)

    return inner
