"""Turns a refusal that a view did not handle into a page, by the catalogue of errors."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.errors import CATALOGUE
from ruangaman.site.problems import under_the_door

logger = logging.getLogger("ruangaman.refusals")


class RefusalsMiddleware:
    """A known code gives its status and sentence; an unknown one is a fault of ours and stays an error 500.

    An address for buttons alone, opened by hand, gets a page too: browsers show an empty 405 as a fault of theirs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        apart = under_the_door(request.path) or request.path.startswith("/kait/")
        if response.status_code != 405 or response.content or apart:
            return response
        told = render(request, "405.html", status=405)
        told["Allow"] = response["Allow"]
        return told

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RuangAmanError) or error.code not in CATALOGUE:
            return None
        entry = CATALOGUE[error.code]
        logger.info("%s", error)
        text = entry.en if get_language() == "en" else entry.id
        return render(request, "refusal.html", {"text": text, "code": error.code}, status=entry.status)
