"""What the officers' desk of the room above needs of contests; handed out by `api` as `contest_desk`."""

from ruangaman.rooms.ages.contest_desk import (
    EVIDENCE,
    Shown,
    decide,
    decided,
    get,
    may_take_over,
    open_it,
    show_file,
    waiting,
    words,
)
from ruangaman.rooms.ages.contests import reason_of, shown_number
from ruangaman.rooms.ages.errors import ContestOpened, ContestOver, ContestRefused, NotFound
from ruangaman.rooms.ages.models import Contest

__all__ = [
    "EVIDENCE",
    "Contest",
    "ContestOpened",
    "ContestOver",
    "ContestRefused",
    "NotFound",
    "Shown",
    "decide",
    "decided",
    "get",
    "may_take_over",
    "open_it",
    "reason_of",
    "show_file",
    "shown_number",
    "waiting",
    "words",
]
