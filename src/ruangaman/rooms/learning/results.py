"""
What campaigns and classes measured: worked out from sheets while these are here, sealed before they are forgotten.

numpy is loaded inside: the commands of the house start without it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from ruangaman.core.learning import few, times
from ruangaman.core.learning.model import Item
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.campaigns.making import ARMS
from ruangaman.rooms.learning.groups import checking
from ruangaman.rooms.learning.models import Campaign, Group, Seat
from ruangaman.rooms.learning.models import Sheet as Row
from ruangaman.rooms.ledger import api as ledger

if TYPE_CHECKING:
    from ruangaman.core.learning import results
    from ruangaman.core.learning.results import Measured

EDITION: Final = 1
"""Of what is sealed."""
SEAL_AFTER: Final = timedelta(days=21)
"""After a campaign's last day: paper may still be typed in; its groups keep their sheets for longer."""
SEALED_AT_ONCE: Final = 5
"""Campaigns sealed in one turn of the jobs."""
KEPT: Final = 64
"""Results that a process remembers, by what they were worked out from."""


def measured(campaign: Campaign, objective: str) -> "Measured":
    """What a campaign tells of one of its objectives; from its seal where there is one."""
    from ruangaman.core.learning.results import Measured

    if campaign.sealed is not None:
        return msgspec.convert(campaign.sealed["results"][objective], Measured)
    seen = Row.objects.filter(seat__group__campaign=campaign).aggregate(n=Count("id"), last=Max("arrived_at"))
    taught = Group.objects.filter(campaign=campaign).values_list("pk", "arm", "taught_on", "forgotten_at")
    return _measured(
        campaign.pk, objective, ARMS[campaign.design], (seen["n"], seen["last"], *sorted(taught, key=str))
    )


@lru_cache(maxsize=KEPT)
def _measured(
    campaign: UUID,
    objective: str,
    arms: tuple[str, ...],
    state: tuple[Any, ...],  # noqa: ARG001  (what is remembered is found by it)
) -> "Measured":
    """`state` is what it rests on: a sheet more, or another day of a lesson, and it is worked out anew."""
    return _of(list(Group.objects.filter(campaign=campaign, arm__in=arms)), objective, arms)


def of_group(group: Group, objective: str) -> "Measured":
    """A class alone, before and after; nothing is compared, and nothing is told of fewer than ten learners."""
    from ruangaman.core.learning import results

    # Of a class alone it does not matter what was drawn for it.
    sheets = [replace(one, arm="") for one in _sheets([group], objective)]
    return results.measured(objective, sheets, _forms(objective), ("",), _asked(objective))


def _of(groups: Sequence[Group], objective: str, arms: tuple[str, ...]) -> "Measured":
    from ruangaman.core.learning import results

    return results.measured(objective, _sheets(groups, objective), _forms(objective), arms, _asked(objective))


def _forms(objective: str) -> dict[str, tuple[Item, ...]]:
    return {letter: one.items for (name, letter), one in courses.course().forms.items() if name == objective}


def _asked(objective: str) -> tuple[str, ...]:
    """What learners are asked on day 28 whether they did it, by its names."""
    return tuple(one.id for one in checking.behaviours().of(objective, times.AFTER))


def _sheets(groups: Iterable[Group], objective: str) -> "list[results.Sheet]":
    """Sheets whose day fits their time, without anything that finds a seat again."""
    from ruangaman.core.learning import results

    living = {one.pk: (place, one) for place, one in enumerate(groups) if one.forgotten_at is None}
    rows = Row.objects.filter(seat__group_id__in=living, objective=objective).select_related("seat")
    learners: dict[UUID, int] = {}
    found = []
    for row in rows.order_by("seat__group_id", "seat__number"):
        place, group = living[row.seat.group_id]
        if not times.counts(row.time, group.taught_on, row.taken_on):
            continue
        answers = tuple((str(one[0]), one[1], one[2] if len(one) > 2 else None) for one in row.answers)
        learner = learners.setdefault(row.seat_id, len(learners))
        found.append(
            results.Sheet(
                place, learner, group.arm, row.time, row.form, row.language, answers, tuple(row.did)
            )
        )
    return found


