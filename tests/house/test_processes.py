"""The house's processes: all three by one command, each alone, stopped together, never two on one port."""

import json
import os
import signal
import socket
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tests.house.conftest import free_port, get, listens

pytestmark = pytest.mark.slow


@pytest.fixture
def ports() -> dict[str, int]:
    return {"web": free_port(), "lane": free_port()}


def flags(ports: dict[str, int]) -> list[str]:
    return ["--port", str(ports["web"]), "--lane-port", str(ports["lane"])]


def health(port: int) -> dict[str, str]:
    return json.loads(get(port, "/healthz")[2]) if listens(port) else {}


def children(pid: int) -> list[int]:
    with Path(f"/proc/{pid}/task/{pid}/children").open() as told:
        return [int(one) for one in told.read().split()]


def alive(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/stat").open() as told:
            return told.read().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_one_command_starts_all_three_and_one_signal_stops_them(house, ports, sign):
    process = house.start("serve", *flags(ports))
    house.until(lambda: health(ports["web"]) == {"database": "ok", "jobs": "ok"})
    house.until(lambda: listens(ports["lane"]))
    family = children(process.pid)
    assert len(family) == 3
    process.send_signal(sign)
    assert process.wait(15) == 0
    assert not listens(ports["web"])
    assert not listens(ports["lane"])
    assert [pid for pid in family if alive(pid)] == []
    assert "Traceback" not in house.said()


def test_when_one_process_ends_the_house_stops_and_says_so_by_its_status(house, ports):
    process = house.start("serve", *flags(ports))
    house.until(lambda: health(ports["web"]) == {"database": "ok", "jobs": "ok"})
    os.kill(children(process.pid)[-1], signal.SIGKILL)
    assert process.wait(15) == 1
    assert not listens(ports["web"])


@pytest.mark.parametrize("taken", ["web", "lane"])
def test_a_port_in_use_is_told_before_anything_starts(house, ports, taken):
    first = house.start("serve", "web", "--port", str(ports[taken]))
    house.until(lambda: listens(ports[taken]))
    second = house.run("serve", *flags(ports))
    assert second.returncode == 1
    assert str(ports[taken]) in second.stderr
    assert "start.port-in-use" in second.stderr
    assert not listens(ports["lane" if taken == "web" else "web"])
    assert first.poll() is None
    assert health(ports[taken])["database"] == "ok"


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        (["--port", "99999"], 2, "a port is a number from 1 to 65535"),
        (["--threads", "0"], 2, "a number from 1 to 1000"),
        (["--port", "8399", "--lane-port", "8399"], 1, "web and lane need a port each"),
        (["--host", "tidak-ada.invalid", "--port", "8399"], 1, "no such host"),
        (["--host", "192.0.2.1", "--port", "8399"], 1, "not an address of this machine"),
    ],
)
def test_where_nobody_can_listen_is_told_before_anything_starts(house, given, status, said):
    done = house.run("serve", *given)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert said in done.stderr
    assert "Started" not in done.stdout + done.stderr


def test_a_lane_that_could_not_write_its_log_does_not_start(house, ports):
    house.settings = {"RUANGAMAN_LANE_LOG": "/proc/nowhere/lane.log"}
    done = house.run("serve", "lane", "--lane-port", str(ports["lane"]))
    assert done.returncode == 1
    assert "RUANGAMAN_LANE_LOG" in done.stderr


def test_bodies_that_trickle_do_not_hold_web(house, ports):
    """Pages wait for a few; under `/v1/` nobody without a key is waited for, however many come."""
    house.start("serve", "web", "--port", str(ports["web"]), "--threads", "1")
    house.until(lambda: listens(ports["web"]))
    with ExitStack() as lines:

        def begin(path: str) -> socket.socket:
            line = lines.enter_context(socket.create_connection(("127.0.0.1", ports["web"]), timeout=20))
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            line.sendall(f"{head}Content-Length: 30\r\n\r\n{{".encode())
            return line

        begun = time.monotonic()
        callers = [begin("/v1/sessions") for _ in range(140)]
        assert get(ports["web"], "/v1/errors")[0] == 200
        told = b""
        while b"access.key-missing" not in told:  # head and body may come apart
            piece = callers[-1].recv(4096)
            assert piece, told
            told += piece
        assert told.startswith(b"HTTP/1.1 401 ")
        assert time.monotonic() - begun < 9, "none of them was waited for"
        told = begin("/masuk").recv(4096)
        assert told.startswith(b"HTTP/1.1 408 ")
    assert get(ports["web"], "/bantuan")[0] == 200


def test_web_alone_serves_pages_and_files_with_their_headers(house, ports):
    house.start("serve", "web", "--port", str(ports["web"]))
    house.until(lambda: listens(ports["web"]))
    assert health(ports["web"]) == {"database": "ok", "jobs": "not running"}
    status, headers, body = get(ports["web"], "/bantuan")
    assert status == 200
    assert b"<h1" in body
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert len(headers["x-request-id"]) == 12
    status, headers, _ = get(ports["web"], "/static/tegel/tegel.css")
    assert status == 200
    assert headers["content-type"].startswith("text/css")
    assert get(ports["web"], "/static/../settings.py")[0] == 404


def test_jobs_alone_beats_and_stops_at_once(house):
    process = house.start("serve", "jobs")
    house.until(lambda: (house.data / "jobs-heartbeat").exists())
    first = (house.data / "jobs-heartbeat").read_text()
    house.until(lambda: (house.data / "jobs-heartbeat").read_text() != first, 5)
    begun = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 6


def test_an_address_that_is_not_there_is_not_written_to_the_log_with_its_token(house, ports):
    house.settings = {"RUANGAMAN_LOG_LEVEL": "INFO"}
    house.start("serve", "web", "--port", str(ports["web"]))
    house.until(lambda: listens(ports["web"]))
    token = "kJ8" + "x1Y_" * 10
    status, headers, _ = get(ports["web"], f"/tidak-ada/{token}")
    assert status == 404
    house.until(lambda: "tidak-ada" in house.said(), 5)
    assert token not in house.said()
    line = next(one for one in house.said().splitlines() if "/tidak-ada/[token]" in one)
    assert f"[{headers['x-request-id']}]" in line


def test_the_cookies_of_a_public_house_travel_by_https_alone(house, ports):
    house.settings = {"RUANGAMAN_BASE_URL": "https://ruangaman.example", "RUANGAMAN_BEHIND_PROXY": "1"}
    house.start("serve", "web", "--port", str(ports["web"]))
    house.until(lambda: listens(ports["web"]))
    with closing(HTTPConnection("127.0.0.1", ports["web"], timeout=30)) as line:
        line.request("GET", "/", headers={"Host": "ruangaman.example"})
        plain = line.getresponse()
        plain.read()
        line.request("GET", "/masuk", headers={"Host": "ruangaman.example", "X-Forwarded-Proto": "https"})
        safe = line.getresponse()
        safe.read()
    assert plain.status == 301
    assert plain.headers["Location"] == "https://ruangaman.example/"
    assert safe.status == 200
    assert "max-age=31536000" in safe.headers["Strict-Transport-Security"]
    cookies = safe.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in one and "HttpOnly" in one and "SameSite=Lax" in one for one in cookies)
