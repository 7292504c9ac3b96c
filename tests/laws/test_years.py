"""What a pack says of ages apart from a case, and from which age an account opens: the law's numbers and no others."""

from datetime import UTC, datetime
from itertools import product

import pytest
from tests.laws.changed import moved

from ruangaman.adapters import packs
from ruangaman.core import accounts
from ruangaman.core.ages import as_number
from ruangaman.core.law import years

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ASKED = ("account", "feature")
ID = packs.load("ID")
SERVICES = [
    {"risk_profile": risk, "designed_for_children": made, "type": kind}
    for risk, made, kind in product(
        ("low", "high", "unassessed"), (True, False), ("stories", "chat", "video", "other")
    )
]


def value(name):
    return ID.ask({"question": name}, now=NOW).as_dict()["value"]


def test_the_ranges_are_those_of_article_20():
    assert [(one.name, one.first, one.last) for one in years.age_ranges(ID)] == [
        ("3-5", 3, 5), ("6-9", 6, 9), ("10-12", 10, 12), ("13-15", 13, 15), ("16-17", 16, 17),
    ]  # fmt: skip
    assert (years.lowest_age(ID), years.grown_from(ID), years.middle_range(ID).name) == (3, 18, "10-12")


def test_the_pack_says_the_same_in_its_dated_values():
    assert list(value("age_ranges")) == [one.name for one in years.age_ranges(ID)]
    assert value("lowest_age") == years.lowest_age(ID)


def test_a_range_is_named_as_answers_name_it():
    for one in years.age_ranges(ID):
        for age in (one.first, one.last):
            assert ID.derive(age, age)["band"] == one.name
    assert [ID.derive(age, age)["is_child"] for age in (17, 18)] == [True, False]


def test_birthdays_count_while_the_law_that_names_them_is_in_force():
    assert years.turns(ID, ASKED, 20261124) == (3, 6, 10, 13, 16, 17, 18)
    assert years.turns(ID, ASKED, 20250326) == (3, 6, 10, 13, 16, 18), (
        "no consent was asked before 27 March 2025"
    )
    assert years.turns(ID, ("no_such_question",), 20261124) == (3, 6, 10, 13, 16, 18)


@pytest.mark.parametrize(
    ("born", "after", "then"),
    [
        (20160510, 20261124, 20290510),
        (20131126, 20261125, 20261126),
        (20131126, 20261126, 20291126),
        (20090220, 20261124, 20270220),
        (20080229, 20251231, 20260301),
        (20080229, 20260301, None),
        (20000101, 20261124, None),
        (20270101, 20261124, 20300101),
    ],
)
def test_the_next_birthday_that_changes_something(born, after, then):
    assert years.next_turn(ID, ASKED, born, after) == then


def test_under_another_rule_for_29_february_it_is_the_day_before():
    assert years.next_turn(moved(), ASKED, 20120229, 20261124) == 20270228
    assert years.next_turn(ID, ASKED, 20080229, 20251231) == 20260301


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: " ".join(map(str, one.values())))
def test_an_account_opens_from_the_age_of_article_21(service):
    """Written down by hand: high risk or none assessed from 16, low from 13, made for children from the lowest age."""
    expected = 16 if service["risk_profile"] != "low" else 3 if service["designed_for_children"] else 13
    assert accounts.opens_from(ID, service, now=NOW) == expected


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: " ".join(map(str, one.values())))
def test_a_year_younger_nobody_can_open_it_and_from_then_on_somebody_can(service):
    first = accounts.opens_from(ID, service, now=NOW)
    for age in range(years.grown_from(ID) + 1):
        told = [
            ID.ask(accounts.facts(service, {"at_least": age, "at_most": age}, who), now=NOW)
            for who in (accounts.NOBODY, accounts.PARENT, accounts.CHILD_AND_PARENT)
        ]
        assert any(accounts.opens(one) for one in told) == (age >= first)


def test_what_no_child_may_open_is_open_to_who_is_grown():
    assert accounts.opens_from(ID, SERVICES[0], after=17, now=NOW) == 18


def test_the_consent_is_the_childs_own_from_17_on():
    assert accounts.own_consent_from(ID, now=NOW) == 17
    assert accounts.own_consent_from(ID, now=datetime(2025, 3, 1, tzinfo=UTC)) is None, "not in force yet"


def test_with_another_law_every_number_is_another():
    other = moved()
    assert [one.name for one in years.age_ranges(other)] == ["4-5", "6-8", "9-12", "13-15", "16-20"]
    assert (years.lowest_age(other), years.grown_from(other)) == (4, 21)
    assert accounts.own_consent_from(other, now=NOW) == 16
    assert accounts.opens_from(other, {"risk_profile": "high"}, now=NOW) == 15
    assert years.turns(other, ASKED, as_number(NOW.date())) == (3, 4, 6, 9, 13, 15, 16, 21)


def test_a_pack_that_counts_other_birthdays_has_another_fingerprint():
    assert years.fingerprint(ID, ASKED) == years.fingerprint(packs.load("ID"), ASKED)
    assert years.fingerprint(ID, ASKED) != years.fingerprint(moved(), ASKED)
    assert years.fingerprint(ID, ASKED) != years.fingerprint(ID, ("feature",))
