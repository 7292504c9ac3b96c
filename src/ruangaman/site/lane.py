"""
The lane: `POST /v1/ask` alone, as a small ASGI program of its own beside Django (docs/adr/0052).

It answers with the same function as the view (`rooms/access/asking.py`). While it answers it touches no database: the
living keys are loaded beside the calls, every few seconds, so a revoked key ends within that time.

    uvicorn ruangaman.site.lane:app --port 8002
"""

import asyncio
import logging
import os
from asyncio import current_task
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import IO, Any, Final, NamedTuple, Protocol

from django.http.request import split_domain_port, validate_host

from ruangaman.core import law
from ruangaman.rooms.access import speaking
from ruangaman.rooms.access.asking import Asked, ask
from ruangaman.rooms.access.bounds import LARGEST_BODY
from ruangaman.rooms.access.limits import Buckets
from ruangaman.site.bodies import BODY_WITHIN_S
from ruangaman.site.problems import problem_of_question

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

Headers = list[tuple[bytes, bytes]]
Line = tuple[datetime, str, int, int, float, str]

KEYS_EVERY_S: Final = 5.0
KEYS_STALE_S: Final = 60.0
LOG_EVERY_S: Final = 1.0
LOG_LINES: Final = 64
MOST_FOUND: Final = 1024
MOST_IN_PIECES: Final = 32
"""Of one key: bodies of up to 1 MiB that are on their way at once. Each stands in memory until it is whole."""
ALLOWS: Final = {"allow": speaking.ASK_ALLOWS}
WAITS: Final[Mapping[str, Mapping[str, int]]] = {"access.too-busy": {"wait_s": 10}}
JSON: Final = b"application/json"
JSON_HEADERS: Final = [(b"content-type", b"application/json")]
"""No `cache-control`: a reply to POST is kept by nobody unless it says how long (RFC 9110 9.3.3)."""
log = logging.getLogger("ruangaman.lane")


class Caller(Protocol):
    """What the lane needs to know of a key."""

    @property
    def key_id(self) -> str: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def expires_at(self) -> datetime | None: ...


