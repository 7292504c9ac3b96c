"""
The lane: `POST /v1/ask` alone, as a small ASGI program of its own beside Django (docs/adr/0052).

It answers with the same function as the view (`rooms/access/asking.py`). While it answers it touches no database: the
living keys are loaded beside the calls, every few seconds, so a revoked key ends within that time.

    uvicorn ruangaman.site.lane:app --port 8002
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final, Protocol

from ruangaman.core import law
from ruangaman.rooms.access.asking import ask
from ruangaman.rooms.access.bounds import LARGEST_BODY
from ruangaman.rooms.access.limits import Buckets
from ruangaman.site.problems import problem_of_question

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEYS_EVERY_S: Final = 5.0
KEYS_STALE_S: Final = 60.0
LOG_EVERY_S: Final = 1.0
LOG_LINES: Final = 512
JSON_HEADERS: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
log = logging.getLogger("ruangaman.lane")


class Caller(Protocol):
    """What the lane needs to know of a key."""

    @property
    def key_id(self) -> str: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def expires_at(self) -> datetime | None: ...


class Lane:
    """The state of one process: packs, living keys, buckets, and the lines that wait for the log."""

    def __init__(
        self,
        *,
        packs: Mapping[str, law.Pack],
        load_keys: Callable[[datetime], Mapping[bytes, Caller]],
        now: Callable[[], datetime],
        per_second: float,
        burst: float,
        log_file: Path | None,
        used: Callable[[list[str], datetime], None] | None = None,
    ) -> None:
        self._packs = packs
        self._load = load_keys
        self._now = now
        self._keys: Mapping[bytes, Caller] = {}
        self._loaded = float("-inf")
        self._buckets: Buckets[str] = Buckets(per_second=per_second, burst=burst)
        self._log_file = log_file
        self._lines: list[bytes] = []
        self._seen: set[str] = set()
        self._used = used
        self._out: IO[bytes] | None = None

    async def refresh(self) -> None:
        """Load the living keys in a thread; keep the old ones when the store cannot be read for a while."""
        now = self._now()
        try:
            self._keys = await asyncio.to_thread(self._load, now)
            self._loaded = monotonic()
            if self._used and self._seen:
                seen, self._seen = self._seen, set()
                await asyncio.to_thread(self._used, sorted(seen), now)
        except Exception:  # whatever the store says: the lane goes on until the keys are stale
            log.exception("the keys could not be loaded")

    def flush(self) -> None:
        """Write the waiting lines to the log file."""
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        if self._log_file is None:
            return
        if self._out is None:
            self._log_file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
            self._out = os.fdopen(descriptor, "ab", buffering=0)
        self._out.write(b"".join(lines))

    def close(self) -> None:
        """Write what waits and close the log."""
        self.flush()
        if self._out is not None:
            self._out.close()
            self._out = None

    def _who(self, scope: Mapping[str, Any], now: datetime, at: float) -> Caller | str:
        """The caller, or the code of the refusal. Keys are found by their SHA-256, so time tells nothing of them."""
        given = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                given = value
                break
        if not given:
            return "access.key-missing"
        if given[:7].lower() != b"bearer ":
            return "access.key-refused"
        if at - self._loaded > KEYS_STALE_S:
            return "access.keys-unavailable"
        digest = sha256(given[7:]).digest()
        known = self._keys.get(digest)
        if known is None or (known.expires_at is not None and known.expires_at <= now):
            return "access.key-refused"
        return known

    async def ask(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one call."""
        started = monotonic()
        now = self._now()
        who = self._who(scope, now, started)
        if isinstance(who, str):
            await self.refuse(send, who, {}, "-", 0, started)
            return
        key_id = who.key_id
        if "ask" not in who.scopes:
            await self.refuse(send, "access.scope-missing", {"scope": "ask"}, key_id, 0, started)
            return
        wait = self._buckets.take(key_id, at=started)
        if wait:
            await self.refuse(send, "access.too-many-calls", {"wait_s": int(wait) + 1}, key_id, 0, started)
            return
        code = _kind(scope["headers"])
        if code:
            await self.refuse(send, code, {}, key_id, 0, started)
            return
        body = await _read(receive)
        if body is None:
            await self.refuse(send, "access.body-too-large", {}, key_id, 0, started)
            return
        reply, count, refused, field, message = ask(body, self._packs, now=now)
        if refused:
            told = {"field": field, "message": message, "code": refused}
            await self.refuse(send, refused, told, key_id, count, started)
            return
        if count > 1:
            self._buckets.charge(key_id, count / 10 - 1, at=started)
        self._seen.add(key_id)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [*JSON_HEADERS, (b"content-length", b"%d" % len(reply))],
            }
        )
        await send({"type": "http.response.body", "body": reply})
        self._note(now, key_id, 200, count, started)

    def _note(self, now: datetime, key_id: str, status: int, count: int, started: float) -> None:
        """One line: when, which key, what status, how many questions, how many microseconds. No facts, no secret."""
        micros = (monotonic() - started) * 1e6
        self._lines.append(b"%b %b %d %d %d\n" % (_second(now), key_id.encode(), status, count, micros))
        if len(self._lines) >= LOG_LINES:
            self.flush()

    async def refuse(
        self, send: Send, code: str, facts: Mapping[str, Any], key_id: str, count: int, started: float
    ) -> None:
        found = problem_of_question(code, facts)
        headers = [(name.lower().encode(), value.encode()) for name, value in found.headers.items()]
        await send({"type": "http.response.start", "status": found.status, "headers": headers})
        await send({"type": "http.response.body", "body": found.body})
        self._note(self._now(), key_id, found.status, count, started)

    @property
    def ready(self) -> bool:
        """Whether keys were loaded lately."""
        return monotonic() - self._loaded <= KEYS_STALE_S


