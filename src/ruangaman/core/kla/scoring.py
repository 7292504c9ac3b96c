"""
The score of a card: self-scores times weights, in decimals. What is not known makes a range, never a guess.

With W the total, K the known weights and R = W - K what the others share: an indicator without a self-score is
anything from nothing to all; those whose weight is unknown share R in a way that nobody told, so that together they
bring between R times the least and R times the greatest of their shares. Both ends are reached by some weights: no
narrower range is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ruangaman.core.kla.errors import ScoreRefused
from ruangaman.core.kla.rules import KlaRules, Level
from ruangaman.core.kla.weights import Weights, places

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
SHARE_PLACES: Final = 6
POINT_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Told:
    """What a city says of one indicator: a share of its weight (0 to 1), or points; neither when nothing was said."""

    share: Decimal | None = None
    points: Decimal | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing was said."""
        return self.share is None and self.points is None

    @property
    def claims(self) -> bool:
        """Whether anything above zero is claimed."""
        return bool(self.share) or bool(self.points)


SILENT: Final = Told()
NOTHING: Final = Told(share=ZERO)


@dataclass(frozen=True, slots=True)
class Score:
    """
    The score of a card.

    `by` gives the points of each indicator by itself; with unknown weights the ends of `total` are not their sums.
    """

    total: Range
    by: Mapping[int, Range]
    silent: tuple[int, ...]
    unknown: tuple[int, ...]


def check(no: int, told: Told, weights: Weights) -> None:
    """
    Whether a self-score can be.

    Raises:
        ScoreRefused: both a share and points, a share outside 0 to 1, points below zero or above the weight (or, where
            that is unknown, above what is left), or too many decimals.
    """
    if told.share is not None and told.points is not None:
        raise ScoreRefused(why="both", indicator=no)
    if told.share is not None and (not ZERO <= told.share <= ONE or places(told.share) > SHARE_PLACES):
        raise ScoreRefused(why="share", indicator=no)
    if told.points is None:
        return
    weight = weights.points[no]
    most = weights.rest if weight is None else weight
    if not ZERO <= told.points <= most or places(told.points) > POINT_PLACES:
        raise ScoreRefused(why="points", indicator=no)


def score(weights: Weights, told: Mapping[int, Told]) -> Score:
    """
    The points of a card.

    Args:
        told: by number of the indicator; who is missing said nothing.

    Raises:
        ScoreRefused: as `check`, or points of indicators with unknown weights exceed what those weights share.
    """
    said = {no: told.get(no, SILENT) for no in weights.points}
    for no, one in said.items():
        check(no, one, weights)
    fixed, loose = Range(ZERO, ZERO), []
    by: dict[int, Range] = {}
    claimed, points_told = ZERO, False
    for no, weight in weights.points.items():
        one = said[no]
        by[no] = _points(one, weight, weights.rest)
        if weight is not None:
            fixed += by[no]
        elif one.points is not None:
            claimed, points_told = claimed + one.points, True
        else:
            loose.append(_share(one))
    if claimed > weights.rest:
        raise ScoreRefused(why="points-together")
    left = weights.rest - claimed
    # Whoever told points has at least that weight, and may have all that is left; then nothing remains for the others.
    shared = Range(
        ZERO if points_told or not loose else left * min(one.low for one in loose),
        left * max(one.high for one in loose) if loose else ZERO,
    )
    return Score(
        fixed + Range(claimed, claimed) + shared,
        by,
        tuple(no for no, one in said.items() if one.silent),
        weights.unknown,
    )


def _share(one: Told) -> Range:
    return Range(ZERO, ONE) if one.share is None else Range(one.share, one.share)


def _points(one: Told, weight: Decimal | None, rest: Decimal) -> Range:
    """Of one indicator by itself."""
    if one.points is not None:
        return Range(one.points, one.points)
    share = _share(one)
    if weight is None:
        return Range(ZERO, rest * share.high)
    return Range(weight * share.low, weight * share.high)


def levels(found: Range, rules: KlaRules, gap: str = "") -> tuple[Level, Level]:
    """The levels at both ends of a range."""
    return rules.level(found.low, gap), rules.level(found.high, gap)


def of_indicators(weights: Weights, told: Mapping[int, Told], chosen: Iterable[int]) -> Range:
    """
    The points of some indicators together (a cluster, a goal): what the card would have if the others had none.

    Raises:
        ScoreRefused: as `score`.
    """
    wanted = set(chosen)
    return score(
        weights, {no: told.get(no, SILENT) if no in wanted else NOTHING for no in weights.points}
    ).total


def of_clusters(rules: KlaRules, weights: Weights, told: Mapping[int, Told]) -> Sequence[tuple[str, Range]]:
    """The points of each cluster, in order."""
    return [
        (
            cluster,
            of_indicators(weights, told, [one.no for one in rules.indicators if one.cluster == cluster]),
        )
        for cluster in rules.clusters
    ]