class Refused(NamedTuple):
    """A call that gets no answer: the code of the catalogue, its facts, and the key, as far as it is known."""

    code: str
    facts: Mapping[str, Any]
    key_id: str = "-"


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
        hosts: Sequence[str] = ("*",),
    ) -> None:
        self._packs = packs
        self._load = load_keys
        self.now = now
        self._keys: Mapping[bytes, Caller] = {}
        self._loaded = float("-inf")
        self._buckets: Buckets[str] = Buckets(per_second=per_second, burst=burst)
        self._log_file = log_file
        self._lines: list[Line] = []
        self._found: dict[bytes, Caller] = {}
        self._seen: set[str] = set()
        self._used = used
        self._hosts = list(hosts)
        self._ours: set[bytes] = set()
        self._out: IO[bytes] | None = None
        self._mute = False

    async def refresh(self) -> None:
        """Load the living keys in a thread; keep the old ones when the store cannot be read for a while."""
        now = self.now()
        try:
            self._keys = await asyncio.to_thread(self._load, now)
            self._found.clear()
            self._loaded = monotonic()
            if self._used and self._seen:
                seen, self._seen = self._seen, set()
                await asyncio.to_thread(self._used, sorted(seen), now)
        except Exception:  # whatever the store says: the lane goes on until the keys are stale
            log.exception("the keys could not be loaded")

    def flush(self) -> None:
        """
        Write the waiting lines to the log file. While it cannot be written the lane answers on and says so once; the
        lines of that time are lost, since keeping them would fill the memory instead of the disk.
        """
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        if self._log_file is None:
            return
        try:
            if self._out is None:
                self._log_file.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(self._log_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
                self._out = os.fdopen(descriptor, "ab", buffering=0)
            self._out.write(_told(lines))
        except OSError:
            if not self._mute:
                log.exception("the log of the lane cannot be written; calls are answered without it")
            self._mute = True
        else:
            self._mute = False

    def close(self) -> None:
        """Write what waits and close the log."""
        self.flush()
        if self._out is not None:
            self._out.close()
            self._out = None

    def _who(self, given: bytes, at: float) -> Caller | str:
        """
        The caller, or the code of the refusal.

        Keys are found by their SHA-256; who was found is kept by what it sent until the keys are loaded again. Both
        look-ups go by a hash, so their time tells nothing of a key.
        """
        if not given:
            return "access.key-missing"
        if at - self._loaded > KEYS_STALE_S:
            return "access.keys-unavailable"
        known = self._keys.get(sha256(given[7:]).digest()) if given[:7].lower() == b"bearer " else None
        if known is None:
            return "access.key-refused"
        if len(self._found) >= MOST_FOUND:
            self._found.clear()
        self._found[given] = known
        return known

    def _is_ours(self, host: bytes) -> bool:
        """Whether the house goes by this name, by the rule of web; a name that is ours is kept, as it was sent."""
        domain = split_domain_port(host.decode("latin-1"))[0]
        if not validate_host(domain, self._hosts):
            return False
        if len(self._ours) >= MOST_FOUND:
            self._ours.clear()
        self._ours.add(host)
        return True

    def admit(self, headers: Headers, now: datetime, at: float) -> Caller | Refused:
        """Who calls, before a byte of the body is read, or why not. `at`: monotonic seconds."""
        given = kind = accept = host = coding = b""
        for name, value in headers:
            if name == b"authorization":
                given = given or value
            elif name == b"content-type":
                kind = kind or value
            elif name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"host":
                host = value
            elif name == b"content-encoding":
                coding = coding + b"," + value if coding else value
        if host not in self._ours and not self._is_ours(host):
            return Refused("access.host-refused", {})
        who = self._found.get(given)
        if who is None or at - self._loaded > KEYS_STALE_S:
            found = self._who(given, at)
            if isinstance(found, str):
                return Refused(found, {})
            who = found
        expires = who.expires_at
        if expires is not None and expires <= now:
            return Refused("access.key-refused", {})
        wait = self._buckets.take(who.key_id, at=at)
        if wait:
            return Refused("access.too-many-calls", {"wait_s": int(wait) + 1}, who.key_id)
        if "ask" not in who.scopes:
            return Refused("access.scope-missing", {"scope": "ask"}, who.key_id)
        if accept or kind != JSON or coding:
            code = speaking.refused(*(one.decode("latin-1") for one in (accept, kind, coding)))
            if code:
                return Refused(code, {}, who.key_id)
        return who

    def answer(self, key_id: str, body: bytes, now: datetime, at: float) -> Asked:
        """The reply to an admitted call; a batch is charged to the key's bucket."""
        asked = ask(body, self._packs, now=now)
        if asked.questions > 1 and not asked.code:
            self._buckets.charge(key_id, asked.questions / 10 - 1, at=at)
        self._seen.add(key_id)
        return asked

    def note(self, now: datetime, key_id: str, status: int, count: int, at: float, told: str = "") -> None:
        """
        One line: when, which key, what status, how many questions, how many microseconds, and for a refusal the id that
        its caller was told. No facts, no secret.
        """
        self._lines.append((now, key_id, status, count, monotonic() - at, told))
        if len(self._lines) >= LOG_LINES:
            self.flush()

    @property
    def ready(self) -> bool:
        """Whether keys were loaded lately."""
        return monotonic() - self._loaded <= KEYS_STALE_S


def _told(lines: list[Line]) -> bytes:
    """The lines of the log. The calls of one second share its text."""
    told, text, second, minute, hour, day = [], "", -1, -1, -1, -1
    for when, key_id, status, count, spent, named in lines:
        if when.second != second or when.minute != minute or when.hour != hour or when.day != day:
            second, minute, hour, day = when.second, when.minute, when.hour, when.day
            text = when.isoformat(timespec="seconds")[:19]
        told.append(f"{text}Z {key_id} {status} {count} {int(spent * 1e6)}{named and ' ' + named}\n")
    return "".join(told).encode()


async def _rest(first: bytes, receive: Receive) -> bytes | str:
    """The whole body when it comes in pieces, or the code of the refusal."""
    parts, size, more = [first], len(first), True
    while more and size <= LARGEST_BODY:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = bool(message.get("more_body"))
    return b"".join(parts) if size <= LARGEST_BODY else "access.body-too-large"


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
        hosts=settings.ALLOWED_HOSTS,
    )


