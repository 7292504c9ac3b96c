"""The quick door answers what the plain door answers, byte for byte; whatever that refuses, it leaves to it."""

import enum
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import pack

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law.lines import error_json

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # already the next day in Jakarta
PACKS = {"ID": packs.load("ID"), "XA": pack()}
QUICK = [(one, name) for one in PACKS.values() for name in one._quick]

ODD = st.sampled_from(
    [None, 1, 0, 1.0, -1, "", "x", [], {}, ["low"], {"state": "granted"}, True, "low:high", "\u0661"]
)
DAYS = st.sampled_from(
    [
        "2026-11-24", "2026-03-27", "2026-03-28", "2028-02-28", "2028-02-29", "2027-02-28", "1950-01-01", "2999-12-31",
        "2026-11-24T23:59:59+07:00", "2026-11-24T17:30:00Z", "2026-11-24T00:00:00-11:00", "3000-01-01", "2026-02-30",
        "2026-11-24T10:00:00", "20261124", None,
    ]
)  # fmt: skip
BIRTHS = st.sampled_from(
    [
        "2012-02-29",
        "2008-02-29",
        "2010-11-24",
        "2010-11-25",
        "2026-11-24",
        "2027-01-01",
        "1876-01-01",
        "2012-13-01",
        7,
    ]
)
AGES = st.one_of(
    st.fixed_dictionaries({"birth_date": BIRTHS}),
    st.fixed_dictionaries({"at_least": st.integers(-1, 30), "at_most": st.integers(0, 151)}),
    st.fixed_dictionaries({}, optional={"at_least": ODD, "at_most": ODD, "birth_date": BIRTHS, "years": ODD}),
    ODD,
)


def field(one: law.Pack, name: str, *, well_formed: bool) -> st.SearchStrategy[Any]:
    fact = one.source.facts[name]
    right = (
        st.sampled_from([*fact.words, None]) if fact.kind == "words" else st.sampled_from([True, False, None])
    )
    return right if well_formed else st.one_of(right, ODD)


@st.composite
def questions(draw: st.DrawFn) -> tuple[law.Pack, dict[str, Any]]:
    """Facts of a question that the quick door takes: mostly well formed, now and then with anything at all."""
    one, name = draw(st.sampled_from(QUICK))
    well_formed = draw(st.booleans())
    facts: dict[str, Any] = {"jurisdiction": one.id, "question": name}
    for fact in draw(st.lists(st.sampled_from(sorted(one.source.facts)), max_size=8, unique=True)):
        path = one.source.facts[fact].path
        value = draw(field(one, fact, well_formed=well_formed))
        if len(path) == 1:
            facts[path[0]] = value
        elif isinstance(facts.setdefault(path[0], {}), dict):
            facts[path[0]][path[1]] = value
    extra = {
        "on": DAYS,
        "age": AGES,
        "zone": st.sampled_from(["WIB", "WITA", "Asia/Jayapura", "Mars", None, 3]),
    }
    facts |= draw(st.fixed_dictionaries({}, optional=extra))
    if draw(st.integers(0, 9)) == 0:
        facts[draw(st.sampled_from(["colour", "service", "consent", "jurisdiction", "question"]))] = draw(ODD)
    return one, dict(draw(st.permutations(list(facts.items()))))


def plainly(one: law.Pack, facts: dict[str, Any]) -> bytes:
    try:
        return one.ask_plainly(facts, NOW).as_json()
    except law.QuestionRefused as refused:
        return error_json(refused)


