"""Several packs as one law: their norms are joined before anything unknown is reduced."""

# ruff: noqa: E501  one norm a line reads as a table

from datetime import date, datetime
from typing import Any

import pytest
from tests.laws.synthetic import NOW, T, encoded

from ruangaman.core import law


def head(name: str, more: str = "", facts: str = "") -> str:
    return f"""
id: {name}
version: 1
title: {T}
checked: 2026-11-24
zone: UTC
leap_birthday: 03-01
max_age: 120
{more}
instruments: {{act-{name.lower()}: {{short: Act {name}, title: {T}, checked: 2026-11-24}}}}
facts:
  x: {{kind: yes_no}}
{facts}
"""


def words(*said: str) -> str:
    return "words:\n" + "".join(f"  {word}: {{id: kata {word}, en: word {word}}}\n" for word in said)


def norm(layer: str, text: str) -> str:
    return f"  - {{{text}, source: [act-{layer} Art. 1], confidence: one, text: {T}}}\n"


def gate(layer: str, *norms: str) -> str:
    return f"""
question: gate
title: {T}
outcomes: [not_applicable, allow, deny]
closed: [deny]
texts: {{unclear: {T}}}
norms:
""" + "".join(norm(layer, one) for one in norms)


SAID = words("not_applicable", "allow", "deny", "unclear", "x", "abroad")
A = {
    "pack.yaml": head("A"),
    "texts.yaml": SAID,
    "gate.yaml": gate("a", "id: may, then: allow", "id: when-x, when: {x: yes}, then: deny"),
}
B = {
    "pack.yaml": head("B"),
    "texts.yaml": SAID,
    "gate.yaml": gate("b", "id: may, then: allow", "id: when-not-x, when: {x: no}, then: deny"),
}
AB = {"pack.yaml": head("AB", "extends: [A, B]")}
FOLDERS = {"A": encoded(A), "B": encoded(B), "AB": encoded(AB)}


def ask(pack: law.Pack, question: str = "gate", **facts: Any) -> law.Answer:
    return pack.ask({"question": question} | facts, now=NOW)


def test_two_layers_apart_undecided_are_decided_together():
    apart = [law.compile_pack(FOLDERS[name]) for name in "AB"]
    assert [ask(one).outcome for one in apart] == ["unclear", "unclear"]
    joined = law.compile_pack(FOLDERS["AB"], others=FOLDERS)
    answer = ask(joined)
    assert (answer.outcome, answer.decided, answer.settles) == ("deny", True, ())
    assert answer.reason == "AB/gate/every-case"
    assert ask(joined, x=True).reason == "A/gate/when-x"
    assert ask(joined, x=False).reason == "B/gate/when-not-x"
    assert set(ask(joined, x=True).articles) == {"Act A Art. 1", "Act B Art. 1"}


def test_a_lift_of_all_reaches_its_own_layer_only_and_another_layers_norm_is_lifted_by_its_full_name():
    own = {
        "pack.yaml": head("C", "extends: [A]", "  abroad: {kind: yes_no}"),
        "gate.yaml": "question: gate\nnorms:\n"
        + norm("c", "id: local, when: {x: yes}, then: deny")
        + norm("c", "id: abroad, when: {abroad: yes}, then: not_applicable, lifts: all"),
    }
    folders = FOLDERS | {"C": encoded(own)}
    pack = law.compile_pack(folders["C"], others=folders)
    assert ask(pack, abroad=True, x=True).reason == "A/gate/when-x"
    assert ask(pack, abroad=True, x=False).outcome == "allow"
    barred = {
        "pack.yaml": own["pack.yaml"],
        "gate.yaml": own["gate.yaml"].replace("lifts: all", "lifts: [local, A/gate/when-x, A/gate/may]"),
    }
    pack = law.compile_pack(encoded(barred), others=folders)
    assert ask(pack, abroad=True, x=True).outcome == "not_applicable"


