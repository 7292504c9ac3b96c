"""
Numbers of people that may be told: none that would tell of fewer than ten.

Shares and counts of one page are told only where ten and more are in them and ten and more are not. Sums over classes,
cities and provinces are another matter: from a sum less its other parts a small part follows. So learners are first
brought together in **lots** of ten and more, in the order of a line (a campaign's classes, by region); each lot stands
where its middle learner does and counts as ten. Whatever is told of regions and objectives is told of lots. A city in
which learners live just in those lots tells the same, so of no cell, whichever tables are taken from one another, can
it be told that it holds few learners and not none (ADR 0124 tells the same of children in a city; ADR 0134).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

LEAST: Final = 10
"""People of whom something may be told: the specification of what leaves a class."""


def share(part: int, whole: int, least: int = LEAST) -> float | None:
    """A share of people, 0 to 1; None where those in it, or those not in it, are fewer than the least."""
    if part < least or whole - part < least:
        return None
    return part / whole


def tens(count: int, least: int = LEAST) -> int | None:
    """A count of people, down to whole tens; None, to be said as "fewer than ten", for less, nobody included."""
    return count // least * least or None


@dataclass(frozen=True, slots=True)
class Learner:
    """
    One learner on the line.

    Attributes:
        place: where: any text; learners of one place stand together. measured: objective -> scores before and after 28
            days, of those with both tests; an objective of the class without them is missing.
    """

    place: str
    measured: dict[str, tuple[float, float]]


def evened(found: Sequence[tuple[str, int, Learner]], least: int = LEAST) -> list[Learner]:
    """
    Learners in whose place their cell's mean stands, of each objective.

    A cell is a class of which ten and more have both tests, or all smaller ones of an arm together where they come to
    ten; of less nothing is told. So lots that cut a class in two say no more of it than its own page does.

    Args:
        found: arm, number of the class, learner.
    """
    names = sorted({name for _arm, _class, one in found for name in one.measured})
    told: list[dict[str, tuple[float, float]]] = [{} for _ in found]
    for name in names:
        classes: dict[tuple[str, int], list[int]] = {}
        for place, (arm, number, one) in enumerate(found):
            if name in one.measured:
                classes.setdefault((arm, number), []).append(place)
        cells = [one for one in classes.values() if len(one) >= least]
        small: dict[str, list[int]] = {}
        for (arm, _number), places in classes.items():
            if len(places) < least:
                small.setdefault(arm, []).extend(places)
        for cell in [*cells, *(one for one in small.values() if len(one) >= least)]:
            scores = [found[place][2].measured[name] for place in cell]
            before, after = (sum(one) / len(cell) for one in zip(*scores, strict=True))
            for place in cell:
                told[place][name] = (before, after)
    return [Learner(one.place, mine) for (_arm, _number, one), mine in zip(found, told, strict=True)]


@dataclass(frozen=True, slots=True)
class Lot:
    """
    Ten learners and more, told as `LEAST`.

    Attributes:
        place: of its middle learner. measured: objective -> means before and after of its learners with both tests,
            where these are ten and more.
    """

    place: str
    measured: dict[str, tuple[float, float]]


def lots(learners: Sequence[Learner], least: int = LEAST) -> list[Lot]:
    """
    The learners of one line in lots; none where there are fewer than the least.

    Who has both tests stands before who has not, within a place: else every lot would hold some without, and could be
    told less often. Lots are as even as can be, so the remainder is spread and nobody is told alone.
    """
    line = sorted(learners, key=lambda one: (one.place, tuple(sorted(one.measured)), not one.measured))
    count = len(line) // least
    found = []
    for number in range(count):
        first, after = number * len(line) // count, (number + 1) * len(line) // count
        here = line[first:after]
        told = {}
        for objective in sorted({name for one in here for name in one.measured}):
            scores = [one.measured[objective] for one in here if objective in one.measured]
            if len(scores) >= least:
                told[objective] = (
                    sum(before for before, _after in scores) / len(scores),
                    sum(after for _before, after in scores) / len(scores),
                )
        found.append(Lot(here[len(here) // 2].place, told))
    return found


def places(counts: Mapping[str, int], least: int = LEAST) -> list[str]:
    """Where the lots of so many learners in each place stand, without a line of them."""
    line = sorted(counts)
    ends = list(accumulate(counts[one] for one in line))
    whole = ends[-1] if ends else 0
    count = whole // least
    found = []
    for number in range(count):
        first, after = number * whole // count, (number + 1) * whole // count
        found.append(line[bisect_right(ends, first + (after - first) // 2)])
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """
    What a table tells of one region, campaign or objective.

    Attributes:
        learners: in tens; 0 is to be said as "fewer than ten". measured: the same of those with both tests. before,
            after: mean scores of these; None of nobody.
    """

    learners: int
    measured: int
    before: float | None
    after: float | None


def cell(found: Sequence[Lot], objective: str = "", least: int = LEAST) -> Cell:
    """The sum of lots; of one objective, or of all."""
    scores = [
        score for one in found for name, score in sorted(one.measured.items()) if objective in ("", name)
    ]
    lots_measured = sum(any(objective in ("", name) for name in one.measured) for one in found)
    if not scores:
        return Cell(len(found) * least, 0, None, None)
    return Cell(
        len(found) * least,
        lots_measured * least,
        sum(before for before, _after in scores) / len(scores),
        sum(after for _before, after in scores) / len(scores),
    )
