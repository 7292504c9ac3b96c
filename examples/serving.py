"""The little that the examples need to serve pages: request, answer, escaping, a threaded WSGI server, a command."""

import argparse
import html
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

MOST_BYTES = 256 * 1024
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STATUS = {
    200: "200 OK",
    204: "204 No Content",
    303: "303 See Other",
    400: "400 Bad Request",
    401: "401 Unauthorized",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    413: "413 Content Too Large",
    500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}


class Safe(str):
    """Markup that is already escaped."""


def fill(template: str, **values: object) -> Safe:
    """Put values into `{name}` places of a template, escaped unless they are `Safe`; lists are joined.

    >>> fill("<p>{name}</p>", name="<Sari>")
    '<p>&lt;Sari&gt;</p>'
    """

    def escaped(value: object) -> str:
        if isinstance(value, Safe):
            return value
        if isinstance(value, list | tuple):
            return "".join(escaped(part) for part in value)
        return "" if value is None else html.escape(str(value))

    return Safe(template.format_map({name: escaped(value) for name, value in values.items()}))


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `form` holds the last value of each field."""

    method: str
    path: str
    host: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    raw_query: str = ""

    @property
    def form(self) -> dict[str, str]:
        """The fields of a posted form; broken text counts as empty."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def from_elsewhere(self) -> bool:
        """A form sent by a page of another site; browsers say where a POST comes from."""
        site = self.headers.get("sec-fetch-site", "")
        origin = self.headers.get("origin", "")
        if site:
            return site not in {"same-origin", "none"}
        return bool(origin) and origin.split("://", 1)[-1] != self.host


@dataclass(slots=True)
class Answer:
    """One answer; `cookies` are set with Lax and HttpOnly, an empty value removes one."""

    body: str | bytes = ""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def redirect(address: str, **cookies: str) -> Answer:
    """Go there by GET."""
    return Answer(status=303, headers={"Location": address}, cookies=cookies)


Handler = Callable[[Request], Answer]


def application(handle: Handler) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """A WSGI application from a function; an unforeseen error becomes a plain page and a line on stderr."""

    def wsgi(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = MOST_BYTES + 1
        if 0 <= length <= MOST_BYTES:
            answer = answered(environ, length)
        else:
            answer = Answer("Terlalu besar / Too large", 413, "text/plain; charset=utf-8")
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {
            **SECURITY_HEADERS,
            "Content-Type": answer.kind,
            "Content-Length": str(len(body)),
        } | answer.headers
        pairs = list(headers.items())
        for name, value in answer.cookies.items():
            age = "Max-Age=31536000" if value else "Max-Age=0"
            pairs.append(("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; {age}"))
        start(STATUS[answer.status], pairs)
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def answered(environ: dict[str, Any], length: int) -> Answer:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(environ.get("HTTP_COOKIE", ""))
            request = Request(
                method="GET" if environ["REQUEST_METHOD"] == "HEAD" else environ["REQUEST_METHOD"],
                path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace"),
                host=environ.get("HTTP_HOST", ""),
                query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
                headers={
                    name[5:].lower().replace("_", "-"): value
                    for name, value in environ.items()
                    if name.startswith("HTTP_")
                },
                cookies={name: morsel.value for name, morsel in cookies.items()},
                body=environ["wsgi.input"].read(length) if length else b"",
                raw_query=environ.get("QUERY_STRING", ""),
            )
            return handle(request)
        except Exception as error:  # the last net: a page for the visitor, a line without her data here
            print(f"error: {type(error).__name__} at {environ.get('PATH_INFO')}", file=sys.stderr, flush=True)
            if os.environ.get("EXAMPLES_DEBUG"):
                raise
            return Answer("Ada yang salah di sini. Coba lagi. / Something failed here. Try again.", 500)

    return wsgi


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Quiet(WSGIRequestHandler):
    """Writes no access log: addresses of pages may lead to a child."""

    def log_request(self, *_: object) -> None:
        return


def serve(handle: Handler, *, port: int, name: str) -> int:
    """Serve on loopback until interrupted; returns the exit status (1 when the port is taken)."""
    try:
        server = make_server(
            "127.0.0.1", port, application(handle), server_class=_Server, handler_class=_Quiet
        )
    except OSError as error:
        print(f"{name}: port {port}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{name}: http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


def clock_of(path: Path | None) -> Callable[[], datetime]:
    """The present instant; in the story moved by the number of seconds that the file holds."""

    def now() -> datetime:
        moved = 0.0
        if path is not None:
            try:
                moved = float(path.read_text() or 0)
            except (OSError, ValueError):
                moved = 0.0
        return datetime.now(UTC) + timedelta(seconds=moved)

    return now


def command(
    make: Callable[[dict[str, Any], Callable[[], datetime]], tuple[Handler, str]],
    *,
    program: str,
    about: str | None,
    port: int,
    settings: str = "JSON that `ruangaman story fill` writes",
) -> int:
    """
    The command of an example that keeps nothing: read its settings, and serve until interrupted.

    Args:
        make: from the settings and the clock, what answers, and under which name.
        program, about, port, settings: how the command is called, what it says of itself, its own port, what is read.
    """
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument("--settings", type=Path, required=True, help=settings)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--clock", type=Path, help="file: seconds by which the story's clock is moved")
    said = parser.parse_args()
    handle, name = make(json.loads(said.settings.read_text(encoding="utf-8")), clock_of(said.clock))
    return serve(handle, port=said.port, name=name)
