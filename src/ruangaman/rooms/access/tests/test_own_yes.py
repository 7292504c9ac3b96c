"""The yes of a child counts from the age at which the law takes it, and what it said before does not grow into one."""

from datetime import UTC, datetime

import pytest

from ruangaman.rooms.access.tests.conftest import BORN

SIXTEEN = {"birth_date": "2009-12-10"}  # 17 on 10 December 2026
BIRTHDAY = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)


@pytest.fixture(params=[False, True], ids=["live", "sandbox"])
def house(platform, hour, request):
    return platform("obrol", sandbox=request.param)


def kind(told):
    return told.json["consent"]["kind"]


def test_a_yes_said_at_sixteen_is_none_at_seventeen_until_it_is_said_again(house, hour):
    first = house.sign_up("obrol", age=SIXTEEN, child_consent=True)
    assert kind(first) == "consent"
    hour.at = BIRTHDAY
    assert kind(house.sign_up("obrol")) == "consent"
    lapsed = house.sign_up("obrol", subject="p-2", age=SIXTEEN, child_consent=True)
    assert kind(lapsed) == "confirmation"


def test_a_yes_said_again_at_seventeen_counts(house, hour):
    house.sign_up("obrol", age=SIXTEEN, child_consent=True)
    hour.at = BIRTHDAY
    assert kind(house.sign_up("obrol", child_consent=True)) == "confirmation"


def test_a_yes_before_the_age_was_known_counts_when_the_age_shows_it(house, hour):
    told = house.sign_up("obrol", child_consent=True)
    assert told.json["next"]["kind"] == "age_check"
    later = house.post(f"/v1/sessions/{told.json['id']}/age", {"age": BORN["ayu"], "evidence": "verified"})
    assert kind(later) == "confirmation"


def test_what_a_child_says_too_early_changes_nothing_that_a_platform_sees(house, hour):
    house.sign_up("obrol", age=SIXTEEN, child_consent=True)
    before = house.sign_up("obrol", child_consent=True).json
    hour.pass_(minutes=5)
    assert house.sign_up("obrol", child_consent=True).json == before
