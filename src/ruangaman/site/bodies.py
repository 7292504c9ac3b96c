"""
A bound of time for the bodies that come to web: granian has none, and a thread would wait for as long as one trickles.

Each body is read to its end, by a thread beside, before Django is asked. A call whose body is not there in time is
refused; its reader is left behind until the caller ends the connection, and only so many may be left behind. Nobody
without a key has a body read under `/v1/`.
"""

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.conf import settings

from ruangaman.site.problems import behind_a_key, problem, under_the_door

BODY_WITHIN_S: Final = 10.0
"""Seconds from the headers to the last byte of the body, for web and lane."""
AT_ONCE_S: Final = 0.5
MOST_READERS: Final = 128
MOST_SLOW: Final = 3
"""Of the eight threads that web has by default, for platforms and for pages each."""
MOST_OF_FILES: Final = 3_200_000
"""Bytes of a body with files; the pages themselves refuse what is longer."""
MOST_UPLOADS: Final = 16
UPLOADS: Final = {
    "/banding": (MOST_OF_FILES, MOST_UPLOADS),
    "/foto": (MOST_OF_FILES, MOST_UPLOADS),
    "/bukti-kla": (8_400_000, 4),
}
"""
How the addresses end to which files may come, with the bytes of a body and how many are read at once: the pages of a
contest, photos of a place, evidence of a city's scorecard.
"""
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


class _Room:
    """Where bodies of one kind are waited for: `readers` in all, of which `slow` may hold a thread of web for long."""

    def __init__(self, readers: int, slow: threading.BoundedSemaphore, most: int) -> None:
        self.readers = threading.BoundedSemaphore(readers)
        self.slow, self.most = slow, most


class BodiesInTime:
    """
    WSGI middleware: hands on requests with their whole body, within `seconds`.

    A body may have one byte more than Django takes, so that Django sees that it is too large. Under `/v1/` no body is
    read before its key was found: such a call goes on without it, and the door refuses it. Most bodies are there at
    once; of those that are not, a few are waited for and the rest is refused, so that trickles never hold all threads.
    Platforms with a key and pages have a room each: whoever fills the one leaves the other free. So have the pages to
    which files come.

    Args:
        knows: whether the value of an Authorization header is a living key; may ask the database.
        unread: the name by which the environment tells the door that a body was not read.
    """

    def __init__(
        self,
        application: Application,
        *,
        knows: Callable[[str], bool],
        unread: str,
        seconds: float = BODY_WITHIN_S,
        readers: int = MOST_READERS,
        slow: int = MOST_SLOW,
    ) -> None:
        self._application, self._knows, self._seconds, self._unread = application, knows, seconds, unread
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        waited = threading.BoundedSemaphore(slow)
        self._door = _Room(readers, threading.BoundedSemaphore(slow), most)
        self._pages = _Room(readers, waited, most)
        # Files hold more memory, so fewer are read at once; they wait beside the pages.
        self._uploads = {
            end: _Room(min(readers, at_once), waited, most) for end, (most, at_once) in UPLOADS.items()
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH") in (None, "", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        door = behind_a_key(environ.get("PATH_INFO", ""))
        if door and not self._knows(environ.get("HTTP_AUTHORIZATION", "")):
            environ["wsgi.input"], environ[self._unread] = io.BytesIO(), True
            return self._application(environ, start_response)
        room = self._door if door else self._room_of(environ.get("PATH_INFO", ""))
        if not room.readers.acquire(blocking=False):
            return _refused("access.too-busy", environ, start_response)
        reader = _Reader(environ["wsgi.input"], room.most, room.readers.release)
        reader.start()
        reader.join(AT_ONCE_S)
        if reader.is_alive():
            if not room.slow.acquire(blocking=False):
                return _refused("access.too-busy", environ, start_response)
            try:
                reader.join(self._seconds - AT_ONCE_S)
            finally:
                room.slow.release()
        if reader.body is None:
            return _refused("access.body-too-slow", environ, start_response)
        environ["wsgi.input"] = io.BytesIO(reader.body)
        return self._application(environ, start_response)

    def _room_of(self, path: str) -> _Room:
        return next((room for end, room in self._uploads.items() if path.endswith(end)), self._pages)


def _refused(code: str, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    found = problem(code, {"wait_s": 10} if code == "access.too-busy" else {})
    headers, body = found.headers, found.body
    if not under_the_door(environ.get("PATH_INFO", "")):
        body = NOTICE.encode()
        headers = {**headers, "Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    reason = {408: "Request Timeout", 503: "Service Unavailable"}[found.status]
    start_response(f"{found.status} {reason}", [*headers.items(), ("Connection", "close")])
    return [body]
