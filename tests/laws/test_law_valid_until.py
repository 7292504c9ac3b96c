"""`valid_until`, held against a walk through the days: the answer stays the same up to that day and is another on it."""

# ruff: noqa: E501  an edit or a case a line reads as a table

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import NOW, edited, pack

from ruangaman.core import law
from ruangaman.core.ages import Births, as_number, birthday, completed_years

JAKARTA = ZoneInfo("Asia/Jakarta")
PACK = pack()
LATE = law.compile_pack(edited(pack=("leap_birthday: 03-01", "leap_birthday: 02-28")))
CALENDAR = law.compile_pack(
    edited(
        pack=(
            "kind: completed_years}\ndoubts",
            "kind: completed_years}\n  year_age: {kind: calendar_years}\ndoubts",
        ),
        account=('age: "< 13", made: no', 'year_age: "< 13", made: no'),
    )
)

birth_dates = st.dates(date(2003, 1, 1), date(2026, 11, 24))
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
services = st.fixed_dictionaries(
    {"risk": st.sampled_from(["low", "high", None]), "made": st.sampled_from([True, False, None])}
)
consents = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["granted", "none", "refused", None]),
        "by": st.sampled_from(["parent", "child"]),
    }
)


def years_old(birth: date, on: date, leap_late: bool) -> int:
    """Completed years by counting birthdays, with no arithmetic on numbers."""
    years = on.year - birth.year
    month, day = birth.month, birth.day
    if (month, day) == (2, 29) and not (on.year % 4 == 0 and (on.year % 100 != 0 or on.year % 400 == 0)):
        month, day = (2, 28) if leap_late else (3, 1)
    return years if (on.month, on.day) >= (month, day) else years - 1


def same(one: law.Answer, other: law.Answer, *but: str) -> bool:
    """Whether two answers say the same, whatever the day and the age; `but` are further fields that may differ."""
    left_out = ("valid_until", "derived", *but)
    kept = [{k: v for k, v in a.as_dict().items() if k not in left_out} for a in (one, other)]
    return kept[0] == kept[1]


def asked(pack: law.Pack, on: date, low: int, high: int, rest: dict[str, Any]) -> law.Answer:
    return pack.ask(
        {"question": "account", "on": on.isoformat(), "age": {"at_least": low, "at_most": high}} | rest,
        now=NOW,
    )


def first_change(
    pack: law.Pack, on: date, births: tuple[date, date], rest: dict[str, Any], late: bool, limit: int
) -> date | None:
    """Day after day, the range of ages between the oldest and the youngest who can be meant, asked anew."""
    now = asked(pack, on, years_old(births[1], on, late), years_old(births[0], on, late), rest)
    for n in range(1, limit):
        day = on + timedelta(days=n)
        if not same(
            now, asked(pack, day, years_old(births[1], day, late), years_old(births[0], day, late), rest)
        ):
            return day
    return None


