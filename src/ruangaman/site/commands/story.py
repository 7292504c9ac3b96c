"""`ruangaman story run|fill|empty`: the house with Sari's family in it, to be walked through."""

import argparse
import os
import sys
from pathlib import Path

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import on_the_database, refuse

PLATFORM_PORT = 8001
REGISTRY_PORT = 8002
SCHOOL_PORT = 8003
WALLET_PORT = 8005


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("story", help="the story: a made-up family, to see how everything works")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    run_it = acts.add_parser("run", help="fill the story and start everything on this machine")
    run_it.add_argument("--port", type=int, default=8000, help="port of the house (8000)")
    run_it.add_argument("--lane-port", type=int, default=8010, help="port of the fast lane (8010)")
    fill = acts.add_parser("fill", help="fill the story into RUANGAMAN_DATA_DIR (needs RUANGAMAN_STORY=1)")
    for one in (run_it, fill):
        one.add_argument(
            "--platform-port", type=int, default=PLATFORM_PORT, help="of the platform app (8001)"
        )
        one.add_argument("--registry-port", type=int, default=REGISTRY_PORT, help="of the office (8002)")
        one.add_argument("--school-port", type=int, default=SCHOOL_PORT, help="of the school (8003)")
        one.add_argument("--wallet-port", type=int, default=WALLET_PORT, help="of the wallet (8005)")
    fill.add_argument("--jakarta", action="store_true", help="its data are at hand")
    built = acts.add_parser("city", help="build the story's Jakarta from its data (needs ruangaman[city])")
    built.add_argument("data", type=Path, metavar="FOLDER")
    acts.add_parser("empty", help="throw a stopped story away")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.act == "fill":
        return _fill(args)
    if args.act == "city":
        return _city(args)
    from ruangaman.site.story.house import House
    from ruangaman.site.story.run import empty

    data_dir = Path(os.environ.get("RUANGAMAN_DATA_DIR", "data/cerita")).resolve()
    if args.act == "empty":
        if House(data_dir).runner.exists():
            print("ruangaman: cerita sedang berjalan / the story is running", file=sys.stderr)
            return 1
        empty(House(data_dir))
        return 0
    return _run(args, data_dir)


@on_the_database
def _fill(args: argparse.Namespace) -> int:
    from django.conf import settings

    from ruangaman.adapters import clock
    from ruangaman.site.story.fill import fill
    from ruangaman.site.story.house import House

    fill(
        House(Path(settings.DATA_DIR)),
        platform_port=args.platform_port,
        registry_port=args.registry_port,
        school_port=args.school_port,
        wallet_port=args.wallet_port,
        with_jakarta=args.jakarta,
        now=clock.now(),
    )
    return 0


@on_the_database
def _city(args: argparse.Namespace) -> int:
    from ruangaman.adapters import clock
    from ruangaman.site.story import cities

    cities.be_kind()
    cities.build_jakarta(args.data, made_on=clock.now().date())
    return 0


def _run(args: argparse.Namespace, data_dir: Path) -> int:
    from ruangaman.site.story import run as story

    ports = story.Ports(
        web=args.port,
        lane=args.lane_port,
        platform=args.platform_port,
        registry=args.registry_port,
        school=args.school_port,
        wallet=args.wallet_port,
    )
    busy = story.taken(ports)
    for name, port in busy:
        print(f"ruangaman: porta {port} sudah dipakai / port {port} is in use ({name})", file=sys.stderr)
    if busy:
        flags = {
            name: "--port" if name == "web" else f"--{name}-port" for name in story.Ports.__dataclass_fields__
        }
        print(
            f"Hentikan program itu, atau pilih porta lain / stop that program, or choose another port: "
            f"ruangaman story run {flags[busy[0][0]]} {busy[0][1] + 100}",
            file=sys.stderr,
        )
        return 1
    try:
        return story.run(ports, data_dir)
    except RuangAmanError as error:
        return refuse(error)
