"""What waits for one endpoint leaves one after another, without a pause between."""

import threading
import time
from collections import deque
from types import SimpleNamespace

from ruangaman.site import senders


class Outbox:
    """Events for one endpoint, which takes one at a time."""

    def __init__(self, count: int) -> None:
        self.waiting, self.done = deque(range(count)), threading.Event()
        self._lock, self._busy = threading.Lock(), False

    def take_delivery(self, *, now: object) -> int | None:
        with self._lock:
            if self._busy or not self.waiting:
                return None
            self._busy = True
            return self.waiting[0]

    def send_delivery(self, _ref: int, **_: object) -> str:
        time.sleep(0.01)  # the others look meanwhile, and find nothing
        with self._lock:
            self.waiting.popleft()
            self._busy = False
        if not self.waiting:
            self.done.set()
        return "done"


def test_a_backlog_leaves_as_fast_as_its_receiver_takes_it(monkeypatch):
    outbox = Outbox(20)
    monkeypatch.setattr(
        senders,
        "access",
        SimpleNamespace(take_delivery=outbox.take_delivery, send_delivery=outbox.send_delivery),
    )
    monkeypatch.setattr(senders, "_EVERY", 30.0)  # whoever waited for the next look would be seen
    house = senders.Senders(4)
    begun = time.monotonic()
    house.start()
    try:
        assert outbox.done.wait(25), f"{len(outbox.waiting)} still wait"
    finally:
        house.stop(within_s=5)
    assert time.monotonic() - begun < 25
    assert not any(thread.is_alive() for thread in house._threads), "a stop waits for no look"
