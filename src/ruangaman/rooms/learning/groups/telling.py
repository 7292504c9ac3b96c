"""What a facilitator reads of the group: how many sheets have come, which seats have none, never who."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ruangaman.core.learning import times
from ruangaman.core.learning.model import Plain
from ruangaman.core.learning.reviewing import DELAYED
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning import results as told
from ruangaman.rooms.learning.campaigns.making import joins_no_more
from ruangaman.rooms.learning.models import Campaign, Group, Sheet, Wording


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
    """Every time of testing in its order."""
    had: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = Sheet.objects.filter(seat__group=group).values_list("objective", "time", "seat__number")
    for objective, time, number in rows:
        had[objective, time].add(number)
    found = []
    for time in times.TIMES:
        first, last = times.window(time, group.taught_on)
        come = tuple(_come(one, had[one, time], group.seats) for one in group.objectives)
        found.append(Stage(time, first, last, times.open_on(today, group.taught_on) == time, come))
    return found


def _come(objective: str, numbers: set[int], seats: int) -> Come:
    return Come(objective, len(numbers), tuple(one for one in range(1, seats + 1) if one not in numbers))


@dataclass(frozen=True, slots=True)
class Result:
    """
    Shares right before and after 28 days of those who took both tests; None where fewer than ten did. No comparison
    is made here: whether the lesson did it is said by a campaign alone.
    """

    objective: str
    before: float | None
    after: float | None


def results(group: Group) -> list[Result]:
    """What the page tells of each lesson, from the day on which it is told; nothing before."""
    found = []
    for objective in group.objectives:
        one = told.of_group(group, objective)
        if one is None:
            continue
        dots = one.arms[0].dots
        found.append(
            Result(objective, dots[0].mean, dots[-1].mean) if dots else Result(objective, None, None)
        )
    return found


@dataclass(frozen=True, slots=True)
class Waits:
    """Of a group that waits: when its lesson comes; None as long as the others have not had theirs."""

    lesson_from: date | None
    latest_test: date | None


def waits(group: Group) -> Waits | None:
    """Their lesson comes when their test of day 28 is closed, so that nobody learns before being compared."""
    if group.arm != "wait":
        return None
    if group.taught_on is None:
        return Waits(None, None)
    last = group.taught_on + timedelta(days=DELAYED[1])
    return Waits(last + timedelta(days=1), last)


@dataclass(frozen=True, slots=True)
class Joined:
    """
    A group's campaign, as far as whoever leads the group must know it.

    Attributes:
        part: `undrawn` while its arm is still to be drawn, then the arm; `out` where the others are compared without
            it, "" where nothing is compared.
        day: for those who are taught first, the day that the campaign set. wording: which one is theirs.
    """

    campaign: Campaign
    part: str
    day: date | None = None
    wording: Wording | None = None


def joined(group: Group, today: date) -> Joined | None:
    """Who had the lesson before the draw, or waits for one that cannot come any more, is in no comparison."""
    campaign = group.campaign
    if campaign is None:
        return None
    if campaign.design == "alone":
        return Joined(campaign, "")
    if group.arm == "teach":
        others = Group.objects.filter(campaign=campaign, arm="wait")
        return Joined(campaign, "teach", day=others.values_list("taught_on", flat=True).first())
    if group.arm in ("A", "B"):
        return Joined(campaign, group.arm, wording=campaign.wordings.filter(letter=group.arm).first())
    if group.arm:
        return Joined(campaign, group.arm)
    to_come = group.taught_on is None and not joins_no_more(campaign, today)
    return Joined(campaign, "undrawn" if to_come else "out")


def titles(objectives: Sequence[str]) -> dict[str, object]:
    """Of each lesson its title in both languages; of one that was withdrawn its id."""
    lessons = courses.course().lessons
    return {one: lessons[one].title if one in lessons else Plain(id=one, en=one) for one in objectives}
