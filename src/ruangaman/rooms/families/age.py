"""Whole years and the bands of PP 17/2025 Art. 20, from a birth date or a range; doubt falls to the younger
side.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

BANDS = (("3-5", 3, 5), ("6-9", 6, 9), ("10-12", 10, 12), ("13-15", 13, 15), ("16-17", 16, 17))
ADULT = 18
# Birthdays on which some rule or page changes: the five bands, 17 (own consent, Art. 9) and 18 (no longer a
# child).
TURNS = (3, 6, 10, 13, 16, 17, 18)


def birthday(born: date, years: int) -> date:
    """The day on which somebody completes `years`; born on 29 February: 1 March in common years (the pack's
    reading).
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def completed_years(born: date, on: date) -> int:
    """
    Completed years on a day; the birthday itself counts.

    >>> completed_years(date(2016, 2, 29), date(2026, 2, 28)), completed_years(date(2016, 2, 29), date(2026,
    3, 1)) (9, 10)
    """
    years = on.year - born.year
    return years if on >= birthday(born, years) else years - 1


def range_at(age: Mapping[str, Any] | None, on: date) -> tuple[int | None, int | None]:
    """The youngest and the oldest that somebody can be; None where nothing is known."""
    if not age:
        return None, None
    if age.get("birth_date"):
        years = completed_years(date.fromisoformat(str(age["birth_date"])), on)
        return years, years
    return age.get("at_least"), age.get("at_most")


def band(age: Mapping[str, Any] | None, on: date) -> str:
    """The band whose words and protection fit: the youngest possible; `18+` for adults, `10-12` when unknown.

    >>> band({"at_least": 12, "at_most": 14}, date(2026, 11, 24)), band(None, date(2026, 11, 24))
    ('10-12', '10-12')
    """
    low, high = range_at(age, on)
    youngest = low if low is not None else min(high, 10) if high is not None else 10
    if youngest >= 18:
        return "18+"
    for name, _, last in BANDS:
        if youngest <= last:
            return name
    raise AssertionError(youngest)


def next_turn(age: Mapping[str, Any] | None, after: date) -> date | None:
    """The next birthday after a day that changes something; None without a birth date or from 18 on."""
    if not age or not age.get("birth_date"):
        return None
    born = date.fromisoformat(str(age["birth_date"]))
    return next((day for years in TURNS if (day := birthday(born, years)) > after), None)
