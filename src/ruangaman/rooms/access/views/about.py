"""`/v1/openapi.json`: what this door takes and gives, for programs."""

from django.http import HttpRequest, HttpResponse

from ruangaman.rooms.access import openapi as document
from ruangaman.rooms.access.errors import MethodRefused


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document. Public: reading it needs no key."""
    if request.method not in ("GET", "HEAD"):
        raise MethodRefused(allow="GET, HEAD")
    return HttpResponse(
        document.as_json(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"}
    )