def check(answer: law.Answer, expected: date | None, on: date, limit: int) -> None:
    until = answer.valid_until
    told = None if until is None else until.astimezone(JAKARTA).date()
    if expected is None:
        assert told is None or told >= on + timedelta(days=limit)
    else:
        assert told == expected


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@example(
    date(2012, 2, 29),
    date(2026, 11, 24),
    {"risk": "low", "made": False},
    {"state": "granted", "by": "parent"},
    False,
)
@example(
    date(2012, 2, 29),
    date(2026, 11, 24),
    {"risk": "high", "made": False},
    {"state": "granted", "by": "parent"},
    True,
)
@given(birth_dates, days, services, consents, st.booleans())
def test_a_known_birth_date_changes_on_the_day_on_which_a_walk_through_the_days_finds_another_answer(
    birth, on, service, consent, late
):
    if birth > on:
        return
    used = LATE if late else PACK
    rest = {"service": service, "consent": consent}
    answer = used.ask(
        {"question": "account", "on": on.isoformat(), "age": {"birth_date": birth.isoformat()}} | rest,
        now=NOW,
    )
    check(answer, first_change(used, on, (birth, birth), rest, late, 1500), on, 1500)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@example(
    13, 2, date(2027, 2, 28), {"risk": "high", "made": False}, {"state": "granted", "by": "parent"}, True
)
@example(
    12, 0, date(2028, 2, 29), {"risk": "low", "made": False}, {"state": "granted", "by": "parent"}, False
)
@example(
    13, 2, date(2026, 11, 24), {"risk": "low", "made": False}, {"state": "granted", "by": "parent"}, False
)
@given(st.integers(0, 19), st.integers(0, 4), days, services, consents, st.booleans())
def test_a_range_changes_on_the_first_day_on_which_somebody_in_it_may(low, width, on, service, consent, late):
    used = LATE if late else PACK
    rest = {"service": service, "consent": consent}
    high = low + width
    fit = [
        on - timedelta(days=n)
        for n in range(low * 365, (high + 1) * 366 + 5)
        if low <= years_old(on - timedelta(days=n), on, late) <= high
    ]
    answer = asked(used, on, low, high, rest)
    check(answer, first_change(used, on, (min(fit), max(fit)), rest, late, 1500), on, 1500)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@example(
    date(2008, 2, 29),
    date(2026, 2, 20),
    {"risk": "high", "made": True},
    {"state": "granted", "by": "parent"},
    True,
)
@example(
    date(2008, 2, 29),
    date(2026, 2, 20),
    {"risk": "high", "made": True},
    {"state": "granted", "by": "parent"},
    False,
)
@given(birth_dates, days, services, consents, st.booleans())
def test_a_claim_that_counts_as_an_upper_end_changes_on_the_day_on_which_that_end_grows(
    birth, on, service, consent, late
):
    if birth > on:
        return
    used = LATE if late else PACK
    rest = {"service": service | {"risk": "high"}, "consent": consent, "question": "account"}

    def at_most(day: date) -> law.Answer:
        return used.ask(
            rest | {"on": day.isoformat(), "age": {"at_most": years_old(birth, day, late)}}, now=NOW
        )

    def claimed_on(day: date) -> law.Answer:
        return used.ask(
            rest | {"on": day.isoformat(), "age": {"birth_date": birth.isoformat()}, "evidence": "declared"},
            now=NOW,
        )

    claimed = claimed_on(on)
    assert (
        claimed.age == {"at_least": 0, "at_most": years_old(birth, on, late)}
        or years_old(birth, on, late) == 0
    )
    # The norm about the evidence is cited where it decides; the rest is as if only the upper end were known.
    assert same(claimed, at_most(on), "articles", "confidence")
    walked = (on + timedelta(days=n) for n in range(1, 1500))
    expected = next((day for day in walked if not same(claimed, claimed_on(day))), None)
    check(claimed, expected, on, 1500)


