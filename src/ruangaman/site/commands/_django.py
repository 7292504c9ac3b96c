"""Wakes Django for the commands that need it; the others stay quick."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from zoneinfo import ZoneInfo

from ruangaman.core.errors import RuangAmanError


def wake() -> None:
    """Set up Django with the settings of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    import django

    django.setup()


def today() -> date:
    """The day in the house's zone, without waking Django."""
    from ruangaman.adapters import clock
    from ruangaman.site.environment import Environment

    zone = Environment().zone("RUANGAMAN_TIME_ZONE", default="Asia/Jakarta")
    return clock.now().astimezone(ZoneInfo(zone)).date()


def refuse(error: RuangAmanError) -> int:
    """Say on standard error what was refused, in both languages where the catalogue has it; exit status 1."""
    from ruangaman.site.errors import CATALOGUE

    entry = CATALOGUE.get(error.code)
    told = " / ".join([entry.id, entry.en]) if entry else ""
    print(f"ruangaman: {error}" + (f"\n{told}" if told else ""), file=sys.stderr)
    return 1


def wake_migrated() -> int:
    """Wake Django for a command that works on the database; 0, or the exit status when settings or database refuse."""
    wake()
    from ruangaman.site import start

    try:
        start.check()
        start.demand_migrated()
    except RuangAmanError as error:
        return refuse(error)
    return 0


def on_the_database(act: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that works on the database: Django awake, settings and database checked, a refusal told in words."""

    @wraps(act)
    def run(args: argparse.Namespace) -> int:
        if refused := wake_migrated():
            return refused
        try:
            return act(args)
        except RuangAmanError as error:
            return refuse(error)

    return run
