"""`ruangaman init`, `ruangaman migrate`: from nothing to a working database."""

import argparse
import importlib
from pathlib import Path
from types import ModuleType

from ruangaman.core.errors import RuangAmanError
from ruangaman.site.commands._django import refuse, wake


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    init = subparsers.add_parser("init", help="make the data folder and its keys, then migrate")
    init.set_defaults(run=run)
    migrate = subparsers.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(run=run_migrate)


def run(args: argparse.Namespace) -> int:
    from ruangaman.site import (
        settings,  # as a plain module: Django reads it once, and the keys must stand before
    )

    for made in start_files(settings):
        print(f"made {made}")
    importlib.reload(settings)
    return run_migrate(args)


def start_files(settings: ModuleType) -> list[str]:
    """Make the folder and the key files that the environment does not give otherwise."""
    from ruangaman.site.files import initialise

    return initialise(
        settings.DATA_DIR,
        None if settings.SECRET_KEY else settings.SECRET_KEY_FILE,
        None if settings.MASTER_KEY else Path(settings.MASTER_KEY_FILE),
    )


def run_migrate(_args: argparse.Namespace) -> int:
    wake()
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access
    from ruangaman.site import start

    try:
        start.check()
        start.migrate()
        access.ensure_openid_key(now=clock.now())
    except RuangAmanError as error:
        return refuse(error)
    print("the database stands at this version")
    return 0
