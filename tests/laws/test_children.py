"""Children at points: an area's numbers, no more and no less, where its people live."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core.reach import children
from ruangaman.core.reach.children import Told
from ruangaman.core.reach.coverage import NO_AREA, CoverageMismatch

AREAS = 4
POINTS = st.lists(st.tuples(st.integers(NO_AREA, AREAS - 1), st.integers(0, 50)), max_size=30)
COUNTS = st.lists(st.integers(0, 500), min_size=AREAS, max_size=AREAS)


def spread(points, told, first=0, last=17):
    people = np.array([one[1] for one in points], np.float64)
    area = np.array([one[0] for one in points], np.int32)
    return children.spread(people, area, told, areas=AREAS, first=first, last=last), people, area


@given(points=POINTS, counts=COUNTS)
def test_an_areas_children_are_all_placed_or_named(points, counts):
    found, people, area = spread(
        points, [Told(at, 0, 17, float(count), None) for at, count in enumerate(counts)]
    )
    for at, count in enumerate(counts):
        here = found.expected[area == at].sum() + found.unplaced.get(at, 0)
        assert here == pytest.approx(count)
        lived = people[area == at]
        assert found.expected[area == at] * lived.sum() == pytest.approx(
            lived * (count if lived.sum() else 0)
        )
    assert found.untold == ()
    assert (found.expected[area == NO_AREA] == 0).all()


@given(counts=COUNTS, first=st.integers(0, 17), length=st.integers(1, 18))
def test_years_of_a_band_add_up(counts, first, length):
    last = min(first + length - 1, 17)
    points = [(at, 10) for at in range(AREAS)]
    told = [
        Told(at, low, high, float(count), None)
        for at, count in enumerate(counts)
        for low, high in ((0, 5), (6, 12), (13, 17))
    ]
    whole = spread(points, told, first, last)[0].expected
    years = sum(spread(points, told, year, year)[0].expected for year in range(first, last + 1))
    assert whole == pytest.approx(years)
    assert spread(points, told)[0].expected == pytest.approx(3 * np.array(counts))


def test_a_share_is_of_the_people_of_the_area():
    found, _, _ = spread([(0, 30), (0, 70), (1, 5)], [Told(0, 0, 17, None, 0.3)])
    assert found.expected == pytest.approx([9, 21, 0])
    assert found.untold == (1,)


def test_a_year_that_is_not_told_is_named_and_not_guessed():
    found, _, _ = spread([(0, 30)], [Told(0, 0, 5, 60.0, None)], 0, 12)
    assert found.expected == pytest.approx([60])
    assert found.untold == (0,)


@pytest.mark.parametrize(
    "told",
    [
        [Told(4, 0, 5, 1.0, None)], [Told(-1, 0, 5, 1.0, None)], [Told(0, 5, 0, 1.0, None)],
        [Told(0, 0, 5, None, None)],
        [Told(0, 0, 5, 1.0, 0.1)], [Told(0, 0, 5, -1.0, None)], [Told(0, 0, 5, None, 1.1)],
        [Told(0, 0, 5, float("nan"), None)],
        [Told(0, 0, 5, 1.0, None), Told(0, 5, 9, 1.0, None)],
    ],
)  # fmt: skip
def test_what_is_no_number_of_children_is_refused(told):
    with pytest.raises(CoverageMismatch):
        spread([(0, 30)], told)


@pytest.mark.parametrize(
    ("area", "people"), [([4], [1.0]), ([-2], [1.0]), ([0], [-1.0]), ([0], [np.nan]), ([0, 0], [1.0])]
)
def test_points_that_are_none_are_refused(area, people):
    with pytest.raises(CoverageMismatch):
        children.spread(np.array(people), np.array(area, np.int32), [], areas=AREAS, first=0, last=5)