class App:
    """The ASGI program: the lane, made at start-up, and a ticker beside it."""

    def __init__(self, make: Callable[[], Lane] = _django_lane) -> None:
        self._make = make
        self._lane: Lane | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[asyncio.Task[Any], float] = {}
        self._in_pieces: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._live(receive, send)
            return
        at, lane, path = monotonic(), self._lane, scope["path"]
        if lane is None:
            await _send(send, 503, b'{"ready":false}')
            return
        if path != "/v1/ask" or scope["method"] != "POST":
            await self._elsewhere(lane, scope, send)
            return
        now = lane.now()
        who = lane.admit(scope["headers"], now, at)
        if isinstance(who, Refused):
            await _refuse(send, lane, who, 0, at)
            return
        task = current_task(self._loop)
        assert task is not None
        self._waiting[task] = at
        try:
            message = await receive()
            body = message.get("body", b"")
            if message.get("more_body"):
                body = await self._whole(who.key_id, body, receive)
        except asyncio.CancelledError:
            if task in self._waiting:  # somebody else ends this task: the server, on its way down
                raise
            task.uncancel()
            body = "access.body-too-slow"
        finally:
            self._waiting.pop(task, None)
        if isinstance(body, str):
            await _refuse(send, lane, Refused(body, WAITS.get(body, {}), who.key_id), 0, at)
            return
        asked = lane.answer(who.key_id, body, now, at)
        if asked.code:
            told = {"field": asked.field, "message": asked.message, "code": asked.code}
            await _refuse(send, lane, Refused(asked.code, told, who.key_id), asked.questions, at)
            return
        reply = asked.body
        headers = [*JSON_HEADERS, (b"content-length", b"%d" % len(reply))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": reply})
        lane.note(now, who.key_id, 200, asked.questions, at)

    async def _whole(self, key_id: str, first: bytes, receive: Receive) -> bytes | str:
        """A body that comes in pieces, or the code of the refusal: so many of one key are kept, and no more."""
        if self._in_pieces[key_id] >= MOST_IN_PIECES:
            return "access.too-busy"
        self._in_pieces[key_id] += 1
        try:
            return await _rest(first, receive)
        finally:
            self._in_pieces[key_id] -= 1
            if not self._in_pieces[key_id]:
                del self._in_pieces[key_id]

    def _end_the_slow(self) -> None:
        """End the calls whose body has been on its way for too long; looked at once a second, a timer each is dear."""
        for task, since in list(self._waiting.items()):
            if monotonic() - since > BODY_WITHIN_S:
                del self._waiting[task]
                task.cancel()

    @staticmethod
    async def _elsewhere(lane: Lane, scope: Message, send: Send) -> None:
        """Whether the lane is ready; no other address answers here."""
        if scope["path"] == "/healthz":
            ready = b"true" if lane.ready else b"false"
            await _send(send, 200 if lane.ready else 503, b'{"ready":%b}' % ready)
        elif scope["path"] == "/v1/ask" and scope["method"] == "OPTIONS":
            await _send_nothing(send)
        elif scope["path"] == "/v1/ask":
            await _refuse(send, lane, Refused("access.method-not-allowed", ALLOWS), 0, monotonic())
        else:
            await _refuse(send, lane, Refused("access.not-found", {}), 0, monotonic())

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._lane = await asyncio.to_thread(self._make)
                await self._lane.refresh()
                self._loop = asyncio.get_running_loop()
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
            self._end_the_slow()
            if monotonic() - loaded >= KEYS_EVERY_S:
                await lane.refresh()
                loaded = monotonic()


async def _refuse(send: Send, lane: Lane, why: Refused, count: int, at: float) -> None:
    found = problem_of_question(why.code, why.facts)
    told = token_hex(6)
    headers = [(name.lower().encode(), value.encode()) for name, value in found.headers.items()]
    headers += [(b"x-request-id", told.encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": found.status, "headers": headers})
    await send({"type": "http.response.body", "body": found.body})
    lane.note(lane.now(), why.key_id, found.status, count, at, told)


async def _send_nothing(send: Send) -> None:
    """What OPTIONS gets: the methods that there are."""
    headers = [(b"allow", speaking.ASK_ALLOWS.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [*JSON_HEADERS, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


app = App()
