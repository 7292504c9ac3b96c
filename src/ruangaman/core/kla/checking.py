"""What a province's check makes of a card, and how one year differs from another."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from ruangaman.core.kla.errors import ScoreRefused
from ruangaman.core.kla.scoring import NOTHING, SILENT, Range, Told
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


def kept(claimed: Range, remaining: Range) -> Decimal | None:
    """The share of the claim that remained, to a thousandth; None where either is no number, or nothing was claimed."""
    if not claimed.exact or not remaining.exact or not claimed.low:
        return None
    return (remaining.low / claimed.low).quantize(_PERMILLE, ROUND_HALF_UP)
