"""Sheets from devices: sent twice is once, what stands stays, what does not fit is refused with its code."""

import copy
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.rooms.learning.group_errors import SheetsMalformed, SheetsTooLarge, TooMany
from ruangaman.rooms.learning.groups import counting, making, syncing
from ruangaman.rooms.learning.models import Sheet
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_a():
    return make()


def test_sent_twice_is_once_and_another_sheet_of_the_same_test_is_refused_and_the_first_stays(five_a):
    first = five_a.sheet(1, right=4)
    assert send(first) == [("accepted", "")]
    assert send(first, first) == [("already", ""), ("already", "")]
    other = five_a.sheet(1, right=6)
    assert send(other) == [("refused", "learning.sheet-stands")]
    row = Sheet.objects.get()
    assert str(row.pk) == first["id"]
    assert row.answers == first["answers"]


def test_in_one_sending_each_sheet_is_for_itself(five_a):
    good, broken, stranger = five_a.sheet(1), five_a.sheet(2), five_a.sheet(3)
    broken["answers"] = broken["answers"][1:]
    stranger["code"] = "23456789A"
    again = copy.deepcopy(good)
    assert send(good, broken, {"id": "x" * 90}, stranger, again) == [
        ("accepted", ""),
        ("refused", "learning.sheet-items"),
        ("refused", "learning.sheet-malformed"),
        ("refused", "learning.no-such-seat"),
        ("already", ""),
    ]
    assert Sheet.objects.count() == 1


def change(sheet, **told):
    return {**sheet, **told}


def answers_with(sheet, at, value):
    answers = copy.deepcopy(sheet["answers"])
    answers[0][at] = value
    return change(sheet, answers=answers)


