"""
What the digits of a NIK say, as facts for a table. The numbers of the scheme come from the pack; nothing is kept.

A NIK is province 2, regency 2, district 2, birth date DDMMYY 6, serial 4; for a woman the day is raised by an offset.
The century is not in it, and it never changes even when its date is wrong: a hint, never a proof of age.
Source: Dukcapil practice; UU 23/2006 Art. 13; PP 40/2019 Art. 30(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class NikScheme:
    """How a NIK is built: how many digits, what is added to a woman's day, the first serial."""

    digits: int
    female_day_offset: int
    lowest_serial: int


@dataclass(frozen=True, slots=True)
class NikReading:
    """`facts` are words for the pack's table, `told` what the digits say; empty when they do not parse."""

    facts: Mapping[str, str]
    told: Mapping[str, str | int]


def read_nik(nik: str, scheme: NikScheme) -> NikReading:
    """
    Read the digits; never raises for a string.

    >>> read_nik("9999012411100001", NikScheme(16, 40, 1)).told
    {'sex': 'male', 'day': 24, 'month': 11, 'yy': 10}
    >>> read_nik("9999016411100000", NikScheme(16, 40, 1)).facts["nik_serial"]
    'too_low'
    """
    if len(nik) != scheme.digits or not nik.isascii() or not nik.isdigit() or scheme.digits < 16:
        return NikReading({"nik_digits": "wrong"}, {})
    raw_day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    female = raw_day > scheme.female_day_offset
    day = raw_day - scheme.female_day_offset if female else raw_day
    day_ok, month_ok = 1 <= day <= 31, 1 <= month <= 12
    date = "impossible"
    if day_ok and month_ok and day <= _LONGEST[month - 1]:
        # Year 00 may be 1900 (common) or 2000 (leap), so every fourth two-digit year has a 29 February in some century.
        date = "exists_in_leap_years" if (day, month) == (29, 2) and year % 4 else "exists"
    facts = {
        "nik_digits": "right",
        "nik_region": "zero" if nik[:6] == "000000" or nik[:2] == "00" else "given",
        "nik_day": "valid" if day_ok else "invalid",
        "nik_month": "valid" if month_ok else "invalid",
        "nik_date": date,
        "nik_serial": "valid" if int(nik[12:]) >= scheme.lowest_serial else "too_low",
        "nik_sex": "female" if female else "male",
    }
    return NikReading(facts, {"sex": facts["nik_sex"], "day": day, "month": month, "yy": year})