def learners(groups: Sequence[Group]) -> list[few.Learner]:
    """Everybody with a sheet, where they learned, and what their first and last tests tell."""
    from ruangaman.core.learning import results

    where = {one.pk: one.region for one in groups}
    scores: dict[UUID, dict[str, dict[str, float]]] = {}
    region: dict[UUID, str] = {}
    seats = Seat.objects.filter(group_id__in=where, sheets__isnull=False).distinct()
    for pk, group in seats.values_list("pk", "group_id").order_by("group_id", "number"):
        region[pk], scores[pk] = where[group], {}
    taught = {one.pk: one.taught_on for one in groups}
    rows = Row.objects.filter(seat__group_id__in=where, time__in=("pre", "delayed"))
    for seat, group, objective, time, answers, taken in rows.values_list(
        "seat_id", "seat__group_id", "objective", "time", "answers", "taken_on"
    ):
        if times.counts(time, taught[group], taken):
            sheet = results.Sheet(0, 0, "", time, "", "", tuple((one[0], one[1], None) for one in answers))
            told = results.score(sheet, _asks(objective))
            scores[seat].setdefault(objective, {})[time] = told
    return [
        few.Learner(
            region[pk],
            {name: (one["pre"], one["delayed"]) for name, one in told.items() if len(one) == 2},
        )
        for pk, told in scores.items()
    ]


@lru_cache(maxsize=KEPT)
def _asks(objective: str) -> dict[str, Item]:
    return {item.id: item for form in _forms(objective).values() for item in form}


def lots(campaign: Campaign) -> list[few.Lot]:
    """The campaign's learners in lots: all that is told of whom it reached, here and in sums over regions."""
    if campaign.sealed is not None:
        return [
            few.Lot(one["place"], {name: (pair[0], pair[1]) for name, pair in one["measured"].items()})
            for one in campaign.sealed["lots"]
        ]
    seen = Row.objects.filter(seat__group__campaign=campaign).aggregate(n=Count("id"), last=Max("arrived_at"))
    taught = Group.objects.filter(campaign=campaign).values_list("pk", "taught_on", "region", "forgotten_at")
    return list(_lots(campaign.pk, (seen["n"], seen["last"], *sorted(taught, key=str))))


@lru_cache(maxsize=KEPT)
def _lots(campaign: UUID, state: tuple[Any, ...]) -> tuple[few.Lot, ...]:  # noqa: ARG001  (as above)
    return tuple(few.lots(learners(list(Group.objects.filter(campaign=campaign, forgotten_at=None)))))


@transaction.atomic
def seal(campaign: Campaign, now: datetime) -> Campaign:
    """
    Keep everything that the page of results needs, with its digest in the ledger; a sealed campaign stays as it is.

    The digest is SHA-256 of the seal as JSON with sorted keys and no spaces, so that whoever kept a copy can compare.
    """
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.sealed is not None:
        return row
    groups = Group.objects.filter(campaign=row)
    told = {
        "edition": EDITION,
        "at": now.isoformat(),
        "groups": groups.count(),
        "results": {one: msgspec.to_builtins(measured(row, one)) for one in row.objectives},
        "lots": [asdict(one) for one in lots(row)],
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


def seal_due(now: datetime) -> int:
    """Seal campaigns that ended a while ago, before their groups' sheets are forgotten; gives how many."""
    last = timezone.localdate(now) - SEAL_AFTER
    due = Campaign.objects.filter(sealed__isnull=True, ends_on__lt=last).order_by("ends_on")[:SEALED_AT_ONCE]
    for row in due:
        seal(row, now)
    return len(due)
