"""
How many children walk safely to a place: by area and group of ages, between bounds, with small counts kept back.

What is safe is the least that is so, what is safe or unknown the most; where people live is known to some share only,
and both bounds are widened by it. An area with few children tells no counts, and neither does one more beside it, so
that nobody finds it by taking the others from the sum. What is told is counted of children in groups of that least
count (`groups`), so that small numbers inside an area that tells are not found either; shares and bounds are of those.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.rounding import in_steps
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Why

NO_AREA: Final = -1
_NOTHING: Final = 1e-6
"""A count below this is a sum's rounding and nobody."""


class CoverageMismatch(RuangAmanError):
    """Arrays of different sizes, or counts that are none."""

    code = "city.coverage-mismatch"


@dataclass(frozen=True, slots=True)
class Row:
    """
    What one area tells.

    Attributes:
        area: its number; NO_AREA for homes in none.
        children: how many; None where it is kept back. These and all others in steps (`in_steps`).
        safe, unknown, unsafe: of them; None where it is kept back.
        low, high: the least and the most that may be safe, the error of the counts included.
        share_low, share_high: of the children, 0 to 1; None where nobody lives or it is kept back.
        by_reason: of those who are not safe, by `Why`.
    """

    area: int
    children: float | None
    safe: float | None
    unknown: float | None
    unsafe: float | None
    low: float | None
    high: float | None
    share_low: float | None
    share_high: float | None
    by_reason: dict[str, float] | None

    @property
    def kept_back(self) -> bool:
        return self.children is None


def by_area(
    area: NDArray[np.int32], children: NDArray[np.float64], answer: NDArray[np.uint8], why: NDArray[np.uint8],
    *, areas: int, error: float, least: float, parent: NDArray[np.int32] | None = None,
    hidden: NDArray[np.bool_] | None = None, rest: NDArray[np.float64] | None = None,
    told: NDArray[np.float64] | None = None,
) -> list[Row]:  # fmt: skip
    """
    One row for each area, in their order, and one more for homes in none if there are any.

    Args:
        area: int (homes,), 0 to areas - 1, or NO_AREA. children: float64 (homes,), expected numbers, 0 or more.
        answer, why: uint8 (homes,), of a walk.
        error: relative, of the counts: 0.1 for a tenth more or less.
        least: counts below this are kept back.
        parent: int32 (areas,), the larger area that each is part of, whose own sum is told too; without it one for all.
        hidden: bool (areas,), kept back whatever they count, as parts of an area that is.
        rest: float64 (wholes,), by number of `parent`: what a whole counts beside its parts. Below `least` it is one
            more part that is kept back, for whoever takes the parts from the whole would find it.
        told: float64 (homes,), the same children in groups of `least`: they are counted, `children` say what is kept
            back, and so is an area in which children live and no group of them stands.

    Raises:
        CoverageMismatch: sizes differ, an area is out of range, a count is negative or no number, error or least is.
    """
    if not len(area) == len(children) == len(answer) == len(why) or (
        (parent is not None and len(parent) != areas) or (told is not None and len(told) != len(area))
    ):
        raise CoverageMismatch(homes=len(area), children=len(children), answers=len(answer))
    if len(area) and (area.min() < NO_AREA or area.max() >= areas):
        raise CoverageMismatch(areas=areas, area=int(area.max()))
    if not np.isfinite(children).all() or (children < 0).any() or not 0 <= error < 1 or not least >= 0:
        raise CoverageMismatch(what="a count, the error or the least")
    place = np.where(area == NO_AREA, areas, area).astype(np.int64)
    total = _sums(place, children, areas)
    shown_children = children if told is None else told
    total_told = _sums(place, shown_children, areas)
    by_answer = _sums_by(place, answer, shown_children, areas, len(Answer))
    by_why = _sums_by(place, why, shown_children, areas, len(Why))
    whole = np.zeros(areas, np.int32) if parent is None else parent
    kept_back = _kept_back(total, np.append(whole, whole.max(initial=0) + 1), least, rest)
    if hidden is not None:
        kept_back[:areas] |= hidden
    if told is not None:
        kept_back |= (total > _NOTHING) & (total_told == 0)
    shown = areas + bool((area == NO_AREA).any())
    return [
        _row(
            at if at < areas else NO_AREA,
            float(total_told[at]),
            by_answer[:, at],
            by_why[:, at],
            error,
            bool(kept_back[at]),
            least,
        )
        for at in range(shown)
    ]


