"""
Weights as a city loads them: each indicator once, in points; what the city does not know stays unknown.

Known weights never exceed the total of the instrument; when all are known they are the total, exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from ruangaman.core.kla.errors import WeightsRefused
from ruangaman.core.kla.rules import KlaRules

UNKNOWN: Final = frozenset({"", "?", "-", "belum tahu", "tidak tahu", "unknown", "null", "none", "n/a"})
PLACES: Final = 4
"""Decimals of a weight at most."""
MOST_SIGNS: Final = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of each indicator by number; None where the city does not know."""

    total: Decimal
    points: Mapping[int, Decimal | None]

    @property
    def unknown(self) -> tuple[int, ...]:
        """The indicators whose weight is not known."""
        return tuple(no for no, weight in self.points.items() if weight is None)

    @property
    def known(self) -> Decimal:
        """The points of those that are."""
        return sum((weight for weight in self.points.values() if weight is not None), Decimal(0))

    @property
    def rest(self) -> Decimal:
        """The points that those with an unknown weight share, in a way that nobody told."""
        return self.total - self.known


def none_known(rules: KlaRules) -> Weights:
    """Before a city loads any."""
    return Weights(Decimal(rules.total), dict.fromkeys(rules.numbers))


def from_rows(rows: Iterable[tuple[int, str, str]], rules: KlaRules) -> Weights:
    """
    Weights out of a table.

    Args:
        rows: (line in the file, number of the indicator, weight), the last two as written; a decimal comma is read.

    Raises:
        WeightsRefused: a number that is none, an indicator that is unknown, twice or missing, a weight that is negative
            or too long, or sums that cannot be.
    """
    found: dict[int, Decimal | None] = {}
    for line, told, weight in rows:
        no = _number(told, line, rules)
        if no in found:
            raise WeightsRefused(why="twice", line=line, indicator=no)
        found[no] = _weight(weight, line, no)
    missing = [no for no in rules.numbers if no not in found]
    if missing:
        raise WeightsRefused(why="missing", indicator=missing[0])
    weights = Weights(Decimal(rules.total), {no: found[no] for no in rules.numbers})
    if weights.rest < 0:
        raise WeightsRefused(why="sum-above", sum=shown(weights.known))
    if not weights.unknown and weights.rest:
        raise WeightsRefused(why="sum", sum=shown(weights.known))
    return weights


def shown(value: Decimal) -> str:
    """As in files: a point, no exponent, no zeros behind."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_of(text: str) -> Decimal | None:
    """A plain decimal, point or comma; None when it is none."""
    text = text.strip()
    if not text or len(text) > MOST_SIGNS or (text.count(",") + text.count(".")) > 1:
        return None
    text = text.replace(",", ".")
    if not all(sign in "0123456789.-" for sign in text) or "-" in text[1:]:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def places(value: Decimal) -> int:
    """How many decimals stand behind the point."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _number(told: str, line: int, rules: KlaRules) -> int:
    text = told.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 3 or int(text) not in rules.numbers:
        raise WeightsRefused(why="indicator", line=line)
    return int(text)


def _weight(told: str, line: int, no: int) -> Decimal | None:
    if told.strip().lower() in UNKNOWN:
        return None
    found = decimal_of(told)
    if found is None or found < 0 or places(found) > PLACES:
        raise WeightsRefused(why="weight", line=line, indicator=no)
    return found
