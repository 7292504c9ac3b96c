"""Counts by area: they add up, bounds hold, and what is kept back cannot be found by subtraction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from ruangaman.core.reach import coverage
from ruangaman.core.reach.coverage import NO_AREA, CoverageMismatch
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Why

ANSWER_TO = {Why.SAFE: Answer.SAFE, Why.NOT_SURVEYED: Answer.UNKNOWN, Why.BARRIER: Answer.UNSAFE}
ANSWER_TO |= {Why.TOO_FAR: Answer.UNSAFE, Why.OFF_STREET: Answer.UNKNOWN, Why.HOW_NOT_TOLD: Answer.UNKNOWN}
HOMES = st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 12), st.sampled_from(list(Why))), max_size=40)
PARENT = np.array([0, 0, 0, 1, 1, 1], np.int32)


def told(homes, *, least=10.0, error=0.1, parent=PARENT, rest=None):
    why = np.array([one[2] for one in homes], np.uint8)
    return coverage.by_area(
        np.array([one[0] for one in homes], np.int32), np.array([one[1] for one in homes], np.float64),
        np.array([ANSWER_TO[Why(one)] for one in why], np.uint8), why,
        areas=6, error=error, least=least, parent=parent, rest=rest,
    )  # fmt: skip


@given(homes=HOMES)
def test_rows_add_up_and_bounds_hold(homes):
    rows = told(homes, least=0)
    assert sum(row.children for row in rows) == sum(one[1] for one in homes)
    for row in rows:
        assert row.safe + row.unknown + row.unsafe == pytest.approx(row.children)
        assert sum(row.by_reason.values()) == pytest.approx(row.unknown + row.unsafe)
        assert row.low <= row.safe <= row.safe + row.unknown <= row.high
        assert (row.share_low is None) == (row.children == 0)
    assert (rows[-1].area == NO_AREA) == any(one[0] == NO_AREA for one in homes)


@given(homes=HOMES)
def test_what_is_kept_back_is_not_found_by_subtraction(homes):
    whole = {row.area: row.children for row in told(homes, least=0)}
    rows = told(homes)
    for parent in (0, 1):
        inside = [row for row in rows if row.area != NO_AREA and PARENT[row.area] == parent]
        hidden = [whole[row.area] for row in inside if row.kept_back]
        lived_in = [one for one in inside if whole[one.area]]
        for row in inside:
            assert row.kept_back or whole[row.area] == 0 or whole[row.area] >= 10
        if hidden and len(hidden) < len(lived_in):
            assert len(hidden) >= 2
            assert sum(hidden) >= 10
    assert all(row.safe is row.low is row.by_reason is None for row in rows if row.kept_back)


def test_a_whole_without_small_areas_keeps_nothing_back():
    rows = told(
        [(0, 10, Why.SAFE), (1, 10, Why.BARRIER), (3, 9, Why.SAFE), (4, 30, Why.SAFE), (5, 20, Why.SAFE)]
    )
    assert [row.kept_back for row in rows] == [False, False, False, True, False, True]


@given(homes=HOMES, rest=st.lists(st.integers(0, 25), min_size=2, max_size=2))
def test_what_is_in_no_part_of_a_whole_is_not_found_by_taking_the_parts_from_it(homes, rest):
    own = [one for one in homes if one[0] != NO_AREA]
    whole = {row.area: row.children for row in told(own, least=0)}
    rows = told(own, rest=np.array(rest, np.float64))
    for parent in (0, 1):
        inside = [row for row in rows if PARENT[row.area] == parent and whole[row.area]]
        if shown := [row for row in inside if not row.kept_back]:
            left = (
                rest[parent] + sum(whole[row.area] for row in inside) - sum(whole[row.area] for row in shown)
            )
            assert left == 0 or left >= 10


def test_a_small_rest_keeps_the_smallest_part_back():
    homes = [(0, 40, Why.SAFE), (1, 30, Why.SAFE), (2, 50, Why.SAFE), (3, 20, Why.SAFE)]
    rows = told(homes, rest=np.array([3.0, 12.0]))
    assert [row.kept_back for row in rows] == [False, True, False, False, False, False]


TABLES = st.lists(
    st.lists(st.sampled_from([0.0, 0.4, 3.0, 4.9, 5.0, 7.7, 9.9, 10.0, 14.9, 15.1, 40.0]), min_size=3, max_size=3),
    min_size=1, max_size=3,
)  # fmt: skip


@given(table=TABLES)
def test_nobody_finds_a_small_count_from_all_that_is_told_of_a_whole_and_its_parts(table):
    """Of every cell the least and the most that fit all that is told, by linear programs: never one number."""
    parts, least = len(table), 10.0
    why = [Why.SAFE, Why.NOT_SURVEYED, Why.BARRIER]
    homes = [(part, count, why[at]) for part, row in enumerate(table) for at, count in enumerate(row)]
    inner = told(homes, least=least, parent=np.zeros(6, np.int32))[:parts]
    outer = told([(0, count, its) for _, count, its in homes], least=least)[0]
    held, bounds = [], []

    def knows(row, members):
        if row.kept_back:
            return
        for cells, count in (
            *(([one[at] for one in members], (row.safe, row.unknown, row.unsafe)[at]) for at in range(3)),
            ([cell for one in members for cell in one], row.children),
        ):
            held.append([float(at in cells) for at in range(3 * parts)])
            # A table of before told sums to a tenth; one in steps lets them be within half a step.
            step = least / 2 if count % least == 0 else 0.05
            bounds.append((max(count - step, 0.0), count + step))

    every = [[3 * part + at for at in range(3)] for part in range(parts)]
    knows(outer, every)
    for part, row in enumerate(inner):
        knows(row, [every[part]])
    if not held:
        return
    matrix, (low, high) = np.array(held), np.array(bounds).T
    for at in range(3 * parts):
        ends = [
            linprog(
                sign * np.eye(3 * parts)[at], A_ub=np.vstack([matrix, -matrix]), b_ub=np.append(high, -low)
            )
            for sign in (1.0, -1.0)
        ]
        assert all(one.status in (0, 3) for one in ends)
        least_of, most_of = ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf
        if 0 < table[at // 3][at % 3] < least:
            assert most_of - least_of >= least / 2 - 1e-6


@given(homes=HOMES)
def test_every_number_of_a_shown_row_is_in_steps_and_nothing_else_is_told_by_shares_and_bounds(homes):
    for row in told(homes):
        if row.kept_back:
            continue
        for count in (row.children, row.safe, row.unknown, row.unsafe, *row.by_reason.values()):
            assert count % 10 == 0
        assert row.low == row.safe * 0.9
        assert row.high == (row.safe + row.unknown) * 1.1
        if row.children:
            assert row.share_low == row.safe / row.children
            assert row.share_high == min((row.safe + row.unknown) / row.children, 1)
            assert row.share_low <= row.share_high


@pytest.mark.parametrize(
    "wrong",
    [{"least": -1.0}, {"error": 1.0}, {"error": -0.1}, {"parent": PARENT[:3]}],
    ids=["least", "all wrong", "less than none", "parents"],
)
def test_bounds_that_are_none_are_refused(wrong):
    with pytest.raises(CoverageMismatch):
        told([(0, 10, Why.SAFE)], **wrong)


@pytest.mark.parametrize("count", [-1.0, np.nan, np.inf])
def test_counts_that_are_none_are_refused(count):
    with pytest.raises(CoverageMismatch):
        coverage.by_area(
            np.zeros(1, np.int32), np.array([count]), np.zeros(1, np.uint8), np.zeros(1, np.uint8),
            areas=1, error=0, least=0,
        )  # fmt: skip


@pytest.mark.parametrize("area", [-2, 1])
def test_an_area_that_is_none_is_refused(area):
    with pytest.raises(CoverageMismatch):
        coverage.by_area(
            np.full(1, area, np.int32), np.ones(1), np.zeros(1, np.uint8), np.zeros(1, np.uint8),
            areas=1, error=0, least=0,
        )  # fmt: skip


@given(homes=HOMES, hidden=st.lists(st.booleans(), min_size=6, max_size=6))
def test_what_is_hidden_beforehand_stays_so_and_hides_no_less_of_the_others(homes, hidden):
    before = {row.area: row.kept_back for row in told(homes)}
    why = np.array([one[2] for one in homes], np.uint8)
    rows = coverage.by_area(
        np.array([one[0] for one in homes], np.int32), np.array([one[1] for one in homes], np.float64),
        np.array([ANSWER_TO[Why(one)] for one in why], np.uint8), why,
        areas=6, error=0.1, least=10.0, parent=PARENT, hidden=np.array(hidden),
    )  # fmt: skip
    for row in rows:
        assert row.kept_back == (before[row.area] or (row.area != NO_AREA and hidden[row.area]))


WALKS = st.lists(
    st.tuples(
        st.integers(-1, 3), st.integers(0, 5), st.sampled_from([0, 50, 90, np.inf]), st.integers(-1, 4)
    ),
    max_size=30,
)


@given(homes=WALKS)
def test_half_of_the_children_walk_the_median_or_less(homes):
    area, children, metres = (np.array([one[column] for one in homes]) for column in range(3))
    found = coverage.medians(
        area.astype(np.int32), children.astype(np.float64), metres.astype(np.float32), areas=4
    )
    for at in range(4):
        each = sorted(one[2] for one in homes if one[0] == at for _ in range(one[1]))
        if not each:
            assert np.isnan(found[at])
        else:
            assert found[at] == each[(len(each) - 1) // 2]


@given(homes=WALKS)
def test_the_place_that_is_nearest_to_most(homes):
    area, children, place = (np.array([one[column] for one in homes]) for column in (0, 1, 3))
    found = coverage.commonest(
        area.astype(np.int32), children.astype(np.float64), place.astype(np.int32), areas=4, places=5
    )
    for at in range(4):
        count = [sum(one[1] for one in homes if one[0] == at and one[3] == place) for place in range(5)]
        assert found[at] == (count.index(max(count)) if max(count) else -1)