_stamp: tuple[int, bytes] = (0, b"")


def _second(now: datetime) -> bytes:
    """The second in UTC, rendered once a second."""
    global _stamp
    second = int(now.timestamp())
    if _stamp[0] != second:
        _stamp = (second, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode())
    return _stamp[1]


def _kind(headers: list[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"content-type":
            return (
                "" if value.partition(b";")[0].strip().lower() == b"application/json" else "access.not-json"
            )
    return "access.not-json"


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when it is larger than the door takes."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= LARGEST_BODY else None
    parts, size = [body], len(body)
    while message.get("more_body") and size <= LARGEST_BODY:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    return b"".join(parts) if size <= LARGEST_BODY else None


def _django_lane() -> Lane:
    """The lane of this house: its settings, its packs, its keys."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    from django.db import close_old_connections

    from ruangaman.adapters import clock, packs
    from ruangaman.rooms.access import api as access

    def load(now: datetime) -> Mapping[bytes, Caller]:
        close_old_connections()
        return access.callers(now=now)

    def used(key_ids: list[str], now: datetime) -> None:
        close_old_connections()
        access.keys_used(key_ids, now=now)

    return Lane(
        packs=packs.all(),
        load_keys=load,
        now=clock.now,
        per_second=settings.ASK_PER_SECOND,
        burst=settings.ASK_BURST,
        log_file=Path(settings.LANE_LOG) if settings.LANE_LOG else None,
        used=used,
    )


class App:
    """The ASGI program: the lane, made at start-up, and a ticker beside it."""

    def __init__(self, make: Callable[[], Lane] = _django_lane) -> None:
        self._make = make
        self._lane: Lane | None = None
        self._ticker: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            lane, path = self._lane, scope["path"]
            if lane is None:
                await _send(send, 503, b'{"ready":false}')
            elif path == "/v1/ask" and scope["method"] == "POST":
                await lane.ask(scope, receive, send)
            elif path == "/healthz":
                await _send(
                    send, 200 if lane.ready else 503, b'{"ready":%b}' % str(lane.ready).lower().encode()
                )
            elif path == "/v1/ask":
                await lane.refuse(send, "access.method-not-allowed", {"allow": "POST"}, "-", 0, monotonic())
            else:
                await lane.refuse(send, "access.not-found", {}, "-", 0, monotonic())
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._lane = await asyncio.to_thread(self._make)
                await self._lane.refresh()
                self._ticker = asyncio.create_task(self._tick(self._lane))
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._ticker is not None:
                    self._ticker.cancel()
                if self._lane is not None:
                    self._lane.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _tick(self, lane: Lane) -> None:
        loaded = monotonic()
        while True:
            await asyncio.sleep(LOG_EVERY_S)
            lane.flush()
            if monotonic() - loaded >= KEYS_EVERY_S:
                await lane.refresh()
                loaded = monotonic()


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [*JSON_HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


app = App()
