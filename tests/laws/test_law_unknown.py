"""Unknown facts are a set of cases: the answer is held against every single case, asked one at a time."""

import json
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import NOW, T, encoded, pack

from ruangaman.core import law
from ruangaman.core.law.plain import PlainReading

pytestmark = pytest.mark.slow

PACK = pack()
OUTCOMES = ("free", "allow", "ask", "deny")
OPEN = {"free", "allow"}
CHOICES: dict[str, list[Any]] = {
    "risk": ["low", "high"], "made": [True, False], "consent": ["granted", "none", "refused", "withdrawn"],
    "by": ["parent", "child"],
}  # fmt: skip
AGES = range(0, 21)

known = st.fixed_dictionaries(
    {name: st.one_of(st.none(), st.sampled_from(words)) for name, words in CHOICES.items()}
)
ranges = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)


def facts(case: dict[str, Any], low: int, high: int) -> dict[str, Any]:
    return {
        "question": "account", "on": "2026-11-24", "age": {"at_least": low, "at_most": high},
        "service": {"risk": case["risk"], "made": case["made"]},
        "consent": {"state": case["consent"], "by": case["by"]},
    }  # fmt: skip


def completions(case: dict[str, Any], low: int, high: int) -> list[dict[str, Any]]:
    """Every full case that the facts allow, answered by the plain reading of the norms' text, with its outcome."""
    norms = [n for n in PACK.source.tables["account"].norms if n.id != "high-17"]
    plain = PlainReading(norms, {})
    found = []
    names = list(CHOICES)
    for chosen in product(*(CHOICES[n] if case[n] is None else [case[n]] for n in names)):
        words = {n: {True: "yes", False: "no"}.get(c, c) for n, c in zip(names, chosen, strict=True)}
        for age in range(low, high + 1):
            counting = [
                norms[n]
                for n in plain.counting(words | {"age": age, "doubt.cure": "void"}, range(len(norms)))
            ]
            found.append(
                {
                    "outcome": max((n.then for n in counting), key=OUTCOMES.index),
                    "actions": {one for n in counting for one in n.do},
                    "needs": {one for n in counting for one in n.needs},
                }
            )
    return found


@settings(max_examples=400, deadline=None)
@given(known, ranges)
def test_an_answer_says_what_every_case_left_open_says(case: dict[str, Any], ages: list[int]):
    answer = PACK.ask(facts(case, *ages), now=NOW)
    every = completions(case, *ages)
    ranks = [OUTCOMES.index(one["outcome"]) for one in every]
    worst, best = OUTCOMES[max(ranks)], OUTCOMES[min(ranks)]
    all_open = {one["outcome"] for one in every} <= OPEN
    assert answer.decided == (worst == best or all_open)
    assert answer.open == all_open
    if answer.decided:
        assert answer.outcome == worst
    else:
        assert (answer.at_worst, answer.at_best) == (worst, best)
        assert answer.reason == "XA/account/undecided"
        assert answer.settles
    assert set(answer.actions) == set.intersection(*(one["actions"] for one in every))
    if all_open:
        assert set(answer.conditions) == set.union(*(one["needs"] for one in every))


@settings(max_examples=300, deadline=None)
@given(known, ranges)
def test_what_settles_is_enough_and_nothing_of_it_can_be_left_out(case: dict[str, Any], ages: list[int]):
    answer = PACK.ask(facts(case, *ages), now=NOW)
    paths = {"service.risk": "risk", "service.made": "made", "consent.state": "consent", "consent.by": "by"}
    low, high = ages

    def decided(told: list[dict[str, Any]]) -> bool:
        options: list[list[tuple[str, Any]]] = []
        for one in told:
            if one["fact"] == "age":
                edges = [low, *one["at_least"], high + 1]
                options.append([("age", (a, b - 1)) for a, b in pairwise(edges)])
            else:
                options.append([(paths[one["fact"]], value) for value in one["values"]])
        for chosen in product(*options):
            more = dict(chosen)
            span = more.pop("age", (low, high))
            if not PACK.ask(facts(case | more, *span), now=NOW).decided:
                return False
        return True

    assert decided(list(answer.settles))
    for left_out in answer.settles:
        fewer = [one for one in answer.settles if one is not left_out]
        if not answer.decided:
            assert not decided(fewer)


def test_a_refusal_may_rest_on_the_worst_case_but_an_erasure_may_not():
    case = {"risk": "low", "made": True, "consent": "withdrawn", "by": "parent"}
    answer = PACK.ask(facts(case, 10, 20), now=NOW)
    assert (answer.outcome, answer.open, answer.at_worst, answer.at_best) == (
        "ask_age",
        False,
        "deny",
        "free",
    )
    assert answer.actions == ()
    assert answer.settles == ({"fact": "age", "at_least": [18]},)
    assert answer.age_needed
    assert PACK.ask(facts(case, 10, 17), now=NOW).actions == ("erase",)


def test_no_age_check_is_asked_for_where_the_age_changes_nothing():
    answer = PACK.ask(
        {"question": "account", "service": {"risk": "low", "made": True}, "age": {"at_least": 17},
         "consent": {"state": "granted", "by": "parent"}}, now=NOW,
    )  # fmt: skip
    assert (answer.outcome, answer.open, answer.decided) == ("allow", True, True)
    assert answer.conditions == ("private",)
    assert not answer.age_needed
    assert answer.settles == ()
    assert (answer.at_worst, answer.at_best) == ("allow", "free")


