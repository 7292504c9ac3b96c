"""
Tests on paper, typed in: once, and once more by somebody else. Where both agree it is a sheet; where they differ a
person looks at the paper and decides, item by item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core.learning import answering, seats, times
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.group_errors import (
    NoSuchGroup,
    SheetItems,
    SheetOfAnotherTest,
    SheetRefused,
    SheetStands,
)
from ruangaman.rooms.learning.groups import checking, opening, syncing
from ruangaman.rooms.learning.models import Group, PaperRow, Seat, Sheet

LETTERS: Final = "abcdefgh"
NOTHING: Final = "-"
SEEN: Final = "1"
_SEEN: Final = {
    "1": SEEN,
    "y": SEEN,
    "v": SEEN,
    "x": SEEN,
    "0": NOTHING,
    "t": NOTHING,
    "n": NOTHING,
    "-": NOTHING,
}

SAVED, SHEET, DIFFERS = "saved", "sheet", "differs"


@dataclass(frozen=True, slots=True)
class Typed:
    """
    One row as it was typed.

    Attributes:
        marks: one sign an item. unsure: numbers of items, did: numbers of what was done, both from 1.
    """

    number: int
    marks: tuple[str, ...]
    unsure: tuple[int, ...]
    did: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a grid has: how many items, whether a learner could mark doubt, how many things done; of observations."""

    items: int
    how_sure: bool
    did: tuple[Any, ...]
    observed: bool
    options: int


def asked(group: Group, objective: str, time: str) -> Asked:
    """The grid of a test. Raises SheetOfAnotherTest: not a test of this group."""
    if objective not in group.objectives or time not in times.TIMES:
        raise SheetOfAnotherTest
    course = courses.course()
    audience = course.scheme.audience(objective)
    did = checking.behaviours().of(objective, time)
    if audience.measured == "observations":
        return Asked(len(course.lessons[objective].observations), False, did, True, 1)
    forms = [course.forms[objective, letter] for letter in ("A", "B")]
    most = max(len(item.options) for form in forms for item in form.items)
    return Asked(len(forms[0].items), answering.asks_how_sure(audience.id), did, False, most)


def mark(text: str, wanted: Asked) -> str:
    """
    A sign as it is kept: a letter, or `-` for nothing marked; digits count as letters. "" is none of these.

    >>> grid = Asked(6, True, (), False, 3)
    >>> [mark(one, grid) for one in ("a", "B", "3", "-", "0", "d", "4", "", "?")]
    ['a', 'b', 'c', '-', '-', '', '', '', '']
    """
    said = text.strip().lower()
    if wanted.observed:
        return _SEEN.get(said, "")
    if said in (NOTHING, "0"):
        return NOTHING
    letters = LETTERS[: wanted.options]
    if len(said) == 1 and said.isascii() and said.isdigit():
        return letters[int(said) - 1 : int(said)]
    return said if len(said) == 1 and said in letters else ""


def numbers(text: str, most: int) -> tuple[int, ...] | None:
    """
    Numbers that somebody typed with anything between them, in order; None when one is not there.

    >>> numbers("5, 2", 6), numbers("", 6), numbers("7", 6)
    ((2, 5), (), None)
    """
    parts = "".join(sign if sign.isascii() and sign.isdigit() else " " for sign in text[:80]).split()
    found = {int(one) for one in parts if len(one) < 3}
    if len(found) != len(set(parts)) or not found <= set(range(1, most + 1)):
        return None
    return tuple(sorted(found))


