"""Of no cell of a table of learners can it be told that it holds few and not none; and what a draw gives."""

import hashlib
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.core.learning import drawing, few, message
from ruangaman.core.learning.few import Cell, Learner, Lot

PLACES = ("33.01", "33.02", "34.01")
LEAST = 3
scores = st.tuples(*[st.integers(0, 6).map(lambda n: n / 6)] * 2)
learners = st.builds(
    Learner,
    st.sampled_from(PLACES),
    st.dictionaries(st.sampled_from(["B3-1", "B3-2"]), scores, max_size=2),
)


def as_learners(found: list[Lot], least: int) -> list[Learner]:
    """The world of the lots: in each as many learners as it is told, all alike."""
    return [Learner(lot.place, lot.measured) for lot in found for _ in range(least)]


def everything(found: list[Lot], least: int) -> list[Cell]:
    """All that can be told: each set of places, each objective."""
    told = []
    for size in range(1, len(PLACES) + 1):
        for places in itertools.combinations(PLACES, size):
            here = [one for one in found if one.place in places]
            told += [few.cell(here, objective, least) for objective in ("", "B3-1", "B3-2")]
    return told


def near(one: list[Cell], other: list[Cell]) -> bool:
    return all(
        (a.learners, a.measured) == (b.learners, b.measured)
        and all(
            (x is None) == (y is None) and (x is None or abs(x - y) < 1e-9)
            for x, y in ((a.before, b.before), (a.after, b.after))
        )
        for a, b in zip(one, other, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(learners, max_size=40))
def test_a_world_without_any_small_cell_tells_exactly_the_same(people):
    told = few.lots(people, LEAST)
    world = as_learners(told, LEAST)
    assert near(everything(told, LEAST), everything(few.lots(world, LEAST), LEAST))
    # In that world each cell is empty or holds the least and more, whether of learners or of those with both tests.
    for place in PLACES:
        here = [one for one in world if one.place == place]
        assert len(here) % LEAST == 0
        for objective in ("B3-1", "B3-2"):
            assert sum(objective in one.measured for one in here) % LEAST == 0


@settings(max_examples=150, deadline=None)
@given(st.lists(learners, max_size=40))
def test_each_mean_is_of_ten_and_nobody_is_in_two_lots(people):
    told = few.lots(people, LEAST)
    assert len(told) == len(people) // LEAST
    for objective in ("B3-1", "B3-2"):
        lots = sum(objective in lot.measured for lot in told)
        assert lots * LEAST <= sum(objective in one.measured for one in people)
    if not people:
        assert told == []


def test_by_brute_force_nothing_that_is_told_of_small_towns_says_few_and_not_none():
    """All towns of two places with up to seven learners: whoever sees a table and knows the rule, what do they know?"""
    worlds: dict[tuple, list[tuple[int, int]]] = {}
    for here, there in itertools.product(range(8), repeat=2):
        people = [Learner(PLACES[0], {})] * here + [Learner(PLACES[1], {})] * there
        table = tuple(sorted(one.place for one in few.lots(people, LEAST)))
        worlds.setdefault(table, []).append((here, there))
    for fitting in worlds.values():
        for cell in (0, 1):
            possible = {world[cell] for world in fitting}
            assert possible & {0, *range(LEAST, 8)}, (fitting, cell)
        assert {sum(world) for world in fitting} - set(range(1, LEAST))


def test_a_small_place_beside_a_large_one_is_told_as_nobody_or_as_the_least_and_the_sum_adds_up():
    people = [Learner("33.01", {"B3-2": (0.5, 1.0)})] * 44 + [Learner("33.02", {"B3-2": (0.0, 0.0)})] * 3
    told = few.lots(people)
    cells = [few.cell([one for one in told if one.place == place]) for place in ("33.01", "33.02")]
    assert [one.learners for one in cells] == [40, 0]
    assert few.cell(told).learners == sum(one.learners for one in cells)
    assert cells[1].before is None


@given(st.lists(st.sampled_from(PLACES), max_size=60))
def test_lots_of_mere_counts_stand_where_lots_of_learners_do(where):
    counts = {place: where.count(place) for place in set(where)}
    assert few.places(counts, LEAST) == [
        one.place for one in few.lots([Learner(p, {}) for p in where], LEAST)
    ]


classed = st.lists(st.tuples(st.sampled_from(["teach", "wait"]), st.integers(0, 4), learners), max_size=40)


@settings(max_examples=150, deadline=None)
@given(classed)
def test_each_learner_is_told_as_the_mean_of_a_cell_of_three_and_more_or_not_at_all(found):
    told = few.evened(found, LEAST)
    assert [one.place for one in told] == [one.place for _arm, _class, one in found]
    for name in ("B3-1", "B3-2"):
        having = [(arm, number) for arm, number, one in found if name in one.measured]
        small = [arm for arm, number in having if having.count((arm, number)) < LEAST]
        for (arm, number, one), new in zip(found, told, strict=True):
            if name not in one.measured:
                assert name not in new.measured
                continue
            large = having.count((arm, number)) >= LEAST
            assert (name in new.measured) == (large or small.count(arm) >= LEAST)
            if name not in new.measured:
                continue
            cell = [
                other.measured[name]
                for a, n, other in found
                if name in other.measured
                and a == arm
                and (n == number if large else having.count((a, n)) < LEAST)
            ]
            assert len(cell) >= LEAST
            for place in (0, 1):
                assert abs(new.measured[name][place] - sum(pair[place] for pair in cell) / len(cell)) < 1e-9


def test_lots_that_cut_a_class_say_no_more_of_it_than_its_own_page():
    """Twelve of one class, eight of another: two lots of ten and the mean of the twelve would tell of two."""
    found = [("", 0, Learner("33.01", {"B3-2": (0.0, n / 12)})) for n in range(12)]
    found += [("", 1, Learner("33.02", {"B3-2": (0.0, n / 8)})) for n in range(8)]
    told = few.lots(few.evened(found))
    mean = sum(n / 12 for n in range(12)) / 12
    shown = [lot.measured["B3-2"][1] for lot in told if lot.measured]
    assert shown
    assert all(abs(one - mean) < 1e-9 for one in shown)


def test_shares_are_told_only_where_ten_are_in_them_and_ten_are_not():
    for part, whole in itertools.product(range(40), range(1, 40)):
        if part <= whole:
            told = few.share(part, whole)
            assert (told is not None) == (part >= 10 and whole - part >= 10)
            assert told is None or told == part / whole
    assert [few.tens(count) for count in (0, 9, 10, 19, 20)] == [None, None, 10, 10, 20]


@given(st.lists(st.uuids().map(str), unique=True, max_size=60), st.text("0123456789abcdef", min_size=1))
def test_the_same_seed_and_list_draw_the_same_and_neighbours_are_split(ordered, seed):
    told = drawing.arms(ordered, seed, "teach", "wait")
    assert told == drawing.arms(list(ordered), seed, "teach", "wait")
    assert list(told) == ordered
    for one, other in zip(ordered[::2], ordered[1::2], strict=False):
        assert {told[one], told[other]} == {"teach", "wait"}
    # By hand, as the guide says it.
    for place in range(0, len(ordered), 2):
        even = int(hashlib.sha256(f"{seed}|{ordered[place]}".encode()).hexdigest()[:2], 16) % 2 == 0
        assert told[ordered[place]] == ("teach" if even else "wait")


def test_each_half_is_taught_about_as_often_whatever_the_seed():
    first = sum(drawing.arms(["a", "b"], str(seed), "teach", "wait")["a"] == "teach" for seed in range(2000))
    assert 900 < first < 1100


def test_signs_are_counted_as_people_see_them():
    seen = {
        "": 0,
        "Halo.": 5,
        "a\r\nb": 3,
        "e\u0301": 1,
        "\U0001f44b\U0001f3fd": 1,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467": 1,
        "\U0001f1ee\U0001f1e9\U0001f1ee\U0001f1e9": 2,
        "\u2764\ufe0f": 1,
    }
    assert {text: message.signs(message.tidy(text)) for text in seen} == seen
