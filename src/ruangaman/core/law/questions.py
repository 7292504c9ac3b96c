"""The three kinds of question beside tables: clocks, scores and values. Small, asked one at a time, not kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from ruangaman.core.ages import as_date
from ruangaman.core.assessment import Finding, Level, Score, Weighed, readings, score, shown, smallest_change
from ruangaman.core.clocks import (
    CalendarEnds,
    after_days,
    after_hours,
    after_months,
    after_working_days,
    end_of_day,
)
from ruangaman.core.law.fields import day_number, instant
from ruangaman.core.law.model import (
    ClockQuestion,
    ClockRow,
    Item,
    ScoreQuestion,
    Source,
    Text,
    ValueQuestion,
)
from ruangaman.core.law.periods import row_on
from ruangaman.core.law.refusals import QuestionRefused

LONGEST = 100_000
"""The most hours, days or months that a parameter may bring."""


@dataclass(frozen=True, slots=True)
class Due:
    """
    When a span of time ends. `due_at` None: the law gives no number, or its holidays are not known.

    `readings` are all due times with their names, the applied one first; `due_on` is the last day of a span of days.
    """

    due_at: datetime | None
    due_on: date | None
    readings: tuple[tuple[str, datetime | None], ...]
    unit: str
    amount: int | None
    articles: tuple[str, ...]
    confidence: str
    doubt: tuple[Mapping[str, Any], ...]
    text: Text
    effect_on_lapse: Mapping[str, str | tuple[str, ...]]
    row: str

    @property
    def agreed(self) -> bool:
        """Whether all readings name the same instant."""
        return self.due_at is not None and len({at for _, at in self.readings}) == 1


def notes(source: Source, names: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Doubts as they stand in an answer."""
    found = []
    for name in dict.fromkeys(names):
        doubt = source.doubts[name]
        one: dict[str, Any] = {"id": name, "point": doubt.point}
        if doubt.articles:
            one["articles"] = doubt.articles
        found.append(one)
    return tuple(found)


def due_of_row(source: Source, row: ClockRow, start: datetime, start_day: date, parameter: int | None) -> Due:
    """One row of a clock, begun at an instant; `start_day` is that day in the zone of the law."""
    zone = ZoneInfo(source.zone)
    doubts = list(row.doubts)
    beyond: set[int] = set()

    def end(amount: int | None, unit: str, estimated: bool) -> tuple[datetime | None, date | None]:
        if row.due is not None:
            return end_of_day(row.due, zone), row.due
        if amount is None:
            return None, None
        begin_day = row.start or start_day
        try:
            if unit == "hours":
                begin = datetime.combine(row.start, time(), tzinfo=zone) if row.start else start
                return after_hours(begin, amount), None
            if unit == "months":
                last = after_months(begin_day, amount)
            elif unit == "calendar_days":
                last = after_days(begin_day, amount)
            else:
                days = source.holidays
                free = set(days.days) if estimated else set(days.days) - days.estimated
                last = after_working_days(
                    begin_day, amount, weekend=days.weekend, holidays=free, begins=days.begins, ends=days.ends
                )
        except CalendarEnds as wrong:
            beyond.add(int(wrong.facts["year"]))
            return None, None
        except (OverflowError, ValueError):
            return None, None
        return end_of_day(last, zone), last

    amount = parameter if parameter is not None and row.amount is None else row.amount
    due_at, due_on = end(amount, row.unit, True)
    found: list[tuple[str, datetime | None]] = [(row.reading, due_at)]
    told: list[dict[str, Any]] = []
    cases = [(row.reading, amount, row.unit, "")]
    for other in row.otherwise:
        said = other.changes.get("amount")
        other_amount = amount if said is None else None if said == "none" else int(said)
        unit = other.changes.get("unit", row.unit)
        cases.append((other.name, other_amount, unit, other.doubt))
        other_at = end(other_amount, unit, True)[0]
        found.append((other.name, other_at))
        if other_at != due_at:
            one = notes(source, [other.doubt])[0]
            told.append(
                one
                | {
                    "applied": row.reading,
                    "otherwise": [{"reading": other.name, "due_at": _iso(other_at, zone)}],
                }
            )
    for name, case_amount, unit, _ in cases:
        if unit == "working_days" and source.holidays.estimated:
            sure = end(case_amount, unit, False)[0]
            if sure not in [at for _, at in found]:
                found.append((f"{name}_without_estimated_holidays", sure))
                told.append(
                    notes(source, [source.holidays.estimated_doubt])[0]
                    | {"otherwise": [{"reading": "without_estimated_holidays", "due_at": _iso(sure, zone)}]}
                )
    lasts = [end(case_amount, unit, True)[1] for _, case_amount, unit, _ in cases if unit == "working_days"]
    if any(last is not None and last > source.holidays.decreed_until for last in lasts):
        doubts.append(source.holidays.undecreed_doubt)
    told = [*notes(source, doubts), *(_unknown_year(source, year) for year in sorted(beyond)), *told]
    return Due(
        due_at, due_on, tuple(found), row.unit, amount, row.articles, row.confidence, tuple(told), row.text,
        row.on_lapse, row.id,
    )  # fmt: skip


