"""
Coverage of meaning: take a norm away or move a bound by one, and a golden case fails or the pack is refused.

A pack that proves can still be another law. Only the golden cases see that, so each norm, bound, day, weight, member
and unknown of Indonesia's pack is edited here, and whoever survives is named.
"""

import dataclasses
from collections.abc import Iterable

import pytest
from tests.laws import pack_edits
from tests.laws.pack_edits import Edit

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law import proofs
from ruangaman.site import law_test
from ruangaman.site.case_words import Vocabulary
from ruangaman.site.law_test import Case

FILES = packs.read_folder(packs.folders()["ID"])
TREES = pack_edits.trees_of(FILES)
TABLES = sorted(
    name.removesuffix(".yaml")
    for name in TREES
    if name not in pack_edits.WHOLE_FILES and "norms" in TREES[name]
)
NUMERIC = {
    name
    for name, fact in TREES["pack.yaml"]["facts"].items()
    if fact.get("kind") in ("number", "completed_years")
}
READ_BY_NIK = {said[1:] for said in TREES["nik.yaml"]["reads"]["nik"].values()}
CASES = law_test.read_cases(FILES["cases.yaml"], "cases.yaml")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return law_test.vocabulary_of("ID")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading compares the compiler with itself; an edit of the data does not concern it."""
    monkeypatch.setattr(proofs, "_compare", lambda *args, **kwargs: None)


def asked_by(vocabulary: Vocabulary, topic: str) -> set[str]:
    """Every question that a case of this topic may ask; a topic whose word names the question may ask all."""
    asks = vocabulary.topics[topic].asks
    if any(one.by_word for one in asks):
        return set(TREES["clocks.yaml"]["clocks"]) | set(TREES["values.yaml"]["values"])
    return {one.question for one in asks}


def concerned(edit: Edit, vocabulary: Vocabulary) -> tuple[list[Case], set[str]]:
    """The golden cases that ask the edited question, and all questions that they ask."""
    through = {"age_claim": "account"} | dict.fromkeys(READ_BY_NIK, "nik")
    asked = {edit.question, through.get(edit.question, edit.question)}
    cases = [case for case in CASES if asked & asked_by(vocabulary, case.topic) and not case.doubtful]
    questions = {name for case in cases for name in asked_by(vocabulary, case.topic)}
    return cases, questions | ({"age_claim"} if "account" in questions else set())


def met_by_all(edit: Edit, vocabulary: Vocabulary) -> bool:
    """Whether every golden case that asks the edited question is still met; raises PackRefused."""
    cases, questions = concerned(edit, vocabulary)
    pack = law.compile_pack(pack_edits.as_files(edit.trees, questions))
    now = law_test.checked_day(pack)
    return all(law_test.hold(case, pack, vocabulary, now).state == law_test.MET for case in cases)


def survives(edit: Edit, vocabulary: Vocabulary) -> bool:
    """Whether neither a golden case nor the compiler sees the edit."""
    try:
        return met_by_all(edit, vocabulary)
    except law.PackRefused:
        return False


def survivors(edits: Iterable[Edit], vocabulary: Vocabulary) -> list[str]:
    found = list(edits)
    assert found
    assert met_by_all(dataclasses.replace(found[0], trees=TREES), vocabulary), "the pack as it is"
    return [edit.name for edit in found if survives(edit, vocabulary)]


@pytest.mark.slow
@pytest.mark.parametrize("question", TABLES)
def test_each_norm_and_bound_of_a_table_is_held_by_a_case(question: str, vocabulary: Vocabulary) -> None:
    edits = pack_edits.table_edits(TREES, question, NUMERIC)
    survived = survivors(edits, vocabulary)
    assert not survived, survived


@pytest.mark.slow
def test_each_clock_is_held_by_a_case(vocabulary: Vocabulary) -> None:
    survived = survivors(pack_edits.clock_edits(TREES, NUMERIC), vocabulary)
    assert not survived, survived


@pytest.mark.slow
def test_each_value_is_held_by_a_case(vocabulary: Vocabulary) -> None:
    survived = survivors(pack_edits.value_edits(TREES), vocabulary)
    assert not survived, survived


@pytest.mark.slow
def test_each_weight_and_the_bound_of_the_score_is_held_by_a_case(vocabulary: Vocabulary) -> None:
    survived = survivors(pack_edits.score_edits(TREES), vocabulary)
    assert not survived, survived


@pytest.mark.slow
def test_the_age_ranges_are_held_by_cases(vocabulary: Vocabulary) -> None:
    survived = survivors(pack_edits.derived_edits(TREES), vocabulary)
    assert not survived, survived