@settings(max_examples=300, deadline=None)
@example(date(2012, 2, 29), date(2027, 2, 28))
@example(date(2012, 2, 29), date(2100, 2, 28))
@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2100, 12, 31)))
def test_completed_years_and_birthdays_agree_with_counting_birthdays(birth, on):
    for late, setting in ((False, "03-01"), (True, "02-28")):
        years = years_old(birth, on, late)
        assert completed_years(as_number(birth), as_number(on), setting) == years
        day = birthday(as_number(birth), years + 1, setting)
        when = date(day // 10000, day // 100 % 100, day % 100)
        assert years_old(birth, when, late) == years + 1
        assert years_old(birth, when - timedelta(days=1), late) == years
        assert Births.of_range(years, years, as_number(on), setting).years(as_number(on), 150, setting) == (
            years,
            years,
        )


@settings(max_examples=60, deadline=None)
@given(birth_dates, st.dates(date(2026, 11, 24), date(2029, 1, 1)))
def test_ages_counted_by_calendar_year_change_on_the_first_of_january(birth, on):
    rest = {"service": {"risk": "low", "made": False}, "consent": {"state": "granted", "by": "parent"}}

    def ask(day: date) -> law.Answer:
        return CALENDAR.ask(
            {"question": "account", "on": day.isoformat(), "age": {"birth_date": birth.isoformat()}} | rest,
            now=NOW,
        )

    answer = ask(on)
    young = on.year - birth.year < 13
    grown = years_old(birth, on, False) >= 18
    assert answer.outcome == ("free" if grown else "deny" if young else "allow")
    if young:
        assert answer.valid_until is not None
        assert answer.valid_until.astimezone(JAKARTA).isoformat() == f"{birth.year + 13}-01-01T00:00:00+07:00"


def test_a_range_of_completed_years_is_one_wider_by_calendar_years():
    rest = {"service": {"risk": "low", "made": False}, "consent": {"state": "granted", "by": "parent"}}
    assert asked(CALENDAR, date(2026, 11, 24), 12, 12, rest).outcome == "ask_age"
    assert asked(CALENDAR, date(2026, 11, 24), 13, 13, rest).outcome == "allow"
    assert asked(CALENDAR, date(2026, 11, 24), 11, 11, rest).outcome == "deny"


def test_the_law_itself_ends_an_answer_before_a_birthday_does():
    facts = {"question": "account", "age": {"birth_date": "2010-05-01"}, "service": {"risk": "high", "made": False},
             "consent": {"state": "granted", "by": "parent"}}  # fmt: skip
    before = PACK.ask(facts | {"on": "2026-11-24"}, now=NOW)
    assert (before.outcome, before.as_dict()["valid_until"]) == ("allow", "2027-03-01T00:00:00+07:00")
    inside = PACK.ask(facts | {"on": "2027-12-31"}, now=NOW)
    assert (inside.outcome, inside.as_dict()["valid_until"]) == ("deny", "2028-01-01T00:00:00+07:00")
    asleep = PACK.ask(facts | {"on": "2019-12-31"}, now=NOW)
    assert (asleep.outcome, asleep.status, asleep.open) == ("not_in_force", "not_yet", True)
    assert asleep.as_dict()["valid_until"] == "2020-01-01T00:00:00+07:00"


def test_the_end_of_a_consent_comes_before_the_next_birthday():
    facts = {"question": "account", "on": "2026-11-24", "age": {"birth_date": "2012-12-01"}, "service": {"risk": "low", "made": True},
             "consent": {"state": "granted", "by": "parent", "ends_at": "2026-11-30T12:00:00+07:00"}}  # fmt: skip
    answer = PACK.ask(facts, now=NOW)
    assert answer.valid_until == datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
    with pytest.raises(law.QuestionRefused) as caught:
        PACK.ask(facts, now=datetime(2026, 11, 30, 5, 0, tzinfo=UTC))
    assert caught.value.code == "ask.ended"


@pytest.mark.parametrize(
    ("zone", "day", "outcome"),
    [
        (None, "2026-11-24", "allow"),
        ("WITA", "2026-11-24", "allow"),
        ("WIT", "2026-11-24", "allow"),
        ("Asia/Jakarta", "2026-11-24", "allow"),
    ],
)
def test_a_birthday_begins_at_midnight_where_the_child_is(zone, day, outcome):
    facts = {"question": "account", "on": "2026-11-23T17:30:00Z", "age": {"birth_date": "2010-11-24"},
             "service": {"risk": "high", "made": False}, "consent": {"state": "granted", "by": "parent"}}  # fmt: skip
    answer = PACK.ask(facts | ({"zone": zone} if zone else {}), now=NOW)
    assert (answer.outcome, answer.local_date.isoformat()) == (outcome, day)
    earlier = PACK.ask(facts | {"on": "2026-11-23T16:30:00Z", "zone": zone}, now=NOW)
    assert earlier.outcome == ("deny" if zone in (None, "Asia/Jakarta") else "allow")
