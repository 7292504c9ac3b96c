"""When a group is tested: before its lesson, on the day of it, after 28 days and after 90."""

from datetime import date, timedelta
from typing import Final

from ruangaman.core.learning.reviewing import DELAYED

PRE, POST, AFTER, LATER = TIMES = ("pre", "post", "delayed", "later")
LATER_DAYS: Final = (80, 100)
"""Days after a lesson within which the optional test of day 90 counts: ten either way, a choice of ours."""


def window(time: str, taught: date | None) -> tuple[date | None, date | None]:
    """First and last day on which a test of that time counts, both included; None: no bound, or not known yet."""
    if time == PRE or taught is None:
        return None, taught
    first, last = {POST: (0, 0), AFTER: DELAYED, LATER: LATER_DAYS}[time]
    return taught + timedelta(days=first), taught + timedelta(days=last)


def counts(time: str, taught: date | None, taken: date) -> bool:
    """Whether a test that was taken on that day tells what its time is to tell."""
    if taught is None:
        return time == PRE
    first, last = window(time, taught)
    return (first is None or first <= taken) and (last is None or taken <= last)


def open_on(today: date, taught: date | None) -> str | None:
    """
    The one test that is open for a group on a day; on the day of the lesson the one after it.

    >>> open_on(date(2026, 12, 1), None), open_on(date(2026, 12, 1), date(2026, 12, 1))
    ('pre', 'post')
    """
    if taught is None or today < taught:
        return PRE
    return next((time for time in (POST, AFTER, LATER) if counts(time, taught, today)), None)


def next_after(today: date, taught: date | None) -> tuple[str, date] | None:
    """What opens next and when; None when that is not known, or nothing does."""
    if taught is None:
        return None
    told = [(time, window(time, taught)[0]) for time in (POST, AFTER, LATER)]
    return next(((time, first) for time, first in told if first is not None and first > today), None)
