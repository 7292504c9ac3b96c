"""Verdicts about a relation: what the question says of a name, and what an office may say back."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from examples.registry import office as example
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from ruangaman.core import verdicts

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NONCE = "n" * 43
KEY = OKPKey.generate_key("Ed25519", {"kid": "k1"})
NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)

# openssl: printf NAME | openssl dgst -sha256 -hmac NONCE
VECTORS = [
    ("Sari", NONCE, "61f794be9d4af723d3667328f5514daa23d8703bef082bfa414bd52fa972c71f"),
    ("  SARI\t", NONCE, "61f794be9d4af723d3667328f5514daa23d8703bef082bfa414bd52fa972c71f"),
    ("ＳＡＲＩ", NONCE, "61f794be9d4af723d3667328f5514daa23d8703bef082bfa414bd52fa972c71f"),
    ("Siti \n Nurhaliza", "k" * 43, "e42eb5988558e0f2414f5cfaf46b862dc250bf9c09b87ae879a8454fd67100bd"),
    ("Straße", NONCE, "08e5131b5d07a8d1c56c85d28d8225e4e797715573cf74458547b8e397555220"),
    ("Rina", NONCE, "f8b0e5e1e9ab03020b19b2e73e92273090aed77202f4bb7f5a3b5ae148d449fe"),
    (" \t", NONCE, ""),
]


@pytest.mark.parametrize(("name", "nonce", "expected"), VECTORS)
def test_a_name_in_the_question_is_an_hmac_of_its_plain_spelling(name, nonce, expected):
    assert verdicts.name_check(nonce, name) == expected


@given(NAMES)
def test_house_and_example_office_spell_a_name_alike(name):
    ours = verdicts.name_check(NONCE, name)
    assert ours == (example.name_check(NONCE, name) if verdicts.plain_name(name) else "")


def verdict(**changes: Any) -> str:
    said: dict[str, Any] = {
        "verified": True, "method": "family_card", "provider": "kantor", "level": 3, "reference": "KC-1",
        "checked_at": NOW.isoformat(), "expires_at": "2027-11-24T03:00:00Z", "guardian": "g", "child": "c",
        "relation": "mother", "child_age": {"at_least": 10, "at_most": 10}, **changes,
    }  # fmt: skip
    issued = int(NOW.timestamp())
    claims = {
        "iss": "i", "aud": "a", "jti": "1", "nonce": NONCE, "iat": issued, "exp": issued + 300, "verdict": said,
    }  # fmt: skip
    header = {"alg": "Ed25519", "kid": "k1", "typ": verdicts.TYPE}
    return jws.serialize_compact(header, json.dumps(claims).encode(), KEY, algorithms=["Ed25519"])


def read(text: str, name: str = "Sari") -> verdicts.Verdict:
    return verdicts.read(
        text, keys={"keys": [KEY.as_dict(private=False)]}, issuer="i", audience="a", provider="kantor",
        nonce=NONCE, name_asked=verdicts.name_check(NONCE, name), now=NOW,
    )  # fmt: skip


ASKED = verdicts.name_check(NONCE, "Sari")
OTHER = verdicts.name_check(NONCE, "Rina")


@pytest.mark.parametrize("fits", [True, False])
def test_an_office_says_whether_the_name_fits(fits):
    assert read(verdict(name_fits=fits, name_check=ASKED)).name_fits is fits


def test_an_office_that_does_not_compare_says_nothing():
    assert read(verdict()).name_fits is None
    assert read(verdict(), name="").name_fits is None


@pytest.mark.parametrize(
    ("said", "name", "why"),
    [
        (
            {"name_fits": True, "name_check": OTHER},
            "Sari",
            "name-check",
        ),  # the browser asked about another name
        ({"name_fits": False, "name_check": OTHER}, "Sari", "name-check"),
        ({"name_fits": True, "name_check": ASKED}, "", "name-check"),  # nobody asked
        ({"name_fits": True, "name_check": ""}, "", "name-check"),
        ({"name_fits": True, "name_check": None}, "Sari", "name-check"),
        ({"name_fits": True, "name_check": ASKED.upper()}, "Sari", "name-check"),
        ({"name_fits": True, "name_check": "é" * 64}, "Sari", "name-check"),
        ({"name_fits": True}, "Sari", "fields-wrong"),
        ({"name_check": ASKED}, "Sari", "fields-wrong"),
        ({"name_fits": 1, "name_check": ASKED}, "Sari", "fields-wrong"),
        ({"name_fits": "true", "name_check": ASKED}, "Sari", "fields-wrong"),
        ({"name_fits": None, "name_check": ASKED}, "Sari", "fields-wrong"),
        ({"name_fits": True, "name_check": ASKED, "name": "Sari"}, "Sari", "says-too-much"),
    ],
)
def test_a_word_about_the_name_counts_only_for_the_name_that_was_asked(said, name, why):
    with pytest.raises(verdicts.VerdictRefused) as refused:
        read(verdict(**said), name)
    assert refused.value.facts["why"] == why


def test_who_is_nobodys_parent_says_nothing_about_names():
    no_child = {"level": 2, "name_fits": True, "name_check": ASKED}
    text = verdict(**no_child)
    with pytest.raises(verdicts.VerdictRefused):
        read(text)
