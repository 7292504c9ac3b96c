"""
Whether questions measure: how hard each is, whether it goes with the rest, whether its wrong answers tempt anybody,
and whether two groups who know as much answer it alike.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

EASY, HARD, BELONGS, TEMPTS = 0.9, 0.3, 0.2, 0.05
"""Shares right above and below which an item tells little; the least correlation with the rest; of a wrong answer."""
FEWEST: Final = 30
"""Answers below which nothing is said of an item."""
LARGE, SOME = 1.5, 1.0
"""Bounds of the delta scale of ETS (Zieky 1993): C and B."""

Answers = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Health:
    """
    One item.

    Attributes:
        answers: how many. right: share. belongs: correlation with the score of the other items; none where either
            does not vary. idle: wrong options that fewer than 5 % chose. doubts: of `too-easy`, `too-hard`,
            `does-not-belong`, `idle-options`, or `too-few-answers` alone.
    """

    answers: int
    right: float
    belongs: float | None
    idle: tuple[str, ...]
    doubts: tuple[str, ...]


def health(right: Answers, chosen: NDArray[np.str_], wrong: list[tuple[str, ...]]) -> list[Health]:
    """
    Of each item of a form.

    Args:
        right: learners x items. chosen: ids of options, same shape. wrong: of each item, its wrong options.
    """
    learners, items = right.shape
    score = right.sum(axis=1)
    told = []
    for item in range(items):
        mine = right[:, item]
        share = float(mine.mean()) if learners else 0.0
        belongs = _correlation(mine.astype(np.float64), (score - mine).astype(np.float64))
        counts = {option: int((chosen[:, item] == option).sum()) for option in wrong[item]}
        idle = tuple(option for option, count in counts.items() if count < TEMPTS * learners)
        told.append(Health(learners, share, belongs, idle, _doubts(learners, share, belongs, idle)))
    return told


def _doubts(learners: int, share: float, belongs: float | None, idle: tuple[str, ...]) -> tuple[str, ...]:
    if learners < FEWEST:
        return ("too-few-answers",)
    found = {
        "too-easy": share > EASY,
        "too-hard": share < HARD,
        "does-not-belong": belongs is not None and belongs < BELONGS,
        "idle-options": bool(idle),
    }
    return tuple(name for name, holds in found.items() if holds)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    a, b = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread else None


@dataclass(frozen=True, slots=True)
class Differs:
    """
    Whether an item favours one of two groups of the same score (Mantel and Haenszel 1959).

    Attributes:
        odds: common odds ratio of a right answer, the first group to the second; none where it cannot be told.
        delta: the same on the scale of ETS, -2.35 ln odds; below zero favours the first group.
        chi: the statistic, one degree of freedom, with its correction for continuity.
        size: `A` none, `B` some, `C` large.
    """

    odds: float | None
    delta: float | None
    chi: float
    size: str


def differs(right: Answers, group: NDArray[np.int64], item: int) -> Differs:
    """
    One item between two groups, strata by the score of the form (the item itself counted in).

    Args:
        right: learners x items. group: 0 or 1 of each learner. item: number.
    """
    score = right.sum(axis=1)
    above = below = excess = variance = 0.0
    for level in np.unique(score):
        here = score == level
        a = float((right[here, item] & (group[here] == 0)).sum())
        b = float((~right[here, item] & (group[here] == 0)).sum())
        c = float((right[here, item] & (group[here] == 1)).sum())
        d = float((~right[here, item] & (group[here] == 1)).sum())
        total = a + b + c + d
        if total < 2 or not (a + b) or not (c + d):
            continue
        above += a * d / total
        below += b * c / total
        excess += a - (a + b) * (a + c) / total
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (total * total * (total - 1))
    chi = max(0.0, abs(excess) - 0.5) ** 2 / variance if variance else 0.0
    if not above or not below:
        return Differs(None, None, chi, "A")
    odds = above / below
    delta = -2.35 * float(np.log(odds))
    size = "A" if chi < 3.841 or abs(delta) < SOME else "C" if abs(delta) >= LARGE else "B"
    return Differs(odds, delta, chi, size)
