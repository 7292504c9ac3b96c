"""Clocks, scores and values: due times, worksheets and cited facts, each with its doubts."""

# ruff: noqa: E501  one row a line reads as a table

from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import FILES, NOW, TEXTS, T, encoded

from ruangaman.core import law
from ruangaman.core.assessment import Finding, Weighed, score, smallest_change
from ruangaman.core.clocks import after_months, after_working_days

TAIL = f"source: [act Art. 9], confidence: one, text: {T}"
CLOCKS = f"""
clocks:
  window:
    title: {T}
    rows:
      - {{id: under-17, when: {{age: "< 17"}}, amount: 24, unit: hours, on_lapse: {{consent: lapsed, do: [keep_closed]}}, {TAIL}}}
      - {{id: age-17, when: {{age: 17}}, amount: none, parameter: window_17, unit: hours, doubts: [note], {TAIL}}}
  filing:
    title: {T}
    rows:
      - {{id: filing, amount: 7, unit: calendar_days, reading: calendar, otherwise: [{{doubt: days, reading: working, unit: working_days}}], {TAIL}}}
  result:
    title: {T}
    rows:
      - {{id: result, amount: 3, unit: working_days, {TAIL}}}
  legacy:
    title: {T}
    rows:
      - {{id: legacy, start: 2026-03-06, amount: 3, unit: months, {TAIL}}}
  room:
    title: {T}
    rows:
      - {{id: room, due: 2026-12-31, {TAIL}}}
"""
HOLIDAYS = f"""
weekend: [saturday, sunday]
covers: {{from: 2026-01-01, until: 2026-12-31, otherwise_doubt: holidays_unknown}}
source: [act Art. 3]
days:
  - {{date: 2026-12-25, kind: public, name: {T}}}
  - {{date: 2026-12-24, kind: joint_leave, name: {T}, estimated: yes}}
estimated_doubt: note
"""
SCORES = f"""
scores:
  sheet:
    title: {T}
    version: sheet-1
    from: 2026-03-17
    high_over: 50.00
    {TAIL.replace(", confidence", chr(10) + "    confidence").replace(", text", chr(10) + "    text")}
    aspects:
      P:
        title: {T}
        items:
          P1: {{weight: 30.01, counts: found, text: {T}}}
          P2: {{weight: 20, counts: not_found, text: {T}}}
          P3: {{weight: 19.99, counts: found, text: {T}}}
      Q:
        title: {T}
        items:
          Q1: {{weight: 50.5, counts: not_found, text: {T}, otherwise: [{{doubt: polarity, reading: risk, counts: found}}, {{doubt: typo, reading: smaller, weight: 48.5}}]}}
          Q2: {{weight: 1, counts: found, text: {T}}}
"""
VALUES = f"""
values:
  ladder:
    title: {T}
    rows:
      - {{from: 2025-03-27, is: [warning, fine], {TAIL}}}
  fine:
    title: {T}
    rows:
      - {{is: unknown, doubts: [note], source: [act Art. 40], confidence: unclear, text: {T}}}
  age:
    title: {T}
    rows:
      - {{from: 2018-05-25, is: 13, {TAIL}}}
      - {{from: 2024-01-01, until: 2026-12-31, is: 15, {TAIL}}}
"""
DOUBTS = f"""
  days: {{readings: [calendar, working], point: {T}}}
  holidays_unknown: {{point: {{id: 'Libur {{year}} belum diketahui.', en: 'The holidays of {{year}} are not known.'}}, source: [act Art. 3]}}
  polarity: {{readings: [printed, risk], point: {T}}}
  typo: {{readings: [printed, smaller], point: {T}}}
"""
PACK = law.compile_pack(
    encoded(
        FILES
        | {
            "pack.yaml": FILES["pack.yaml"].replace("doubts:\n", "doubts:" + DOUBTS),
            "clocks.yaml": CLOCKS,
            "holidays.yaml": HOLIDAYS,
            "instrument.yaml": SCORES,
            "values.yaml": VALUES,
            "texts.yaml": TEXTS,
        }
    )
)


def ask(question: str, now: datetime = NOW, **facts: Any) -> law.Answer:
    return PACK.ask({"question": question} | facts, now=now)


def test_hours_run_through_weekends_and_zones_and_the_due_instant_is_still_in_time():
    due = PACK.due(
        "window",
        datetime.fromisoformat("2026-11-20T08:00:00+07:00"),
        facts={"age": {"at_least": 14, "at_most": 14}},
    )
    assert due.due_at == datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    asked = {"start": "2026-11-20T08:00:00+07:00", "age": {"at_least": 14, "at_most": 14}}
    assert ask("window", **asked, done="2026-11-21T08:00:00+07:00").outcome == "in_time"
    assert ask("window", **asked, done="2026-11-21T08:00:00.000001+07:00").outcome == "late"
    assert ask("window", **asked, done="2026-11-21T03:00:01+02:00").outcome == "late"
    running = ask("window", **asked, on="2026-11-20T20:00:00+07:00")
    assert (running.outcome, running.open, running.valid_until) == ("running", True, due.due_at)
    late = ask("window", **asked, on="2026-11-22T00:00:00+07:00")
    assert (late.outcome, late.open, late.actions) == ("late", False, ("keep_closed",))


