"""A number of children in steps of the least count, as pages, files and letters tell it; `groups` says why."""

from math import ceil, floor
from typing import Final, Literal

NEARLY: Final = 1e-9
"""Sums of shares end a hair beside what they are."""

Way = Literal["nearest", "down", "up"]


def in_steps(count: float, least: float, way: Way = "nearest") -> float:
    """A multiple of `least`: the nearest, up from the half, or the next down or up; the count itself where it is 0."""
    if not least:
        return count
    steps = count / least
    if way == "down":
        return floor(steps + NEARLY) * least
    if way == "up":
        return ceil(steps - NEARLY) * least
    return floor(steps + 0.5 + NEARLY) * least


def shown(count: float, least: float, way: Way = "nearest") -> float | None:
    """
    What a page, an export or a letter shows of a number of children: steps of `least`, and None, to be said as "fewer
    than `least`", of all that is less, nobody included. A number below 0 is a change for the worse.

    Bounds go outwards: `down` for the least that may be so, `up` for the most.
    """
    if abs(count) < least * (1 - NEARLY):
        return None
    return in_steps(count, least, way)
