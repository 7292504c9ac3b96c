"""
`ruangaman serve [web|lane|jobs]`: without a name all three, each a process of its own.

web is Django under WSGI (granian), lane the small ASGI process for `POST /v1/ask` (uvicorn), jobs the durable
job runner.
When one of the three stops, the others are stopped too: a half-running house is worse than a closed one.
"""

import argparse
import os
import signal
import subprocess
import sys
import time

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake

PARTS = ("web", "lane", "jobs")
_GRACE = 8.0  # seconds between asking a process to stop and ending it


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="start the house, or one of its processes")
    parser.add_argument("part", nargs="?", choices=PARTS, help="one process alone; left out: all three")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="port of web (8000)")
    parser.add_argument("--lane-port", type=_port, default=8010, help="port of lane (8010)")
    parser.add_argument("--threads", type=_some, default=8, help="threads of web (8)")
    parser.add_argument("--workers", type=_some, default=1, help="processes of web (1)")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _some(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError("a number from 1 to 1000")
    return int(text)


def run(args: argparse.Namespace) -> int:
    wake()
    from ruangaman.site import start

    try:
        start.check()
        start.demand_migrated()
        if args.part is None and args.port == args.lane_port:
            raise start.AddressRefused(port=args.port, why="web and lane need a port each")
        if args.part in {None, "web"}:
            start.demand_free(args.host, args.port)
        if args.part in {None, "lane"}:
            start.demand_free(args.host, args.lane_port)
            start.demand_lane_log()
    except RuangAmanError as error:
        return refuse(error)
    match args.part:
        case "web":
            return web(args)
        case "lane":
            return lane(args)
        case "jobs":
            from ruangaman.site import jobs

            return jobs.run()
    return everything(args)


def web(args: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "ruangaman.site.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=args.threads,
        backpressure=256,
        websockets=False,
        log_access=False,  # paths hold one-time links
        respawn_failed_workers=True,
        workers_kill_timeout=int(_GRACE) - 2,
    ).serve()
    return 0


def lane(args: argparse.Namespace) -> int:
    import uvicorn

    from ruangaman.site.lane_wire import LaneWire

    uvicorn.run(
        "ruangaman.site.lane:app",
        host=args.host,
        port=args.lane_port,
        loop="uvloop",
        http=LaneWire,
        access_log=False,  # the lane keeps a log of its own
        log_level="warning",
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return 0


def everything(args: argparse.Namespace) -> int:
    """Start the three, wait, and stop all when one stops or somebody asks."""
    options = ["--host", args.host, "--port", str(args.port), "--lane-port", str(args.lane_port)]
    options += ["--threads", str(args.threads), "--workers", str(args.workers)]
    command = [sys.executable, "-m", "ruangaman.site.cli", "serve"]
    return together([[*command, part, *options] for part in PARTS])


def together(commands: list[list[str]], environment: dict[str, str] | None = None) -> int:
    """Run processes side by side until one ends or a signal comes, then stop all of them.

    They stay in this process group, so that whoever ends the group ends them all.

    Returns:
        0 when a signal asked for the stop, else 1.
    """
    asked = False

    def ask(_signal: int, _frame: object) -> None:
        nonlocal asked
        asked = True

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask)
    env = {**os.environ, **(environment or {})}
    running = [subprocess.Popen(command, env=env) for command in commands]  # noqa: S603
    try:
        while not asked and all(process.poll() is None for process in running):
            time.sleep(0.1)
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + _GRACE
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    return 0 if asked else 1
