"""
A bound of time for the bodies that come to web: granian has none, and a thread would wait for as long as one trickles.

Each body is read to its end, by a thread beside, before Django is asked. A call whose body is not there in time is
refused; its reader is left behind until the caller ends the connection, and only so many may be left behind.
"""

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings

from ruangaman.site.problems import PREFIX, problem

BODY_WITHIN_S: Final = 10.0
"""Seconds from the headers to the last byte of the body, for web and lane."""
MOST_READERS: Final = 128
NOTICE: Final = (
    "Isi permintaan terlalu lama di jalan. Coba lagi.\nThe request was too long on its way. Try again.\n"
)
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class _Reader(threading.Thread):
    """Reads one body, up to a size; `body` is None until it is there."""

    def __init__(self, stream: Any, most: int, ended: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="body")
        self._stream, self._most, self._ended = stream, most, ended
        self.body: bytes | None = None

    def run(self) -> None:
        try:
            self.body = self._stream.read(self._most)
        except OSError:
            self.body = b""  # the caller went away; nobody is there to be answered
        finally:
            self._ended()


class BodiesInTime:
    """
    WSGI middleware: hands on requests with their whole body, within `seconds`.

    A body may have one byte more than Django takes, so that Django sees that it is too large.
    """

    def __init__(
        self, application: Application, *, seconds: float = BODY_WITHIN_S, readers: int = MOST_READERS
    ) -> None:
        self._application, self._seconds = application, seconds
        self._free = threading.BoundedSemaphore(readers)
        self._most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") in (None, "", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        if not self._free.acquire(blocking=False):
            return _refused("access.too-busy", environ, start_response)
        reader = _Reader(environ["wsgi.input"], self._most, self._free.release)
        reader.start()
        reader.join(self._seconds)
        if reader.body is None:
            return _refused("access.body-too-slow", environ, start_response)
        environ["wsgi.input"] = io.BytesIO(reader.body)
        return self._application(environ, start_response)


def _refused(code: str, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    found = problem(code, {"wait_s": 10} if code == "access.too-busy" else {})
    headers, body = found.headers, found.body
    if not environ.get("PATH_INFO", "").startswith(PREFIX):
        body = NOTICE.encode()
        headers = {**headers, "Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    reason = {408: "Request Timeout", 503: "Service Unavailable"}[found.status]
    start_response(f"{found.status} {reason}", [*headers.items(), ("Connection", "close")])
    return [body]
