"""A proxy that ends TLS in front of a house on this machine, as an operator's would, and says so in a header."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "x-forwarded-proto", "content-length"})


@contextmanager
def proxy(port: int, to: int, certificate: Path, key: Path) -> Iterator[None]:
    """Speak TLS on `port` and plain HTTP to `to`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            inner = http.client.HTTPConnection("127.0.0.1", to, timeout=60)
            inner.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP:
                    inner.putheader(name, value)
            inner.putheader("X-Forwarded-Proto", "https")
            inner.putheader("Content-Length", str(len(body)))
            inner.endheaders(body)
            reply = inner.getresponse()
            told = reply.read()
            self.send_response_only(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            if reply.status not in (204, 304):
                self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)
            inner.close()

        do_GET = do_POST = do_HEAD = pass_on  # noqa: N815  (names of the standard library)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
