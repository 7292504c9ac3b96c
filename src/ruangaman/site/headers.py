"""Headers that every answer carries: nothing from outside, nothing embedded, nothing sensed."""

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse


def content_security_policy(
    form_to: Iterable[str] = (), connect_to: Iterable[str] = (), *, camera: bool = False
) -> str:
    """
    The policy of a page.

    Args:
        form_to: addresses to which one of its forms may redirect.
        connect_to: other addresses that its scripts may call.
        camera: the page may use the camera; it then loads scripts, styles and data of this house and nothing else.
    """
    origins, called = _origins(form_to), [] if camera else _origins(connect_to)
    return "; ".join(
        [
            *(_OF_A_CAMERA if camera else ("default-src 'self'",)),
            *([" ".join(["connect-src 'self'", *called])] if called else []),
            "img-src 'self' data:",
            "base-uri 'none'",
            " ".join(["form-action 'self'", *origins]),
            "frame-ancestors 'none'",
            "object-src 'none'",
        ]
    )


_ORIGIN: Final = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def _origins(addresses: Iterable[str]) -> list[str]:
    """Their hosts, each once. A policy is cut at `;` and `,`: what is more than a host is left out of it."""
    found = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)}
    return sorted(one for one in found if _ORIGIN.fullmatch(one))


_OF_A_CAMERA: Final = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'")
PERMISSIONS_POLICY = ", ".join(
    f"{name}=()" for name in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
)
WITH_CAMERA = PERMISSIONS_POLICY.replace("camera=()", "camera=(self)")
"""Of the one page that may use it, which says so itself (`response.camera`)."""


class HeadersMiddleware:
    """Sets what a view has not set itself. A page about a family is never kept by a shared cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        camera = bool(getattr(response, "camera", False))
        policy = content_security_policy(
            getattr(response, "form_to", ()), getattr(response, "connect_to", ()), camera=camera
        )
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", WITH_CAMERA if camera else PERMISSIONS_POLICY)
        # Django's own comes after the look at the host.
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code in (204, 304):
            # Django names type and length of the body that these never have.
            response.headers.pop("Content-Type", None)
            response.headers.pop("Content-Length", None)
        return response