def _sums(place: NDArray[np.int64], children: NDArray[np.float64], areas: int) -> NDArray[np.float64]:
    """By area, and last for homes in none."""
    return np.bincount(place, children, areas + 1).astype(np.float64)


def _sums_by(
    place: NDArray[np.int64], of: NDArray[np.uint8], children: NDArray[np.float64], areas: int, many: int
) -> NDArray[np.float64]:
    """(many, areas + 1): the same of each value of `of`."""
    sums = np.bincount(place * many + of, children, (areas + 1) * many)
    return sums.reshape(areas + 1, many).T.astype(np.float64)


def _kept_back(
    total: NDArray[np.float64], whole: NDArray[np.int32], least: float, rest: NDArray[np.float64] | None
) -> NDArray[np.bool_]:
    """
    Areas with few children; in each whole that has such, or such a rest, more of its smallest areas, until they are two
    or more with the rest and have `least` children together.
    """
    hidden = (total > 0) & (total < least)
    few = np.zeros(int(whole.max(initial=0)) + 1)
    if rest is not None:
        many = min(len(few), len(rest))
        few[:many] = np.where((rest[:many] > _NOTHING) & (rest[:many] < least), rest[:many], 0.0)
    for one in np.unique(np.append(whole[hidden], np.flatnonzero(few))):
        inside = np.flatnonzero((whole == one) & (total > 0))
        for area in inside[np.argsort(total[inside], kind="stable")]:
            its = inside[hidden[inside]]
            if len(its) + bool(few[one]) >= 2 and total[its].sum() + few[one] >= least:
                break
            hidden[area] = True
    return hidden


def _row(
    area: int,
    total: float,
    by_answer: NDArray[np.float64],
    by_why: NDArray[np.float64],
    error: float,
    kept_back: bool,
    least: float,
) -> Row:
    if kept_back:
        return Row(area, None, None, None, None, None, None, None, None, None)
    total = in_steps(total, least)
    safe, unknown, unsafe = (in_steps(float(one), least) for one in by_answer)
    low, high = safe * (1 - error), (safe + unknown) * (1 + error)
    share = (safe / total, min((safe + unknown) / total, 1.0)) if total > 0 else (None, None)
    reasons = {why.name.lower(): in_steps(float(by_why[why]), least) for why in Why if why != Why.SAFE}
    return Row(area, total, safe, unknown, unsafe, low, high, share[0], share[1], reasons)


def medians(
    area: NDArray[np.int32], children: NDArray[np.float64], metres: NDArray[np.float32], *, areas: int
) -> NDArray[np.float64]:
    """
    Of each area the metres that half of its children walk at most: float64 (areas,), inf where more than half find
    nothing, NaN where nobody lives.
    """
    found = np.full(areas, np.nan)
    its = np.flatnonzero((area >= 0) & (children > 0))
    order = its[np.lexsort((metres[its], area[its]))]
    if not len(order):
        return found
    place, upto = area[order], np.cumsum(children[order])
    first = np.flatnonzero(np.append(True, place[1:] != place[:-1]))
    last = np.append(first[1:], len(order)) - 1
    before = np.append(0.0, upto[last[:-1]])
    # A hair less than the half, so that rounding in the sums does not step over the child in the middle.
    half = before + (upto[last] - before) * (0.5 - 1e-12)
    found[place[first]] = metres[order[np.minimum(np.searchsorted(upto, half), last)]]
    return found


def commonest(
    area: NDArray[np.int32],
    children: NDArray[np.float64],
    place: NDArray[np.int32],
    *,
    areas: int,
    places: int,
) -> NDArray[np.int32]:
    """The place that is nearest to most children of each area: int32 (areas,), -1 where nobody finds one."""
    found = np.full(areas, -1, np.int32)
    its = (area >= 0) & (place >= 0) & (children > 0)
    pairs, back = np.unique(area[its].astype(np.int64) * places + place[its], return_inverse=True)
    if not len(pairs):
        return found
    number = np.bincount(back, children[its])
    order = np.lexsort((pairs, -number, pairs // places))
    first = np.append(True, np.diff(pairs[order] // places) > 0)
    found[pairs[order][first] // places] = pairs[order][first] % places
    return found