REFUSED = {
    "another objective": (lambda s: change(s, objective="B3-1"), "learning.sheet-of-another-test"),
    "no such objective": (lambda s: change(s, objective="B9-1"), "learning.sheet-of-another-test"),
    "the other form": (lambda s: change(s, form="B"), "learning.sheet-of-another-test"),
    "no form": (lambda s: change(s, form=""), "learning.sheet-of-another-test"),
    "a later version": (lambda s: change(s, version=s["version"] + 1), "learning.sheet-version-unknown"),
    "after the lesson": (lambda s: change(s, time="post"), "learning.sheet-not-open"),
    "too early a day": (lambda s: change(s, taken_on="2026-12-05"), "learning.sheet-not-open"),
    "too late a day": (lambda s: change(s, taken_on="2026-12-09"), "learning.sheet-not-open"),
    "an item twice": (lambda s: change(s, answers=[*s["answers"], s["answers"][0]]), "learning.sheet-items"),
    "no item": (lambda s: change(s, answers=[]), "learning.sheet-items"),
    "an unknown item": (lambda s: answers_with(s, 0, "b3-2-b1"), "learning.sheet-items"),
    "an unknown option": (lambda s: answers_with(s, 1, "x"), "learning.sheet-option"),
    "sure of nothing": (lambda s: answers_with(s, 1, ""), "learning.sheet-option"),
    "sure by a word": (lambda s: answers_with(s, 2, "yes"), "learning.sheet-option"),
    "done nothing that is asked": (lambda s: change(s, did=["melapor"]), "learning.sheet-did"),
    "a time of nobody's": (lambda s: change(s, time="soon"), "learning.sheet-malformed"),
    "another field": (lambda s: change(s, name="Sari"), "learning.sheet-malformed"),
    "no uuid": (lambda s: change(s, id="1"), "learning.sheet-malformed"),
    "a day of no calendar": (lambda s: change(s, taken_on="2026-02-30"), "learning.sheet-malformed"),
    "a number for an option": (lambda s: answers_with(s, 1, 3), "learning.sheet-malformed"),
    "forty-one items": (lambda s: change(s, answers=s["answers"][:1] * 41), "learning.sheet-malformed"),
    "a misspelt code": (lambda s: change(s, code=s["code"][::-1]), "learning.no-such-seat"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused_with_its_code(five_a, what):
    spoil, code = REFUSED[what]
    assert send(five_a.sheet(1)) == [("accepted", "")]
    Sheet.objects.all().delete()
    assert send(spoil(five_a.sheet(1))) == [("refused", code)]
    assert Sheet.objects.count() == 0


def test_an_id_that_a_sheet_of_another_seat_has_is_refused(five_a):
    assert send(five_a.sheet(1)) == [("accepted", "")]
    assert send(change(five_a.sheet(2), id=five_a.sheet(1)["id"])) == [("refused", "learning.sheet-id-taken")]


def test_an_unanswered_item_is_kept_as_left_out_and_an_older_version_with_the_same_items_counts(five_a):
    sheet = answers_with(five_a.sheet(1), 1, "")
    sheet["answers"][0][2] = None
    assert send(change(sheet, version=1)) == [("accepted", "")]
    assert Sheet.objects.get().answers[0][1:] == ["", None]


def test_on_the_day_of_the_lesson_and_28_days_later_the_days_of_the_device_count_not_of_the_arrival(five_a):
    five_a.teach(day(0))
    late = after(60)
    assert send(five_a.sheet(1, "post"), now=late) == [("accepted", "")]
    for number, (days, result) in enumerate(
        ((20, "refused"), (21, "accepted"), (42, "accepted"), (43, "refused"))
    ):
        sheet = five_a.sheet(number + 1, "delayed", taken_on=day(days).isoformat())
        assert send(sheet, now=late)[0][0] == result, days
    kept = Sheet.objects.filter(time="delayed").order_by("seat__number")
    assert list(kept.values_list("seat__number", "form")) == [(2, "A"), (3, "B")]


def test_what_arrived_stays_arrived_when_it_is_sent_again_after_its_days(five_a):
    sheet = five_a.sheet(1)
    assert send(sheet) == [("accepted", "")]
    five_a.teach(day(0))
    assert send(sheet, now=after(90)) == [("already", "")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"sheets": {}}',
        b'{"sheets": [], "more": 1}',
        b'{"sheets": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_list_of_sheets_is_refused_whole(body):
    with pytest.raises((SheetsMalformed, SheetsTooLarge)):
        syncing.receive(body, network="", now=MONDAY)


def test_a_sheet_of_depth_is_one_refused_sheet(five_a):
    deep = json.loads("[" * 200 + "]" * 200)
    assert send({"id": str(uuid.uuid4()), "answers": deep}, five_a.sheet(1)) == [
        ("refused", "learning.sheet-malformed"),
        ("accepted", ""),
    ]


def test_more_than_a_hundred_sheets_or_256_kib_are_refused_before_anything_is_kept(five_a):
    with pytest.raises(SheetsTooLarge):
        send(*[five_a.sheet(1)] * 101)
    with pytest.raises(SheetsTooLarge):
        syncing.receive(b" " * (syncing.MOST_BYTES + 1), network="", now=MONDAY)
    assert Sheet.objects.count() == 0


def test_whoever_guesses_codes_is_stopped_and_others_are_not(five_a, monkeypatch):
    monkeypatch.setattr(counting, "WRONG_CODES_AN_HOUR", 3)
    stranger = make(name="6B").token
    secret = making.read(stranger)
    other = bytes(reversed(secret))
    guesses = [change(five_a.sheet(1), code=code) for _, code in making.codes(five_a.group, other)][:3]
    assert {code for _, code in send(*guesses, network="198.51.100.1")} == {"learning.no-such-seat"}
    with pytest.raises(TooMany):
        send(five_a.sheet(1), network="198.51.100.1")
    assert send(five_a.sheet(1)) == [("accepted", "")]
    assert send(five_a.sheet(2), network="198.51.100.1", now=after(0, 1)) == [("accepted", "")]


@pytest.mark.django_db(transaction=True)  # a process keeps the key of the look-ups once it is committed
def test_a_sending_takes_few_queries_however_many_sheets_it_has(django_assert_max_num_queries):
    told = make(seats_wanted=60)
    with django_assert_max_num_queries(10):
        assert {one for one, _ in send(*[told.sheet(n) for n in range(1, 61)])} == {"accepted"}


@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: json.dumps({"sheets": [text]}).encode())
)
def test_no_bytes_break_it(body):
    try:
        results = syncing.receive(body, network="", now=MONDAY)
    except SheetsMalformed:
        return
    assert {one.result for one in results} <= {"refused"}
