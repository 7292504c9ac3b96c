"""Which test a seat may take now: behind the code of a slip stands a number and the items, nothing about anybody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from ruangaman.core.learning import answering, seats, times
from ruangaman.core.learning.behaviours import Behaviour
from ruangaman.core.learning.lettering import lettered
from ruangaman.core.learning.model import Audience, Item, Objective, Observation, Option, Plain, Told
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.group_errors import NoSuchSeat, TooMany
from ruangaman.rooms.learning.groups import checking, counting, making
from ruangaman.rooms.learning.models import Group, Seat, Sheet

MOST_WORD: Final = 200
"""Signs; one of ours has 76."""
_SALT: Final = "learning.class"


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as this seat sees it: options in an order of their own."""

    item: Item
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """
    One test of one objective, for one seat.

    Attributes:
        form, version: "A" or "B" and its version; of observations "" and the lesson's. sittings: items in portions.
        how_sure: whether the second question is put. did: what is asked beside it on day 28.
        note: of a sensitive lesson, what it is about; its test may be left out.
    """

    objective: Objective
    title: Plain
    time: str
    form: str
    version: int
    sittings: tuple[tuple[Asked, ...], ...]
    observations: tuple[Observation, ...]
    how_sure: bool
    did: tuple[Behaviour, ...]
    note: Told | None

    @property
    def key(self) -> str:
        """By which a device keeps it."""
        return f"{self.objective.id}.{self.time}"


@dataclass(frozen=True, slots=True)
class Opened:
    """
    What a code opens now.

    Attributes:
        time: of the tests that are open, "" when none is. tests: those without a sheet. done: how many have one.
        opens: what opens next and on which day, where that is known.
    """

    code: str
    number: int
    group: Group
    audience: Audience
    time: str
    tests: tuple[Test, ...]
    done: int
    opens: tuple[str, date] | None


def word(group: Group) -> str:
    """
    What a device is given with the first code that it opens: by it the codes and sheets of that group, and of no
    other, come in while the network of the device is shut for its wrong codes. It is worth nothing without a code.
    """
    return Signer(salt=_SALT).sign(group.pk.hex)


def of_word(text: str) -> UUID | None:
    """The group of a word of ours; None of anything else."""
    try:
        return UUID(Signer(salt=_SALT).unsign(text)) if len(text) <= MOST_WORD else None
    except (BadSignature, ValueError):
        return None


def seat_of(text: str, *, network: str, now: datetime, word: str = "") -> tuple[Seat, str]:
    """The seat of a code as somebody typed it. Raises NoSuchSeat, TooMany."""
    code = seats.checked(text)
    if code is None:
        raise NoSuchSeat(why="misspelt")
    rows = Seat.objects.select_related("group").filter(code=making.hashed(code))
    try:
        counting.check("code", network, counting.WRONG_CODES_AN_HOUR, now=now)
    except TooMany:
        seat = rows.filter(group_id=known).first() if (known := of_word(word)) else None
        if seat is None:
            raise
        return seat, code
    seat = rows.first()
    if seat is None:
        counting.count("code", network, now=now)
        raise NoSuchSeat(why="unknown")
    return seat, code


def opened(text: str, *, network: str, now: datetime, word: str = "") -> Opened:
    """What the code of a slip opens now; `word` as an earlier one gave it. Raises NoSuchSeat, TooMany."""
    seat, code = seat_of(text, network=network, now=now, word=word)
    group, today = seat.group, timezone.localdate(now)
    time = times.open_on(today, group.taught_on) or ""
    done = set(Sheet.objects.filter(seat=seat, time=time).values_list("objective", flat=True))
    wanted = [one for one in group.objectives if one not in done] if time else []
    return Opened(
        code,
        seat.number,
        group,
        courses.audience(group.audience),
        time,
        tuple(test(one, time, seat.number, code) for one in wanted),
        len(done),
        times.next_after(today, group.taught_on),
    )


def test(objective: str, time: str, number: int, code: str) -> Test:
    """The test of an objective as a seat sees it: the same order each time it is opened."""
    course = courses.course()
    aim, lesson = courses.lesson(objective)
    audience = course.scheme.audience(objective)
    did = checking.behaviours().of(objective, time)
    if audience.measured == "observations":
        return Test(
            aim, lesson.title, time, "", lesson.version, (), lesson.observations, False, did, lesson.note
        )
    form = course.forms[objective, seats.form(number, time)]
    about = f"{code}:{objective}:{time}"
    items = {item.id: item for item in form.items}
    asked = [_asked(items[name], about) for name in seats.order(about, list(items))]
    size = audience.sitting or len(asked)
    sittings = tuple(tuple(asked[at : at + size]) for at in range(0, len(asked), size))
    how_sure = answering.asks_how_sure(audience.id)
    return Test(aim, lesson.title, time, form.form, form.version, sittings, (), how_sure, did, lesson.note)


def printed(objective: str, form: str) -> tuple[Asked, ...]:
    """The items of a printed form: in the form's order, options by their letters, which are those of every paper."""
    items = courses.course().forms[objective, form].items
    return tuple(Asked(item, tuple(lettered(item).values())) for item in items)


def _asked(item: Item, about: str) -> Asked:
    options = {one.id: one for one in item.options}
    return Asked(item, tuple(options[name] for name in seats.order(f"{about}:{item.id}", list(options))))