def test_nobody_is_told_that_consent_ended_when_nobody_knows():
    answer = PACK.ask(facts({"risk": "low", "made": True, "consent": None, "by": None}, 10, 10), now=NOW)
    assert (answer.outcome, answer.reason) == ("ask", "XA/account/undecided")
    assert answer.text == {"id": "tanya wali", "en": "ask the guardian"}


def test_a_refusal_for_several_possible_reasons_names_none_of_them():
    answer = PACK.ask(facts({"risk": None, "made": False, "consent": "refused", "by": None}, 10, 14), now=NOW)
    assert (answer.outcome, answer.reason) == ("deny", "XA/account/ended")
    files = encoded(
        {
            "pack.yaml": PACK_TWO,
            "gate.yaml": GATE,
            "texts.yaml": "words:\n"
            + "".join(f"  {w}: {{id: kata {w}, en: word {w}}}\n" for w in GATE_WORDS),
        }
    )
    one = law.compile_pack(files).ask({"question": "gate"}, now=NOW)
    assert (one.outcome, one.decided, one.reason) == ("shut", True, "XC/gate/every-case")
    assert set(one.articles) == {"Act Art. 1", "Act Art. 2"}


PACK_TWO = f"""
id: XC
version: 1
title: {T}
checked: 2026-11-24
zone: UTC
leap_birthday: 03-01
max_age: 120
instruments: {{act: {{short: Act, title: {T}, checked: 2026-11-24}}}}
facts: {{side: {{words: [left, right]}}}}
"""
GATE = f"""
question: gate
title: {T}
outcomes: [in, shut]
closed: [shut]
texts: {{unclear: {T}}}
norms:
  - {{id: left, when: {{side: left}}, then: shut, source: [act Art. 1], confidence: one, text: {T}}}
  - {{id: right, when: {{side: right}}, then: shut, source: [act Art. 2], confidence: one, text: {T}}}
"""
GATE_WORDS = ["in", "shut", "unclear", "side", "left", "right"]


def test_a_doubt_is_shown_with_the_outcome_of_its_other_reading():
    answer = PACK.ask(
        facts({"risk": "low", "made": True, "consent": "granted", "by": "child"}, 14, 14), now=NOW
    )
    assert answer.outcome == "ask"
    assert answer.doubt == (
        {"id": "cure", "point": {"id": "satu", "en": "one"}, "applied": "void",
         "otherwise": [{"reading": "cured", "outcome": "allow"}], "articles": ("Act Art. 9",)},
        {"id": "note", "point": {"id": "catatan", "en": "a note"}},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "risk", "counted", "outcome"),
    [
        ("verified", "high", None, "allow"),
        ("declared", "low", None, "allow"),
        ("declared", "high", "at_most_stated", "ask_age"),
        ("declared", None, "at_most_stated", "unclear"),
        ("none", "high", "not_at_all", "ask_age"),
        (None, "high", "as_stated_without_evidence", "allow"),
    ],
)
def test_a_bare_claim_counts_only_against_the_one_who_makes_it(evidence, risk, counted, outcome):
    asked = facts({"risk": risk, "made": True, "consent": "granted", "by": "parent"}, 17, 17) | {
        "evidence": evidence
    }
    answer = PACK.ask(asked, now=NOW)
    assert (answer.derived.get("age_counts"), answer.outcome) == (counted, outcome)
    if counted == "at_most_stated":
        assert answer.age == {"at_least": 0, "at_most": 17}
        assert answer.is_child


def test_an_age_without_a_word_about_its_evidence_is_the_askers_and_the_answer_says_so():
    """The one missing fact that is not unknown (docs/adr/0003): whatever else is asked, no other answer hides it."""
    stated = [{"at_least": a, "at_most": b} for a in (0, 12, 15, 16, 17, 18) for b in (17, 150) if a <= b]
    for case in ({"risk": a, "made": b, "consent": c, "by": d} for a, b, c, d in product(*CHOICES.values())):
        for age in (*stated, {"birth_date": "2010-01-01"}, {"at_most": 17}, None):
            bare = facts(case, 0, 0) | {"age": age}
            unsaid = PACK.ask(bare, now=NOW)
            weakest = PACK.ask({**bare, "evidence": "none"}, now=NOW)
            says = unsaid.derived.get("age_counts") == "as_stated_without_evidence"
            assert says == (age not in (None, {"at_least": 0, "at_most": 150}))
            assert says or not unsaid.open or weakest.open
            assert PACK.ask({**bare, "evidence": None}, now=NOW).as_json() == unsaid.as_json()
            line = json.dumps({"jurisdiction": "XA", **bare}).encode()
            assert law.answer_line({"XA": PACK}, line, now=NOW) == unsaid.as_json()


def test_nothing_is_ever_more_open_for_knowing_less():
    for case in ({"risk": a, "made": b, "consent": c, "by": d} for a, b, c, d in product(*CHOICES.values())):
        for name in CHOICES:
            for age in (2, 12, 15, 16, 17, 18):
                if PACK.ask(facts(case | {name: None}, age, age), now=NOW).open:
                    assert PACK.ask(facts(case, age, age), now=NOW).open
