"""
Devices that were without a signal and have one again: 10,000 calls with a test each, some of them sent twice, and then
every sheet is counted. Web and database share one core; the devices are on another. What other programs take of that
core is no work of ours: the limit is held against the CPU seconds of web and database, and the wall clock is shown.
"""

import http.client
import json
import random
import threading
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench import house
from bench.consent import durable_postgres
from bench.machine import CLIENT_CORE, SERVER_CORE, TICKS, cpu_seconds, pin
from bench.table import Row

GROUPS, SEATS = 250, 40
SYNCS = GROUPS * SEATS
AGAIN = 0.05
"""Share of sheets that a device sends once more, because it never heard the answer."""
DEVICES = 8
WITHIN_S = 60.0
PATH = "/pelajaran/kelas/kirim"


class UnexpectedError(RuntimeError):
    """A sheet was answered otherwise than it should be."""


def sheets(told: dict[str, Any]) -> list[dict[str, Any]]:
    """One of each seat, as its device sends it."""
    today = datetime.now(ZoneInfo("Asia/Jakarta")).date().isoformat()
    return [
        {
            "id": str(uuid4()),
            "code": code,
            "objective": "B3-2",
            "time": "pre",
            "form": (letter := "A" if seat % 2 else "B"),
            "language": "id",
            "taken_on": today,
            **told["forms"][letter],
        }
        for seat, code in told["codes"]
    ]


def send(port: int, bodies: list[bytes], seen: dict[str, int], failed: list[BaseException]) -> None:
    """Send the calls of one device after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": "localhost", "Content-Type": "application/json"}
    try:
        for body in bodies:
            connection.request("POST", PATH, body, headers)
            reply = connection.getresponse()
            told = json.loads(reply.read())
            if reply.status != 200:
                raise UnexpectedError(f"{reply.status} {told}")
            for one in told["sheets"]:
                seen[one["result"]] = seen.get(one["result"], 0) + 1
    except BaseException as error:
        failed.append(error)
    finally:
        connection.close()


def arrive(port: int, calls: list[list[dict[str, Any]]]) -> tuple[float, dict[str, int]]:
    """Seconds until every call was answered, and how often each result was told."""
    bodies = [json.dumps({"sheets": call}).encode() for call in calls]
    seen: list[dict[str, int]] = [{} for _ in range(DEVICES)]
    failed: list[BaseException] = []
    threads = [
        threading.Thread(target=send, args=(port, bodies[at::DEVICES], seen[at], failed))
        for at in range(DEVICES)
    ]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - start
    if failed:
        raise failed[0]
    return seconds, {
        name: sum(one.get(name, 0) for one in seen) for name in ("accepted", "already", "refused")
    }


def rows(folder: Path) -> list[Row]:
    """10,000 calls with a sheet each; and the same number of sheets in calls of a hundred."""
    with ExitStack() as stack:
        with pin(SERVER_CORE):
            url, database = stack.enter_context(durable_postgres())
        with pin(CLIENT_CORE):
            made = house.make(folder / "learning", url)
            return [
                _row(made, database, each=1, name="a sheet each"),
                _row(made, database, each=100, name="100 sheets each"),
            ]


def stored_seconds(database: int) -> float:
    """CPU of the database, of connections that have ended meanwhile too: they live for a minute."""
    told = Path(f"/proc/{database}/stat").read_text().rpartition(")")[2].split()
    return cpu_seconds(database) + (int(told[13]) + int(told[14])) / TICKS


def _row(made: house.House, database: int, *, each: int, name: str) -> Row:
    before = made.fill("bench.fill_groups", "count")["sheets"]
    told = sheets(made.fill("bench.fill_groups", "make", str(GROUPS), str(SEATS)))
    chance = random.Random(20261130)
    again = chance.sample(told, int(SYNCS * AGAIN))
    calls = [told[at : at + each] for at in range(0, len(told), each)]
    calls += [again[at : at + each] for at in range(0, len(again), each)]
    chance.shuffle(calls)
    with made.web() as server:
        web, stored = server.cpu_seconds(), stored_seconds(database)
        seconds, seen = arrive(server.port, calls)
        web, stored = server.cpu_seconds() - web, stored_seconds(database) - stored
    counted = made.fill("bench.fill_groups", "count")
    lost = SYNCS - (counted["sheets"] - before)
    doubled = counted["sheets"] - counted["seats"]
    right = not lost and not doubled and seen == {"accepted": SYNCS, "already": len(again), "refused": 0}
    spent = web + stored
    return Row(
        f"10,000 offline tests arriving, {len(calls):,} calls with {name}, PostgreSQL on the same core",
        f"{spent:.1f} s of CPU, lost {lost}, doubled {doubled}",
        peer=f"by the wall clock {seconds:.1f} s; the database used {stored:.1f} s of the CPU",
        limit=f"≤ {WITHIN_S:g} s of one core, none lost, none doubled",
        ratio=WITHIN_S / spent,
        met=spent <= WITHIN_S and right,
    )
