"""Whoever answers `/v1/ask`, web or lane: the same reply, also to odd requests."""

import asyncio
import gzip
import json
import re

import pytest
from django.test import Client

from ruangaman.adapters import packs
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import door, keys
from ruangaman.rooms.access.tests.conftest import NOON
from ruangaman.site import lane

ASK = b'{"jurisdiction":"ID","question":"account","age":{"at_least":18}}'
JSON = {"content-type": "application/json"}
SAME = ("content-type", "allow", "retry-after", "www-authenticate", "cache-control", "accept-encoding")

ODD = {
    "a question": ("POST", "/v1/ask", JSON, ASK),
    "options": ("OPTIONS", "/v1/ask", {}, b""),
    "options with a key that is none": ("OPTIONS", "/v1/ask", {"authorization": "Bearer x"}, b""),
    "get": ("GET", "/v1/ask", {}, b""),
    "head": ("HEAD", "/v1/ask", {}, b""),
    "put": ("PUT", "/v1/ask", JSON, ASK),
    "a method that nobody knows": ("FOO", "/v1/ask", JSON, ASK),
    "a method that nobody knows at another address": ("FOO", "/v1/nope", JSON, ASK),
    "another address": ("POST", "/v1/asked", JSON, ASK),
    "a slash too much": ("POST", "/v1/ask/", JSON, ASK),
    "accept html": ("POST", "/v1/ask", {**JSON, "accept": "text/html"}, ASK),
    "accept html and anything": ("POST", "/v1/ask", {**JSON, "accept": "text/html, */*;q=0.1"}, ASK),
    "accept anything but this": ("POST", "/v1/ask", {**JSON, "accept": "application/json;q=0.0"}, ASK),
    "accept in capitals": ("POST", "/v1/ask", {**JSON, "accept": "Application/JSON; charset=utf-8"}, ASK),
    "accept nothing": ("POST", "/v1/ask", {**JSON, "accept": ""}, ASK),
    "no type, no body": ("POST", "/v1/ask", {}, b""),
    "no type": ("POST", "/v1/ask", {}, ASK),
    "a type, no body": ("POST", "/v1/ask", JSON, b""),
    "text": ("POST", "/v1/ask", {"content-type": "text/plain"}, ASK),
    "text, and too large": ("POST", "/v1/ask", {"content-type": "text/plain"}, b"x" * 1_048_577),
    "too large": ("POST", "/v1/ask", JSON, b" " * 1_048_577),
    "json with a charset": ("POST", "/v1/ask", {"content-type": "Application/JSON ; charset=utf-8"}, ASK),
    "no key": ("POST", "/v1/ask", {**JSON, "authorization": ""}, ASK),
    "another scheme": ("POST", "/v1/ask", {**JSON, "authorization": "Basic x"}, ASK),
    "a wrong key and html": ("POST", "/v1/ask", {"authorization": "Bearer x", "accept": "text/html"}, b""),
    "gzip": ("POST", "/v1/ask", {**JSON, "content-encoding": "gzip"}, gzip.compress(ASK)),
    "gzip that is none": ("POST", "/v1/ask", {**JSON, "content-encoding": "gzip"}, ASK),
    "two codings": ("POST", "/v1/ask", {**JSON, "content-encoding": "identity, br"}, ASK),
    "identity": ("POST", "/v1/ask", {**JSON, "content-encoding": "Identity"}, ASK),
    "a condition on a question": ("POST", "/v1/ask", {**JSON, "if-match": '"a"', "if-none-match": "*"}, ASK),
    "another host": ("POST", "/v1/ask", {**JSON, "host": "evil.example"}, ASK),
    "a host that is none": ("POST", "/v1/ask", {**JSON, "host": "a b"}, ASK),
    "html and no type": ("POST", "/v1/ask", {"accept": "text/html"}, b""),
}


def by_web(method, path, headers, body):
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    kind = sent.pop("HTTP_CONTENT_TYPE", None)
    typed = {"CONTENT_TYPE": kind} if kind else {}
    reply = Client().generic(method, path, body, content_type="", **sent, **typed)
    return reply.status_code, reply.headers, reply.content


