"""
The score of a worksheet in whole hundredths, in every reading of its doubts, and the smallest change that moves it.

Each item carries its weight when it is found, or (a protective one) when it is not found. An unanswered item makes a
range. High is above the bound; exactly on the bound is low. Source: Kepmen 142/2026 App. II, as given in the pack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product


class Finding(StrEnum):
    """What the worksheet says of an item."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    UNANSWERED = "unanswered"
    NO_WEIGHT = "no_weight"


class Level(StrEnum):
    """The result of an aspect or of the whole."""

    LOW = "low"
    HIGH = "high"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Weighed:
    """An item in one reading: its weight in hundredths and when it counts."""

    code: str
    weight: int
    counts: str


@dataclass(frozen=True, slots=True)
class Score:
    """Hundredths between `low` (unanswered items carry nothing) and `high` (they carry their weight)."""

    low: int
    high: int
    unanswered: tuple[str, ...]

    def level(self, high_over: int) -> Level:
        """High, low, or incomplete while something is unanswered (the law publishes no result then)."""
        if self.unanswered:
            return Level.INCOMPLETE
        return Level.HIGH if self.low > high_over else Level.LOW

    def bounds(self, high_over: int) -> tuple[Level, Level]:
        """The level at best and at worst, whatever the unanswered items turn out to be."""
        return (
            Level.HIGH if self.low > high_over else Level.LOW,
            Level.HIGH if self.high > high_over else Level.LOW,
        )


def score(items: Sequence[Weighed], findings: Mapping[str, Finding]) -> Score:
    """
    The score of one aspect.

    >>> items = [Weighed("A", 2022, "found"), Weighed("B", 746, "not_found")]
    >>> score(items, {"A": Finding.FOUND, "B": Finding.FOUND})
    Score(low=2022, high=2022, unanswered=())
    >>> score(items, {"A": Finding.FOUND})
    Score(low=2022, high=2768, unanswered=('B',))
    """
    low = high = 0
    open_items = []
    for item in items:
        found = findings.get(item.code, Finding.UNANSWERED)
        if found is Finding.UNANSWERED:
            open_items.append(item.code)
            high += item.weight
        elif found.value == item.counts:
            low += item.weight
            high += item.weight
    return Score(low, high, tuple(open_items))


Choice = tuple[tuple[str, str], ...]
"""Per doubt (in order) the reading taken."""


def readings(doubts: Mapping[str, Sequence[str]]) -> list[Choice]:
    """Every combination of readings, the applied ones first."""
    return [
        tuple(zip(doubts, chosen, strict=True))
        for chosen in product(*(list(found) for found in doubts.values()))
    ]


def smallest_change(
    items: Sequence[Weighed], findings: Mapping[str, Finding], high_over: int
) -> tuple[str, ...]:
    """
    The fewest items whose finding must turn round to move a high aspect to low; empty when it is not high.
    Of several sets of that size, the one that takes least below the bound; ties by the order of the items.

    >>> items = [Weighed("A", 2022, "found"), Weighed("B", 1966, "found"), Weighed("C", 1404, "found")]
    >>> smallest_change(items, dict.fromkeys("ABC", Finding.FOUND), 5000)
    ('C',)
    """
    now = score(items, findings)
    if now.low <= high_over:
        return ()
    counting = [item for item in items if findings.get(item.code, Finding.UNANSWERED).value == item.counts]
    over = now.low - high_over
    # The heaviest first tell how many are needed; then the lightest set of that size that is enough.
    needed, taken = 0, 0
    for item in sorted(counting, key=lambda item: -item.weight):
        needed, taken = needed + 1, taken + item.weight
        if taken >= over:
            break
    enough = [
        chosen for chosen in combinations(counting, needed) if sum(item.weight for item in chosen) >= over
    ]
    best = min(enough, key=lambda chosen: sum(item.weight for item in chosen))
    return tuple(item.code for item in best)


def shown(hundredths: int) -> str:
    """
    Hundredths as a decimal string.

    >>> shown(5392), shown(5000)
    ('53.92', '50.00')
    """
    return f"{hundredths // 100}.{hundredths % 100:02d}"
