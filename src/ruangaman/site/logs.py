"""No secret and no personal data in the logs, whoever writes the line; and the id that joins the lines of one call."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")

_LONG = re.compile(r"[A-Za-z0-9_-]{20,}={0,2}")
_MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<!\d)(?:\+?62|0)8\d{7,12}(?!\d)")
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


def clean(text: str) -> str:
    """`text` with tokens, keys, mail addresses, phone numbers and NIKs replaced by what they were."""
    text = _MAIL.sub("[address]", text)
    text = _NIK.sub("[nik]", text)
    text = _PHONE.sub("[phone]", text)
    return _LONG.sub("[token]", text)


class NoSecrets(logging.Filter):
    """Cleans the finished line, arguments and traceback text included, before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django tells of a refusal when the call has left the middleware already; its record brings the call along.
        of_call = getattr(getattr(record, "request", None), "told_id", "-")
        record.request_id = REQUEST_ID.get() if REQUEST_ID.get() != "-" else of_call
        record.msg, record.args = clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _traceback(record.exc_text)
        return True


class NoTypos(logging.Filter):
    """
    Leaves out the line that Django writes for each refused call to the door: the caller is told by the reply, and one
    platform's typing errors would fill the log. What is our fault (5xx) stays, and so do the pages.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", "")
        return not (path.startswith(("/v1/", "//v1/")) and 400 <= getattr(record, "status_code", 500) < 500)


def _traceback(text: str) -> str:
    """Where it happened stays; the lines that tell a value (the message of an error) are cleaned."""
    lines = text.splitlines()
    return "\n".join(line if line.startswith("  ") else clean(line) for line in lines)


class RequestIdMiddleware:
    """Gives each call an id of its own, in the log and in the header `X-Request-Id`; says nothing about the caller."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = secrets.token_hex(6)
        request.told_id = told  # type: ignore[attr-defined]
        kept = REQUEST_ID.set(told)
        try:
            response = self.get_response(request)
        finally:
            REQUEST_ID.reset(kept)
        response.headers["X-Request-Id"] = told
        return response
