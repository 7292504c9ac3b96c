"""The rules of badges, from data."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import yaml

_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "lesson_badges.yaml"


@dataclass(frozen=True, slots=True)
class Rules:
    """
    Who gets a badge, and for how long it holds.

    Attributes:
        right, last, days: so many of the last answers right, on so many days. asked_a_day: questions of one day.
        kept: how long answers count. valid: a badge. most_a_day: badges that this house signs in one day.
        most_a_network: badges that one network may ask for in 24 hours.
    """

    audiences: tuple[str, ...]
    right: int
    last: int
    days: int
    asked_a_day: int
    kept: timedelta
    valid: timedelta
    most_a_day: int
    most_a_network: int

    @property
    def years(self) -> int:
        """How long a badge holds, in whole years."""
        return self.valid.days // 365


@cache
def rules() -> Rules:
    """As the data say; each value there has its source."""
    told = {name: one["value"] for name, one in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items()}
    return Rules(
        audiences=tuple(told["audiences"]),
        right=told["right"],
        last=told["last"],
        days=told["days"],
        asked_a_day=told["asked_a_day"],
        kept=timedelta(days=told["kept_days"]),
        valid=timedelta(days=told["valid_days"]),
        most_a_day=told["most_a_day"],
        most_a_network=told["most_a_network"],
    )
