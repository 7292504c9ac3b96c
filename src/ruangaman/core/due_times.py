"""By when something is due, as pages and rows tell it; unknown where the law is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ruangaman.core.law import Due


@dataclass(frozen=True, slots=True)
class DueTime:
    """A due instant, or None when the law gives no number; `safe_at` is the earliest reading in doubt."""

    due_at: datetime | None
    safe_at: datetime | None
    articles: tuple[str, ...]
    doubt: Mapping[str, str]


UNKNOWN_TIME: Final = DueTime(
    None,
    None,
    (),
    {
        "id": "Aturan tidak menyebut angka pasti untuk batas waktu ini.",
        "en": "The law gives no exact number for this time limit.",
    },
)


def told(due: Due) -> DueTime:
    """The law's answer about a clock, with its first doubt; without a number there always is one."""
    readings = [at for _, at in due.readings if at is not None]
    points = [one.get("point") or {} for one in due.doubt]
    doubt = next((dict(point) for point in points if point), {})
    if due.due_at is None and not doubt:
        doubt = dict(UNKNOWN_TIME.doubt)
    return DueTime(due.due_at, min(readings, default=due.due_at), tuple(due.articles), doubt)
