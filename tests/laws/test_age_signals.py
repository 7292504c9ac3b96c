"""Whatever a phone claims, it is a hint: the law never counts it above `asserted`, and two readers agree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import packs
from ruangaman.client import age_signal
from ruangaman.core import age_checks, age_signals
from ruangaman.core.age_signals import AgeSignalRefused, read_apple, read_google

READERS = {"apple": read_apple, "google": read_google}
NOW = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
NAMES = (
    *("response", "lowerBound", "upperBound", "ageRangeDeclaration", "activeParentalControls"),
    *("userStatus", "ageLower", "ageUpper", "mostRecentApprovalDate", "installId", "new field"),
)
WORDS = (
    *age_signals.RESPONSES,
    *age_signals.STATUSES,
    "confirmedByGovernmentId",
    "selfDeclared",
    "VERIFIED ",
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 160),
    st.floats(allow_nan=True),
    st.sampled_from(WORDS),
    st.lists(st.integers(), max_size=2),
)
likely = st.fixed_dictionaries(
    {},
    optional={
        "response": st.sampled_from(age_signals.RESPONSES),
        "userStatus": st.sampled_from(age_signals.STATUSES),
        "ageRangeDeclaration": st.sampled_from(WORDS),
        **{name: st.integers(0, 25) for name in ("lowerBound", "upperBound", "ageLower", "ageUpper")},
    },
)


@pytest.mark.parametrize("system", sorted(READERS))
@given(st.one_of(st.dictionaries(st.sampled_from(NAMES), values, max_size=8), likely))
def test_both_readers_say_the_same_and_raise_nothing_else(system, said):
    try:
        found = READERS[system](said)
    except AgeSignalRefused:
        with pytest.raises(ValueError, match="not understood"):
            age_signal(system, said)
        return
    assert (found.evidence, found.assurance) == ("signal", "asserted")
    told = age_signal(system, said)
    assert told == (
        None if found.age is None else {"age": dict(found.age), "evidence": "signal", "assurance": "asserted"}
    )
    if found.age is not None:
        assert set(found.age) <= {"at_least", "at_most"}
        assert found.age.get("at_least", 0) <= found.age.get("at_most", 150)


@pytest.mark.parametrize("claim", ["VERIFIED", "DECLARED", "SUPERVISED"])
def test_a_claim_of_google_to_have_verified_is_still_a_word(claim):
    found = read_google({"userStatus": claim, "ageLower": 18, "ageUpper": None, "installId": "secret-1"})
    assert (found.age, found.evidence, found.assurance) == ({"at_least": 18}, "signal", "asserted")
    assert "secret-1" not in repr(found)


@pytest.mark.parametrize(
    "claim", ["selfDeclared", "guardianDeclared", "confirmedByCreditCard", "anything new"]
)
def test_apples_declaration_changes_nothing(claim):
    said = {"response": "sharing", "lowerBound": 16, "upperBound": 17, "ageRangeDeclaration": claim}
    assert read_apple(said) == age_signals.Signal({"at_least": 16, "at_most": 17})


@pytest.mark.parametrize(
    ("system", "said", "why"),
    [
        ("apple", {}, "response"),
        ("apple", {"response": "Sharing"}, "response"),
        ("apple", {"response": "declined", "lowerBound": 18}, "response"),
        ("apple", {"response": "sharing", "lowerBound": True}, "lowerBound"),
        ("apple", {"response": "sharing", "lowerBound": 13.0}, "lowerBound"),
        ("apple", {"response": "sharing", "lowerBound": "13"}, "lowerBound"),
        ("apple", {"response": "sharing", "upperBound": -1}, "upperBound"),
        ("apple", {"response": "sharing", "lowerBound": 16, "upperBound": 13}, "upperBound"),
        ("apple", {"response": "sharing", "ageRangeDeclaration": 1}, "ageRangeDeclaration"),
        ("google", {"userStatus": "verified"}, "userStatus"),
        ("google", {"userStatus": ["VERIFIED"]}, "userStatus"),
        ("google", {"userStatus": "UNKNOWN", "ageLower": 18}, "userStatus"),
        ("google", {"ageLower": 18}, "userStatus"),
        ("google", {"userStatus": "VERIFIED", "ageLower": 151}, "ageLower"),
        ("google", {f"f{number}": 1 for number in range(33)}, "form"),
    ],
)
def test_what_is_not_documented_is_refused_by_name(system, said, why):
    with pytest.raises(AgeSignalRefused) as refused:
        READERS[system](said)
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize("risk", ["high", "unassessed"])
def test_no_phone_opens_a_service_of_high_risk(risk):
    """The strongest claim that a phone can make settles no age where the law wants a proof."""
    pack = packs.load("ID")
    service = {"risk_profile": risk, "designed_for_children": False}
    for said in (
        read_google({"userStatus": "VERIFIED", "ageLower": 18}),
        read_apple({"response": "sharing", "lowerBound": 18, "ageRangeDeclaration": "confirmed"}),
    ):
        need = age_checks.need(
            pack, service, age=said.age, evidence=said.evidence, assurance=said.assurance,
            consent={"state": "none"}, now=NOW,
        )  # fmt: skip
        assert need.needed
        assert need.threshold == 18
