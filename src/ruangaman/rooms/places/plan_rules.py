"""Limits and clocks of plans, from `data/plan_rules.yaml`."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "plan_rules.yaml"


@cache
def _told() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return found


def remind_before() -> timedelta:
    """How long before a promised day its promiser is reminded."""
    return timedelta(days=int(_told()["remind_days_before"]))


def longest_pledge() -> timedelta:
    """How far ahead one may promise."""
    return timedelta(days=int(_told()["longest_pledge_days"]))


def weight(name: str) -> float:
    """Of what a child may count: `least`, `most`, `times`, `lowest_part`, `rows`."""
    return float(_told()["weights"][name])


def photo(name: str) -> int:
    """A limit of photos: `longest_side`, `kept_bytes`, `at_once`."""
    return int(_told()["photo"][name])
