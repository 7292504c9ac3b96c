"""
A campaign whose learners are drawn, so that a house without one shows what a page of results looks like.

It says of itself that nobody was measured (`Campaign.made_up`), on every page, in its seal and in the ledger.
"""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from ruangaman.adapters import ids
from ruangaman.core.learning import seats
from ruangaman.core.learning.model import Item
from ruangaman.rooms.learning import courses, results
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.models import Campaign, Group, Seat, Sheet

if TYPE_CHECKING:
    from numpy.random import Generator

OBJECTIVE: Final = "B3-2"
GROUPS: Final = 2 * making.FEWEST_GROUPS
REGIONS: Final = ("99.71", "99.72")
"""Cities of the made-up province."""
ENGLISH: Final = 4
"""Of the groups: so that items can be compared between languages."""
BEGAN, DRAWN = timedelta(days=100), timedelta(days=70)
"""Before today: the campaign's making and first day, by which its groups joined, and the day of the draw."""
TAUGHT, DELAYED = timedelta(days=63), timedelta(days=35)
"""Before today: the day of the lessons, and 28 days later that of the last tests; so long ago that they are told."""
ENDED: Final = timedelta(days=30)
"""Before today: the campaign's last day."""
KEPT: Final = timedelta(days=30)
"""After today: for which its sheets can be looked at."""
LEARNED: Final = 0.5
"""A lesson that teaches half of what is not known yet: larger than most, so that a page of it shows something."""
SURE: Final = {True: 0.75, False: 0.35}
"""Chance to be sure of a right and of a wrong answer."""


@transaction.atomic
def campaign(username: str, *, region: str, seed: int, now: datetime) -> Campaign:
    """
    The drawn campaign of an organiser's account; the one that is there already where there is one.

    Args:
        seed: of learners and their answers; the draw of arms is fresh, as every draw is.
    """
    before = Campaign.objects.filter(made_up=True).first()
    if before is not None:
        return before
    today = timezone.localdate(now)
    organiser = organisers.give(
        username, name="Dinas Pendidikan Bunga (rekaan)", region=region, now=now - BEGAN
    )
    asked = making.Asked(
        name_id="Jeli membaca pesan",
        name_en="Look twice at messages",
        audience="B3",
        objectives=(OBJECTIVE,),
        region=region,
        reach_goal=500,
        effect_goal=0.3,
        design="waitlist",
        starts_on=today - BEGAN,
        ends_on=today - ENDED,
    )
    row = making.make(organiser, asked, now=now - BEGAN)
    Campaign.objects.filter(pk=row.pk).update(made_up=True)
    _fill(row, seed, now)
    for group in Group.objects.filter(campaign=row):
        results.tell(group, now)
    return results.seal(row, now)


def _fill(row: Campaign, seed: int, now: datetime) -> None:
    """Groups, then the draw, then lessons and tests, in the order in which they come."""
    # The simulator needs numpy, without which the commands of the house start.
    from dataclasses import replace

    import numpy as np

    from ruangaman.core.learning import simulating

    generator = np.random.default_rng(seed)
    today = timezone.localdate(now)
    groups = [_group(row, number, now) for number in range(GROUPS)]
    making.draw(row, now=now - DRAWN)
    groups = list(Group.objects.filter(campaign=row).order_by("name"))
    arm = np.array([int(one.arm == "teach") for one in groups], dtype=np.int64)
    world = replace(simulating.World(), skill=replace(simulating.SKILL, p_learn=LEARNED))
    drawn = simulating.draw(world, arm, 1, generator)
    sheets: list[Sheet] = []
    for place, group in enumerate(groups):
        here = drawn.there[0, place]
        group.seats, group.taught_on = int(here.sum()), today - TAUGHT
        group.save(update_fields=["seats", "taught_on"])
        made = [
            Seat(id=ids.new(now), group=group, number=number + 1, code=_code(group, number))
            for number in range(group.seats)
        ]
        for number, seat in enumerate(Seat.objects.bulk_create(made)):
            taken = [("pre", drawn.before, TAUGHT), ("post", drawn.same_day, TAUGHT)]
            if drawn.came[0, place, number]:
                taken.append(("delayed", drawn.delayed, DELAYED))
            sheets += [
                _sheet(seat, time, right[0, place, number], today - ago, generator, now)
                for time, right, ago in taken
            ]
    Sheet.objects.bulk_create(sheets)


def _group(row: Campaign, number: int, now: datetime) -> Group:
    return Group.objects.create(
        id=ids.new(now),
        key=hashlib.sha256(f"{row.pk} {number}".encode()).digest(),
        campaign=row,
        name=f"Kelas {number + 1:02}",
        audience=row.audience,
        objectives=row.objectives,
        region=REGIONS[number % len(REGIONS)],
        language="en" if number < ENGLISH else "id",
        seats=1,
        made_at=now - BEGAN,
        ends_on=timezone.localdate(now) + KEPT,
    )


def _code(group: Group, number: int) -> bytes:
    """No slip was printed: a code that nobody can type."""
    return hashlib.sha256(f"{group.pk} {number}".encode()).digest()


def _sheet(seat: Seat, time: str, right: Any, taken: Any, generator: "Generator", now: datetime) -> Sheet:
    form = seats.form(seat.number, time)
    items = courses.course().forms[OBJECTIVE, form].items
    answers = []
    for item, knows in zip(items, right, strict=True):
        option = item.answer if knows else _wrong(item, generator)
        answers.append([item.id, option, bool(generator.random() < SURE[bool(knows)])])
    return Sheet(
        id=ids.new(now),
        seat=seat,
        objective=OBJECTIVE,
        time=time,
        form=form,
        version=courses.course().forms[OBJECTIVE, form].version,
        language=seat.group.language,
        answers=answers,
        taken_on=taken,
        arrived_at=now - (TAUGHT if time != "delayed" else DELAYED),
    )


def _wrong(item: Item, generator: "Generator") -> str:
    wrong = [one.id for one in item.options if not one.right]
    return wrong[int(generator.integers(len(wrong)))]
