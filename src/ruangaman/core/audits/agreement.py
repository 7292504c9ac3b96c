"""
Whether two auditors agree: Cohen's kappa, and the items on which they differ.

Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ruangaman.core.audits.form import Form
from ruangaman.core.audits.limits import Limit
from ruangaman.core.audits.scoring import Given, judge

NO_ITEMS: Final = "no-items"
ONE_ANSWER: Final = "one-answer"


@dataclass(frozen=True, slots=True)
class Kappa:
    """
    Agreement beyond chance, exact. `value` is None where kappa has none, and `why` says so: `no-items` (nothing that
    both answered), `one-answer` (both gave one and the same answer throughout, so that chance explains all).
    """

    items: int
    same: int
    value: Fraction | None
    why: str = ""

    @property
    def share(self) -> Fraction | None:
        """The plain share of equal answers; None without items."""
        return Fraction(self.same, self.items) if self.items else None


def kappa(pairs: Sequence[tuple[str, str]]) -> Kappa:
    """
    Cohen's kappa, unweighted.

    Args:
        pairs: for each item, what the first and the second answered.

    >>> kappa([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15).value
    Fraction(2, 5)
    """
    count = len(pairs)
    same = sum(one == other for one, other in pairs)
    if not count:
        return Kappa(0, 0, None, NO_ITEMS)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = Fraction(sum(first[name] * second[name] for name in first), count * count)
    if by_chance == 1:
        return Kappa(count, same, None, ONE_ANSWER)
    return Kappa(count, same, (Fraction(same, count) - by_chance) / (1 - by_chance))


@dataclass(frozen=True, slots=True)
class Difference:
    """An item on which the two differ: by the answer, or by what their measures are worth."""

    item: str
    first: Given
    second: Given
    by_measure: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two whole sets of answers. `agreed` holds what needs nobody's decision."""

    kappa: Kappa
    differences: tuple[Difference, ...]
    agreed: Mapping[str, Given]
    by_heading: Mapping[str, tuple[int, int]]


def compare(
    form: Form, first: Mapping[str, Given], second: Mapping[str, Given], limits: Mapping[str, Limit]
) -> Agreement:
    """
    Compare two sets of answers, item by item; items that one of them lacks are left out.

    Where both answers are equal and worth the same, the measure that is kept is the more cautious one.

    Returns:
        With `by_heading`: heading -> (items alike, items compared).
    """
    both = [name for name in form.items if name in first and name in second]
    differences, agreed = [], {}
    for name in both:
        item, one, other = form.items[name], first[name], second[name]
        if one.answer != other.answer or judge(item, one, limits) is not judge(item, other, limits):
            differences.append(Difference(name, one, other, one.answer == other.answer))
        else:
            agreed[name] = Given(
                one.answer, _cautious(one.measure, other.measure, item.measure is None or item.measure.more)
            )
    by_heading = {
        heading.id: (
            sum(item.id in agreed for item in heading.items),
            sum(item.id in both for item in heading.items),
        )
        for heading in form.headings
    }
    pairs = [(first[name].answer, second[name].answer) for name in both]
    return Agreement(kappa(pairs), tuple(differences), agreed, by_heading)


def _cautious(one: Decimal | None, other: Decimal | None, more: bool) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other) if more else max(one, other)
