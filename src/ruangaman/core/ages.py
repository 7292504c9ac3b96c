"""
Ages as whole numbers: completed years, ranges of them, and the day on which they next grow.

A day is written `yyyymmdd`, so completed years are one subtraction and one division and the birthday itself counts.
Somebody born on 29 February grows older on 1 March of a common year by itself; "02-28" as the pack's setting moves
that to 28 February. Source: pp-tunas notes section 14 (unclear in law, so a setting of the pack).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

MARCH_FIRST: Final = "03-01"
FEBRUARY_LAST: Final = "02-28"


def as_number(day: date) -> int:
    """
    A day as `yyyymmdd`.

    >>> as_number(date(2026, 11, 24))
    20261124
    """
    return day.year * 10000 + day.month * 100 + day.day


def as_date(number: int) -> date:
    """The day of a `yyyymmdd`; raises ValueError when there is none."""
    return date(number // 10000, number // 100 % 100, number % 100)


@lru_cache(maxsize=4096)
def day_after(number: int) -> int:
    """
    The day after a day.

    >>> day_after(20261231)
    20270101
    """
    return as_number(as_date(number) + timedelta(days=1))


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def counting_day(on: int, leap_birthday: str) -> int:
    """The day as ages count it: under "02-28" the 28th of a common February stands for the 29th as well."""
    if leap_birthday == FEBRUARY_LAST and on % 10000 == 228 and not is_leap(on // 10000):
        return on + 1
    return on


def completed_years(birth: int, on: int, leap_birthday: str = MARCH_FIRST) -> int:
    """
    Whole years lived; the birthday counts.

    >>> completed_years(20081125, 20261124), completed_years(20081125, 20261125)
    (17, 18)
    >>> completed_years(20080229, 20260228), completed_years(20080229, 20260228, "02-28")
    (17, 18)
    """
    return (counting_day(on, leap_birthday) - birth) // 10000


def birthday(birth: int, years: int, leap_birthday: str = MARCH_FIRST) -> int:
    """
    The day on which somebody completes that many years.

    >>> birthday(20080229, 18), birthday(20080229, 18, "02-28"), birthday(20080229, 20)
    (20260301, 20260228, 20280229)
    """
    found = birth + years * 10000
    if found % 10000 == 229 and not is_leap(found // 10000):
        return found + 72 if leap_birthday == MARCH_FIRST else found - 1
    return found


@dataclass(frozen=True, slots=True)
class Births:
    """
    The birth dates that are possible, both ends included. `oldest` None: no upper bound on the age, ever; `youngest`
    None: no lower bound, ever (a claim that counts only against interest).
    """

    oldest: int | None = None
    youngest: int | None = None

    @staticmethod
    def of_range(
        at_least: int | None, at_most: int | None, on: int, leap_birthday: str = MARCH_FIRST
    ) -> "Births":
        """
        Who is in a range of completed years on a day.

        >>> Births.of_range(13, 15, 20261124)
        Births(oldest=20101125, youngest=20131124)
        """
        oldest = youngest = None
        if at_most is not None:
            oldest = oldest_birth(at_most, on, leap_birthday)
        if at_least is not None:
            youngest = _last_until(counting_day(on, leap_birthday) - at_least * 10000)
        return Births(oldest, youngest)

    def years(self, on: int, most: int, leap_birthday: str = MARCH_FIRST) -> tuple[int, int]:
        """The completed years that are possible on a day, between 0 and `most`."""
        low = 0 if self.youngest is None else completed_years(self.youngest, on, leap_birthday)
        high = most if self.oldest is None else completed_years(self.oldest, on, leap_birthday)
        return max(0, min(low, most)), max(0, min(high, most))

    def calendar_years(self, on: int, most: int) -> tuple[int, int]:
        """Year of the day minus year of birth: Korea's count."""
        year = on // 10000
        low = 0 if self.youngest is None else year - self.youngest // 10000
        high = most if self.oldest is None else year - self.oldest // 10000
        return max(0, min(low, most)), max(0, min(high, most))

    def birth_years(self, most: int) -> tuple[int, int]:
        """The years of birth that are possible; they never change."""
        low = 0 if self.oldest is None else self.oldest // 10000
        high = most if self.youngest is None else self.youngest // 10000
        return min(low, most), min(high, most)

    def next_day(self, on: int, leap_birthday: str = MARCH_FIRST) -> int | None:
        """The next day on which an end of the range of completed years grows."""
        found = []
        for birth in (self.oldest, self.youngest):
            if birth is not None:
                years = max(completed_years(birth, on, leap_birthday), -1)
                found.append(birthday(birth, years + 1, leap_birthday))
        return min(found, default=None)


def oldest_birth(at_most: int, on: int, leap_birthday: str = MARCH_FIRST) -> int:
    """The first real day after the one on which somebody aged `at_most` + 1 years was born."""
    return _first_after(counting_day(on, leap_birthday) - (at_most + 1) * 10000)


@lru_cache(maxsize=4096)
def _first_after(number: int) -> int:
    """The first real day after a `yyyymmdd` that may itself not exist (29 February of a common year)."""
    if number % 10000 == 229 and not is_leap(number // 10000):
        return number // 10000 * 10000 + 301
    return day_after(number)


def _last_until(number: int) -> int:
    """The last real day that is not after a `yyyymmdd` that may itself not exist."""
    if number % 10000 == 229 and not is_leap(number // 10000):
        return number - 1
    return number
