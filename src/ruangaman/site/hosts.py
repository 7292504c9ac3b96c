"""A call that names a host which is not ours: told in the form of its caller, and one line in the log."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.defaults import bad_request

from ruangaman.site.problems import problem, under_the_door

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
