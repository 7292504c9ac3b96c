"""A token dies with its key: a week, and one day in which a late one may still be spent."""

import pytest
from tests.checks.age_tokens import ENDS, both, listed, token

from ruangaman.core.credentials.epochs import DAY_S, Calendar, Slot, missing, over, slots

WEEK = Calendar(start=4 * DAY_S, length=7 * DAY_S, overlap=DAY_S)


@pytest.mark.parametrize(
    ("late", "came"),
    [
        (-1, "yes"),
        (0, "yes"),
        (299, "yes"),
        (300, "key-ended"),
        (DAY_S, "key-ended"),
        (7 * DAY_S, "key-ended"),
    ],
)
def test_a_token_ends_with_its_key(late, came):
    assert both(token(), now=ENDS + late) == came


def test_a_key_that_left_the_directory_is_unknown():
    assert both(token(number=0), keys=[listed(1)]) == "key-unknown"


def test_the_key_before_is_taken_for_one_day_more_and_signs_no_more():
    begins, ends = WEEK.window(7)
    assert ends - begins == 8 * DAY_S
    assert WEEK.epoch(begins) == 7
    assert WEEK.epoch(begins - 1) == 6
    assert WEEK.taken(begins) == (7, 6)
    assert WEEK.taken(begins + DAY_S - 1) == (7, 6)
    assert WEEK.taken(begins + DAY_S) == (7,)


def test_keys_are_made_ahead_and_destroyed_when_nobody_takes_them():
    begins, ends = WEEK.window(7)
    claims, assurances = ("age_over_13", "age_over_16"), ("standard", "strict")
    of_7, of_8 = slots(claims, assurances, 7), slots(claims, assurances, 8)
    assert len(of_7) == 4
    assert missing(WEEK, claims, assurances, (), begins, DAY_S) == of_7
    assert missing(WEEK, claims, assurances, of_7[:3], begins, DAY_S) == of_7[3:]
    assert missing(WEEK, claims, assurances, of_7, WEEK.window(8)[0] - DAY_S, DAY_S) == of_8
    assert missing(WEEK, claims, assurances, of_7, WEEK.window(8)[0] - DAY_S - 1, DAY_S) == ()
    assert over(WEEK, of_7, ends + 299, 300) == ()
    assert over(WEEK, (*of_7, *of_8), ends + 300, 300) == of_7
    assert Slot("age_over_13", "standard", 7) in of_7
