"""What a province's check makes of a card, and how one year differs from another."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ruangaman.core.kla.errors import ScoreRefused
from ruangaman.core.kla.scoring import NOTHING, ONE, SILENT, ZERO, Range, Told, score
from ruangaman.core.kla.weights import Weights

ACCEPTED, PART, RETURNED = "accepted", "part", "returned"
VERDICTS: Final = (ACCEPTED, PART, RETURNED)
_PERMILLE: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one indicator: accepted as claimed, a part of it (`left`, in the unit of the claim), or returned."""

    mark: str
    left: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How much more (or less) there is than before; a range when either side is one."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


def left_of(told: Told, verdict: Verdict, no: int) -> Told:
    """
    What of a claim remains.

    Raises:
        ScoreRefused: no such mark; a part without its size, below nothing or above the claim; a part of nothing.
    """
    if verdict.mark not in VERDICTS or (verdict.left is not None) != (verdict.mark == PART):
        raise ScoreRefused(why="verdict", indicator=no)
    if verdict.mark == ACCEPTED:
        return told
    if verdict.mark == RETURNED:
        return NOTHING
    left = verdict.left
    claim = told.share if told.share is not None else told.points
    if left is None or claim is None or not 0 <= left <= claim:
        raise ScoreRefused(why="part", indicator=no)
    return Told(share=left) if told.share is not None else Told(points=left)


def checked(
    weights: Weights, told: Mapping[int, Told], verdicts: Mapping[int, Verdict]
) -> Mapping[int, Told]:
    """
    The card after a check: what was not claimed is nothing, what has no verdict yet stands as claimed.

    Raises:
        ScoreRefused: as `left_of`.
    """
    found = {}
    for no in weights.points:
        one = told.get(no, SILENT)
        if one.silent:
            found[no] = NOTHING
        else:
            found[no] = left_of(one, verdicts[no], no) if no in verdicts else one
    return found


def change(before: Range, after: Range) -> Change:
    """How a range became another; of two numbers their difference."""
    return Change(after.low - before.high, after.high - before.low)


def change_under(
    weights: Weights, before: Mapping[int, Told], after: Mapping[int, Told]
) -> tuple[Mapping[int, Change], Change]:
    """
    How two cards with the same weights differ: an unknown weight is the same in both, so ranges are narrower than those
    of `change`.

    Returns:
        By indicator, and of the whole. Where points were told under an unknown weight, their difference is used for the
        indicator, and the whole is as `change` says.

    Raises:
        ScoreRefused: as `scoring.score`.
    """
    whole = change(score(weights, before).total, score(weights, after).total)
    by: dict[int, Change] = {}
    low = high = ZERO
    loose: list[Change] = []
    plain = True
    for no, weight in weights.points.items():
        one, two = before.get(no, SILENT), after.get(no, SILENT)
        in_points = one.points is not None or two.points is not None
        if in_points:
            scale = weights.rest if weight is None else weight
            by[no] = change(_reached(one, scale, weight), _reached(two, scale, weight))
            plain = plain and weight is not None
        else:
            share = change(_reached(one, ONE, ONE), _reached(two, ONE, ONE))
            if weight is None:
                loose.append(share)
                by[no] = Change(min(ZERO, weights.rest * share.low), max(ZERO, weights.rest * share.high))
            else:
                by[no] = Change(weight * share.low, weight * share.high)
        if weight is not None:
            low, high = low + by[no].low, high + by[no].high
    if not plain:
        return by, whole
    if loose:
        low += weights.rest * min(one.low for one in loose)
        high += weights.rest * max(one.high for one in loose)
    return by, Change(low, high)


def _reached(one: Told, most: Decimal, weight: Decimal | None) -> Range:
    """What a card claims of one indicator whose weight is at most `most`; a silent one is anything."""
    if one.points is not None:
        return Range(one.points, one.points)
    if one.share is None:
        return Range(ZERO, most)
    return Range(ZERO if weight is None else one.share * most, one.share * most)


def kept(claimed: Range, remaining: Range) -> Decimal | None:
    """The share of the claim that remained, to a thousandth; None where either is no number, or nothing was claimed."""
    if not claimed.exact or not remaining.exact or not claimed.low:
        return None
    return (remaining.low / claimed.low).quantize(_PERMILLE, ROUND_HALF_UP)
