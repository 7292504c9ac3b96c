"""
Children in groups of the least count: nothing that is told of them says that somewhere few children live and not none.

The proof has two steps, and each is a test: groups are multiples of the least count, and when they are grouped again
they are the same; so all tables, plans and what-ifs of a city and of the city that lives in groups are the same, and
there any children are none or as many as the least count. Linear programs, that know nothing of it, find the same.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from ruangaman.core.reach import coverage, groups, rounding
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Why

LEAST = 10.0
PARENT = np.array([0, 0, 1, 1], np.int32)
COUNT = st.one_of(
    st.sampled_from([0.0, 0.4, 3.0, 4.9, 5.0, 7.7, 9.9, 10.0, 14.9, 15.1, 40.0]), st.floats(0, 30)
)
REACHES = (400, 800, 1200)
WHY = {Answer.SAFE: Why.SAFE, Answer.UNKNOWN: Why.NOT_SURVEYED, Answer.UNSAFE: Why.BARRIER}


@st.composite
def cities(draw, most=9):
    """Homes in four RW of two kelurahan, with children of two ages and answers that hang together as real ones do."""
    homes = draw(st.integers(2, most))
    rw = np.array(draw(st.lists(st.integers(0, 3), min_size=homes, max_size=homes)), np.int32)
    counts = [
        np.array(draw(st.lists(COUNT, min_size=homes, max_size=homes))) for _age in range(2)
    ]  # what lives at each home
    # How far each home walks safely, and with unknown stretches, by day; at dusk no less far.
    safe = np.array(draw(st.lists(st.sampled_from([300, 700, 1100, 9000]), min_size=homes, max_size=homes)))
    known = np.minimum(safe, draw(st.sampled_from([300, 700, 9000])))
    dark = np.array(draw(st.lists(st.sampled_from([0, 9000]), min_size=homes, max_size=homes)))
    helped = np.array(draw(st.lists(st.booleans(), min_size=homes, max_size=homes)))
    spot = np.arange(homes) * 1e-3
    return rw, counts, safe, known, dark, helped, spot


def line_of(rw, spot):
    return groups.line([PARENT[rw], rw], spot, spot)


def grouped(city, counts=None):
    rw, own, *_, spot = city
    order = line_of(rw, spot)
    return [groups.grouped(one, order, LEAST) for one in (own if counts is None else counts)]


def answers(city):
    """Every table of a city: by reach, by day and at dusk, before and after a repair."""
    _rw, _counts, safe, known, dark, helped, _spot = city
    for reach, dusk, after in product(REACHES, (False, True), (False, True)):
        far = np.where(helped & after, 300, safe) + (dark if dusk else 0)
        maybe = np.minimum(far, known + (dark if dusk else 0))
        yield np.where(
            far <= reach, Answer.SAFE, np.where(maybe <= reach, Answer.UNKNOWN, Answer.UNSAFE)
        ).astype(np.uint8)


def sets(city):
    """All sets of homes that some table counts: area by answer, on every level, for every walk."""
    rw = city[0]
    for answer in answers(city):
        for level, areas in ((rw, 4), (PARENT[rw], 2), (np.zeros(len(rw), np.int32), 1)):
            for area, its in product(range(areas), Answer):
                yield (level == area) & (answer == its)


@given(city=cities())
def test_groups_are_of_the_least_count_and_stay_when_they_are_grouped_again(city):
    told = grouped(city)
    for exact, one in zip(city[1], told, strict=True):
        assert (one % LEAST == 0).all()
        assert abs(one.sum() - exact.sum()) <= LEAST / 2 + 1e-6
    for one, again in zip(told, grouped(city, told), strict=True):
        assert one.tolist() == again.tolist()


@given(city=cities())
def test_an_area_holds_less_than_a_group_more_or_fewer_than_it_counts(city):
    rw = city[0]
    for exact, told in zip(city[1], grouped(city), strict=True):
        for level in (rw, PARENT[rw]):
            for area in set(level.tolist()):
                assert abs(told[level == area].sum() - exact[level == area].sum()) < LEAST + 1e-6


@given(city=cities(), data=st.data())
def test_parts_and_what_is_beside_them_are_groups_that_add_up_to_the_whole(city, data):
    rw, (whole, _), *_, spot = city
    order = line_of(rw, spot)
    share = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(rw), max_size=len(rw))))
    part = groups.grouped(whole * share, order, LEAST)
    rest = groups.grouped(whole, order, LEAST, beside=part)
    assert (part % LEAST == 0).all()
    assert (rest % LEAST == 0).all()
    assert abs((part + rest).sum() - whole.sum()) <= 1.5 * LEAST
    again = groups.grouped(part, order, LEAST)
    assert again.tolist() == part.tolist()
    assert groups.grouped(part + rest, order, LEAST, beside=again).tolist() == rest.tolist()


def tables(city, counts):
    """All that is told: rows of every area, age, reach and light, before and after; and who is in the whole of each."""
    rw = city[0]
    told = grouped(city, counts)
    for answer in answers(city):
        why = np.array([WHY[Answer(one)] for one in answer], np.uint8)
        for one in told:
            for level, areas in ((rw, 4), (PARENT[rw], 2), (np.zeros(len(rw), np.int32), 1)):
                yield from (
                    (row.children, row.safe, row.unknown, row.unsafe, row.low, row.high, row.share_low)
                    for row in coverage.by_area(
                        level, one, answer, why, areas=areas, error=0.1, least=LEAST, told=one
                    )
                )
        yield sum(one[answer == Answer.SAFE].sum() for one in told)


@given(city=cities())
def test_the_city_that_lives_in_groups_tells_exactly_the_same_in_every_table(city):
    """Whoever has all tables, of all reaches, ages, lights and levels, before and after, cannot rule that city out."""
    assert list(tables(city, city[1])) == list(tables(city, grouped(city)))


@given(city=cities(most=6), age=st.integers(0, 1))
def test_by_linear_programs_no_small_cell_of_all_tables_together_is_pinned(city, age):
    """
    A second truth, that uses none of the proof: whoever knows the line, how groups are made, and even where each group
    stands, asks of every cell that some table has, and of every difference of two, what it can be at least and at most.
    """
    rw, counts, *_, spot = city
    order, exact = line_of(rw, spot), counts[age]
    homes = len(rw)
    upto = np.cumsum(grouped(city)[age][order])
    before = np.zeros((homes, homes))
    for at in range(homes):
        before[at, order[: at + 1]] = 1.0  # children up to here along the line
    held = np.vstack([before, -before])
    bounds = np.append(upto + LEAST / 2, -np.maximum(upto - LEAST / 2, 0))
    cells = {one.tobytes(): one for one in sets(city)}
    cells |= {
        (one & ~two).tobytes(): one & ~two
        for one in list(cells.values())[:12]
        for two in list(cells.values())[:12]
    }
    for cell in cells.values():
        if not 0 < exact[cell].sum() < LEAST:
            continue
        ends = [linprog(sign * cell.astype(float), A_ub=held, b_ub=bounds) for sign in (1.0, -1.0)]
        assert all(one.status == 0 for one in ends)
        fewest, most = ends[0].fun, -ends[1].fun
        assert fewest <= exact[cell].sum() + 1e-6
        assert most >= exact[cell].sum() - 1e-6
        assert fewest <= 1e-6 or most >= LEAST - 1e-6
        assert most - fewest >= LEAST / 2 - 1e-6


def test_rounding_each_number_by_itself_says_that_few_live_there_and_not_none():
    """Why numbers are not rounded one by one: three cells of 4, told as 0, 0, 0 of 10, are each above 0."""
    cells = [4.0, 4.0, 4.0]
    told = [rounding.in_steps(one, LEAST) for one in (*cells, sum(cells))]
    assert told == [0, 0, 0, 10]
    held = np.vstack([np.eye(3), np.ones((1, 3)), -np.ones((1, 3))])
    bounds = [5, 5, 5, 15, -10]  # an area that tells has ten children at least
    for at in range(3):
        fewest = linprog(np.eye(3)[at], A_ub=held, b_ub=np.array(bounds) - 1e-6).fun
        most = -linprog(-np.eye(3)[at], A_ub=held, b_ub=bounds).fun
        assert 0 < fewest < most < LEAST
    # In groups one of them is told to be ten.
    assert groups.grouped(np.array(cells), np.arange(3), LEAST).tolist() == [0, 10, 0]


def test_neighbours_of_an_area_follow_each_other_along_the_line():
    area = np.array([1, 0, 1, 0, -1], np.int32)
    lon, lat = np.array([0.0, 0.9, 0.001, 0.0, 0.5]), np.array([0.0, 0.9, 0.001, 0.0, 0.5])
    order = groups.line([area], lon, lat)
    assert order.tolist() == [4, 3, 1, 0, 2]


@pytest.mark.parametrize(
    ("count", "way", "told"),
    [
        (34, "nearest", 30), (35, "nearest", 40), (34, "down", 30), (39.9, "down", 30), (30.1, "up", 40),
        (30, "up", 30), (30, "down", 30), (9.9, "nearest", None), (0, "nearest", None),
        (10, "nearest", 10), (-34, "nearest", -30),
        (-4, "nearest", None), (9.5, "up", None),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_shown_is_in_steps_and_bounds_go_outwards(count, way, told):
    assert rounding.shown(count, LEAST, way) == told


def test_without_a_least_count_numbers_are_told_as_they_are():
    assert groups.grouped(np.array([3.5, 0.2]), np.arange(2), 0).tolist() == [3.5, 0.2]
    assert groups.grouped(np.array([3.5, 1.0]), np.arange(2), 0, beside=np.array([3.0, 2.0])).tolist() == [
        0.5,
        0.0,
    ]
    assert (rounding.in_steps(3.5, 0), rounding.shown(0.0, 0)) == (3.5, 0.0)


@pytest.mark.parametrize(
    ("children", "order", "size"),
    [([-1.0], [0], 10), ([np.nan], [0], 10), ([1.0], [0, 1], 10), ([1.0], [0], -1)],
    ids=["less than none", "no number", "sizes", "a group of less than none"],
)
def test_what_cannot_be_grouped_is_refused(children, order, size):
    with pytest.raises(ValueError, match="count"):
        groups.grouped(np.array(children), np.array(order), size)
