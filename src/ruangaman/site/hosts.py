"""Hosts: a call that names none of ours, and one that names the other of two."""

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.defaults import bad_request

from ruangaman.site.problems import problem, under_the_door

PEOPLE: Final = frozenset({"dompet", "age-tokens", "kartu-umur", "cek-umur", "age-wallet", "vct"})
"""What stands at the host of people and wallets, by the first part of the address."""
CARDS: Final = frozenset(
    f"/.well-known/{name}"
    for name in ("openid-credential-issuer", "oauth-authorization-server", "jwt-vc-issuer")
)
BOTH: Final = frozenset({"static", "status", "healthz", "banding"})
PUBLIC: Final = frozenset({"/.well-known/private-token-issuer-directory", "/age-tokens/directory"})
"""Read at both, so that a wallet can compare."""
log = logging.getLogger("ruangaman.hosts")


class HostMiddleware:
    """
    Looks at `Host` before anything else does; Django would write an ERROR with a traceback for each such call.

    The line tells nothing of what the caller sent: anybody may send anything there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost as refused:
            log.warning("a call was refused: its Host is none of the allowed hosts")
            response = _told(request, refused)
            response.headers["Cache-Control"] = "no-store"
            response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark: it would say it again
            return response
        return self.get_response(request)


def _told(request: HttpRequest, refused: DisallowedHost) -> HttpResponse:
    if under_the_door(request.path):
        found = problem("access.host-refused")
        return HttpResponse(found.body, status=found.status, headers=found.headers)
    with translation.override(settings.LANGUAGE_CODE):  # the reader's own language is found further in
        return bad_request(request, refused)


class ApartMiddleware:
    """
    Where people prove ages at another host than platforms call (`RUANGAMAN_ISSUER_URL`), each host answers its own.

    A page is led to its host; what a program sends to the wrong one is refused (421), so that no secret of a wallet
    and no key of a platform is ever taken there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = _other_host(request)
        if wanted is None:
            return self.get_response(request)
        if request.method in ("GET", "HEAD") and not under_the_door(request.path):
            return HttpResponse(
                status=302,
                headers={"Location": wanted + request.get_full_path(), "Cache-Control": "no-store"},
            )
        found = problem("access.other-host")
        return HttpResponse(found.body, status=found.status, headers=found.headers)


def _other_host(request: HttpRequest) -> str | None:
    """The host that answers this address, when it is not the one that was called."""
    base = settings.BASE_URL.rstrip("/")
    issuer = settings.ISSUER_URL.rstrip("/") or base
    first = request.path.lstrip("/").partition("/")[0]
    if issuer == base or first in BOTH or request.path in PUBLIC:
        return None
    at_issuer = request.get_host().lower() == urlsplit(issuer).netloc.lower()
    for_issuer = first in PEOPLE or request.path in CARDS
    if for_issuer == at_issuer:
        return None
    return str(issuer if for_issuer else base)
