"""The lane's reader of HTTP: uvicorn's, but what it cannot take gets a problem document as from web."""

import re
import sys
from typing import Final
from urllib.parse import unquote, urlsplit

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ruangaman.site.lane import ALLOWS
from ruangaman.site.problems import Problem, problem

REASONS = {400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}
REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ ([!-~]+) HTTP/1\.[01]\r?\n")


class LaneWire(HttpToolsProtocol):
    """The parser knows a list of methods and takes any other word for broken HTTP, before there is a call."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  our own words say more
        """Refuse and hang up: where the next call would begin is not known."""
        told = _refusal(sys.exc_info()[1])
        head = [f"HTTP/1.1 {told.status} {REASONS[told.status]}", "connection: close"]
        head += [f"{name.lower()}: {value}" for name, value in told.headers.items()]
        self.transport.write("\r\n".join([*head, "", ""]).encode("ascii") + told.body)
        self.transport.close()


def _refusal(error: BaseException | None) -> Problem:
    if not isinstance(error, httptools.HttpParserInvalidMethodError):
        return problem("access.body-unreadable")
    if _address(error) in ("/v1/ask", None):
        return problem("access.method-not-allowed", ALLOWS)
    return problem("access.not-found")


def _address(error: BaseException) -> str | None:
    """
    The path that an unknown method asked for; None when its line did not come in one piece.

    The bytes are read from the frame of `data_received`, the caller that caught the error: keeping them for the rare
    case would cost every call of the lane.
    """
    frame = error.__traceback__.tb_frame if error.__traceback__ else None
    line = REQUEST_LINE.match(frame.f_locals.get("data", b"")) if frame else None
    return unquote(urlsplit(line[1].decode("ascii")).path) if line else None