@transaction.atomic
def save(
    group: Group,
    objective: str,
    time: str,
    turn: int,
    typed: Typed,
    *,
    taken_on: date,
    now: datetime,
) -> str:
    """
    Keep one row; gives SAVED after the first time, SHEET or DIFFERS after the second.

    Raises:
        SheetOfAnotherTest, SheetItems: a sign is missing. SheetNotOpen: the day does not fit. SheetStands.
    """
    row = _locked(group)
    wanted = asked(row, objective, time)
    seat = Seat.objects.filter(group=row, number=typed.number).first()
    if seat is None or turn not in (1, 2):
        raise SheetOfAnotherTest
    seat.group = row
    if Sheet.objects.filter(seat=seat, objective=objective, time=time).exists():
        raise SheetStands
    if len(typed.marks) != wanted.items or not all(typed.marks):
        raise SheetItems
    sheet = _sheet(seat, objective, time, typed, taken_on, now)
    _check(sheet, now)
    first = PaperRow.objects.filter(seat=seat, objective=objective, time=time, turn=1).first()
    if turn == 2 and first is None:
        raise SheetOfAnotherTest
    told = {
        "marks": "".join(typed.marks),
        "unsure": list(typed.unsure),
        "did": list(typed.did),
        "taken_on": taken_on,
        "typed_at": now,
    }
    PaperRow.objects.update_or_create(
        seat=seat,
        objective=objective,
        time=time,
        turn=turn,
        defaults=told,
        create_defaults={"id": ids.new(now)} | told,
    )
    if turn == 1:
        # Whoever changes the first typing makes the second one answer for something else.
        PaperRow.objects.filter(seat=seat, objective=objective, time=time, turn=2).delete()
        return SAVED
    assert first is not None
    if _typed(first, typed.number) != typed:
        return DIFFERS
    sheet.taken_on = first.taken_on
    return _kept(sheet, now)


def rows(group: Group, objective: str, time: str) -> dict[int, dict[int, Typed]]:
    """What was typed and is no sheet yet, of seats whose sheet has not come another way: seat -> turn -> row."""
    found: dict[int, dict[int, Typed]] = {}
    known = PaperRow.objects.filter(seat__group=group, objective=objective, time=time).exclude(
        seat__number__in=arrived(group, objective, time)
    )
    for row in known.select_related("seat").order_by("seat__number", "turn"):
        found.setdefault(row.seat.number, {})[row.turn] = _typed(row, row.seat.number)
    return found


def arrived(group: Group, objective: str, time: str) -> set[int]:
    """Seats that have a sheet of this test."""
    known = Sheet.objects.filter(seat__group=group, objective=objective, time=time)
    return set(known.values_list("seat__number", flat=True))


def first_day(group: Group, objective: str, time: str) -> date | None:
    """The day that was told with the last row typed."""
    known = PaperRow.objects.filter(seat__group=group, objective=objective, time=time).order_by("-typed_at")
    return known.values_list("taken_on", flat=True).first()


def differing(pair: Mapping[int, Typed]) -> tuple[list[int], bool, bool]:
    """Where two typings of a row differ: numbers of items, whether the doubts do, whether what was done does."""
    one, other = pair[1], pair[2]
    items = [at + 1 for at, (a, b) in enumerate(zip(one.marks, other.marks, strict=True)) if a != b]
    return items, one.unsure != other.unsure, one.did != other.did


@transaction.atomic
def decide(
    group: Group, objective: str, time: str, number: int, chosen: Mapping[str, int], *, now: datetime
) -> str:
    """
    Make a sheet of a row whose typings differ, each place taken from the typing that the paper agrees with.

    Args:
        chosen: place ("1" to the number of items, "unsure", "did") -> turn.

    Raises:
        SheetItems: a place that differs was not decided. SheetOfAnotherTest, SheetStands
    """
    row = _locked(group)
    asked(row, objective, time)
    pair = rows(row, objective, time).get(number, {})
    if set(pair) != {1, 2}:
        raise SheetOfAnotherTest
    items, unsure, did = differing(pair)
    places = [*(str(one) for one in items), *(["unsure"] if unsure else []), *(["did"] if did else [])]
    if any(chosen.get(place) not in (1, 2) for place in places):
        raise SheetItems
    marks = tuple(pair[chosen.get(str(at + 1), 1)].marks[at] for at in range(len(pair[1].marks)))
    typed = Typed(number, marks, pair[chosen.get("unsure", 1)].unsure, pair[chosen.get("did", 1)].did)
    return _from_first(row, objective, time, typed, now)


