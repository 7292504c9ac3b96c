"""The threads of the job runner that send webhooks, beside the one that sends letters: none waits for a platform."""

import logging
import threading
import time

from django.db import close_old_connections, connections

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access

logger = logging.getLogger("ruangaman.senders")

_EVERY = 0.5  # seconds between two looks while nothing is due; who has sent is followed by a look at once
_AFTER_A_FAULT = 5.0  # seconds


class Senders:
    """
    Threads that take turns in looking: one looks for something that may leave, the others wait behind it or send.

    Whoever still waits for a receiver when the house stops is left behind: what it had taken is taken again after its
    lease, so an event may arrive twice and is never lost.
    """

    def __init__(self, count: int = access.SENDERS) -> None:
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._sent = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"sender-{number}", daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self, within_s: float) -> None:
        """Take nothing more, and give those that send a while to end."""
        self._stop.set()
        self._sent.set()
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                close_old_connections()
                with self._turn:
                    taken = self._next()
                if taken is not None:
                    now = clock.now()
                    access.send_delivery(taken, now=now, wall=now - clock.ahead())
                    self._sent.set()  # its endpoint is free again, and so may be the next event for it
            except (
                Exception
            ):  # a lost database, or a fault of ours: what was taken is taken again after its lease
                logger.exception("a webhook was not sent")
                self._stop.wait(_AFTER_A_FAULT)
        connections.close_all()

    def _next(self) -> access.DeliveryRef | None:
        """Wait until something may leave; None when the house stops."""
        while not self._stop.is_set():
            self._sent.clear()
            taken = access.take_delivery(now=clock.now())
            if taken is not None:
                return taken
            self._sent.wait(_EVERY)
            close_old_connections()
        return None
