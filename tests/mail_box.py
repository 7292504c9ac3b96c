"""A real SMTP server on loopback, with one mail box that may refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


class Box:
    """What arrived; `answer` is what the server says to a receiver."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


class Post(Controller):
    """A server on a port that the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def opened(settings: Any, sender: str) -> Iterator[Box]:
    """The box, with the house's settings pointing to its server; `sender` as MAIL_FROM."""
    box = Box()
    server = Post(box, hostname="127.0.0.1", port=0)
    server.start()
    settings.STORY = False
    settings.MAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.MAIL_FROM = sender
    settings.MAIL_TIMEOUT_S = 5.0
    settings.MAIL_CA_FILE = ""
    try:
        yield box
    finally:
        server.stop()