@transaction.atomic
def use_first(group: Group, objective: str, time: str, *, now: datetime) -> int:
    """
    Without a second typing: every row that was typed once becomes a sheet; gives how many did.

    A row whose day does not fit any more stays as it is, and so do the others' sheets. What was typed for seats whose
    sheet has come another way goes.
    """
    row = _locked(group)
    asked(row, objective, time)
    typed_of = PaperRow.objects.filter(seat__group=row, objective=objective, time=time)
    typed_of.filter(seat__number__in=arrived(row, objective, time)).delete()
    made = 0
    for typed in (pair[1] for pair in rows(row, objective, time).values() if set(pair) == {1}):
        try:
            _from_first(row, objective, time, typed, now)
        except SheetRefused:
            continue
        made += 1
    return made


def _from_first(row: Group, objective: str, time: str, typed: Typed, now: datetime) -> str:
    first = PaperRow.objects.select_related("seat").get(
        seat__group=row, seat__number=typed.number, objective=objective, time=time, turn=1
    )
    first.seat.group = row
    return _kept(_sheet(first.seat, objective, time, typed, first.taken_on, now), now)


def _locked(group: Group) -> Group:
    row = syncing.lock([group.pk]).get(group.pk)
    if row is None or row.forgotten_at is not None:
        raise NoSuchGroup
    return row


def _typed(row: PaperRow, number: int) -> Typed:
    return Typed(number, tuple(row.marks), tuple(row.unsure), tuple(row.did))


def _sheet(seat: Seat, objective: str, time: str, typed: Typed, taken_on: date, now: datetime) -> Sheet:
    group, course = seat.group, courses.course()
    form, version, answers = "", 0, _seen(objective, typed)
    if course.scheme.audience(objective).measured != "observations":
        form = seats.form(seat.number, time)
        version = course.forms[objective, form].version
        answers = _answers(objective, form, typed)
    return Sheet(
        id=ids.new(now),
        seat=seat,
        objective=objective,
        time=time,
        form=form,
        version=version or course.lessons[objective].version,
        language=group.language,
        answers=answers,
        did=_did(objective, time, typed.did),
        on_paper=True,
        taken_on=taken_on,
        arrived_at=now,
    )


def _seen(objective: str, typed: Typed) -> list[list[Any]]:
    observations = courses.course().lessons[objective].observations
    return [[one.id, said == SEEN] for one, said in zip(observations, typed.marks, strict=False)]


def _answers(objective: str, form: str, typed: Typed) -> list[list[Any]]:
    how_sure = answering.asks_how_sure(objective.partition("-")[0])
    answers: list[list[Any]] = []
    for at, (one, said) in enumerate(zip(opening.printed(objective, form), typed.marks, strict=False)):
        place = LETTERS.find(said)
        if place >= len(one.options):
            raise SheetItems  # an item with fewer options than another of its form
        option = one.options[place].id if place >= 0 else ""
        answers.append([one.item.id, option, at + 1 not in typed.unsure if how_sure and option else None])
    return answers


def _did(objective: str, time: str, said: Sequence[int]) -> list[str]:
    offered = checking.behaviours().of(objective, time)
    if any(one > len(offered) for one in said):
        raise SheetItems
    return [offered[one - 1].id for one in said]


def _check(sheet: Sheet, now: datetime) -> None:
    checking.check(
        sheet.seat.group,
        sheet.seat.number,
        objective=sheet.objective,
        time=sheet.time,
        form=sheet.form,
        version=sheet.version,
        answers=sheet.answers,
        did=sheet.did,
        taken_on=sheet.taken_on,
        now=now,
    )


def _kept(sheet: Sheet, now: datetime) -> str:
    """Keep a sheet and drop what was typed for it. Raises what it was refused for."""
    result = syncing.keep_rows([(0, sheet)], now=now)[0]
    if result.result == "refused":
        _check(sheet, now)  # says why
        raise SheetStands
    PaperRow.objects.filter(seat=sheet.seat, objective=sheet.objective, time=sheet.time).delete()
    return SHEET