def test_a_window_without_a_number_in_the_law_is_unclear_until_the_operator_brings_one():
    asked = {"start": "2026-11-20T08:00:00+07:00", "age": {"at_least": 17, "at_most": 17}}
    answer = ask("window", **asked)
    assert (answer.outcome, answer.decided, answer.value["due_at"], answer.doubt[0]["id"]) == (
        "unclear",
        False,
        None,
        "note",
    )
    brought = PACK.due("window", NOW, facts={"age": {"at_least": 17}, "parameters": {"window_17": 6}})
    assert brought.due_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    with pytest.raises(law.QuestionRefused) as caught:
        PACK.due("window", NOW, facts={"parameters": {"window_16": 6}})
    assert caught.value.code == "ask.unknown-field"


def test_an_unknown_age_leaves_both_windows_open():
    due = PACK.due("window", NOW, facts={"age": {"at_least": 16, "at_most": 17}})
    assert due.due_at is None
    assert due.readings == (
        ("under-17: applied", datetime(2026, 11, 25, 3, 0, tzinfo=UTC)),
        ("age-17: applied", None),
    )
    assert ask("window", start="2026-11-20T08:00:00+07:00").outcome == "unclear"


def test_calendar_or_working_days_give_two_due_times_and_no_verdict_between_them():
    due = PACK.due("filing", datetime(2026, 7, 1, 3, 0, tzinfo=UTC))
    shown = [(name, at and at.astimezone(NOW.tzinfo).isoformat()) for name, at in due.readings]
    assert shown[0] == ("calendar", "2026-07-08T16:59:59.999999+00:00")
    assert shown[1] == ("working", "2026-07-10T16:59:59.999999+00:00")
    assert ask("filing", start="2026-07-01", done="2026-07-08").outcome == "in_time"
    between = ask("filing", start="2026-07-01", done="2026-07-09")
    assert (between.outcome, between.at_worst, between.at_best) == ("unclear", "late", "in_time")
    assert between.doubt[0]["otherwise"][0]["due_at"] == "2026-07-10T23:59:59.999999+07:00"
    assert ask("filing", start="2026-07-01", done="2026-07-11").outcome == "late"


def test_working_days_skip_weekends_and_holidays_and_show_both_due_times_around_an_estimated_one():
    assert ask("result", start="2026-11-20").value["due_on"] == "2026-11-25"
    over = PACK.due("result", datetime(2026, 12, 22, 3, 0, tzinfo=UTC))
    assert [at.date() for _, at in over.readings if at] == [date(2026, 12, 29), date(2026, 12, 28)]
    assert over.doubt[0]["id"] == "note"
    beyond = ask("result", start="2026-12-30")
    assert (beyond.outcome, beyond.value["due_at"]) == ("unclear", None)


@pytest.mark.parametrize(("start", "year"), [("2026-12-29", "2027"), ("2025-12-29", "2025")])
def test_a_time_in_working_days_outside_the_known_holidays_names_the_year(start, year):
    """In every clock and every reading that counts working days; a day inside carries no such doubt."""
    told = f"The holidays of {year} are not known."
    for name in ("result", "filing"):
        found = {one["id"]: one["point"]["en"] for one in ask(name, start=start).doubt}
        assert found["holidays_unknown"] == told, name
    filing = ask("filing", start=start)
    assert [one["due_at"] is None for one in filing.value["readings"]] == [False, True]
    for name, inside in (
        ("result", "2026-12-01"),
        ("filing", "2026-12-01"),
        ("legacy", None),
        ("room", None),
    ):
        answer = ask(name, start=inside) if inside else ask(name)
        assert "holidays_unknown" not in {one["id"] for one in answer.doubt}, name


def test_fixed_starts_and_fixed_ends():
    assert ask("legacy", done="2026-06-05").outcome == "in_time"
    assert ask("legacy", done="2026-06-06").outcome == "in_time"
    assert ask("legacy", done="2026-06-07").outcome == "late"
    assert ask("room", done="2026-12-31").outcome == "in_time"
    assert ask("room", done="2027-01-01").outcome == "late"


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    st.integers(1, 60),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30),
)
def test_working_days_agree_with_listing_them(start, days, holidays):
    year = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    counted = [day for day in year if day > start and day.weekday() < 5 and day not in holidays]
    if len(counted) >= days:
        found = after_working_days(
            start, days, weekend={5, 6}, holidays=holidays, begins=year[0], ends=year[-1]
        )
        assert found == counted[days - 1]


def test_months_end_on_the_same_number_or_the_last_day():
    assert after_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert after_months(date(2026, 12, 31), 1) == date(2027, 1, 31)


