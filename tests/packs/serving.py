"""A learning system on loopback: it serves a package, keeps what is committed, and can be asked what it has."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


def unzipped(content: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@dataclass
class System:
    """Pages by their paths; `kept` is what was last committed. `deaf`: it takes nothing at the moment."""

    pages: dict[str, bytes]
    kept: object = None
    deaf: bool = False
    url: str = ""
    commits: list[object] = field(default_factory=list)


@contextmanager
def serving(pages: Mapping[str, bytes]) -> Iterator[System]:
    """The system at `url` until the end of the block."""
    system = System(dict(pages))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            if path == "kept":
                self.told(200, json.dumps(system.kept).encode(), "application/json")
            elif path in system.pages:
                self.told(200, system.pages[path], TYPES.get(path.rpartition(".")[2], "text/plain"))
            else:
                self.told(404, b"", "text/plain")

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if system.deaf:
                return self.told(503, b"", "text/plain")
            system.kept = told
            system.commits.append(system.kept)
            return self.told(200, b'{"result": true, "errorCode": 0}', "application/json")

        def told(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    system.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
