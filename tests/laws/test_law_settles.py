"""
`settles` is the smallest set of facts that decides, and the first such set in the order of the pack: held against a
slow second reading that asks every subset over every single case.
"""

import random
from dataclasses import replace
from itertools import combinations, product
from math import prod

import pytest

from ruangaman.adapters import packs
from ruangaman.core.law import Pack, judging
from ruangaman.core.law.judging import judge
from ruangaman.core.law.plain import PlainReading, reader
from ruangaman.core.law.table import Run, Table

QUESTIONS = (
    "account",
    "existing_account",
    "feature",
    "age_evidence",
    "scope",
    "risk_profile",
    "design",
    "resubmission",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("ID")


def cells(pack: Pack, table: Table, runs: list[Run]) -> list[tuple[tuple[int, ...], str]]:
    """Every case inside the runs that can be, with its outcome by the text of the norms."""
    plain = PlainReading(table.norms, table.values)
    never = [reader(replace(table.norms[0], when=when), table.values) for when in table.question.never]
    doubts = {f"doubt.{name}": one.readings[0] for name, one in pack.source.doubts.items() if one.readings}
    outcomes = table.question.outcomes
    told = []
    for chosen in product(*(range(first, last + 1) for first, last in runs)):
        case: dict[str, str | int] = dict(doubts)
        for axis, at in zip(table.axes, chosen, strict=True):
            case[axis.fact.name] = axis.cuts[at] if axis.cuts else axis.fact.words[at]
        counting = [table.norms[n] for n in plain.counting(case, range(len(table.norms)))]
        outcome = max((n.then for n in counting if n.then), key=outcomes.index)
        told.append((chosen, outcome, tuple(n for n, test in enumerate(never) if test(case))))
    stated = {n for n in range(len(never)) if all(n in barred for _, _, barred in told)}
    return [(chosen, outcome) for chosen, outcome, barred in told if not set(barred) - stated]


def smallest(table: Table, runs: list[Run], told: list[tuple[tuple[int, ...], str]]) -> tuple[int, ...]:
    """The first smallest set of open facts of which every combination of answers leaves one outcome."""
    unsure = [n for n, (first, last) in enumerate(runs) if first != last]
    for size in range(len(unsure) + 1):
        for asked in combinations(unsure, size):
            left: dict[tuple[int, ...], str] = {}
            if all(
                left.setdefault(tuple(chosen[n] for n in asked), outcome) == outcome
                for chosen, outcome in told
            ):
                return asked
    raise AssertionError(table.question.name)


def settled(pack: Pack, table: Table, runs: list[Run]) -> tuple[str, ...]:
    one = judge(table, tuple(runs), pack.source.doubts, {"pack": pack.id})
    return tuple(
        f"{each['fact']}.{each['member']}" if "member" in each else each["fact"] for each in one.settles
    )


def named(table: Table, asked: tuple[int, ...]) -> tuple[str, ...]:
    facts = [table.axes[n].fact for n in asked]
    return tuple(fact.name if fact.member_of else ".".join(fact.path) for fact in facts)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_smaller_set_of_facts_decides_and_none_that_comes_first(pack: Pack, question: str) -> None:
    chance = random.Random(question)
    table = pack.tables[question].current.table
    assert table is not None
    met = 0
    while met < 25:
        runs: list[Run] = []
        openness = chance.uniform(0.2, 1)
        for axis in table.axes:
            first = chance.randrange(axis.size)
            last = (
                chance.randrange(first, axis.size) if axis.cuts and chance.random() < 0.5 else axis.size - 1
            )
            runs.append((first if axis.cuts else 0, last) if chance.random() < openness else (first, first))
        if (
            prod(last - first + 1 for first, last in runs) > 1200
            or len([one for one in runs if one[0] != one[1]]) > 10
        ):
            continue
        told = cells(pack, table, runs)
        assert settled(pack, table, runs) == named(table, smallest(table, runs, told)), runs
        met += 1


@pytest.mark.parametrize("question", ["risk_profile", "scope"])
def test_with_everything_unknown_the_set_is_the_smallest_of_all(pack: Pack, question: str) -> None:
    table = pack.tables[question].current.table
    assert table is not None
    decisive = {
        n for part in table.parts for n in part.axes if any(table.ranks[one] >= 0 for one in part.norms)
    }
    runs = [(0, axis.size - 1) if n in decisive else (0, 0) for n, axis in enumerate(table.axes)]
    told = cells(pack, table, runs)
    assert settled(pack, table, runs) == named(table, smallest(table, runs, told))


def test_what_the_search_takes_on_trust_holds(pack: Pack) -> None:
    """Who asks more never decides less: so a fact that all the others need stands in every set that decides."""
    chance = random.Random(3)
    table = pack.tables["account"].current.table
    assert table is not None
    for _ in range(200):
        runs = tuple(
            (0, axis.size - 1) if chance.random() < 0.6 else (at := chance.randrange(axis.size), at)
            for axis in table.axes
        )
        boxes = judging._boxes(table, runs, None)
        asked = [n for n in range(len(runs)) if chance.random() < 0.5]
        more = sorted({*asked, *(n for n in range(len(runs)) if chance.random() < 0.3)})
        assert judging._decides(table, boxes, more) >= judging._decides(table, boxes, asked)


def test_above_the_limit_no_fact_of_the_set_can_be_left_out(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "EXACT_SETTLES", -1)
    table = pack.tables["account"].current.table
    assert table is not None
    runs = tuple((0, axis.size - 1) for axis in table.axes)
    asked = judging._settles(table, runs, None)
    boxes = judging._boxes(table, runs, None)
    assert judging._decides(table, boxes, asked)
    assert not any(judging._decides(table, boxes, [n for n in asked if n != one]) for one in asked)
