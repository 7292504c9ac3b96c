"""
Which claims stand on evidence, which points are at risk, and what to expect.

A piece of evidence counts on a day when that day is not before its date nor after the day until which it counts. Points
are at risk where the evidence of a claim is missing, too old, or confirmed by no second person; where some of it counts
and some does not, anything between nothing and all of the claim is.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ruangaman.core.kla.scoring import NOTHING, SILENT, Range, Told, of_indicators, score
from ruangaman.core.kla.weights import Weights


class Standing(StrEnum):
    """Of the evidence of one indicator, on one day."""

    NOTHING = "nothing"
    """Nothing is claimed, so nothing needs evidence."""
    MISSING = "missing"
    OLD = "old"
    """There is some, none of it counts on that day."""
    UNCONFIRMED = "unconfirmed"
    """What counts was confirmed by no second person."""
    MIXED = "mixed"
    """Some counts, some does not."""
    FINE = "fine"


AT_RISK = frozenset({Standing.MISSING, Standing.OLD, Standing.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    One piece: what it speaks of, its date, the last day on which it counts (None: by the rule's months), whether
    somebody else than its bringer confirmed it. `planned`: it is promised for that date, and not there.
    """

    indicator: int
    dated: date
    until: date | None = None
    confirmed: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What the card may become. low: claims whose evidence is fine. likely: those too whose evidence is mixed or planned
    for a day before the end. high: all claims. An indicator without a self-score counts as nothing in each.
    """

    low: Range
    likely: Range
    high: Range


def last_day(one: Evidence, months: int) -> date:
    """The last day on which it counts."""
    if one.until is not None:
        return one.until
    year, month = divmod(one.dated.year * 12 + one.dated.month - 1 + months, 12)
    return date(year, month + 1, min(one.dated.day, monthrange(year, month + 1)[1]))


def counts(one: Evidence, on: date, months: int) -> bool:
    """Whether it counts on that day, confirmed or not."""
    return not one.planned and one.dated <= on <= last_day(one, months)


def standing(told: Told, found: Sequence[Evidence], on: date, months: int) -> Standing:
    """How the evidence of one indicator stands on a day; `found` is its own alone."""
    if not told.claims:
        return Standing.NOTHING
    there = [one for one in found if not one.planned]
    if not there:
        return Standing.MISSING
    current = [one for one in there if counts(one, on, months)]
    if not current:
        return Standing.OLD
    if not any(one.confirmed for one in current):
        return Standing.UNCONFIRMED
    if len(current) < len(there) or not all(one.confirmed for one in current):
        return Standing.MIXED
    return Standing.FINE


def standings(
    told: Mapping[int, Told], found: Iterable[Evidence], numbers: Iterable[int], on: date, months: int
) -> Mapping[int, Standing]:
    """How the evidence of each indicator stands on a day."""
    by: dict[int, list[Evidence]] = {}
    for one in found:
        by.setdefault(one.indicator, []).append(one)
    return {no: standing(told.get(no, SILENT), by.get(no, []), on, months) for no in numbers}


def at_risk(weights: Weights, told: Mapping[int, Told], stand: Mapping[int, Standing]) -> Range:
    """The points that may be lost for lack of evidence: `low` certainly stands on none, `high` with the mixed ones."""
    risky = [no for no, one in stand.items() if one in AT_RISK]
    mixed = [no for no, one in stand.items() if one is Standing.MIXED]
    return Range(of_indicators(weights, told, risky).low, of_indicators(weights, told, [*risky, *mixed]).high)


def forecast(
    weights: Weights,
    told: Mapping[int, Told],
    stand: Mapping[int, Standing],
    found: Iterable[Evidence],
    on: date,
) -> Forecast:
    """
    What to expect on the last day of the year.

    Args:
        on: that day; evidence that is planned for a later one does not help.

    Raises:
        ScoreRefused: as `scoring.score`.
    """
    planned = {one.indicator for one in found if one.planned and one.dated <= on}
    fine = {no for no, one in stand.items() if one is Standing.FINE}
    likely = {no for no, one in stand.items() if one in (Standing.FINE, Standing.MIXED) or no in planned}

    def total(kept: set[int]) -> Range:
        said = {no: told.get(no, SILENT) for no in weights.points}
        return score(
            weights, {no: NOTHING if one.silent or no not in kept else one for no, one in said.items()}
        ).total

    return Forecast(total(fine), total(likely), total(set(weights.points)))