EU = {
    "pack.yaml": head(
        "EU",
        "abstract: yes",
        "  legal_basis: {words: [consent, other]}\n  direct: {kind: yes_no}\n  age: {kind: completed_years}",
    ),
    "texts.yaml": words(
        "not_applicable",
        "allow",
        "require_joint_consent",
        "require_guardian_consent",
        "unclear",
        "legal_basis",
        "consent",
        "other",
        "direct",
        "age",
    ),
    "process_data.yaml": f"""
question: process_data
title: {T}
status: [{{from: 2018-05-25, is: in_force}}]
outcomes: [not_applicable, allow, require_joint_consent, require_guardian_consent]
closed: [require_joint_consent, require_guardian_consent]
texts: {{unclear: {T}, not_in_force: {T}}}
norms:
"""
    + norm(
        "eu", "id: other-basis, when: [{legal_basis: other}, {direct: no}], then: not_applicable, lifts: all"
    )
    + norm("eu", 'id: below, when: {age: "< $consent_age"}, then: $below, with: {who_consents: guardian}')
    + norm("eu", 'id: digital-age, when: {age: ">= $consent_age"}, then: allow, with: {who_consents: child}'),
}


def state(name: str, ages: str, below: str) -> dict[str, bytes]:
    return encoded(
        {
            "pack.yaml": head(name, "extends: [EU]"),
            "values.yaml": f"""
values:
  consent_age: {{title: {T}, rows: [{ages}]}}
  below: {{title: {T}, rows: [{{is: {below}, source: [act-eu Art. 8(1)]}}]}}
""",
        }
    )


STATES = {
    "EU": encoded(EU),
    "DK": state(
        "DK",
        "{from: 2018-05-25, is: 13, source: [act-dk Sec. 6]}, {from: 2024-01-01, is: 15, known: 2023-12-01, source: [act-dk Sec. 6]}",
        "require_guardian_consent",
    ),
    "FR": state("FR", "{from: 2018-05-25, is: 15, source: [act-fr Sec. 45]}", "require_joint_consent"),
    "DE": state("DE", "{from: 2018-05-25, is: 16, source: [act-eu Art. 8(1)]}", "require_guardian_consent"),
}


@pytest.mark.parametrize(
    ("place", "on", "age", "outcome", "who"),
    [
        ("DE", "2026-03-01", 15, "require_guardian_consent", "guardian"),
        ("DE", "2026-03-01", 16, "allow", "child"),
        ("FR", "2026-03-01", 14, "require_joint_consent", "guardian"),
        ("FR", "2026-03-01", 15, "allow", "child"),
        ("DK", "2023-12-31", 14, "allow", "child"),
        ("DK", "2024-01-01", 14, "require_guardian_consent", "guardian"),
        ("DK", "2018-05-24", 14, "not_in_force", None),
    ],
)
def test_a_foreign_rule_is_one_text_and_a_states_dated_numbers(place, on, age, outcome, who):
    pack = law.compile_pack(STATES[place], others=STATES)
    facts = {"on": on, "age": {"at_least": age, "at_most": age}, "legal_basis": "consent", "direct": True}
    answer = ask(pack, "process_data", **facts)
    assert (answer.outcome, answer.extras.get("who_consents")) == (outcome, who)
    if outcome != "not_in_force":
        assert ask(pack, "process_data", **(facts | {"legal_basis": "other"})).outcome == "not_applicable"


def test_a_decision_can_be_replayed_with_what_was_known_then():
    facts = {
        "on": "2024-02-01",
        "age": {"at_least": 14, "at_most": 14},
        "legal_basis": "consent",
        "direct": True,
    }
    then = law.compile_pack(STATES["DK"], others=STATES, as_known_on=date(2023, 11, 30))
    assert ask(then, "process_data", **facts).outcome == "allow"
    assert then.law_version["as_known_on"] == "2023-11-30"
    later = law.compile_pack(STATES["DK"], others=STATES, as_known_on=date(2023, 12, 1))
    assert ask(later, "process_data", **facts).outcome == "require_guardian_consent"


def test_the_change_of_a_number_ends_an_answer():
    pack = law.compile_pack(STATES["DK"], others=STATES)
    facts = {
        "on": "2023-06-01",
        "age": {"birth_date": "2009-07-01"},
        "legal_basis": "consent",
        "direct": True,
    }
    assert ask(pack, "process_data", **facts).valid_until == datetime(2024, 1, 1, tzinfo=NOW.tzinfo)


def test_an_abstract_pack_is_not_asked_and_a_missing_number_is_refused():
    for files, code in (
        (STATES["EU"], "pack.abstract"),
        (encoded({"pack.yaml": head("XX", "extends: [EU]")}), "pack.value-missing"),
    ):
        with pytest.raises(law.PackRefused) as caught:
            law.compile_pack(files, others=STATES)
        assert caught.value.code == code
