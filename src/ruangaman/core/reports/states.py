"""What may become of a report, and which others may be the same. A table and a comparison, nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ruangaman.core.reports import grid
from ruangaman.core.reports.grid import Cell
from ruangaman.core.reports.rules import Alike

RECEIVED, REFUSED, JOINED = "received", "refused", "joined"
PUBLISHED, ANSWERED, PLANNED, SOLVED, NOT_SOLVED = "published", "answered", "planned", "solved", "not_solved"
STATES: Final = (RECEIVED, PUBLISHED, ANSWERED, PLANNED, SOLVED, NOT_SOLVED, REFUSED, JOINED)
OPEN: Final = (PUBLISHED, ANSWERED, PLANNED)
CLOSED: Final = (SOLVED, NOT_SOLVED)
SHOWN: Final = OPEN + CLOSED
"""What the public list knows. A report that is closed and opens again is a new one."""

NEXT: Final[Mapping[str, frozenset[str]]] = {
    RECEIVED: frozenset({PUBLISHED, REFUSED, JOINED}),
    PUBLISHED: frozenset({ANSWERED, PLANNED, SOLVED, NOT_SOLVED, JOINED}),
    ANSWERED: frozenset({ANSWERED, PLANNED, SOLVED, NOT_SOLVED, JOINED}),
    PLANNED: frozenset({ANSWERED, PLANNED, SOLVED, NOT_SOLVED, JOINED}),
    SOLVED: frozenset(),
    NOT_SOLVED: frozenset(),
    REFUSED: frozenset(),
    JOINED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What two reports are compared by. `place`: a key of a known place or street, or empty."""

    kind: str
    cell: Cell | None
    place: str
    area: str
    at: datetime


def apart(one: Told, other: Told, rule: Alike) -> float | None:
    """
    Metres between two reports that may be the same, None when they are not: another kind, too far, too long apart.

    Without a cell on both sides the same known place is 0 m, the same area as far as the rule allows.
    """
    if one.kind != other.kind or abs(one.at - other.at) > timedelta(days=rule.days):
        return None
    if one.place and one.place == other.place:
        return 0.0
    if one.cell is None or other.cell is None:
        return float(rule.metres) if one.area == other.area else None
    metres = grid.metres_between(one.cell, other.cell)
    return metres if metres <= rule.metres else None


def alike(one: Told, others: Iterable[tuple[str, Told]], rule: Alike) -> list[tuple[str, float]]:
    """Which of the others (name, told) may be the same: the nearest first, then the nearest in time, then by name."""
    found = []
    for name, other in others:
        metres = apart(one, other, rule)
        if metres is not None:
            found.append((metres, abs(one.at - other.at), name))
    return [(name, metres) for metres, _, name in sorted(found)[: rule.most]]
