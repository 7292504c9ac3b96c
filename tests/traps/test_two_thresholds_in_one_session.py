"""A yes to 13 and a no to 16 tell that somebody is 13, 14 or 15. One session, one threshold."""

import pytest
from tests.checks.age_tokens import ORDER, both, listed, token

from ruangaman.core.credentials.age_claims import assurances_from, one_claim, read_claim
from ruangaman.core.credentials.token_check import Policy
from ruangaman.core.credentials.token_errors import AssuranceRefused, ClaimRefused, TwoThresholds


@pytest.mark.parametrize(
    "claims",
    [
        ["age_over_13", "age_over_16"],
        ["age_over_13", "age_under_16"],
        ["age_over_16", "age_under_16"],
        ["age_under_13", "age_over_18", "age_over_13"],
    ],
)
def test_a_policy_with_two_thresholds_is_refused(claims):
    with pytest.raises(TwoThresholds):
        Policy.of(claims, "standard", ORDER)
    with pytest.raises(TwoThresholds):
        one_claim(claims)


def test_the_same_claim_again_is_one_threshold():
    assert one_claim(["age_over_13", "age_over_13"]) == read_claim("age_over_13")
    assert Policy.of(["age_over_13"] * 2, "enhanced", ORDER) == Policy(
        "age_over_13", frozenset({"enhanced", "strict"})
    )


def test_a_policy_without_a_claim_or_with_a_wrong_word_is_refused():
    for claims in (
        [],
        ["age_over_0"],
        ["age_over_013"],
        ["age_over_151"],
        ["AGE_OVER_13"],
        ["age_over_13 "],
        ["age_over_\u0663"],
    ):
        with pytest.raises(ClaimRefused):
            Policy.of(claims, "standard", ORDER)
    with pytest.raises(AssuranceRefused):
        assurances_from("sure", ORDER)


def test_a_token_over_a_higher_age_does_not_stand_in_for_a_lower_one():
    """It would be true, and it would tell more of the child than was asked."""
    assert both(token(), keys=[listed(claim="age_over_16")], claim="age_over_13") == "claim-not-met"
    assert both(token(), keys=[listed(claim="age_under_13")], claim="age_over_13") == "claim-not-met"


def test_assurance_has_an_order():
    assert both(token(), keys=[listed(assurance="strict")], least="standard") == "yes"
    assert both(token(), keys=[listed(assurance="standard")], least="enhanced") == "assurance-not-met"
    assert both(token(), keys=[listed(assurance="asserted")], least="standard") == "assurance-not-met"
    assert both(token(), keys=[listed(assurance="unheard-of")], least="asserted") == "assurance-not-met"
