"""
What a measure must be: the city's own numbers, from its licensed copy of a standard or its own rule.

None of them is ours: without the city's file a measure is recorded and judged by nobody.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from ruangaman.core.audits.form import Measure
from ruangaman.core.errors import RuangAmanError

MOST: Final = Decimal(1_000_000)
COLUMNS: Final = ("key", "unit", "least", "most", "source")
_NUMBER: Final = re.compile(r"[0-9]{1,7}([.,][0-9]{1,3})?", re.ASCII)


class LimitsRefused(RuangAmanError):
    """The file of limits cannot be used; `row` (from 1) and `why` name the place."""

    code = "audits.limits-refused"


@dataclass(frozen=True, slots=True)
class Limit:
    """Both ends included; None: no bound on that side. At least one stands."""

    key: str
    unit: str
    least: Decimal | None
    most: Decimal | None
    source: str

    def holds(self, value: Decimal) -> bool:
        """Whether a measure is within."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def number(told: object) -> Decimal | None:
    """
    A measure as people write it, `90`, `1,5` or `1.5`: not negative, at most three decimals; None for anything else.

    >>> number("1,5"), number("1e3"), number("-1")
    (Decimal('1.5'), None, None)
    """
    if isinstance(told, bool) or not isinstance(told, str | int | float | Decimal):
        return None
    text = str(told).strip()
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value <= MOST else None


def read(rows: Iterable[Mapping[str, Any]], measures: Mapping[str, Measure]) -> dict[str, Limit]:
    """
    Limits by key.

    Args:
        rows: each with `key`, `unit`, `least`, `most` (one of both may be empty) and `source`.
        measures: those that the form asks for, by key.

    Raises:
        LimitsRefused: a row with another column, a key that no question asks for or that stood before, another unit
            than the question's, no bound or one that is no number, the least above the most, no source; or no row.
    """
    found: dict[str, Limit] = {}
    for place, row in enumerate(rows, 1):
        if not isinstance(row, Mapping) or not set(row) <= set(COLUMNS):
            raise LimitsRefused(row=place, why="columns")
        if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
            raise LimitsRefused(row=place, why="columns")
        told = {name: str(row.get(name) if row.get(name) is not None else "").strip() for name in COLUMNS}
        limit = _limit(told, measures, place)
        if limit.key in found:
            raise LimitsRefused(row=place, why="twice")
        found[limit.key] = limit
    if not found:
        raise LimitsRefused(row=0, why="empty")
    return found


def _limit(told: Mapping[str, str], measures: Mapping[str, Measure], row: int) -> Limit:
    measure = measures.get(told["key"])
    if measure is None:
        raise LimitsRefused(row=row, why="key")
    if told["unit"] != measure.unit:
        raise LimitsRefused(row=row, why="unit")
    bounds = [number(told[name]) if told[name] else None for name in ("least", "most")]
    if any(bound is None and told[name] for bound, name in zip(bounds, ("least", "most"), strict=True)):
        raise LimitsRefused(row=row, why="number")
    least, most = bounds
    if least is None and most is None:
        raise LimitsRefused(row=row, why="bound")
    if least is not None and most is not None and least > most:
        raise LimitsRefused(row=row, why="bound")
    if not 0 < len(told["source"]) <= 200:
        raise LimitsRefused(row=row, why="source")
    return Limit(told["key"], told["unit"], least, most, told["source"])
