"""Months later on the calendar."""

from calendar import monthrange
from datetime import datetime


def later(at: datetime, months: int) -> datetime:
    """
    The same day so many months later, or the last one of a shorter month.

    >>> later(datetime(2024, 1, 31), 1)
    datetime.datetime(2024, 2, 29, 0, 0)
    """
    years, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=years, month=month + 1, day=min(at.day, monthrange(years, month + 1)[1]))
