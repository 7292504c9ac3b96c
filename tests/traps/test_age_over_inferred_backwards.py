"""Over 21 is over 18. Over 16 says nothing about 18, and not over 21 says nothing about 18 either."""

from itertools import product

import pytest
from tests.mdocs import Wallet, check

from ruangaman.core.credentials import mdoc

AGES = range(10, 23)


def test_an_answer_is_given_only_where_every_possible_age_agrees():
    """The slow truth: try every age in years that fits what is claimed."""
    for low, high in product(AGES, AGES):
        for said_low, said_high in product((True, False), repeat=2):
            claims = {low: said_low} | {high: said_high}
            possible = [age for age in range(0, 120) if all((age >= n) is over for n, over in claims.items())]
            for asked in AGES:
                if not possible:
                    with pytest.raises(mdoc.AgeContradicts):
                        mdoc.answer_over(claims, asked)
                    continue
                answers = {age >= asked for age in possible}
                wanted = answers.pop() if len(answers) == 1 else None
                assert mdoc.answer_over(claims, asked) is wanted, (claims, asked)


def test_no_claim_is_no_answer():
    assert mdoc.answer_over({}, 18) is None


def test_a_document_answers_by_the_same_rule_and_leaves_out_what_it_cannot_answer():
    wallet = Wallet(elements={"age_over_16": True, "age_over_21": False})
    assert check(wallet, ages=(13, 16, 18, 21, 25)).over == {13: True, 16: True, 21: False, 25: False}


def test_a_document_that_contradicts_itself_is_refused():
    with pytest.raises(mdoc.AgeContradicts):
        check(Wallet(elements={"age_over_16": False, "age_over_21": True}))


@pytest.mark.parametrize("value", [1, "true", None, b"\xf5", [True]])
def test_an_age_that_is_neither_true_nor_false_is_refused(value):
    with pytest.raises(mdoc.AgeMalformed):
        check(Wallet(elements={"age_over_18": value}))


def test_nothing_is_told_that_was_not_asked():
    wallet = Wallet(doc_type=mdoc.MDL, elements={"family_name": "Karina", "age_over_18": True})
    checked = check(wallet, doc_type=mdoc.MDL, ages=())
    assert checked.over == {}
    assert "Karina" not in repr(checked)
