"""Web gives a body so much time and no more; a fast one comes through whole."""

import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings

from ruangaman.site.bodies import BodiesInTime

pytestmark = pytest.mark.slow


def bodies(application: Any, **more: Any) -> BodiesInTime:
    """The middleware of a house where everybody has a key."""
    return BodiesInTime(application, **{"knows": lambda _: True, "unread": "unread", **more})


class Pipe:
    """A body that comes as somebody sends it."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self._writing: int | None = writing
        self._file = os.fdopen(reading, "rb")

    def send(self, part: bytes) -> None:
        assert self._writing is not None
        os.write(self._writing, part)

    def end(self) -> None:
        if self._writing is not None:
            os.close(self._writing)
        self._writing = None

    def read(self, most: int) -> bytes:
        with self._file:
            return self._file.read(most)


Answer = tuple[str, dict[str, str], bytes]


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def call(application: BodiesInTime, stream: Any, path: str = "/v1/sessions", **more: str) -> Answer:
    told: list[Any] = []
    environ = {"PATH_INFO": path, "wsgi.input": stream, **more}
    body = b"".join(application(environ, lambda status, headers: told.extend((status, dict(headers)))))
    return told[0], told[1], body


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    one = Pipe()
    yield one
    one.end()


def test_a_body_comes_through_whole() -> None:
    application = bodies(echo)
    sent = os.urandom(300_000)
    for more in ({"CONTENT_LENGTH": "300000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        assert call(application, io.BytesIO(sent), **more)[::2] == ("200 OK", sent)
    assert call(application, io.BytesIO(b""), CONTENT_LENGTH="")[::2] == ("200 OK", b"")


def test_what_is_too_large_is_cut_one_byte_after_the_most() -> None:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = call(bodies(echo), io.BytesIO(bytes(most + 500)), CONTENT_LENGTH=str(most + 500))[2]
    assert len(body) == most + 1


@pytest.mark.parametrize(("end", "most"), [("/banding", 3_200_000), ("/kla/2026/2/bukti-kla", 8_400_000)])
def test_pages_to_which_files_may_come_take_more_and_no_other_page_does(end: str, most: int) -> None:
    sent = b"x" * (most + 10)
    length = str(len(sent))
    assert len(call(bodies(echo), io.BytesIO(sent), path=end, CONTENT_LENGTH=length)[2]) == most
    other = call(bodies(echo), io.BytesIO(sent), path=f"{end}/lain", CONTENT_LENGTH=length)
    assert len(other[2]) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


def test_a_body_that_trickles_is_given_up(pipe: Pipe) -> None:
    pipe.send(b"{")
    begin = time.monotonic()
    status, headers, body = call(bodies(echo, seconds=0.7), pipe, CONTENT_LENGTH="30")
    assert 0.7 <= time.monotonic() - begin < 2
    assert status == "408 Request Timeout"
    assert headers["Connection"] == "close"
    assert b"access.body-too-slow" in body
    assert int(headers["Content-Length"]) == len(body)


def test_a_page_is_refused_in_words(pipe: Pipe) -> None:
    status, headers, body = call(bodies(echo, seconds=0.1), pipe, path="/minta", CONTENT_LENGTH="3")
    assert (status[:3], headers["Content-Type"]) == ("408", "text/plain; charset=utf-8")
    assert body.startswith(b"Isi permintaan")


def test_readers_left_behind_are_counted_and_come_back(pipe: Pipe) -> None:
    application = bodies(echo, seconds=0.1, readers=1)
    assert call(application, pipe, CONTENT_LENGTH="2")[0][:3] == "408"
    status, headers, body = call(application, io.BytesIO(b"{}"), CONTENT_LENGTH="2")
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "10")
    assert b"access.too-busy" in body
    assert call(application, io.BytesIO(b""))[0] == "200 OK", "what has no body needs no reader"
    pipe.end()
    until = time.monotonic() + 5
    while call(application, io.BytesIO(b"{}"), CONTENT_LENGTH="2")[0] != "200 OK":
        assert time.monotonic() < until


def test_without_a_key_no_byte_is_read_and_the_door_refuses() -> None:
    class Deaf:
        def read(self, _most: int = -1) -> bytes:
            raise AssertionError("this body is nobody's")

    asked: list[str] = []
    application = bodies(echo, knows=lambda given: asked.append(given) or given == "Bearer known")
    for path in ("/v1/sessions", "//v1/ask"):
        told = call(application, Deaf(), path, CONTENT_LENGTH="30", HTTP_AUTHORIZATION="Bearer other")
        assert told[::2] == ("200 OK", b""), "it goes on without its body"
    body = io.BytesIO(b"{}")
    assert call(application, body, CONTENT_LENGTH="2", HTTP_AUTHORIZATION="Bearer known")[2] == b"{}"
    assert asked == ["Bearer other", "Bearer other", "Bearer known"]
    assert (
        call(bodies(echo, knows=lambda _: False), io.BytesIO(b"a=1"), "/masuk", CONTENT_LENGTH="3")[2]
        == b"a=1"
    )


def test_only_so_many_threads_wait_and_pages_leave_platforms_free(pipe: Pipe) -> None:
    application = bodies(echo, seconds=20.0, slow=1)
    waiting = threading.Thread(
        target=call, args=(application, pipe, "/masuk"), kwargs={"CONTENT_LENGTH": "9"}
    )
    waiting.start()
    other = Pipe()
    begin = time.monotonic()
    time.sleep(0.7)
    assert call(application, other, "/masuk", CONTENT_LENGTH="9")[0][:3] == "503"
    assert time.monotonic() - begin < 5, "refused without the wait"
    assert call(application, io.BytesIO(b"a=1"), "/masuk", CONTENT_LENGTH="3")[2] == b"a=1"
    assert call(application, io.BytesIO(b"{}"), CONTENT_LENGTH="2")[2] == b"{}"
    pipe.end()
    other.end()
    waiting.join(5)
    assert not waiting.is_alive()
