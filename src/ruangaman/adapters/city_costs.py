"""The table of what works cost: ours, or the city's own in the same form; and how far a plan looks."""

import secrets
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from ruangaman.adapters.yaml_tables import DATA, table
from ruangaman.core.reach import repair_costs
from ruangaman.core.reach.repair_costs import CostsMalformed, Kind

OURS: Final = DATA / "city_costs.yaml"
OWN: Final = "costs.yaml"
PLAN: Final = DATA / "city_plan.yaml"


@cache
def ours() -> tuple[str, dict[str, Kind]]:
    """The version of our table, and its kinds."""
    return of(OURS)


def of_city(folder: Path) -> tuple[str, dict[str, Kind], bool]:
    """
    What works cost in a city: its own table where its folder holds one, else ours; and whether it is its own.

    Raises:
        CostsMalformed: as `of`.
    """
    own = folder / OWN
    return (*of(own), True) if own.is_file() else (*ours(), False)


def keep(folder: Path, source: Path) -> None:
    """
    Put a city's own table into its folder, whole or not at all: plans and pages read the same one from then on.

    Raises:
        CostsMalformed: as `of`. OSError: no room, or no right to write there.
    """
    of(source)
    unfinished = folder / f".{OWN}.{secrets.token_hex(8)}"
    try:
        unfinished.write_bytes(source.read_bytes())
        unfinished.replace(folder / OWN)
    finally:
        unfinished.unlink(missing_ok=True)


@cache
def together() -> tuple[int, int]:
    """How many works of one set are looked at together, and how many sets of one size are tried."""
    told = yaml.safe_load(PLAN.read_text("utf-8"))["together"]
    return int(told["most"]), int(told["tried"])


def of(path: Path) -> tuple[str, dict[str, Kind]]:
    """
    A city's own costs.

    Raises:
        CostsMalformed: no such file, too large, no YAML, or not in the form of ours.
    """
    return table(path, repair_costs.read, CostsMalformed)
