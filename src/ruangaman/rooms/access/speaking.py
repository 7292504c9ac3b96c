"""Which methods and formats the door speaks. One table for Django and for the lane; knows neither of them."""

from collections.abc import Iterable
from typing import Final

JSON: Final = "application/json"
SPOKEN: Final = frozenset({"*/*", "application/*", JSON, "application/problem+json"})


def allowed(methods: Iterable[str]) -> str:
    """The `Allow` of an address with these acts: GET brings HEAD along, and OPTIONS is answered everywhere."""
    found = set(methods)
    return ", ".join(sorted({*found, "OPTIONS", *(("HEAD",) if "GET" in found else ())}))


ASK_ALLOWS: Final = allowed(["POST"])


def refused(accept: str, kind: str, coding: str = "", *, bare: bool = False) -> str:
    """
    The code of the refusal that these headers deserve before a byte of the body is read; empty when they are fine.

    Args:
        accept: the header Accept, empty when it did not come: anything is then wanted.
        kind: the header Content-Type, with or without parameters.
        coding: the header Content-Encoding. No body is unpacked here: a small one could hold an endless one.
        bare: a body may be left out, and then needs no Content-Type.
    """
    if accept and accept not in SPOKEN and not _wants_json(accept):
        return "access.not-acceptable"
    if coding and coding.strip().lower() != "identity":
        return "access.encoding-refused"
    if kind == JSON or (bare and not kind):
        return ""
    return "" if kind.partition(";")[0].strip().lower() == JSON else "access.not-json"


def _wants_json(accept: str) -> bool:
    """Whether one of the kinds is spoken here; `q=0` says that this one is not wanted (RFC 9110 12.4.2)."""
    for part in accept.split(","):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        if kind in SPOKEN and not any(one.startswith("q=") and not one[2:].strip("0.") for one in parameters):
            return True
    return False
