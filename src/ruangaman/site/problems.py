"""Refusals as `application/problem+json` (RFC 9457): one form for the door under Django and for the lane."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.catalogue import Entry
from ruangaman.site.errors import CATALOGUE

KIND: Final = "application/problem+json"
SHOWN: Final = ("field", "message", "why", "scope", "what", "most", "wait_s", "state", "answer")
PROGRAMS: Final = frozenset({"v1", "age-tokens", "age-wallet", ".well-known"})
"""Where refusals are documents for programs, by the first part of the address."""
UNKNOWN: Final = Entry(
    500,
    "Ada yang salah di pihak kami. Coba lagi sebentar lagi.",
    "Something went wrong on our side. Try again in a moment.",
)
log = logging.getLogger("ruangaman.door")


def under_the_door(path: str) -> bool:
    """Whether a program calls here: the platforms' door, also meant and missed (`/v1`, `//v1/ask`), the issuer."""
    return path.lstrip("/").partition("/")[0] in PROGRAMS


def behind_a_key(path: str) -> bool:
    """Whether only a platform with a key is answered there; wallets and the issuer's callers have none."""
    return path.lstrip("/").partition("/")[0] == "v1"


class Problem(NamedTuple):
    """One refusal, ready to send."""

    status: int
    headers: dict[str, str]
    body: bytes


def problem(code: str, facts: Mapping[str, Any] | None = None) -> Problem:
    """The refusal with this code. What the caller may know of it stands in `facts`, never personal data."""
    told = dict(facts or {})
    entry = CATALOGUE.get(code, UNKNOWN)
    shown = {name: told[name] for name in SHOWN if name in told and told[name] not in (None, "")}
    headers = {"Content-Type": KIND, "Cache-Control": "no-store"}
    if entry.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="ruangaman"'
    if "wait_s" in told:
        headers["Retry-After"] = str(told["wait_s"])
    if code == "access.encoding-refused":
        headers["Accept-Encoding"] = "identity"  # RFC 9110 15.5.16
    if "allow" in told:
        headers["Allow"] = str(told["allow"])
    body = msgspec.json.encode(
        {
            "type": f"/v1/errors#{code}",
            "title": entry.en,
            "status": entry.status,
            "code": code,
            "text": {"id": entry.id, "en": entry.en},
            **shown,
        }
    )
    headers["Content-Length"] = str(len(body))
    return Problem(entry.status, headers, body)


def problem_of_question(code: str, facts: Mapping[str, Any] | None = None) -> Problem:
    """The refusal of a call to `POST /v1/ask`; a code that only the law knows is a question refused."""
    return problem(code if code in CATALOGUE else "access.question-refused", facts)


def of(error: RuangAmanError) -> Problem:
    """The refusal of an error; a question that the law refused keeps the law's own code."""
    if error.code == "access.question-refused":
        return problem_of_question(str(error.facts.get("code", "")), error.facts)
    return problem(error.code, error.facts)


def catalogue() -> dict[str, Any]:
    """Every code with its status and sentence, as `GET /v1/errors` gives it."""
    return {
        "errors": [
            {"code": code, "status": entry.status, "text": {"id": entry.id, "en": entry.en}}
            for code, entry in sorted(CATALOGUE.items())
        ]
    }


def _response(found: Problem) -> HttpResponse:
    return HttpResponse(found.body, status=found.status, headers=found.headers)


class ProblemMiddleware:
    """Under /v1/ every refusal is a problem document, whatever raised it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not under_the_door(request.path) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith((KIND, "application/json")):
            return response
        codes = {
            400: "access.body-unreadable",
            404: "access.not-found",
            405: "access.method-not-allowed",
            413: "access.body-too-large",
        }
        facts = {"allow": response["Allow"]} if "Allow" in response else {}
        return _response(problem(codes.get(response.status_code, "ruangaman.internal"), facts))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a view raised into its problem; what nobody foresaw is logged without the body."""
        if not under_the_door(request.path):
            return None
        if isinstance(error, RuangAmanError):
            if error.code not in CATALOGUE:
                log.error("code without an entry in the catalogue: %s", error.code)
            return _response(of(error))
        if isinstance(error, RequestDataTooBig):
            return _response(problem("access.body-too-large"))
        if isinstance(error, (BadRequest, SuspiciousOperation)):
            return _response(problem("access.body-unreadable"))
        log.exception(
            "unforeseen under %s", request.resolver_match.route if request.resolver_match else "/v1/"
        )
        return _response(problem("ruangaman.internal"))
