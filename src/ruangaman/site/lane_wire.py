"""The lane's reader of HTTP: uvicorn's, but what it cannot take gets a problem document as from web."""

import sys

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ruangaman.site.lane import ALLOWS
from ruangaman.site.problems import Problem, problem

REASONS = {400: "Bad Request", 405: "Method Not Allowed"}


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
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return problem("access.method-not-allowed", ALLOWS)
    return problem("access.body-unreadable")
