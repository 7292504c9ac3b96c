"""Codes of seats, forms by seat, and the days on which a test counts: laws over all that there is."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core.learning import answering, seats, times
from ruangaman.core.learning.behaviours import ASKED
from ruangaman.core.learning.reviewing import DELAYED
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.groups import checking, naming, opening

SECRETS = st.binary(min_size=32, max_size=32)
DAY = date(2026, 12, 7)


def field_product(one: int, other: int) -> int:
    """Second truth: polynomials over GF(2), multiplied by the school's way, then divided by x^5 + x^2 + 1."""
    whole = 0
    for at in range(5):
        if other >> at & 1:
            whole ^= one << at
    for at in range(8, 4, -1):
        if whole >> at & 1:
            whole ^= 0b100101 << at - 5
    return whole


def is_codeword(code: str) -> bool:
    signs, weight, total = [seats.ALPHABET.index(sign) for sign in code], 1, 0
    for sign in signs[:8]:
        weight = field_product(weight, 2)
        total ^= field_product(weight, sign)
    return total == signs[8]


@given(SECRETS, st.integers(1, 60))
def test_a_code_is_a_codeword_without_signs_that_are_mixed_up_and_the_same_each_time(secret, number):
    code = seats.code(secret, number)
    assert is_codeword(code)
    assert len(code) == 9
    assert not set(code) & set("01OI")
    assert seats.code(secret, number) == code
    assert seats.checked(seats.shown(code).lower()) == code
    assert seats.checked(f" {code[:4]} {code[4:]} ") == code


def test_every_single_wrong_sign_and_every_two_that_changed_places_are_found():
    code = seats.code(bytes(range(32)), 7)
    for at, right in enumerate(code):
        for sign in seats.ALPHABET:
            if sign != right:
                assert seats.checked(code[:at] + sign + code[at + 1 :]) is None
    for one, other in combinations(range(9), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert (seats.checked("".join(swapped)) is None) == (code[one] != code[other])


@given(st.text(max_size=60))
def test_what_is_no_code_is_none(text):
    found = seats.checked(text)
    assert found is None or is_codeword(found)


def test_every_two_seats_of_a_group_have_different_codes_and_no_other_group_has_them():
    found = [seats.code(bytes([group]) * 32, number) for group in range(40) for number in range(1, 61)]
    assert len(set(found)) == len(found)


def test_half_of_a_class_has_each_form_and_nobody_met_the_one_of_day_28_before():
    for number in range(1, 61):
        told = {time: seats.form(number, time) for time in times.TIMES}
        assert told["pre"] == told["post"]
        assert told["delayed"] not in (told["pre"], told["post"])
    for time in times.TIMES:
        assert Counter(seats.form(number, time) for number in range(1, 61)) == {"A": 30, "B": 30}


@given(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=5), unique=True, max_size=10))
def test_an_order_of_chance_keeps_everything_and_comes_again(about, names):
    assert sorted(seats.order(about, names)) == sorted(names)
    assert seats.order(about, names) == seats.order(about, list(reversed(names)))


def test_the_right_option_stands_at_every_place_about_as_often():
    test = [opening.test("B3-2", "pre", number, f"{number:09d}") for number in range(1, 61)]
    places = Counter(
        next(at for at, option in enumerate(asked.options) if option.right)
        for one in test
        for sitting in one.sittings
        for asked in sitting
    )
    assert len(places) == 3
    assert min(places.values()) > 0.8 * max(places.values())


def test_on_each_day_one_test_at_most_is_open_and_what_is_open_counts():
    for after in range(-30, 130):
        today = DAY + timedelta(days=after)
        time = times.open_on(today, DAY)
        assert [one for one in times.TIMES if times.counts(one, DAY, today)][-1:] == ([time] if time else [])
        # What opens next is closed today, and open on its day.
        following = times.next_after(today, DAY)
        if following is not None:
            assert following[1] > today
            assert times.open_on(following[1], DAY) == following[0]
        else:
            assert after >= DELAYED[0]
    assert times.open_on(DAY, None) == "pre"
    assert not any(times.counts(time, None, DAY) for time in ("post", "delayed"))


@pytest.mark.parametrize("after", range(-1, 120))
def test_the_days_are_those_of_the_notes(after):
    taken = DAY + timedelta(days=after)
    assert times.counts("delayed", DAY, taken) == (21 <= after <= 42)
    assert times.counts("post", DAY, taken) == (after == 0)
    assert times.counts("pre", DAY, taken) == (after <= 0)


def test_a_sitting_of_six_to_nine_year_olds_has_five_at_most_and_a_test_has_every_item():
    course = courses.course()
    for name, letter in course.forms:
        number = 1 if letter == "A" else 2
        test = opening.test(name, "pre", number, "23456789A")
        shown = [asked.item.id for sitting in test.sittings for asked in sitting]
        assert sorted(shown) == sorted(item.id for item in course.forms[name, letter].items)
        if name.startswith("B2"):
            assert max(map(len, test.sittings)) <= 5
            assert len(test.sittings) > 1
        else:
            assert len(test.sittings) == 1
        assert test.how_sure == (not name.startswith("B2"))


def test_of_the_youngest_four_observations_are_asked_in_place_of_items():
    for name, lesson in courses.course().lessons.items():
        if name.startswith("B1"):
            test = opening.test(name, "pre", 1, "23456789A")
            assert (test.form, test.sittings, len(test.observations)) == ("", (), 4)
            seen = [[one.id, True] for one in lesson.observations]
            assert answering.observed(lesson, seen)
            assert not answering.observed(lesson, seen[1:])
            assert not answering.observed(lesson, [[*one, None] for one in seen])


def test_what_was_done_is_asked_on_day_28_of_older_ones_alone_and_never_after_a_sensitive_lesson():
    told, scheme = checking.behaviours(), courses.course().scheme
    known = {one.id: one for one in scheme.objectives}
    for behaviour in told.behaviours:
        assert behaviour.objectives, behaviour.id
        for objective in behaviour.objectives:
            assert objective in known
            assert not known[objective].sensitive
            assert objective.partition("-")[0] in ASKED
            assert behaviour in told.of(objective, "delayed")
            assert told.of(objective, "pre") == told.of(objective, "post") == ()
    assert told.of("B3-2", "delayed") == ()
    assert len({one.id for one in told.behaviours}) == len(told.behaviours) == 5


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("5A", True),
        ("RW 03 Melati", True),
        ("Kelas 5A 2026/2027", False),
        ("Kelas 5A 2026", True),
        ("PKK Dusun Sari", True),
        ("Ibu PKK", True),
        ("Ibu hamil RW 2", True),
        ("Bu Sari", False),
        ("kelas pak budi", False),
        ("0812 3456 789", False),
        ("a@b.example", False),
        ("www.sekolah.example", False),
        ("", False),
        ("   ", False),
        ("x" * 41, False),
        ("5A\n6B", False),
        ("5A\u202e", False),
    ],
)
def test_a_group_is_called_by_a_class_or_a_place(name, fits):
    assert naming.fits(name) is fits
