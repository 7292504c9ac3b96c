"""
What campaigns and classes measured: told once, when nobody's test can come any more, and never changed after that.

Who looks at a page twice while sheets come would see what one child answered. So nothing but how many came is told
before a day that everybody knows from the beginning; on it results are worked out, written down, and read from there.
Of a class that is 56 days after its lesson (`times.TOLD_AFTER`), of a campaign 28 days after its last day. What comes
later is in neither, so that a campaign and its classes tell of the same learners.

numpy is loaded inside: the commands of the house start without it.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from ruangaman.core.learning import few, times
from ruangaman.core.learning.model import Item
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.campaigns.making import ARMS, SHORTEST
from ruangaman.rooms.learning.groups import checking
from ruangaman.rooms.learning.models import Campaign, Group
from ruangaman.rooms.learning.models import Sheet as Row
from ruangaman.rooms.ledger import api as ledger

if TYPE_CHECKING:
    from ruangaman.core.learning.results import Measured

log = logging.getLogger("ruangaman.learning")
EDITION: Final = 1
"""Of what is sealed."""
SEAL_AFTER: Final = timedelta(days=times.TOLD_AFTER) - SHORTEST
"""After a campaign's last day: its lessons are held 28 days before that day at the latest (`making.last_lesson`)."""
SEALED_AT_ONCE: Final = 5
"""Campaigns sealed in one turn of the jobs."""
TOLD_AT_ONCE: Final = 20
"""Classes told in one turn of the jobs."""
LOOKED_AT: Final = 500
"""In one turn: so many that fail keep no other back."""


def told_on(campaign: Campaign) -> date:
    """The day on which a campaign's results are told."""
    return campaign.ends_on + SEAL_AFTER


def measured(campaign: Campaign, objective: str) -> "Measured | None":
    """What a campaign tells of one of its objectives; None before its seal."""
    return _read(campaign.sealed, objective)


def of_group(group: Group, objective: str) -> "Measured | None":
    """A class alone, before and after, with nothing to compare; None before its day."""
    return _read(group.told, objective)


def _read(kept: Any, objective: str) -> "Measured | None":
    from ruangaman.core.learning.results import Measured

    if kept is None or objective not in kept["results"]:
        return None
    return msgspec.convert(kept["results"][objective], Measured)


def _of(groups: Sequence[Group], objective: str, arms: tuple[str, ...], *, alone: bool = False) -> "Measured":
    """`alone`: of a class alone it does not matter what was drawn for it."""
    from ruangaman.core.learning import results

    sheets = [
        results.Sheet(
            one.place,
            one.learner,
            "" if alone else one.group.arm,
            one.time,
            one.form,
            one.language,
            one.answers,
            one.did,
        )
        for one in _counted(groups, (objective,))
    ]
    return results.measured(objective, sheets, _forms(objective), arms, _asked(objective))


def _forms(objective: str) -> dict[str, tuple[Item, ...]]:
    """Of a lesson that was withdrawn there are none."""
    return {letter: one.items for (name, letter), one in courses.course().forms.items() if name == objective}


def _asked(objective: str) -> tuple[str, ...]:
    """What learners are asked on day 28 whether they did it, by its names."""
    return tuple(one.id for one in checking.behaviours().of(objective, times.AFTER))


@dataclass(frozen=True, slots=True)
class _Counted:
    """A sheet that counts. place: of its group in the list; learner: a number that means nothing elsewhere."""

    group: Group
    place: int
    learner: int
    objective: str
    time: str
    form: str
    language: str
    answers: tuple[tuple[str, str | bool, bool | None], ...]
    did: tuple[str, ...]


def _counted(groups: Iterable[Group], objectives: Sequence[str]) -> Iterator[_Counted]:
    """
    Sheets that came before their group's day of telling, whose own day fits their time, and which answer today's items.

    An older version of a form with other items would be scored by a key that it was never asked.
    """
    living = {one.pk: (place, one) for place, one in enumerate(groups) if one.forgotten_at is None}
    forms = {
        (name, letter): {item.id: {"", *(option.id for option in item.options)} for item in items}
        for name in objectives
        for letter, items in _forms(name).items()
    }
    rows = Row.objects.filter(seat__group_id__in=living, objective__in=objectives)
    learners: dict[Any, int] = {}
    for seat, of, objective, time, form, language, said, did, taken, arrived in rows.order_by(
        "seat__group_id", "seat__number"
    ).values_list(
        "seat_id", "seat__group_id", "objective", "time", "form", "language", "answers", "did", "taken_on",
        "arrived_at",
    ):  # fmt: skip
        place, group = living[of]
        last = times.told_from(group.taught_on)
        if last is not None and timezone.localdate(arrived) >= last:
            continue
        answers = tuple((str(one[0]), one[1], one[2] if len(one) > 2 else None) for one in said)
        if not times.counts(time, group.taught_on, taken) or not _answers(
            forms.get((objective, form)), form, answers
        ):
            continue
        learner = learners.setdefault(seat, len(learners))
        yield _Counted(group, place, learner, objective, time, form, language, answers, tuple(did))


def _answers(items: dict[str, set[str]] | None, form: str, answers: Sequence[tuple[str, Any, Any]]) -> bool:
    if not form:
        return True  # what a carer saw is no answer to an item
    return (
        items is not None
        and {name for name, _chosen, _sure in answers} == set(items)
        and all(chosen in items[name] for name, chosen, _sure in answers)
    )


