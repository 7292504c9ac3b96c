"""Devices that send at the same moment: nothing is lost, nothing is there twice, whoever comes first."""

from functools import partial

import pytest
from tests.at_once import together, writers  # noqa: F401

from ruangaman.rooms.learning.groups import forgetting, making
from ruangaman.rooms.learning.models import Group, Seat, Sheet
from ruangaman.rooms.learning.tests.classes import MONDAY, after, make, send

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEPT = {("accepted", ""), ("already", "")}


def test_two_workers_with_the_same_sending_and_with_ones_that_overlap():
    one, other = make(seats_wanted=30), make(name="6B", seats_wanted=30)
    every = [told.sheet(number) for told in (one, other) for number in range(1, 31)]
    there, back = every[:45], list(reversed(every[15:]))
    results = together(*(partial(send, *batch) for batch in (there, there, back, back)))
    assert {told for result in results for told in result} == KEPT
    assert Sheet.objects.count() == 60
    assert {str(pk) for pk in Sheet.objects.values_list("pk", flat=True)} == {one["id"] for one in every}
    # Each was accepted once, and whoever came later was told so.
    assert sum(result.count(("accepted", "")) for result in results) == 60


def test_of_two_sheets_of_one_seat_at_the_same_moment_one_stays():
    told = make()
    sheets = [told.sheet(1, right=right) for right in range(4)]
    results = [result[0] for result in together(*(partial(send, sheet) for sheet in sheets))]
    assert sorted(results) == [("accepted", ""), *[("refused", "learning.sheet-stands")] * 3]
    assert Sheet.objects.count() == 1


def test_one_id_from_two_groups_at_the_same_moment_is_one_sheet():
    one, other = make(), make(name="6B")
    sheets = [one.sheet(1), {**other.sheet(1), "id": one.sheet(1)["id"]}]
    results = [result[0] for result in together(*(partial(send, sheet) for sheet in sheets))]
    assert sorted(results) == [("accepted", ""), ("refused", "learning.sheet-id-taken")]


def test_a_group_that_goes_while_sheets_come_leaves_none_behind():
    told = make(seats_wanted=20)
    sheets = [told.sheet(number) for number in range(1, 21)]
    sent, *_ = together(
        partial(send, *sheets),
        partial(making.take_away, told.group, now=MONDAY),
        partial(forgetting.settle, after(400)),
    )
    assert set(sent) <= {("accepted", ""), ("refused", "learning.no-such-seat")}
    assert (Seat.objects.count(), Sheet.objects.count()) == (0, 0)
    assert Group.objects.get().forgotten_at is not None
