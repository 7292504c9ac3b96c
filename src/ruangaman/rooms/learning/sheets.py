"""
What sheets say, as arrays for `core.learning.measuring` and `items`; no learner has a name in them, not even a number.

A sheet counts when the day on which it was taken fits its time and the day of the lesson as it stands now. What was
left out on a finished sheet is wrong; a test that was broken off never came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ruangaman.core.learning import answering, times
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.models import Group, Sheet

ARM: Final = {"": 1, "teach": 1, "wait": 0, "A": 0, "B": 1}
"""As `Trial` counts arms: those who were taught and those who wait; of two wordings, A and B."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One learner with a test before and another one: shares of items right."""

    group: UUID
    before: float
    after: float


def counted(groups: Iterable[Group], objective: str, time: str) -> list[Sheet]:
    """The sheets of a time whose day fits, with their seats."""
    living = {group.pk: group for group in groups if group.forgotten_at is None}
    rows = Sheet.objects.filter(seat__group_id__in=living, objective=objective, time=time)
    return [
        row
        for row in rows.select_related("seat").order_by("seat__group_id", "seat__number")
        if times.counts(time, living[row.seat.group_id].taught_on, row.taken_on)
    ]


def score(sheet: Sheet) -> float:
    """The share that is right; of a carer's sheet, that was seen."""
    if not sheet.form:
        return sum(one[1] is True for one in sheet.answers) / len(sheet.answers)
    return answering.score(courses.course().forms[sheet.objective, sheet.form], sheet.answers)


def pairs(groups: Sequence[Group], objective: str, time: str) -> list[Pair]:
    """Learners with a test before and one of that time."""
    before = {row.seat_id: score(row) for row in counted(groups, objective, times.PRE)}
    return [
        Pair(row.seat.group_id, before[row.seat_id], score(row))
        for row in counted(groups, objective, time)
        if row.seat_id in before
    ]


def trial(groups: Sequence[Group], objective: str, time: str) -> Any:
    """
    A `core.learning.measuring.Trial` of an objective: clusters are groups in the order given; None without any pair.

    numpy is loaded here: the commands of the house start without it.
    """
    import numpy as np

    from ruangaman.core.learning.measuring import Trial

    found = pairs(groups, objective, time)
    if not found:
        return None
    numbers = {group.pk: (place, ARM[group.arm]) for place, group in enumerate(groups)}
    return Trial(
        cluster=np.array([numbers[one.group][0] for one in found], dtype=np.int64),
        arm=np.array([numbers[one.group][1] for one in found], dtype=np.int64),
        before=np.array([one.before for one in found]),
        after=np.array([one.after for one in found]),
    )


@dataclass(frozen=True, slots=True)
class Answered:
    """
    What was chosen on one form: arrays of learners x items in the order of the form, as `core.learning.items` takes
    them. chosen: ids of options, "" for none. sure: whether the learner said so.
    """

    items: tuple[str, ...]
    right: Any
    chosen: Any
    sure: Any
    wrong: list[tuple[str, ...]]


def answered(groups: Sequence[Group], objective: str, form: str, time: str) -> Answered:
    """The sheets of one form and time; no rows when none came. numpy is loaded here."""
    import numpy as np

    asked = courses.course().forms[objective, form]
    names = tuple(item.id for item in asked.items)
    rows = [
        {str(one[0]): one for one in row.answers}
        for row in counted(groups, objective, time)
        if row.form == form
    ]
    chosen = np.array([[str(row[name][1]) for name in names] for row in rows], dtype=np.str_)
    chosen = chosen.reshape(len(rows), len(names))
    right = chosen == np.array([item.answer for item in asked.items])
    sure = np.array([[row[name][2] is True for name in names] for row in rows], dtype=np.bool_)
    wrong = [tuple(one.id for one in item.options if not one.right) for item in asked.items]
    return Answered(names, right, chosen, sure.reshape(right.shape), wrong)