def learners(
    groups: Sequence[Group], objectives: Sequence[str], measurable: Sequence[Group]
) -> list[few.Learner]:
    """
    Everybody with a sheet, where they learned, and the means of their cells before and after 28 days.

    Args:
        measurable: those of the groups whose scores are told.
    """
    from ruangaman.core.learning import results

    living = [one for one in groups if one.forgotten_at is None]
    asks = {name: _asks(name) for name in objectives}
    scores: dict[Any, dict[int, dict[str, dict[str, float]]]] = {}
    for one in _counted(measurable, objectives):
        if one.time in (times.PRE, times.AFTER):
            sheet = results.Sheet(0, 0, "", one.time, one.form, "", one.answers)
            mine = scores.setdefault(one.group.pk, {}).setdefault(one.learner, {})
            mine.setdefault(one.objective, {})[one.time] = results.score(sheet, asks[one.objective])
    came = Row.objects.filter(seat__group_id__in=[one.pk for one in living]).values("seat__group_id")
    reached = {one["seat__group_id"]: one["n"] for one in came.annotate(n=Count("seat_id", distinct=True))}
    found = []
    for place, group in enumerate(living):
        told = [
            {name: (one[times.PRE], one[times.AFTER]) for name, one in mine.items() if len(one) == 2}
            for mine in scores.get(group.pk, {}).values()
        ]
        # Who came, and has no test that counts, was reached all the same.
        told += [{}] * (reached.get(group.pk, 0) - len(told))
        found += [(group.arm, place, few.Learner(group.region, one)) for one in told]
    return few.evened(found)


def _asks(objective: str) -> dict[str, Item]:
    return {item.id: item for form in _forms(objective).values() for item in form}


def lots(campaigns: Sequence[Campaign]) -> dict[Any, list[few.Lot]]:
    """Learners of each campaign in lots: all that is told of whom it reached. Before the seal they are counts alone."""
    open_ones = [one.pk for one in campaigns if one.sealed is None]
    rows = Row.objects.filter(seat__group__campaign__in=open_ones, seat__group__forgotten_at=None)
    counts: dict[Any, dict[str, int]] = {}
    for pk, region, count in rows.values_list("seat__group__campaign_id", "seat__group__region").annotate(
        n=Count("seat_id", distinct=True)
    ):
        counts.setdefault(pk, {})[region] = count
    return {
        one.pk: [
            few.Lot(lot["place"], {name: (pair[0], pair[1]) for name, pair in lot["measured"].items()})
            for lot in one.sealed["lots"]
        ]
        if one.sealed is not None
        else [few.Lot(place, {}) for place in few.places(counts.get(one.pk, {}))]
        for one in campaigns
    }


@transaction.atomic
def seal(campaign: Campaign, now: datetime) -> Campaign:
    """
    Keep everything that the page of results needs, with its digest in the ledger; a sealed campaign stays as it is.

    The digest is SHA-256 of the seal as JSON with sorted keys and no spaces, so that whoever kept a copy can compare.
    """
    ledger.line_up()
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.sealed is not None:
        return row
    groups = list(Group.objects.filter(campaign=row).order_by("pk"))
    arms = ARMS[row.design]
    # Of a class whose lesson came too late for this day nothing is told: its own day is yet to come.
    closed = [one for one in groups if (times.told_from(one.taught_on) or date.min) <= told_on(row)]
    compared = [one for one in closed if one.arm in arms]
    told = {
        "edition": EDITION,
        "at": now.isoformat(),
        "groups": len(groups),
        "results": {one: msgspec.to_builtins(_of(compared, one, arms)) for one in row.objectives},
        "lots": [asdict(one) for one in few.lots(learners(groups, row.objectives, closed))],
    }
    row.sealed = json.loads(json.dumps(told))
    row.ended_at = row.ended_at or now
    row.save(update_fields=["sealed", "ended_at"])
    ledger.append(
        "learning.campaign-sealed",
        {"campaign": row.slug, "digest": digest(row), "made_up": row.made_up},
        at=now,
    )
    return row


def digest(campaign: Campaign) -> str:
    """Of the seal, in hexadecimal; "" of none."""
    if campaign.sealed is None:
        return ""
    told = json.dumps(campaign.sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def tell(group: Group, now: datetime) -> Group:
    """Write down what a class's page tells; what was told stays as it is, and of a forgotten one nothing is."""
    row = Group.objects.select_for_update().get(pk=group.pk)
    if row.told is not None or row.forgotten_at is not None:
        return row
    found = {one: msgspec.to_builtins(_of([row], one, ("",), alone=True)) for one in row.objectives}
    row.told = json.loads(json.dumps({"edition": EDITION, "at": now.isoformat(), "results": found}))
    row.save(update_fields=["told"])
    return row


def settle(now: datetime) -> int:
    """Tell of classes and seal campaigns whose day has come; gives how many. One that fails keeps no other back."""
    today = timezone.localdate(now)
    # Who tested nobody after the lesson may still change its day: there is nothing to tell of yet.
    after = Row.objects.filter(seat__group=OuterRef("pk")).exclude(time=times.PRE)
    classes = Group.objects.filter(
        Exists(after),
        told__isnull=True,
        forgotten_at=None,
        taught_on__lte=today - timedelta(days=times.TOLD_AFTER),
    ).order_by("taught_on", "pk")
    due = Campaign.objects.filter(sealed__isnull=True, ends_on__lte=today - SEAL_AFTER).order_by(
        "ends_on", "pk"
    )
    done = 0
    for row in classes.only("pk")[:LOOKED_AT]:
        done += _tried(tell, row, now)
        if done >= TOLD_AT_ONCE:
            break
    sealed = 0
    for campaign in due.only("pk")[:LOOKED_AT]:
        sealed += _tried(seal, campaign, now)
        if sealed >= SEALED_AT_ONCE:
            break
    return done + sealed


def _tried(act: Any, row: Any, now: datetime) -> bool:
    try:
        act(row, now)
    except Exception:
        log.exception("results of %s %s could not be written down", type(row).__name__.lower(), row.pk)
        return False
    return True
