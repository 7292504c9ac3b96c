"""What a facilitator reads of the group: how many sheets have come, which seats have none, never who."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ruangaman.core.learning import times
from ruangaman.core.learning.reviewing import DAYS, DELAYED
from ruangaman.rooms.learning import courses, sheets
from ruangaman.rooms.learning.groups.forgetting import FEWEST
from ruangaman.rooms.learning.models import Group, Sheet


@dataclass(frozen=True, slots=True)
class Come:
    """Sheets of one objective at one time. missing: numbers of seats without one."""

    objective: str
    count: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One time of testing: its days, whether it is open now, and what has come."""

    time: str
    first: date | None
    last: date | None
    open: bool
    come: tuple[Come, ...]


def stages(group: Group, today: date) -> list[Stage]:
    """Every time of testing in its order; the optional one only when it can be or has been."""
    had: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = Sheet.objects.filter(seat__group=group).values_list("objective", "time", "seat__number")
    for objective, time, number in rows:
        had[objective, time].add(number)
    told = []
    for time in times.TIMES:
        first, last = times.window(time, group.taught_on)
        come = tuple(_come(one, had[one, time], group.seats) for one in group.objectives)
        told.append(Stage(time, first, last, times.open_on(today, group.taught_on) == time, come))
    return told


def _come(objective: str, numbers: set[int], seats: int) -> Come:
    return Come(objective, len(numbers), tuple(one for one in range(1, seats + 1) if one not in numbers))


@dataclass(frozen=True, slots=True)
class Result:
    """
    Shares right of those who took both tests, in whole percent; None where fewer than ten did. No comparison is made
    here: whether the lesson did it is said by a campaign alone.
    """

    objective: str
    time: str
    before: int | None
    after: int | None


def results(group: Group) -> list[Result]:
    """The headline is the test of day 28; the one of the same day stands before it."""
    found = []
    for objective in group.objectives:
        for time in (times.AFTER, times.POST):
            pairs = sheets.pairs([group], objective, time)
            if len(pairs) < FEWEST:
                found.append(Result(objective, time, None, None))
                continue
            before = sum(one.before for one in pairs) / len(pairs)
            after = sum(one.after for one in pairs) / len(pairs)
            found.append(Result(objective, time, round(before * 100), round(after * 100)))
    return found


@dataclass(frozen=True, slots=True)
class Waits:
    """Of a group that waits: when its lesson comes; None as long as the others have not had theirs."""

    lesson_from: date | None
    latest_test: date | None


def waits(group: Group) -> Waits | None:
    """Their lesson comes after their test of day 28, so that they can be compared until then."""
    if group.arm != "wait":
        return None
    if group.taught_on is None:
        return Waits(None, None)
    return Waits(group.taught_on + timedelta(days=DAYS[2] + 1), group.taught_on + timedelta(days=DELAYED[1]))


def titles(objectives: Sequence[str]) -> dict[str, object]:
    """Of each lesson its title in both languages."""
    return {one: courses.lesson(one)[1].title for one in objectives}
