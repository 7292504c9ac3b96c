"""The lane: the same answers as the door under Django, by a real server of its own."""

import asyncio
import http.client
import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from ruangaman.adapters import packs
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import keys
from ruangaman.rooms.access.tests.conftest import NOON, Platform
from ruangaman.site import lane
from ruangaman.site.lane_wire import LaneWire

ASK = {"jurisdiction": "ID", "question": "account", "age": {"at_least": 18}}


@contextmanager
def serving(app):
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            port=0,
            host="127.0.0.1",
            http=LaneWire,
            log_level="warning",
            access_log=False,
            lifespan="on",
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


class Post:
    def __init__(self, port, key):
        self.port, self.key = port, key

    def __call__(self, body, *, method="POST", path="/v1/ask", kind="application/json", key=None):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": kind, "Authorization": f"Bearer {key or self.key}"}
        connection.request(method, path, raw, headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        return reply.status, json.loads(content), dict(reply.getheaders())


@pytest.fixture
def house(services, tmp_path):
    """The lane with the keys of the house as they stand when it starts."""
    made = access.create_key(service="obrol", now=NOON)
    found = {
        "living": dict(keys.living(now=NOON)),
        "key": made,
        "log": tmp_path / "lane.log",
        "used": [],
        "burst": 1e9,
        "failing": False,
    }

    def load(now):
        if found["failing"]:
            raise OSError("the store is away")
        return found["living"]

    def make():
        return lane.Lane(
            packs=packs.all(),
            load_keys=load,
            now=lambda: datetime.now(UTC),
            per_second=0.001,
            burst=found["burst"],
            log_file=found["log"],
            used=lambda key_ids, now: found["used"].extend(key_ids),
        )

    found["make"] = make
    return found


def test_the_lane_answers_as_the_door_does(house):
    questions = [
        ASK,
        {
            "jurisdiction": "ID",
            "question": "account",
            "age": {"at_least": 10, "at_most": 15},
            "on": "2026-11-25",
        },
        [ASK, {"umur": 1}],
        {"jurisdiction": "ID", "question": "account", "age": {"birth_date": "2013-02-30"}},
        [],
        7,
        b'{"jurisdiction":"ID","question":"account","age":{"at_least":1e400}}',
        b'[{"jurisdiction":"ID","question":"account","age":{"at_least":1e400}}, 7]',
        b"[1",
        b"",
        b"\xff",
        [ASK] * 1001,
        b'"' + b"x" * 1_048_576 + b'"',
    ]
    door = Platform(house["key"].text)
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        for question in questions:
            raw = question if isinstance(question, bytes) else json.dumps(question).encode()
            told = door.call("POST", "/v1/ask", raw=raw)
            status, body, headers = post(question)
            assert (status, body) == (told.status, told.json), raw[:80]
            assert headers["content-type"] == told.headers["Content-Type"]


def test_the_lane_checks_keys_scopes_kinds_and_methods(house):
    weak = access.create_key(service="obrol", scopes=("events",), now=NOON)
    house["living"] = dict(keys.living(now=NOON))
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        assert post(ASK)[0] == 200
        assert post(ASK, key="ra_live_" + "a" * 66)[1]["code"] == "access.key-refused"
        assert post(ASK, key=weak.text)[1]["code"] == "access.scope-missing"
        assert post(ASK, kind="text/plain")[1]["code"] == "access.not-json"
        assert post(ASK, method="PUT")[1]["code"] == "access.method-not-allowed"
        assert post(ASK, path="/v1/sessions")[1]["code"] == "access.not-found"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/v1/ask", b"{}")
        reply = connection.getresponse()
        assert (reply.status, json.loads(reply.read())["code"]) == (401, "access.key-missing")
        assert reply.headers["www-authenticate"].startswith("Bearer")
        connection.close()


def test_what_is_no_http_and_what_is_no_method_gets_a_problem_document_too(house):
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        status, body, headers = post(ASK, method="FOO")
        assert (status, body["code"]) == (405, "access.method-not-allowed")
        assert (headers["allow"], headers["content-type"]) == ("OPTIONS, POST", "application/problem+json")
        for path in ("/v1/nope", "/v1/sessions?a=/v1/ask", "/", "/v1/ask/"):
            status, body, headers = post(ASK, method="FOO", path=path)
            assert (status, body["code"], headers.get("allow")) == (404, "access.not-found", None), path
            assert headers["content-type"] == "application/problem+json"
        for path in ("/v1/ask?a=1", "/v1/%61sk", "http://rumah.example/v1/ask"):
            assert post(ASK, method="FOO", path=path)[0] == 405, path
        with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            slow.sendall(b"FO")
            told = b"".join(iter(lambda: slow.recv(65_536), b"")).decode()
        assert told.startswith("HTTP/1.1 405 ")  # its address never came
        with socket.create_connection(("127.0.0.1", port), timeout=10) as wild:
            wild.sendall(b"POST /v1/ask HTTP/9.z\r\n\r\n")
            told = b"".join(iter(lambda: wild.recv(65_536), b"")).decode()
        assert told.startswith("HTTP/1.1 400 Bad Request\r\n")
        assert json.loads(told.partition("\r\n\r\n")[2])["code"] == "access.body-unreadable"
        assert post(ASK)[0] == 200


def test_a_revoked_key_ends_with_the_next_look_at_the_keys(house, monkeypatch):
    monkeypatch.setattr(lane, "KEYS_EVERY_S", 0.1)
    monkeypatch.setattr(lane, "LOG_EVERY_S", 0.05)
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        assert post(ASK)[0] == 200
        house["living"] = {}
        until = time.monotonic() + 10
        while post(ASK)[0] == 200 and time.monotonic() < until:
            time.sleep(0.05)
        assert post(ASK)[1]["code"] == "access.key-refused"
    assert house["used"] == [house["key"].key_id]


def test_a_key_past_its_instant_is_refused_without_a_look(house):
    made = access.create_key(
        service="obrol", lifetime=timedelta(seconds=1), now=datetime.now(UTC) - timedelta(seconds=2)
    )
    digest = keys.digest(made.text)
    house["living"] |= keys.living(now=datetime.now(UTC) - timedelta(seconds=1.5))
    assert digest in house["living"]
    with serving(lane.App(house["make"])) as port:
        assert Post(port, made.text)(ASK)[1]["code"] == "access.key-refused"


def test_the_lane_says_when_it_cannot_check_keys(house, monkeypatch):
    house["failing"] = True
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        assert post(ASK)[:1] == (503,)
        assert post(ASK)[1]["code"] == "access.keys-unavailable"
        assert post(b"", method="GET", path="/healthz")[:2] == (503, {"ready": False})


def test_too_many_calls_wait(house):
    house["burst"] = 2.0
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        assert [post(ASK)[0] for _ in range(3)] == [200, 200, 429]
        assert int(post(ASK)[2]["retry-after"]) > 100


def test_the_log_names_the_key_and_the_count_and_nothing_else(house):
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        post({**ASK, "age": {"birth_date": "2012-03-14"}})
        post([ASK] * 3)
        post(ASK, key="ra_live_" + "a" * 66)
        assert post(b"", method="GET", path="/healthz")[:2] == (200, {"ready": True})
    lines = [line.split(" ") for line in house["log"].read_text().splitlines()]
    assert [line[1:4] for line in lines] == [
        [house["key"].key_id, "200", "1"],
        [house["key"].key_id, "200", "3"],
        ["-", "401", "0"],
    ]
    text = house["log"].read_text()
    assert "2012" not in text
    assert house["key"].text not in text


def test_a_body_in_pieces_is_read_whole_and_a_huge_one_is_cut_off(house):
    async def play(pieces):
        app = lane.App(house["make"])
        app._lane = house["make"]()
        await app._lane.refresh()
        sent = []

        async def receive():
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

        async def send(message):
            sent.append(message)

        headers = [
            (b"authorization", f"Bearer {house['key'].text}".encode()),
            (b"content-type", b"application/json"),
        ]
        scope = {"type": "http", "path": "/v1/ask", "method": "POST", "headers": headers}
        await app(scope, receive, send)
        return sent[0]["status"], len(pieces)

    raw = json.dumps(ASK).encode()
    assert asyncio.run(play([raw[:10], raw[10:20], raw[20:]])) == (200, 0)
    status, unread = asyncio.run(play([b"x" * 400_000] * 9))
    assert status == 413
    assert unread == 6, "it stops reading at the bound"


def test_a_body_that_trickles_is_not_waited_for_and_others_are_served_meanwhile(house, monkeypatch):
    monkeypatch.setattr(lane, "BODY_WITHIN_S", 0.3)
    monkeypatch.setattr(lane, "LOG_EVERY_S", 0.05)
    with serving(lane.App(house["make"])) as port, socket.create_connection(("127.0.0.1", port)) as slow:
        slow.settimeout(10)
        slow.sendall(
            f"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 400\r\n"
            f"Authorization: Bearer {house['key'].text}\r\n\r\n{{".encode()
        )
        assert Post(port, house["key"].text)(ASK)[0] == 200
        told = slow.recv(65_536).decode()
        assert told.startswith("HTTP/1.1 408 ")
        assert "access.body-too-slow" in told
        assert Post(port, house["key"].text)(ASK)[0] == 200


def test_so_many_bodies_of_one_key_are_waited_for_and_no_more(house, monkeypatch):
    """Each is kept until it is whole: a thousand of them would fill the memory. Another key is served meanwhile."""
    monkeypatch.setattr(lane, "MOST_IN_PIECES", 2)
    other = access.create_key(service="obrol", now=NOON)
    house["living"] = dict(keys.living(now=NOON))
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 400\r\n"
        f"Authorization: Bearer {house['key'].text}\r\n\r\n{{"
    ).encode()
    with serving(lane.App(house["make"])) as port, ExitStack() as held:

        def begin() -> socket.socket:
            line = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            line.sendall(head)
            return line

        first = [begin(), begin()]
        time.sleep(0.3)
        told = begin().recv(65_536).decode()
        assert told.startswith("HTTP/1.1 503 ")
        assert "access.too-busy" in told
        assert "retry-after: 10" in told.lower()
        many = [ASK] * 1000  # in pieces as well
        assert Post(port, other.text)(many)[0] == 200
        first[0].sendall(b"}" + b" " * 398)
        assert b"access.too-busy" not in first[0].recv(65_536)
        assert Post(port, house["key"].text)(many)[0] == 200


@pytest.mark.slow
def test_a_log_that_cannot_be_written_stops_no_answer(house, monkeypatch, caplog, tmp_path):
    monkeypatch.setattr(lane, "KEYS_EVERY_S", 0.1)
    monkeypatch.setattr(lane, "KEYS_STALE_S", 0.6)
    monkeypatch.setattr(lane, "LOG_EVERY_S", 0.05)
    (tmp_path / "a file").write_text("")
    house["log"] = tmp_path / "a file" / "lane.log"
    with serving(lane.App(house["make"])) as port:
        post = Post(port, house["key"].text)
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            assert post(ASK)[0] == 200
            time.sleep(0.05)
    said = [one for one in caplog.records if "log of the lane" in one.getMessage()]
    assert len(said) == 1
