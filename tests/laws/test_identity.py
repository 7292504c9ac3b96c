"""The digits of a NIK, day by day: what parses, what cannot be, and that it proves nothing."""

from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core.identity import NikScheme, read_nik

SCHEME = NikScheme(digits=16, female_day_offset=40, lowest_serial=1)


@pytest.mark.parametrize("month", range(0, 14))
def test_every_day_of_every_month_is_told_apart(month: int):
    for raw in range(0, 100):
        reading = read_nik(f"999901{raw:02d}{month:02d}100001", SCHEME)
        day = raw - 40 if raw > 40 else raw
        real_day, real_month = 1 <= day <= 31, 1 <= month <= 12
        assert reading.facts["nik_day"] == ("valid" if real_day else "invalid")
        assert reading.facts["nik_month"] == ("valid" if real_month else "invalid")
        assert reading.facts["nik_sex"] == ("female" if raw > 40 else "male")
        exists = real_day and real_month and day <= monthrange(2012, month)[1]
        assert (reading.facts["nik_date"] == "impossible") == (not exists)


@pytest.mark.parametrize(
    ("year", "told"),
    [("00", "exists"), ("04", "exists"), ("10", "exists_in_leap_years"), ("99", "exists_in_leap_years")],
)
def test_the_29th_of_february_exists_where_some_century_has_it(year: str, told: str):
    assert read_nik(f"9999012902{year}0001", SCHEME).facts["nik_date"] == told


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "999901241110000",
        "99990124111000011",
        "999901241110000x",
        "٩٩٩٩٠١٢٤١١١٠٠٠٠١",
        " 99990124111000 1",
        "-999901241110001",
    ],
)
def test_anything_but_sixteen_plain_digits_is_wrong_and_tells_nothing(nik: str):
    reading = read_nik(nik, SCHEME)
    assert (reading.facts, reading.told) == ({"nik_digits": "wrong"}, {})


def test_the_first_serial_is_the_packs_number():
    assert read_nik("9999012411100000", SCHEME).facts["nik_serial"] == "too_low"
    assert read_nik("9999012411100000", NikScheme(16, 40, 0)).facts["nik_serial"] == "valid"


@given(st.text(max_size=40))
def test_no_string_raises(nik: str):
    assert read_nik(nik, SCHEME).facts["nik_digits"] in ("right", "wrong")
