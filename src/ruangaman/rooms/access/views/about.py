"""`/v1/openapi.json` and `/v1/errors`: what this door takes and gives, and what it refuses."""

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from ruangaman.rooms.access import openapi as document
from ruangaman.rooms.access.errors import MethodRefused

ALLOW = "GET, HEAD, OPTIONS"
CACHED = {"Cache-Control": "public, max-age=300"}


def _other_than_get(request: HttpRequest) -> HttpResponse | None:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ALLOW})
    if request.method not in ("GET", "HEAD"):
        raise MethodRefused(allow=ALLOW)
    return None


@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document. Public: reading it needs no key."""
    return _other_than_get(request) or HttpResponse(
        document.as_json(), content_type="application/json", headers=CACHED
    )


@csrf_exempt
def errors(request: HttpRequest) -> HttpResponse:
    """The catalogue of errors, as JSON; a page when a browser asks. The site hands it in by a setting, since rooms
    do not know the site.
    """
    if other := _other_than_get(request):
        return other
    found: dict[str, Any] = import_string(settings.ERROR_CATALOGUE)()
    if "text/html" in request.headers.get("Accept", ""):
        page = render(request, "access/errors.html", found)
        patch_vary_headers(page, ["Accept"])
        return page
    return HttpResponse(
        msgspec.json.encode(found), content_type="application/json", headers=CACHED | {"Vary": "Accept"}
    )
