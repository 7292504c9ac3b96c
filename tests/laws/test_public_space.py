"""SDG 11.7.1 on a sheet of paper: squares, streets, cells of a city that touch at corners."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.core.reach import public_space
from ruangaman.core.reach.public_space import Plane, PublicSpaceMismatch


def urban(cells: dict[tuple[int, int], float], *, density=300.0, together=5_000.0):
    x = np.array([1000.0 * a + 500 for a, _ in cells])
    y = np.array([1000.0 * b + 500 for _, b in cells])
    people = np.array(list(cells.values()), np.float64)
    found = public_space.urban(x, y, people, side=1000.0, density=density, together=together)
    return set(zip(found.east.tolist(), found.north.tolist(), strict=True)), found


def test_dense_cells_that_touch_are_a_city_and_a_lonely_one_is_not():
    told = {(0, 0): 3000, (1, 1): 2500, (-1, 0): 299, (5, 5): 4999, (9, 9): 5000}
    assert urban(told)[0] == {(0, 0), (1, 1), (9, 9)}


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), st.integers(0, 900), min_size=1))
def test_groups_are_those_that_one_finds_by_walking_from_cell_to_cell(told):
    dense = {cell for cell, people in told.items() if people >= 300}
    expected = set()
    for cell in dense:
        group, grown = {cell}, True
        while grown:
            more = {one for one in dense - group for other in group
                    if abs(one[0] - other[0]) <= 1 and abs(one[1] - other[1]) <= 1}  # fmt: skip
            group |= more
            grown = bool(more)
        if sum(told[one] for one in group) >= 1500:
            expected.add(cell)
    found, cells = urban(told, together=1500)
    assert found == expected
    inside = np.array([cell in expected for cell in told])
    middle = np.array(list(told), np.float64) * 1000 + 1
    assert (cells.hold(middle[:, 0], middle[:, 1]) == inside).all()


def test_land_and_people():
    assert public_space.streets_area(np.array([100.0, 50.0]), np.array([6.0, 2.0])) == 700.0
    assert public_space.share_of_land(300.0, 700.0, 10_000.0) == pytest.approx(0.1)
    assert public_space.share_of_land(300.0, 700.0, 0.0) is None
    weight, within = np.array([10.0, 30.0, 0.0]), np.array([True, False, True])
    assert public_space.share_of_people(weight, within) == 0.25
    assert public_space.share_of_people(np.zeros(3), within) is None


def test_metres_of_the_plane():
    x, y = Plane(60.0).metres(np.array([1.0]), np.array([1.0]))
    assert x[0] == pytest.approx(y[0] / 2)


def test_what_does_not_fit_is_refused():
    for call in (
        lambda: public_space.urban(np.zeros(1), np.zeros(2), np.zeros(1), side=1, density=1, together=1),
        lambda: public_space.urban(np.zeros(1), np.zeros(1), -np.ones(1), side=1, density=1, together=1),
        lambda: public_space.streets_area(np.zeros(1), np.zeros(2)),
        lambda: public_space.share_of_land(-1.0, 0.0, 1.0),
        lambda: public_space.share_of_people(np.zeros(1), np.zeros(2, np.bool_)),
    ):
        with pytest.raises(PublicSpaceMismatch):
            call()