def test_exactly_fifty_is_low_and_a_hundredth_more_is_high():
    low = ask("sheet", aspect="P", found=["P1", "P2", "P3"])
    assert (low.value["aspects"]["P"]["score"], low.outcome, low.open) == ("50.00", "low", True)
    high = ask("sheet", aspect="P", found=["P1"], not_found=["P2", "P3"])
    assert (high.value["aspects"]["P"]["score"], high.outcome) == ("50.01", "high")
    assert high.value["aspects"]["P"]["smallest_change"] == ["P2"] or high.value["aspects"]["P"][
        "smallest_change"
    ] == ("P2",)


def test_an_unanswered_item_makes_the_worksheet_incomplete_but_may_leave_the_level_certain():
    open_ended = ask("sheet", aspect="P", found=["P1"], not_found=["P2"])
    assert (open_ended.outcome, open_ended.decided, open_ended.at_worst, open_ended.at_best) == (
        "incomplete",
        False,
        "high",
        "high",
    )
    assert open_ended.value["unanswered"] == ["P3"]
    nothing = ask("sheet", aspect="P")
    assert (nothing.at_worst, nothing.at_best) == ("high", "low")
    assert ask("sheet", aspect="P", found=["P1"], others="no_weight").outcome == "low"


def test_every_reading_of_a_doubtful_item_is_scored_and_disagreement_is_said():
    answer = ask("sheet", aspect="Q", found=["Q1", "Q2"])
    assert (answer.outcome, answer.at_worst, answer.at_best) == ("unclear", "high", "low")
    assert {(one["doubts"]["polarity"], one["doubts"]["typo"], one["scores"]["Q"]) for one in answer.value["readings"]} == {
        ("printed", "printed", "1.00"), ("printed", "smaller", "1.00"), ("risk", "printed", "51.50"), ("risk", "smaller", "49.50"),
    }  # fmt: skip
    assert ask("sheet", aspect="Q", found=["Q1"], not_found=["Q2"], others=None).doubt[0]["otherwise"] == [
        {"reading": "risk", "outcome": "high"}
    ]


def test_one_high_aspect_makes_the_whole_high():
    assert ask("sheet", found=["P1"], not_found=["P2", "P3", "Q2", "Q1"]).value["level"] == "high"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"found": ["P9"]}, "ask.unknown-value"),
        ({"found": ["P1", "P1"]}, "ask.wrong-value"),
        ({"found": ["P1"], "not_found": ["P1"]}, "ask.wrong-value"),
        ({"found": "P1"}, "ask.wrong-type"),
        ({"aspect": "Z"}, "ask.unknown-value"),
        ({"others": "yes"}, "ask.unknown-value"),
        ({"age": {}}, "ask.unknown-field"),
    ],
)
def test_a_worksheet_that_cannot_be_read_is_refused(facts, code):
    with pytest.raises(law.QuestionRefused) as caught:
        ask("sheet", **facts)
    assert caught.value.code == code


items = st.lists(
    st.tuples(st.integers(1, 3000), st.sampled_from(["found", "not_found"])), min_size=1, max_size=8
)


@settings(deadline=None)
@given(items, st.data())
def test_the_smallest_change_is_enough_and_nothing_smaller_is(weights, data):
    sheet = [Weighed(f"I{n}", weight, counts) for n, (weight, counts) in enumerate(weights)]
    found = {one.code: data.draw(st.sampled_from([Finding.FOUND, Finding.NOT_FOUND])) for one in sheet}
    bound = 3000
    turn = {Finding.FOUND: Finding.NOT_FOUND, Finding.NOT_FOUND: Finding.FOUND}

    def low_after(codes: Any) -> bool:
        return score(sheet, found | {code: turn[found[code]] for code in codes}).low <= bound

    change = smallest_change(sheet, found, bound)
    assert low_after(change)
    for size in range(len(change)):
        assert not any(low_after(codes) for codes in combinations(found, size))


def test_a_value_is_told_with_its_article_and_an_unknown_one_is_said_to_be_unknown():
    ladder = ask("ladder", on="2026-11-24")
    assert (ladder.outcome, ladder.as_dict()["value"], ladder.articles) == (
        "stated",
        ["warning", "fine"],
        ("Act Art. 9",),
    )
    fine = ask("fine")
    assert (fine.outcome, fine.value, fine.open, fine.confidence) == ("unclear", None, False, "unclear")
    assert fine.doubt[0]["id"] == "note"
    assert [
        ask("age", on=day).value
        for day in ("2018-05-24", "2018-05-25", "2023-12-31", "2024-01-01", "2026-12-31", "2027-01-01")
    ] == [None, 13, 13, 15, 15, None]
    assert ask("age", on="2023-12-31").as_dict()["valid_until"] == "2024-01-01T00:00:00+07:00"
    assert ask("age", on="2026-12-31").as_dict()["valid_until"] == "2027-01-01T00:00:00+07:00"