def _unknown_year(source: Source, year: int) -> dict[str, Any]:
    """The doubt that the holidays of a year are not known, with that year in its sentence."""
    found = notes(source, [source.holidays.unknown_doubt])[0]
    point = {language: said.replace("{year}", str(year)) for language, said in found["point"].items()}
    return found | {"point": point}


def _iso(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def begin_of(value: Any, field: str, zone: ZoneInfo) -> tuple[datetime, date]:
    """A start as an instant, with its day in the law's zone; a bare date begins at its first instant."""
    if not isinstance(value, str):
        raise QuestionRefused("ask.wrong-type", field, "a date, or a date-time with offset")
    try:
        if len(value) == 10:
            day = as_date(day_number(value))
            return datetime.combine(day, time(), tzinfo=zone), day
        at = instant(value)
        return at, at.astimezone(zone).date()
    except (ValueError, OverflowError):
        raise QuestionRefused(
            "ask.bad-date", field, "no such date; a date, or a date-time with offset"
        ) from None


def clock_fields(
    source: Source,
    clock: ClockQuestion,
    dues: Sequence[Due],
    done: datetime | None,
    done_day: date | None,
    now: datetime,
) -> dict[str, Any]:
    """The answer of a clock question from the rows that may apply (one when the facts decide)."""
    zone = ZoneInfo(source.zone)
    lead = dues[0]
    at = done or now
    states = set()
    for due in dues:
        for _, due_at in due.readings:
            if due_at is None:
                states.add("unclear")
            elif done_day is not None:
                states.add("in_time" if done_day <= due_at.astimezone(zone).date() else "late")
            elif at <= due_at:
                states.add("in_time" if done else "running")
            else:
                states.add("late")
    outcome = states.pop() if len(states) == 1 else "unclear"
    order = [one for one in ("in_time", "running", "unclear", "late") if one in states] if states else []
    all_readings = [(due.row, name, due_at) for due in dues for name, due_at in due.readings]
    several = len(dues) > 1
    value: dict[str, Any] = {
        "due_at": None if several else _iso(lead.due_at, zone),
        "due_on": None if several or lead.due_on is None else lead.due_on.isoformat(),
        "unit": lead.unit,
        "amount": None if several else lead.amount,
        "readings": [
            {"row": row, "reading": name, "due_at": _iso(due_at, zone)} for row, name, due_at in all_readings
        ],
        "on_lapse": dict(lead.effect_on_lapse) if not several else {},
    }
    upcoming = [due_at for _, _, due_at in all_readings if due_at is not None and due_at >= at]
    doubt = tuple(one for due in dues for one in due.doubt)
    lapsed = outcome == "late"
    do = lead.effect_on_lapse.get("do", ()) if lapsed and not several else ()
    return {
        "outcome": outcome,
        "open": outcome in ("in_time", "running"),
        "decided": outcome != "unclear",
        "reason": f"{source.id}/{clock.name}/{lead.row if not several else 'undecided'}",
        "at_worst": order[-1] if outcome == "unclear" and order else None,
        "at_best": order[0] if outcome == "unclear" and order else None,
        "actions": (do,) if isinstance(do, str) else tuple(do),
        "articles": tuple(dict.fromkeys(a for due in dues for a in due.articles)),
        "confidence": max((due.confidence for due in dues), key=(">=2", "one", "unclear").index),
        "doubt": doubt,
        "value": value,
        "text": lead.text,
        # The due instant itself is still in time; one microsecond later it is not.
        "until": min(upcoming) if done is None and done_day is None and upcoming else None,
    }


def score_fields(
    source: Source,
    question: ScoreQuestion,
    findings: Mapping[str, Finding],
    aspects: Sequence[str],
    no_weight: bool,
) -> dict[str, Any]:
    """The answer of a worksheet: every aspect, in every reading of the doubts that its items carry."""
    items = [item for aspect in aspects for item in question.aspects[aspect]]
    doubts: dict[str, tuple[str, ...]] = {}
    for item in items:
        for other in item.otherwise:
            doubts[other.doubt] = source.doubts[other.doubt].readings
    results: list[tuple[dict[str, str], dict[str, Score]]] = []
    for choice in readings(doubts):
        taken = dict(choice)
        by_aspect = {}
        for aspect in aspects:
            weighed = [_weighed(item, taken) for item in question.aspects[aspect]]
            seen = {one.code: _finding(findings.get(one.code), one, no_weight) for one in weighed}
            by_aspect[aspect] = score(weighed, seen)
        results.append((taken, by_aspect))
    bound = question.high_over
    levels = [_whole([one.level(bound) for one in found.values()]) for _, found in results]
    low = min((_whole_bound(found, bound, 0) for _, found in results), key=_ORDER.index)
    high = max((_whole_bound(found, bound, 1) for _, found in results), key=_ORDER.index)
    applied = results[0][1]
    value: dict[str, Any] = {
        "version": question.version,
        "level": levels[0],
        "aspects": {
            aspect: {
                "score": shown(one.low),
                "at_most": shown(one.high),
                "level": one.level(bound),
                "readings": sorted(
                    {(shown(found[aspect].low), found[aspect].level(bound)) for _, found in results}
                ),
                "smallest_change": smallest_change(
                    [_weighed(item, results[0][0]) for item in question.aspects[aspect]],
                    {
                        item.code: _finding(findings.get(item.code), _weighed(item, results[0][0]), no_weight)
                        for item in question.aspects[aspect]
                    },
                    bound,
                ),
            }
            for aspect, one in applied.items()
        },
        "readings": [
            {"doubts": taken, "level": level, "scores": {name: shown(one.low) for name, one in found.items()}}
            for (taken, found), level in zip(results, levels, strict=True)
        ],
        "unanswered": [code for one in applied.values() for code in one.unanswered],
    }
    agreed = len(set(levels)) == 1
    outcome = levels[0] if agreed else "unclear"
    told = []
    for name in doubts:
        others = [
            {"reading": taken[name], "outcome": level}
            for (taken, _), level in zip(results, levels, strict=True)
            if taken[name] != doubts[name][0] and all(taken[o] == doubts[o][0] for o in doubts if o != name)
        ]
        told.append(notes(source, [name])[0] | {"applied": doubts[name][0], "otherwise": others})
    decided = outcome in (Level.LOW, Level.HIGH)
    return {
        "outcome": str(outcome),
        "open": outcome == Level.LOW,
        "decided": decided,
        "reason": f"{source.id}/{question.name}/{question.version}",
        "at_worst": None if decided else high,
        "at_best": None if decided else low,
        "actions": (),
        "articles": question.articles,
        "confidence": question.confidence,
        "doubt": (*notes(source, question.doubts), *told),
        "value": value,
        "text": question.text,
        "until": None,
    }


_ORDER = (Level.LOW, Level.HIGH)


def _weighed(item: Item, taken: Mapping[str, str]) -> Weighed:
    weight, counts = item.weight, item.counts
    for other in item.otherwise:
        if taken[other.doubt] == other.name:
            counts = other.changes.get("counts", counts)
            if "weight" in other.changes:
                whole, _, rest = other.changes["weight"].partition(".")
                weight = int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    return Weighed(item.code, weight, counts)


def _finding(said: Finding | None, item: Weighed, no_weight: bool) -> Finding:
    if said is not None:
        return said
    if not no_weight:
        return Finding.UNANSWERED
    return Finding.NOT_FOUND if item.counts == "found" else Finding.FOUND


def _whole(levels: Sequence[Level]) -> Level:
    """One aspect high is enough; something unanswered makes the whole incomplete."""
    if Level.INCOMPLETE in levels:
        return Level.INCOMPLETE
    return Level.HIGH if Level.HIGH in levels else Level.LOW


def _whole_bound(found: Mapping[str, Score], bound: int, side: int) -> Level:
    return _whole([one.bounds(bound)[side] for one in found.values()])


def value_fields(
    source: Source, question: ValueQuestion, on: date, as_known_on: date | None
) -> dict[str, Any]:
    """The answer of a value question on a day."""
    row = row_on(question, on, as_known_on)
    edges = [
        day
        for one in question.rows
        for day in (
            one.dated.begins,
            None if one.dated.ends == date.max else date.fromordinal(one.dated.ends.toordinal() + 1),
        )
        if day is not None and day > on
    ]
    until = (
        datetime.combine(min(edges), time(), tzinfo=ZoneInfo(source.zone)).astimezone(UTC) if edges else None
    )
    common: dict[str, Any] = {"at_worst": None, "at_best": None, "actions": (), "until": until}
    if row is None or row.text is None:
        return common | {
            "outcome": "not_in_force",
            "open": True,
            "decided": True,
            "reason": f"{source.id}/{question.name}/not-in-force",
            "articles": (),
            "confidence": "unclear",
            "doubt": (),
            "value": None,
            "text": {
                "id": "Untuk hari itu tidak ada ketentuan.",
                "en": "There is no provision for that day.",
            },
        }
    known = row.is_ is not None
    return common | {
        "outcome": "stated" if known else "unclear",
        "open": known,
        "decided": known,
        "reason": f"{source.id}/{question.name}/{'stated' if known else 'unknown'}",
        "articles": row.articles,
        "confidence": row.confidence,
        "doubt": notes(source, row.doubts),
        "value": dict(row.is_) if isinstance(row.is_, Mapping) else row.is_,
        "text": row.text,
    }
