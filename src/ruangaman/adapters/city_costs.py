"""The table of what works cost: ours, or the city's own in the same form."""

from functools import cache
from pathlib import Path
from typing import Final

from ruangaman.adapters.city_tables import DATA, table
from ruangaman.core.reach import repair_costs
from ruangaman.core.reach.repair_costs import CostsMalformed, Kind

OURS: Final = DATA / "city_costs.yaml"


@cache
def ours() -> tuple[str, dict[str, Kind]]:
    """The version of our table, and its kinds."""
    return of(OURS)


def of(path: Path) -> tuple[str, dict[str, Kind]]:
    """
    A city's own costs.

    Raises:
        CostsMalformed: no such file, too large, no YAML, or not in the form of ours.
    """
    return table(path, repair_costs.read, CostsMalformed)
