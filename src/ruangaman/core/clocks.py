"""
Due times: consecutive hours, days, working days and months, from a start to the last instant that is still in time.

Days are counted from the day after the start in the zone of the law; the last day counts to its last microsecond.
Hours are consecutive, whatever the weekend, and do not depend on a zone (3 x 24 hours is 72 hours).
"""

from calendar import monthrange
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ruangaman.core.errors import RuangAmanError

LAST_INSTANT = time(23, 59, 59, 999999)


class CalendarEnds(RuangAmanError):
    """A working day lies beyond the holidays that are known."""

    code = "clock.calendar-ends"


def after_hours(start: datetime, hours: int) -> datetime:
    """
    Consecutive hours from an aware instant.

    >>> from datetime import UTC
    >>> after_hours(datetime(2026, 11, 20, 10, tzinfo=UTC), 72).isoformat()
    '2026-11-23T10:00:00+00:00'
    """
    # Through UTC, so that a change of the local clock neither adds nor takes an hour.
    return (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(start.tzinfo)


def after_days(start: date, days: int) -> date:
    """The last of so many calendar days; the first is the day after the start."""
    return start + timedelta(days=days)


def after_months(start: date, months: int) -> date:
    """
    The same day of a later month, or that month's last day.

    >>> after_months(date(2026, 3, 6), 3), after_months(date(2026, 1, 31), 1)
    (datetime.date(2026, 6, 6), datetime.date(2026, 2, 28))
    """
    number = start.year * 12 + start.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def after_working_days(
    start: date, days: int, *, weekend: Collection[int], holidays: Collection[date], begins: date, ends: date
) -> date:
    """
    The last of so many working days; the first is the next working day after the start.

    Args:
        weekend: weekday numbers, Monday 0.
        holidays: days that are no working days, known from `begins` to `ends` (both included).

    Raises:
        CalendarEnds: a day outside `begins`..`ends` would have to be counted.

    >>> year = {"begins": date(2026, 1, 1), "ends": date(2026, 12, 31)}
    >>> after_working_days(date(2026, 11, 20), 3, weekend={5, 6}, holidays=(), **year)
    datetime.date(2026, 11, 25)
    """
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        if not begins <= day <= ends:
            raise CalendarEnds(year=day.year)
        if day.weekday() not in weekend and day not in holidays:
            left -= 1
    return day


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day in a zone."""
    return datetime.combine(day, LAST_INSTANT, tzinfo=zone)
