"""
When a group is tested: before its lesson, on the day of it, after 28 days; and when results are told.

Who waits to be compared is tested on the same days, by the day of the others' lesson, the second time too: a test more
or less would be a difference besides the lesson (Roediger and Karpicke 2006: being tested helps to remember).
"""

from datetime import date, timedelta
from typing import Final

from ruangaman.core.learning.reviewing import DELAYED

PRE, POST, AFTER = TIMES = ("pre", "post", "delayed")
TYPING_DAYS: Final = 14
"""After the last day of the delayed test: in them paper is typed in, and devices without a signal send. Ours."""
TOLD_AFTER: Final = DELAYED[1] + TYPING_DAYS
"""Days after the lesson on which results are told, once; a sheet that comes on that day or later is in none."""


def window(time: str, taught: date | None) -> tuple[date | None, date | None]:
    """First and last day on which a test of that time counts, both included; None: no bound, or not known yet."""
    if time == PRE or taught is None:
        return None, taught
    first, last = {POST: (0, 0), AFTER: DELAYED}[time]
    return taught + timedelta(days=first), taught + timedelta(days=last)


def counts(time: str, taught: date | None, taken: date) -> bool:
    """Whether a test that was taken on that day tells what its time is to tell."""
    if taught is None:
        return time == PRE
    first, last = window(time, taught)
    return (first is None or first <= taken) and (last is None or taken <= last)


def told_from(taught: date | None) -> date | None:
    """
    The day on which a group's results are told; None while the day of its lesson is not known.

    >>> told_from(date(2026, 12, 1))
    datetime.date(2027, 1, 26)
    """
    return None if taught is None else taught + timedelta(days=TOLD_AFTER)


def open_on(today: date, taught: date | None) -> str | None:
    """
    The one test that is open for a group on a day; on the day of the lesson the one after it.

    >>> open_on(date(2026, 12, 1), None), open_on(date(2026, 12, 1), date(2026, 12, 1))
    ('pre', 'post')
    """
    if taught is None or today < taught:
        return PRE
    return next((time for time in (POST, AFTER) if counts(time, taught, today)), None)


def next_after(today: date, taught: date | None) -> tuple[str, date] | None:
    """What opens next and when; None when that is not known, or nothing does."""
    if taught is None:
        return None
    told = [(time, window(time, taught)[0]) for time in (POST, AFTER)]
    return next(((time, first) for time, first in told if first is not None and first > today), None)
