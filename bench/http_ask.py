"""`POST /v1/ask` on the lane, beside an empty endpoint of the same server."""

import http.client
import math
import statistics
import sys
from pathlib import Path

from bench import house, in_process, sample
from bench.machine import Server, free_port
from bench.table import Row, against_peer, number
from bench.wrk import Load, load

PATH = "/v1/ask"
CONNECTIONS = 64
SECONDS = 3
LATENCY_SECONDS = 6
ROUNDS = 3
PAUSE_MS = 20.0  # long beside a request, so that connections and pause decide the load
SINGLES = 5_000
BATCH = 1_000


def empty_endpoint(folder: Path, size: int) -> Server:
    port = free_port()
    return Server(
        [
            sys.executable,
            "-m",
            "uvicorn",
            "bench.empty_endpoint:app",
            "--port",
            str(port),
            *house.UVICORN_SETTINGS,
        ],
        port,
        folder / "empty.log",
        {"EMPTY_ENDPOINT_BYTES": str(size)},
    )


def ask(server: Server, bodies: list[bytes], key: str) -> list[bytes]:
    """The answers, one after another; an error among them ends the run."""
    answers = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for body in bodies:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        answers.append(response.read())
        if response.status != 200 or b'{"error"' in answers[-1]:
            raise RuntimeError(f"{PATH}: {response.status} {answers[-1][:500]!r} to {body[:500]!r}")
    connection.close()
    return answers


def median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda each: each.per_cpu_second)[len(loads) // 2]


def rows(folder: Path) -> list[Row]:
    made = house.make(folder / "lane")
    key = made.key
    singles, batches = folder / "singles.jsonl", folder / "batches.jsonl"
    lines = list(sample.lines(SINGLES))
    singles.write_bytes(b"".join(lines))
    many_at_once = [
        b"[" + b",".join(line.strip() for line in lines[start : start + BATCH]) + b"]"
        for start in range(0, SINGLES, BATCH)
    ]
    batches.write_bytes(b"\n".join(many_at_once) + b"\n")
    (folder / "mixed.jsonl").write_bytes(b"".join(lines))  # in process the very lines of the batches
    json_rate = in_process.ours("line", folder)["warm"]

    with made.lane() as lane:
        ask(lane, many_at_once, key)  # warm: each question was asked before the clock starts
        size = round(statistics.mean(map(len, ask(lane, lines[:500], key))))
        with empty_endpoint(folder, size) as empty:
            full: list[Load] = []
            bare: list[Load] = []
            for _ in range(ROUNDS):  # in turns, so that a busy minute hits both
                for server, seen in ((lane, full), (empty, bare)):
                    seen.append(
                        load(server, PATH, bodies=singles, key=key, connections=CONNECTIONS, seconds=SECONDS)
                    )
            ours, peer = median(full), median(bare)
            half = ours.per_second / 2
            gentle = load(
                lane,
                PATH,
                bodies=singles,
                key=key,
                connections=math.ceil(half * PAUSE_MS / 1000),
                seconds=LATENCY_SECONDS,
                pause_ms=PAUSE_MS,
            )
            many = median(
                [
                    load(lane, PATH, bodies=batches, key=key, connections=2, seconds=SECONDS)
                    for _ in range(ROUNDS)
                ]
            )
        memory = lane.memory_mib()
    logged = made.log.read_bytes().count(b"\n")
    return [
        against_peer(
            "`POST /v1/ask`: key, rate limit, log to a file",
            ours.per_cpu_second,
            f"empty endpoint, {size:,} bytes back",
            peer.per_cpu_second,
            0.6,
        ),
        against_peer(
            "the same by the wall clock, at saturation", ours.per_second, "empty endpoint", peer.per_second
        ),
        Row(
            f"latency at half load ({number(gentle.per_second)}/s)",
            f"p50 {gentle.p50_ms:.2f} ms, p99 {gentle.p99_ms:.2f} ms",
            peer=f"at saturation: p50 {ours.p50_ms:.2f} ms, p99 {ours.p99_ms:.2f} ms",
        ),
        against_peer(
            "decisions in batches of 1,000",
            many.per_cpu_second * BATCH,
            "JSON lines in process",
            json_rate,
            0.8,
        ),
        Row("memory of the lane after all of this", f"{memory:.0f} MiB", peer=f"{logged:,} lines in its log"),
    ]
