"""HTTP in, one act, HTTP out: keys, limits, bodies, idempotency, and the formats of replies.

A view is a table of methods. Refusals are raised and turned into problem+json by the site, which alone knows the
catalogue of errors.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from ruangaman.adapters import clock
from ruangaman.rooms.access import config, keys, speaking, wire
from ruangaman.rooms.access.bounds import BODY_UNREAD, LARGEST_BODY
from ruangaman.rooms.access.errors import (
    BodyTooLarge,
    BodyUnreadable,
    EncodingRefused,
    IdempotencyKeyRefused,
    IdempotencyKeyReused,
    KeyRefused,
    MethodRefused,
    NotAcceptable,
    NotJson,
    PreconditionFailed,
    ScopeMissing,
    TooManyCalls,
)
from ruangaman.rooms.access.limits import Buckets
from ruangaman.rooms.access.models import IdempotencyKey
from ruangaman.rooms.vault import api as vault

T = TypeVar("T")
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reply:
    """What an act answers. `body` None is an empty reply; bytes are sent as they are."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    ref: UUID | None = None
    etag: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call after its key was checked."""

    request: HttpRequest
    caller: keys.Caller
    now: datetime
    raw: bytes

    def read(self, kind: type[T]) -> T:
        """The body as one checked value."""
        return wire.parse(kind, self.raw)


Run = Callable[..., Reply]


@dataclass(frozen=True, slots=True)
class Act:
    """What one method does: the scope it needs, and whether a second call with the same idempotency key is
    answered from the first. `again` shows what the first call made. `before` is what waits for the world outside (a
    look-up of a name): done before the transaction begins, since the whole house may wait for the end of one.
    """

    scope: str
    run: Run
    again: Callable[[Call, UUID], Reply] | None = None
    before: Callable[[Call], None] | None = None
    body: bool = False
    questions: bool = False


@cache
def _calls() -> Buckets[str]:
    per_second, burst = config.calls()
    return Buckets(per_second=per_second, burst=burst)


@cache
def questions() -> Buckets[str]:
    """The buckets of `POST /v1/ask` in this process."""
    per_second, burst = config.questions()
    return Buckets(per_second=per_second, burst=burst)


def forget_limits() -> None:
    """Begin all buckets anew (settings changed, or a test)."""
    _calls.cache_clear()
    questions.cache_clear()


def door(methods: Mapping[str, Act]) -> Callable[..., HttpResponse]:
    """A view from a table of methods. HEAD is GET without its body, OPTIONS says what there is."""
    allow = speaking.allowed(methods)

    @csrf_exempt
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        method = request.method or ""
        if method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allow})
        act = methods.get("GET" if method == "HEAD" else method)
        if act is None:
            raise MethodRefused(allow=allow)
        now = clock.now()
        caller = keys.check(keys.bearer(request.headers.get("Authorization")), now=now)
        if BODY_UNREAD in request.META:  # the key began to live between two looks; its body is gone
            raise KeyRefused
        _within_limits(caller, act)
        if act.scope not in caller.scopes:
            raise ScopeMissing(scope=act.scope)
        _speaks(request, act)
        call = Call(request, caller, now, _body(request, act))
        if method in ("GET", "HEAD"):
            response = _respond(_run(call, act, kwargs))
            _unchanged(request, response)
        else:
            response = _respond(_conditional(call, act, methods.get("GET"), kwargs))
        if method == "HEAD" and response.status_code != 304:
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    return view


def _within_limits(caller: keys.Caller, act: Act) -> None:
    buckets = questions() if act.questions else _calls()
    wait = buckets.take(caller.key_id, at=time.monotonic())
    if wait:
        raise TooManyCalls(wait_s=int(wait) + 1)


def _speaks(request: HttpRequest, act: Act) -> None:
    kind = request.headers.get("Content-Type", "") if act.body else ""
    coding = request.headers.get("Content-Encoding", "") if act.body else ""
    code = speaking.refused(request.headers.get("Accept", ""), kind, coding, bare=not act.questions)
    if code:
        raise {one.code: one for one in (NotAcceptable, NotJson, EncodingRefused)}[code]


def _body(request: HttpRequest, act: Act) -> bytes:
    if not act.body:
        return b""
    declared = request.headers.get("Content-Length") or "0"
    if not declared.isdecimal():
        raise BodyUnreadable
    if int(declared) > LARGEST_BODY:
        raise BodyTooLarge
    # A body in chunks comes without a length, and Django then reads nothing of it; the server's own stream has its end.
    in_chunks = "Transfer-Encoding" in request.headers
    try:
        body = (request.META["wsgi.input"] if in_chunks else request).read(LARGEST_BODY + 1)
    except (UnreadablePostError, RawPostDataException, OSError):
        raise BodyUnreadable from None
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge
    if body and not request.content_type:
        raise NotJson
    return body or (b"" if act.questions else b"{}")


def _run(call: Call, act: Act, kwargs: dict[str, Any]) -> Reply:
    given = call.request.headers.get("Idempotency-Key")
    if act.again is None or given is None:
        if act.before is not None:
            act.before(call)
        return act.run(call, **kwargs)
    if not 0 < len(given) <= 255 or not given.isascii() or not given.isprintable():
        raise IdempotencyKeyRefused
    key_hash = hashlib.sha256(given.encode()).digest()
    said = f"{call.request.method} {call.request.path}\n".encode() + call.raw
    body_hash = vault.lookup("access.idempotency", hashlib.sha256(said).hexdigest())
    kept = _kept(call, key_hash)
    if kept is None:
        if act.before is not None:
            act.before(call)
        with transaction.atomic():
            mine = _begin(call, key_hash, body_hash)
            if mine is not None:
                reply = act.run(call, **kwargs)
                assert reply.ref is not None
                IdempotencyKey.objects.filter(pk=mine.pk).update(ref=reply.ref, status=reply.status)
                return reply
        kept = _kept(call, key_hash)  # the same call came twice at once, and the other was first
        assert kept is not None
    if bytes(kept.body_hash) != body_hash:
        raise IdempotencyKeyReused
    assert kept.ref is not None
    assert kept.status is not None
    shown = act.again(call, kept.ref)
    return Reply(
        shown.body, kept.status, {**shown.headers, "Idempotency-Replayed": "true"}, kept.ref, shown.etag
    )


def _begin(call: Call, key_hash: bytes, body_hash: bytes) -> IdempotencyKey | None:
    """Take the key for this call, inside the transaction of the act; None when another call has it. One that is under
    way is waited for: by the unique index on PostgreSQL, by the lock of the file on SQLite.
    """
    found = call.request.resolver_match
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                owner=call.caller.owner,
                key_hash=key_hash,
                body_hash=body_hash,
                act=f"{call.request.method} {found.view_name if found else ''}"[:40],
                created_at=call.now,
            )
    except IntegrityError:
        return None


def _kept(call: Call, key_hash: bytes) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(owner=call.caller.owner, key_hash=key_hash).first()


def _conditional(call: Call, act: Act, shown: Act | None, kwargs: dict[str, Any]) -> Reply:
    """
    An act that changes something, under its condition: what does not hold is refused before anything is done (RFC 9110
    13.1). The condition speaks of what GET shows at this address; where there is no GET, nothing is there.

    A question to the law changes nothing that could be selected, and its conditions are left alone (13.2.1).
    """
    wanted, unwanted = (call.request.headers.get(name) for name in ("If-Match", "If-None-Match"))
    if act.questions or (wanted is None and unwanted is None):
        return _run(call, act, kwargs)
    with transaction.atomic() if act.before is None else nullcontext():
        there = _respond(shown.run(call, **kwargs)) if shown is not None else None
        tag = there.headers.get("ETag", "") if there is not None else ""
        if wanted is not None and not _names(wanted, tag, there is not None, weak=False):
            raise PreconditionFailed
        if unwanted is not None and _names(unwanted, tag, there is not None, weak=True):
            raise PreconditionFailed
        return _run(call, act, kwargs)


def _unchanged(request: HttpRequest, response: HttpResponse) -> None:
    """Make the reply to a GET a 304 when the caller knows it already; refuse it when it wants another one."""
    tag = response.headers.get("ETag", "")
    wanted, unwanted = (request.headers.get(name) for name in ("If-Match", "If-None-Match"))
    if wanted is not None and not _names(wanted, tag, True, weak=False):
        raise PreconditionFailed
    if tag and unwanted is not None and _names(unwanted, tag, True, weak=True):
        response.status_code, response.content = 304, b""
        for name in ("Content-Type", "Content-Length"):
            response.headers.pop(name, None)


def _names(header: str, tag: str, there: bool, *, weak: bool) -> bool:
    """Whether a list of tags, or `*`, names what is there (RFC 9110 8.8.3.2). `weak`: a weak tag names it too."""
    if header.strip() == "*":
        return there
    named = [one.strip() for one in header.split(",")]
    return bool(tag) and tag in ([one.removeprefix("W/") for one in named] if weak else named)


def _respond(reply: Reply) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **reply.headers}
    if reply.body is None:
        return HttpResponse(status=reply.status, headers=headers)
    body = reply.body if isinstance(reply.body, bytes) else _encode(reply.body)
    if reply.etag:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers |= {"ETag": tag, "Cache-Control": "private, no-cache"}
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, status=reply.status, content_type=speaking.JSON, headers=headers)
