"""Whole years and ranges of age, from a birth date or a range; doubt falls to the younger side. Every number comes from
the law pack: the ranges, when a child is grown, the birthday of 29 February, the ages at which an answer changes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ruangaman.core.ages import as_date, as_number, completed_years
from ruangaman.core.law import years
from ruangaman.rooms.families import lawdesk


def range_at(age: Mapping[str, Any] | None, on: date) -> tuple[int | None, int | None]:
    """The youngest and the oldest that somebody can be; None where nothing is known."""
    if not age:
        return None, None
    if age.get("birth_date"):
        born = as_number(date.fromisoformat(str(age["birth_date"])))
        lived = completed_years(born, as_number(on), lawdesk.pack().source.leap_birthday)
        return lived, lived
    return age.get("at_least"), age.get("at_most")


def is_grown(age: Mapping[str, Any] | None, on: date) -> bool:
    """Whether somebody is for sure no child any more; an age that nobody knows is a child's."""
    return (range_at(age, on)[0] or 0) >= years.grown_from(lawdesk.pack())


def place(age: Mapping[str, Any] | None, on: date) -> int | None:
    """
    Which of the law's ranges fits, as its place from the youngest (0): that of the youngest possible age, the middle
    one when nothing is known. None for who is grown.
    """
    pack = lawdesk.pack()
    low, high = range_at(age, on)
    middle = years.middle_range(pack).first
    youngest = low if low is not None else middle if high is None else min(high, middle)
    if youngest >= years.grown_from(pack):
        return None
    ranges = years.age_ranges(pack)
    return next((n for n, one in enumerate(ranges) if youngest <= one.last), len(ranges) - 1)


def fingerprint() -> str:
    """What tells whether the law counts other birthdays than it did."""
    return years.fingerprint(lawdesk.pack(), lawdesk.BY_AGE)


def next_turn(age: Mapping[str, Any] | None, after: date) -> date | None:
    """The next birthday after a day that changes something; None without a birth date or once somebody is grown."""
    if not age or not age.get("birth_date"):
        return None
    born = as_number(date.fromisoformat(str(age["birth_date"])))
    found = years.next_turn(lawdesk.pack(), lawdesk.BY_AGE, born, as_number(after))
    return as_date(found) if found is not None else None
