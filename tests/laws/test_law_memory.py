"""What the engine keeps of answers already found never changes an answer."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.laws.synthetic import FILES, encoded

from ruangaman.adapters import packs
from ruangaman.core.ages import Births
from ruangaman.core.law import Facts, Pack, compile_pack
from ruangaman.core.law.judging import judge
from ruangaman.core.law.tables import Period, TableEngine

DAY = 20261124


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("ID")


def some_codes(engine: TableEngine, chance: random.Random, count: int) -> Iterator[int]:
    """Packed facts, three in ten of them unknown."""
    for _ in range(count):
        packed = engine.space.unknown
        for axis, stride in zip(engine.space.axes, engine.space.strides, strict=True):
            if chance.random() < 0.7:
                at = chance.randrange(axis.size)
                known, unknown = (
                    engine.space.code(axis, (at, at)),
                    engine.space.code(axis, (0, axis.size - 1)),
                )
                packed += stride * (known - unknown)
        yield packed


def some_ages(engine: TableEngine, chance: random.Random) -> list[tuple[int, int]]:
    most = engine.source.max_age
    lows = [chance.randrange(20) for _ in engine.space.ages]
    return [(low, min(low + chance.choice((0, 0, 3, 200)), most)) for low in lows]


def test_cells_that_hold_the_same_get_the_answer_that_each_would_get_alone(pack: Pack) -> None:
    chance = random.Random(1)
    met = 0
    for engine in pack.tables.values():
        period: Period = engine.current
        if period.table is None:
            continue
        for packed in some_codes(engine, chance, 12):
            ages = some_ages(engine, chance)
            kept = period.core(packed, ages)
            alone = judge(period.table, period.runs(packed, ages), pack.source.doubts, engine.law_version)
            assert (kept.head, kept.tail) == (alone.head, alone.tail), (engine.question.name, packed, ages)
            met += 1
    assert met > 200


def waves() -> Pack:
    """A question whose cells hold the same again and again along a number: only where a run begins tells them apart."""
    norm = "source: [act Art. 9], confidence: one, text: {id: satu, en: one}}"
    waves = (
        "question: waves\n"
        "title: {id: satu, en: one}\n"
        "outcomes: [in, out]\n"
        "closed: [out]\n"
        "undecided: {otherwise: out}\n"
        "texts: {out: {id: satu, en: one}}\n"
        "norms:\n"
        f"  - {{id: low, when: {{age: ['< 4', '8..11', '16..19']}}, then: in, {norm}\n"
        f"  - {{id: high, when: {{age: ['4..7', '12..15', '>= 20']}}, then: out, {norm}\n"
    )
    return compile_pack(encoded({**FILES, "waves.yaml": waves}))


def test_the_memory_tells_apart_where_a_number_begins() -> None:
    pack = waves()
    for low, high, cuts in (
        (2, 5, [4]),
        (10, 13, [12]),
        (18, 21, [20]),
        (5, 9, [8]),
        (13, 17, [16]),
        (2, 13, [4, 8, 12]),
    ):
        facts = {"question": "waves", "age": {"at_least": low, "at_most": high}}
        answer = pack.ask(facts, now=datetime(2026, 11, 24, tzinfo=UTC))
        assert answer.as_dict()["settles"] == [{"fact": "age", "at_least": cuts}], (low, high)


def test_a_claimed_age_is_answered_as_by_the_walk_over_all_birthdays(pack: Pack) -> None:
    chance = random.Random(2)
    engine = pack.tables["account"]
    for packed in some_codes(engine, chance, 60):
        for oldest in (20080229, 20091125, 20131124, 20240301, None):
            for day in (DAY, 20270228, 20280229):
                facts = Facts(packed, day, claim=Births(oldest, None), zone=pack.zone)
                assert engine.answer(facts) == engine.general(engine.period(day), facts), facts


def test_words_that_the_law_does_not_tell_apart_share_a_code_and_others_do_not(pack: Pack) -> None:
    engine = pack.tables["account"]
    axes = {axis.fact.name: axis for axis in engine.space.axes}
    types = axes["service_type"]
    stands = {word: engine.standing_for(types, place) for place, word in enumerate(types.fact.words)}
    assert stands["game"] == stands["chat"] == stands["other"] != stands["social_media"]
    consent = axes["consent"]
    assert [engine.standing_for(consent, place) for place in range(consent.size)] == list(range(consent.size))
