"""A platform's clock may be five minutes early or late, and no more."""

import pytest
from tests.checks.age_tokens import BEGINS, ENDS, both, token


@pytest.mark.parametrize(
    ("now", "came"),
    [
        (BEGINS - 301, "key-not-yet-valid"),
        (BEGINS - 300, "yes"),
        (BEGINS, "yes"),
        (ENDS - 1, "yes"),
        (ENDS + 299, "yes"),
        (ENDS + 300, "key-ended"),
    ],
)
def test_300_seconds_both_ways(now, came):
    assert both(token(), now=now) == came


@pytest.mark.parametrize(
    ("now", "came"),
    [(BEGINS - 1, "key-not-yet-valid"), (BEGINS, "yes"), (ENDS - 1, "yes"), (ENDS, "key-ended")],
)
def test_a_strict_platform_may_allow_none(now, came):
    assert both(token(), now=now, skew=0) == came
