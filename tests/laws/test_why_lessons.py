"""Each reason that the law can give to a child or parent has a screen that explains it, or stands here with why not."""

from datetime import UTC, datetime
from itertools import product

import pytest

from ruangaman.adapters import packs
from ruangaman.rooms.learning import api, courses

PACK = packs.load("ID")
NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)
CHILDREN, PARENTS = ("B3", "B4", "B5"), ("PAR",)
TOLD = ("account", "feature")
"""What families, children and everybody ask of the law here: whether an account opens, and what stays switched off."""
NOBODY = {
    "ID/account/adult": "nothing is closed to an adult, so nobody asks why",
    "ID/account/self-assessment-still-owed": "told to the operator, beside the reason that is told to the family",
    "ID/account/confirmation-read-as-the-parents-consent": "it opens, and only a reading of a doubt leads there",
    "ID/feature/adult": "nothing is switched off for an adult",
    "ID/feature/protective-tools": "what a service must offer; no family is told that it is off",
    "ID/feature/safe-search": "what a service must offer; no family is told that it is off",
    "ID/feature/counted-as-a-risk": "told to the operator: it raises a score and closes nothing by itself",
    "ID/feature/not-named": "the law says nothing of it, and neither does a page",
}
NO_CHILD = {
    "ID/account/under-3": "nobody of that age reads",
    "ID/feature/parental-supervision": "a tool of parents; on a child's page it says who watches and why",
    "ID/feature/monitoring-notice": "a duty to tell; a child's page tells it, with the parent's own reason",
}


def reasons() -> set[str]:
    """Of norms, and of answers to questions over every age, service and consent."""
    found = {norm.rule for topic in TOLD for norm in PACK.source.tables[topic].norms}
    services = [
        {"risk_profile": risk, "designed_for_children": made} | more
        for risk, made in product(("low", "high", "unassessed"), (True, False))
        for more in ({}, {"type": "social_media"}, {"named": True})
    ]
    consents = [{"state": state} for state in ("none", "pending", "refused", "withdrawn", "lapsed")]
    consents += [{"state": "granted", "by": "parent"}]
    consents += [
        {"state": "granted", "by": "child", "parent_notified": told, "parent_confirmed": yes}
        for told, yes in product((True, False), repeat=2)
    ]
    for age, service, consent in product((1, 6, 12, 15, 16, 17, 19), services, consents):
        facts = {"question": "account", "service": service, "consent": consent}
        for known in ({}, {"age": {"at_least": age, "at_most": age}, "evidence": "verified"}):
            found.add(str(PACK.ask(facts | known, now=NOW).reason))
    return found


GIVEN = sorted(reasons())


def test_the_grid_of_questions_finds_reasons_that_are_no_norms():
    assert "ID/account/undecided" in GIVEN
    assert len(GIVEN) > 30


@pytest.mark.parametrize("reason", GIVEN)
def test_a_reason_has_a_screen_for_whom_it_is_told_to(reason):
    for_parents = api.explaining(reason, "PAR")
    assert (for_parents is None) is (reason in NOBODY)
    if reason in NOBODY:
        assert all(api.explaining(reason, who) is None for who in CHILDREN)
        return
    for who in CHILDREN:
        found = api.explaining(reason, who)
        assert (found is None) is (reason in NO_CHILD), who
        assert found is None or found.startswith("/pelajaran/B")


def test_the_lists_name_only_what_the_law_can_say():
    assert set(NOBODY) <= set(GIVEN)
    assert set(NO_CHILD) <= set(GIVEN)


def test_a_screen_explains_only_what_the_law_can_say_and_stands_in_its_lesson():
    known = set(GIVEN) | {norm.rule for table in PACK.source.tables.values() for norm in table.norms}
    known |= {f"{PACK.id}/{name}/{end}" for name in PACK.questions for end in ("stated", *ENDS.get(name, ()))}
    for reason, addresses in courses.explained().items():
        assert reason in known, reason
        for address in addresses.values():
            objective, _, screen = address.removeprefix("/pelajaran/").partition("/#")
            assert screen in {one.id for one in courses.course().lessons[objective].screens}


ENDS = {"data_access": ("access",), "data_correction": ("correction",), "data_deletion": ("deletion",)}
"""Clocks answer by what they run for."""