def quickly(one: law.Pack, facts: dict[str, Any]) -> bytes:
    try:
        return one.ask(facts, now=NOW).as_json()
    except law.QuestionRefused as refused:
        return error_json(refused)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(questions(), st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:")]))
def test_both_doors_say_the_same(asked: tuple[law.Pack, dict[str, Any]], separators: tuple[str, str]) -> None:
    one, facts = asked
    expected = plainly(one, facts)
    assert quickly(one, facts) == expected
    if facts.get("jurisdiction") == one.id:
        line = json.dumps(facts, separators=separators, ensure_ascii=False).encode()
        assert law.answer_line(PACKS, line, now=NOW) == expected
        assert law.answer_line({one.id: one}, line, now=NOW) == expected


TWICE = b'"question":"account"'


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(questions(), st.integers(0, 19)), max_size=5), st.sampled_from(["", " ", "\n\t"]))
def test_an_array_is_answered_as_its_questions_one_by_one(
    asked: list[tuple[tuple[law.Pack, dict[str, Any]], int]], space: str
) -> None:
    lines = []
    for (_, facts), odd in asked:
        line = json.dumps(facts, separators=("," + space, ":" + space), ensure_ascii=odd != 3).encode()
        if odd == 0:
            line = b"{" + TWICE + (b"," if facts else b"") + line[1:]
        if odd == 1:
            line = line.replace(b'"jurisdiction":"ID",', b"")
        if odd == 2:
            line = line.replace(b'"ID"', b'"\\u0049D"')
        lines.append(line)
    body = b"[" + b", ".join(lines) + b"]" if space else b"[" + b",".join(lines) + b"]"
    for known in ({"ID": PACKS["ID"]}, PACKS):
        one_by_one = [law.answer_line(known, line, now=NOW) for line in lines]
        assert law.answer_array(known, body, now=NOW, most=5) == one_by_one


def test_a_key_less_in_one_question_does_not_hide_a_key_twice_in_another() -> None:
    """The bytes and the keys of both together are those of two good questions."""
    good = json.dumps(ACCOUNT, separators=(",", ":")).encode()
    part = b'"jurisdiction":"ID",'
    less, twice = good.replace(part, b"", 1), b"{" + part + good[1:]
    for separator in (b",", b", "):
        body = b"[" + separator.join([less, twice, good]) + b"]"
        answers = law.answer_array({"ID": PACKS["ID"]}, body, now=NOW, most=3)
        assert [b"ask.missing-field" in answers[0], b"ask.duplicate-key" in answers[1]] == [True, True]
        assert answers[2] == law.answer_line({"ID": PACKS["ID"]}, good, now=NOW)


@pytest.mark.parametrize(
    "age", [{"birth_date": "2012-05-01"}, {"at_least": 9, "at_most": 13}, {"at_least": 18}, None, ...]
)
@pytest.mark.parametrize("on", ["2026-11-24", "2026-11-24T10:00:00+07:00", None, ...])
@pytest.mark.parametrize("zone", ["WIB", None, ...])
@pytest.mark.parametrize("evidence", ["verified", None, ...])
def test_the_length_of_compact_json_is_known_to_the_byte(age: Any, on: Any, zone: Any, evidence: Any) -> None:
    facts = {**ACCOUNT, "age": age, "on": on, "zone": zone, "evidence": evidence}
    line = json.dumps(
        {name: one for name, one in facts.items() if one is not ...}, separators=(",", ":")
    ).encode()
    law.answer_line(PACKS, line, now=NOW)
    one, room = PACKS["ID"], [0, 0]
    quick = one._quick["account"]
    assert quick.answer(one._read_line(line), NOW, room) is not None
    assert room == [len(line), line.count(b":")]


def test_more_than_the_most_are_not_answered() -> None:
    good = json.dumps(ACCOUNT).encode()
    for one in (good, b'"odd"'):
        with pytest.raises(law.TooManyQuestionsError) as refused:
            law.answer_array(PACKS, b"[" + b",".join([one] * 4) + b"]", now=NOW, most=3)
        assert refused.value.count == 4
    assert law.answer_array(PACKS, b"[]", now=NOW, most=3) == []


def test_a_line_of_an_array_may_not_hide_its_length_behind_its_neighbours() -> None:
    good = json.dumps(ACCOUNT).encode()
    long = good[:-1] + b" " * law.MAX_LINE + b"}"
    answers = law.answer_array({"ID": PACKS["ID"]}, b"[" + good + b"," + long + b"]", now=NOW, most=3)
    assert b"ask.line-too-long" in answers[1]
    assert b'"outcome"' in answers[0]


