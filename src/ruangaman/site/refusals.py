"""Turns a refusal that a view did not handle into a page, by the catalogue of errors."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.errors import CATALOGUE

logger = logging.getLogger("ruangaman.refusals")


class RefusalsMiddleware:
    """A known code gives its status and sentence; an unknown one is a fault of ours and stays an error 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RuangAmanError) or error.code not in CATALOGUE:
            return None
        entry = CATALOGUE[error.code]
        logger.info("%s", error)
        text = entry.en if get_language() == "en" else entry.id
        return render(request, "refusal.html", {"text": text, "code": error.code}, status=entry.status)
