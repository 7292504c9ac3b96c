"""`under` turns false on a birthday, so it is signed only when it holds until the key's last second."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ruangaman.core.ages import FEBRUARY_LAST, MARCH_FIRST, Births, as_number
from ruangaman.core.credentials.age_claims import LAST_SECOND, AgeClaim, Side, Standing, read_claim, standing
from ruangaman.core.credentials.epochs import DAY_S
from ruangaman.core.credentials.token_errors import ClaimRefused

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
UNDER_16, OVER_16 = read_claim("age_under_16"), read_claim("age_over_16")
NOW = int(datetime(2026, 11, 24, 12, tzinfo=WIB).timestamp())
ENDS = int(
    datetime(2026, 12, 1, tzinfo=WIB).timestamp()
)  # the first second in which the key is no longer taken


def born(day):
    number = as_number(day)
    return Births(number, number)


def stands(claim, births, now=NOW, last=ENDS - 1, zone=WIB, leap=MARCH_FIRST):
    return standing(claim, births, now, last, zone, leap)


@pytest.mark.parametrize(
    ("birthday", "came"),
    [
        (date(2010, 11, 24), Standing.NO),  # 16 today
        (date(2010, 11, 25), Standing.TURNS),  # tomorrow
        (date(2010, 11, 30), Standing.TURNS),  # on the key's last day
        (date(2010, 12, 1), Standing.YES),  # as the key ends
        (date(2012, 1, 1), Standing.YES),
    ],
)
def test_a_child_who_turns_16_while_the_key_lives_gets_no_under_token(birthday, came):
    assert stands(UNDER_16, born(birthday)) is came


def test_the_last_second_itself_counts():
    child = born(date(2010, 12, 1))
    midnight = int(datetime(2026, 12, 1, tzinfo=WIB).timestamp())
    assert stands(UNDER_16, child, last=midnight - 1) is Standing.YES
    assert stands(UNDER_16, child, last=midnight) is Standing.TURNS


@pytest.mark.parametrize(
    ("zone", "came"), [(WIB, Standing.YES), (WITA, Standing.TURNS), (WIT, Standing.TURNS)]
)
def test_midnight_comes_earlier_in_the_east(zone, came):
    """The key's last second is 23:30 in Jakarta on the day before the birthday; in Makassar it is past midnight."""
    last = int(datetime(2026, 11, 30, 23, 30, tzinfo=WIB).timestamp())
    assert stands(UNDER_16, born(date(2010, 12, 1)), last=last, zone=zone) is came


def test_each_zone_turns_at_its_own_midnight():
    for zone in (WIB, WITA, WIT):
        midnight = int(datetime(2026, 12, 1, tzinfo=zone).timestamp())
        child = born(date(2010, 12, 1))
        assert stands(OVER_16, child, now=midnight - 1, last=midnight - 1, zone=zone) is Standing.NO
        assert stands(OVER_16, child, now=midnight, last=midnight, zone=zone) is Standing.YES


@pytest.mark.parametrize(
    ("rule", "last_day", "came"),
    [
        (MARCH_FIRST, date(2026, 2, 28), Standing.YES),
        (MARCH_FIRST, date(2026, 3, 1), Standing.TURNS),
        (FEBRUARY_LAST, date(2026, 2, 27), Standing.YES),
        (FEBRUARY_LAST, date(2026, 2, 28), Standing.TURNS),
    ],
)
def test_born_on_29_february_by_both_readings(rule, last_day, came):
    child = born(date(2008, 2, 29))
    now = int(datetime(2026, 2, 20, tzinfo=WIB).timestamp())
    last = int(datetime.combine(last_day, datetime.min.time(), WIB).timestamp())
    assert stands(AgeClaim(Side.UNDER, 18), child, now=now, last=last, leap=rule) is came


@pytest.mark.parametrize(
    ("claim", "at_least", "at_most", "came"),
    [
        ("age_over_13", 13, 15, Standing.YES),
        ("age_over_16", 13, 15, Standing.NO),
        ("age_over_15", 13, 15, Standing.UNDECIDED),
        ("age_over_16", 16, None, Standing.YES),
        ("age_over_18", 16, None, Standing.UNDECIDED),
        ("age_under_13", 13, 15, Standing.NO),
        ("age_under_18", 13, 15, Standing.YES),
        ("age_under_15", 13, 15, Standing.UNDECIDED),
        ("age_under_16", 13, 15, Standing.TURNS),  # the oldest of them has a birthday tomorrow
        ("age_under_18", None, 15, Standing.YES),
        ("age_under_16", 6, None, Standing.UNDECIDED),
        ("age_over_3", None, None, Standing.UNDECIDED),
        ("age_under_18", None, None, Standing.UNDECIDED),
    ],
)
def test_a_range_decides_only_when_it_decides_for_all(claim, at_least, at_most, came):
    births = Births.of_range(at_least, at_most, 2026_11_24)
    assert stands(read_claim(claim), births) is came


def test_over_is_signed_without_regard_to_birthdays_and_never_turns_false():
    child = born(date(2010, 11, 24))
    for days in range(0, 4000, 97):
        assert stands(OVER_16, child, now=NOW + days * DAY_S, last=NOW + (days + 8) * DAY_S) is Standing.YES


def test_what_was_signed_holds_at_every_moment_of_the_key():
    """A second, slower truth: day by day."""
    for age in (13, 16):
        for offset in range(-12, 13):
            birthday = date(2026 - age, 11, 24) + timedelta(days=offset)
            came = stands(AgeClaim(Side.UNDER, age), born(birthday))
            turns = datetime(2026, birthday.month, birthday.day, tzinfo=WIB).timestamp()
            assert (came is Standing.YES) == (turns > ENDS - 1), (age, birthday)


@pytest.mark.parametrize(("now", "last"), [(-1, 5), (5, 4), (0, LAST_SECOND + 1), (10**30, 10**31)])
def test_a_time_that_is_none_is_refused(now, last):
    with pytest.raises(ClaimRefused):
        stands(OVER_16, born(date(2010, 1, 1)), now=now, last=last)