def by_lane(method, path, headers, body):
    sent = []

    async def play():
        app = lane.App(make)
        app._lane = make()
        await app._lane.refresh()

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message)

        raw = [
            (name.encode(), value.encode())
            for name, value in {"host": "testserver", **headers}.items()
            if value
        ]
        await app({"type": "http", "path": path, "method": method, "headers": raw}, receive, send)

    def make():
        return lane.Lane(
            packs=packs.all(),
            load_keys=lambda _now: living,
            now=lambda: NOON,
            per_second=1e9,
            burst=1e9,
            log_file=None,
            hosts=["testserver"],
        )

    living = keys.living(now=NOON)
    asyncio.run(play())
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(one["body"] for one in sent[1:])


@pytest.fixture
def told(services, hour):
    key = access.create_key(service="obrol", now=NOON).text

    def tell(method, path, headers, body):
        headers = {"authorization": f"Bearer {key}", **headers}
        found = []
        for ask in (by_web, by_lane):
            status, said, content = ask(method, path, headers, body)
            kept = {name: said.get(name) for name in SAME}
            if status == 200:
                kept["cache-control"] = None  # a reply to POST is kept by nobody unless it says how long
            found.append((status, kept, b"" if method == "HEAD" else content))
        return found

    return tell


@pytest.fixture
def told_whole(services, hour):
    key = access.create_key(service="obrol", now=NOON).text

    def tell(method, path, headers, body):
        sent = {"authorization": f"Bearer {key}", **headers}
        return [ask(method, path, sent, body)[:2] for ask in (by_web, by_lane)]

    return tell


@pytest.mark.parametrize("name", ODD)
def test_lane_and_web_reply_alike(told, name):
    web, lane_ = told(*ODD[name])
    assert lane_ == web
    assert web[0] not in (204, 304) or web[1]["content-type"] is None, "what has no body has no type"


@pytest.mark.parametrize("name", [name for name in ODD if not name.startswith(("a question", "options"))])
def test_a_refusal_has_its_safe_headers_from_both(told_whole, name):
    for status, headers in told_whole(*ODD[name]):
        if status >= 400:
            assert headers["cache-control"] == "no-store"
            assert headers["x-content-type-options"] == "nosniff"
            assert re.fullmatch("[0-9a-f]{12}", headers["x-request-id"])


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("options", 204, None),
        ("a method that nobody knows", 405, "access.method-not-allowed"),
        ("a method that nobody knows at another address", 404, "access.not-found"),
        ("accept html", 406, "access.not-acceptable"),
        ("accept anything but this", 406, "access.not-acceptable"),
        ("accept html and anything", 200, None),
        ("accept in capitals", 200, None),
        ("no type, no body", 415, "access.not-json"),
        ("text, and too large", 415, "access.not-json"),
        ("a wrong key and html", 401, "access.key-refused"),
        ("html and no type", 406, "access.not-acceptable"),
        ("gzip", 415, "access.encoding-refused"),
        ("gzip that is none", 415, "access.encoding-refused"),
        ("two codings", 415, "access.encoding-refused"),
        ("identity", 200, None),
        ("a condition on a question", 200, None),
        ("another host", 400, "access.host-refused"),
        ("a host that is none", 400, "access.host-refused"),
    ],
)
def test_odd_requests_are_told_what_is_odd(told, name, status, code):
    for found, headers, body in told(*ODD[name]):
        assert found == status
        assert code is None or json.loads(body)["code"] == code
        assert status not in (204, 405) or headers["allow"] == "OPTIONS, POST"


def test_a_key_without_the_scope_is_counted_by_both(services, hour, settings):
    settings.ASK_PER_SECOND, settings.ASK_BURST = 0.001, 2.0
    door.forget_limits()
    weak = access.create_key(service="obrol", scopes=("events",), now=NOON).text
    sent = {**JSON, "authorization": f"Bearer {weak}"}
    assert [by_web("POST", "/v1/ask", sent, ASK)[0] for _ in range(3)] == [403, 403, 429]
    living = keys.living(now=NOON)
    one = lane.Lane(
        packs={},
        load_keys=lambda _now: living,
        now=lambda: NOON,
        per_second=0.001,
        burst=2.0,
        log_file=None,
    )
    asyncio.run(one.refresh())
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    said = [one.admit(raw, NOON, one._loaded).code for _ in range(3)]
    assert said == ["access.scope-missing"] * 2 + ["access.too-many-calls"]