@pytest.mark.parametrize("zone", [None, "WIB", "WIT"])
@pytest.mark.parametrize(
    "on", ["2026-11-24T21:59:59+07:00", "2026-11-24T22:00:00+07:00", "2026-11-24T16:30:00Z", None]
)
@pytest.mark.parametrize("born", ["2010-11-24", "2010-11-25", "2010-11-26", "2008-11-25"])
def test_near_midnight_both_doors_doubt_alike(born: str, on: str | None, zone: str | None) -> None:
    now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 22.30 in Jakarta, the next day in Jayapura
    one = PACKS["ID"]
    facts: dict[str, Any] = {
        "jurisdiction": "ID", "question": "account", "age": {"birth_date": born}, "service": {"risk_profile": "high"},
    }  # fmt: skip
    facts |= {"on": on} if on else {}
    facts |= {"zone": zone} if zone else {}
    assert one.ask(facts, now=now).as_json() == one.ask_plainly(facts, now).as_json()
    doubts = {doubt["id"] for doubt in one.ask(facts, now=now).doubt}
    apart = zone is None and on != "2026-11-24T21:59:59+07:00" and born in {"2010-11-25", "2008-11-25"}
    assert ("time_zone" in doubts) is apart


def keys(facts: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, value in facts.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, inner) for inner in value)


ACCOUNT: dict[str, Any] = {
    "jurisdiction": "ID", "question": "account", "on": "2026-11-24T10:00:00+07:00", "zone": "WIB",
    "age": {"at_least": 13, "at_most": 15}, "evidence": "verified",
    "service": {"risk_profile": "low", "designed_for_children": True, "type": "chat"},
    "consent": {"state": "granted", "by": "parent"},
}  # fmt: skip


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("path", list(keys(ACCOUNT)), ids="-".join)
@pytest.mark.parametrize("shrunk", [False, True], ids=["as it is", "with a value escaped"])
def test_a_key_that_stands_twice_is_seen_wherever_it_stands(
    path: tuple[str, ...], separators: tuple[str, str], *, shrunk: bool
) -> None:
    plainly(
        PACKS["ID"], ACCOUNT
    )  # the quick door knows what the evidence counts once the plain one has found it
    assert PACKS["ID"].ask_line(json.dumps(ACCOUNT, separators=separators).encode(), NOW) is not None
    place = ACCOUNT[path[0]] if len(path) == 2 else ACCOUNT
    twice = json.dumps({path[-1]: place[path[-1]]}, separators=separators)[1:-1]
    line = json.dumps(ACCOUNT, separators=separators)
    line = line.replace(twice, twice + separators[0] + twice, 1)
    if shrunk:
        line = line.replace("10:00:00", "10\\u003a00:00")
    told = json.loads(law.answer_line(PACKS, line.encode(), now=NOW))
    assert told["error"]["code"] == "ask.duplicate-key", line


@pytest.mark.parametrize(
    ("one", "name"), QUICK, ids=lambda value: value if isinstance(value, str) else value.id
)
def test_compact_lines_take_the_quick_door(one: law.Pack, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts: dict[str, Any] = {"jurisdiction": one.id, "question": name, "on": "2026-11-24"}
    line = json.dumps(facts, separators=(",", ":")).encode()
    expected = plainly(one, facts)
    monkeypatch.setattr(law.Pack, "ask_plainly", None)
    assert one.ask_line(line, NOW) == expected
    assert one.ask(facts, now=NOW).as_json() == expected


def test_a_word_that_only_looks_like_one_is_left_to_the_plain_door() -> None:
    class Word(enum.StrEnum):
        LOW = "low"

    one = PACKS["ID"]
    for facts in (
        ACCOUNT | {"service": {"risk_profile": Word.LOW}},
        ACCOUNT | {"age": {"at_least": True, "at_most": 4}},
    ):
        assert quickly(one, facts) == plainly(one, facts)


def test_the_memory_of_the_parts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruangaman.core.law.quick.MOST_PARTS", 5)
    one = pack()
    for risk in ("low", "high", None):
        for made in (True, False, None):
            facts = {"jurisdiction": "XA", "question": "account", "service": {"risk": risk, "made": made}}
            assert quickly(one, facts) == plainly(one, facts)
    assert all(0 < len(part) <= 5 for part in one._quick["account"]._parts)
