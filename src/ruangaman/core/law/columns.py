"""Many cases at once: one column a fact, answers as numbers into a list, 32,768 rows at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.core.ages import counting_day, day_after
from ruangaman.core.law.answers import Core
from ruangaman.core.law.refusals import QuestionRefused
from ruangaman.core.law.tables import FAR, Period, TableEngine

CHUNK = 32_768
MOST_CODES = 4_000_000


@dataclass(frozen=True, slots=True)
class Columns:
    """
    `answers[numbers[row]]` is the answer of a row; `changes[row]` the day (yyyymmdd) up to which it surely holds, 0:
    always. It is exact in the law's last period; before, the end of the period counts as a change.
    """

    numbers: NDArray[np.int32]
    changes: NDArray[np.int32]
    answers: list[Core]


class Lookup:
    """Per packed code and age: the number of the answer, and the age at which it changes. Filled as codes come."""

    def __init__(self, engine: TableEngine, period: Period) -> None:
        self.engine, self.period = engine, period
        self.ages = engine.source.max_age + 1 if engine.has_age else 1
        codes = 1
        for axis in engine.space.axes:
            codes *= engine.space.codes(axis)
        if codes > MOST_CODES:
            raise QuestionRefused("ask.too-wide", "columns", "too many facts for columns; ask one at a time")
        self.cuts = np.array(engine.space.ages[0].cuts if engine.has_age else [0])
        self.bands = len(self.cuts)
        self.band_of = (np.searchsorted(self.cuts, np.arange(self.ages), side="right") - 1).astype(np.int32)
        self.numbers = np.full(codes * self.bands, -1, dtype=np.int32)
        self.steps = np.zeros(codes * self.bands, dtype=np.int32)
        self.answers: list[Core] = []
        self.known: dict[int, int] = {}

    def fill(self, index: NDArray[np.int32]) -> None:
        """Find the answers of codes that have not been met."""
        for one in np.unique(index[self.numbers[index] < 0]).tolist():
            packed, band = divmod(one, self.bands)
            age = int(self.cuts[band])
            answer, step = self.engine.point(self.period, packed, age)
            number = self.known.setdefault(id(answer), len(self.answers))
            if number == len(self.answers):
                self.answers.append(answer)
            self.numbers[one], self.steps[one] = number, step * 10000


def ask_columns(engine: TableEngine, columns: Mapping[str, Any], on: int) -> Columns:
    """
    One table question for many rows of one day.

    Args:
        columns: for each fact an integer array of places in the pack's order of its words (yes 0, no 1), its number of
            words meaning unknown; a missing column is unknown. The age as `birth`: int32 yyyymmdd, every one a real
            day up to `on`. Questions with number facts or other counts of age are refused.

    Raises:
        QuestionRefused: `ask.columns` for columns that do not fit, `ask.too-wide` for a question with too many facts.
    """
    if not engine.simple or any(axis.cuts for axis in engine.space.axes):
        raise QuestionRefused("ask.columns", "question", "columns take words and completed years only")
    period = engine.period(on)
    names = {axis.fact.name: axis for axis in engine.space.axes}
    unknown = set(columns) - set(names) - {"birth"}
    if unknown or (engine.has_age and "birth" not in columns):
        raise QuestionRefused("ask.columns", min(unknown, default="birth"), "an unknown column, or no births")
    arrays = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    rows = {len(column) for column in arrays.values()}
    if len(rows) != 1:
        raise QuestionRefused("ask.columns", "columns", "columns of one length")
    for name, axis in names.items():
        if name in arrays and len(arrays[name]):
            column = arrays[name]
            if column.dtype.kind not in "iu" or int(column.min()) < 0 or int(column.max()) > axis.size:
                raise QuestionRefused("ask.columns", name, f"whole numbers 0 to {axis.size}")
    # Taken out while it is used: two threads that filled one lookup would give one number to two answers.
    lookup = engine.lookups.pop(period.begins, None) or Lookup(engine, period)
    try:
        return _answer(engine, period, lookup, arrays, on, rows.pop())
    finally:
        engine.lookups[period.begins] = lookup


def _answer(
    engine: TableEngine,
    period: Period,
    lookup: Lookup,
    arrays: Mapping[str, NDArray[Any]],
    on: int,
    rows: int,
) -> Columns:
    numbers = np.empty(rows, dtype=np.int32)
    changes = np.zeros(rows, dtype=np.int32)
    steps = [
        (arrays.get(axis.fact.name), axis.size, stride * lookup.bands)
        for axis, stride in zip(engine.space.axes, engine.space.strides, strict=True)
    ]
    fixed = sum(size * stride for column, size, stride in steps if column is None)
    present = [(column, np.int32(stride)) for column, _, stride in steps if column is not None]
    births = arrays.get("birth")
    day = counting_day(on, engine.leap)
    index = np.empty(CHUNK, dtype=np.int32)
    spare = np.empty(CHUNK, dtype=np.int32)
    for begin in range(0, rows, CHUNK):
        end = min(begin + CHUNK, rows)
        at, room = index[: end - begin], spare[: end - begin]
        if births is not None and engine.has_age:
            birth = births[begin:end]
            np.subtract(np.int32(day), birth, out=at, casting="unsafe")
            np.floor_divide(at, np.int32(10000), out=at)
            if int(at.min()) < 0 or int(at.max()) >= lookup.ages:
                raise QuestionRefused(
                    "ask.columns", "birth", "a birth after the day, or an age above the most"
                )
            np.take(lookup.band_of, at, out=room, mode="clip")
            np.add(room, np.int32(fixed), out=at)
        else:
            at.fill(fixed)
        for column, stride in present:
            np.multiply(column[begin:end], stride, out=room, casting="unsafe", dtype=np.int32)
            np.add(at, room, out=at)
        into = numbers[begin:end]
        np.take(lookup.numbers, at, out=into, mode="clip")
        if into.min() < 0:
            lookup.fill(at)
            np.take(lookup.numbers, at, out=into, mode="clip")
        if births is not None and engine.has_age:
            grow = np.take(lookup.steps, at, out=room, mode="clip")
            np.add(births[begin:end], grow, out=changes[begin:end], casting="unsafe", where=grow > 0)
    if births is not None and engine.has_age:
        # 29 February of a common year: the pack says which day it is.
        leap = np.flatnonzero(changes % 10000 == 229)
        if len(leap):
            years = changes[leap] // 10000
            common = (years % 4 != 0) | ((years % 100 == 0) & (years % 400 != 0))
            days = changes[leap[common]]
            early = engine.leap_doubt & (days - 1 > on)
            changes[leap[common]] = np.where(early, days - 1, days + engine.leap_shift)
    if period.ends != FAR:
        late = (changes == 0) | (changes > period.ends)
        changes[late] = day_after(period.ends)
    return Columns(numbers, changes, lookup.answers)
