"""An organiser makes a campaign, words it, draws who is taught first, and ends it; groups join by its code."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from ruangaman.adapters import ids
from ruangaman.core.learning import drawing, message
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.campaign_errors import (
    CampaignOver,
    CampaignRefused,
    DrawRefused,
    MessageTooLong,
    NoSuchCampaign,
)
from ruangaman.rooms.learning.campaigns import regions
from ruangaman.rooms.learning.errors import NoSuchLesson
from ruangaman.rooms.learning.models import Campaign, Group, Organiser, Sheet, Wording
from ruangaman.rooms.learning.models.campaigns import DESIGNS
from ruangaman.rooms.ledger import api as ledger

NAME_SIGNS: Final = (3, 80)
HEADLINE_SIGNS: Final = (3, 90)
MOST_OBJECTIVES: Final = 3
REACH: Final = (10, 10_000_000)
"""Learners: fewer are never shown; more than any campaign has."""
EFFECT: Final = (0.05, 1.0)
"""Hedges' g: plans for education reckon with 0.15 to 0.30; what is above 1 nobody has seen."""
SHORTEST, LONGEST = timedelta(days=28), timedelta(days=3 * 366)
"""A campaign ends when its tests after 28 days do."""
STARTS_WITHIN: Final = timedelta(days=366)
"""Before and after the day of the making: what lies further off is a slip of the finger. Ours."""
FEWEST_GROUPS: Final = 8
"""In a draw: below that the results say nothing (`measuring.FEWEST_CLUSTERS`)."""
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes: none of 0, O, 1, I."""
CODE_SIGNS: Final = 6
TRIES: Final = 20
SEED_BYTES: Final = 32
ARMS: Final[dict[str, tuple[str, ...]]] = {
    "alone": ("",),
    "waitlist": ("teach", "wait"),
    "wordings": ("A", "B"),
}
TAKEN: Final = frozenset({"baru"})
"""Addresses below `kampanye/` that are pages."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organiser fills in. Dates are days of the house; `region` is a Kemendagri code, "" the country."""

    name_id: str
    name_en: str
    audience: str
    objectives: tuple[str, ...]
    region: str
    reach_goal: int
    effect_goal: float
    design: str
    starts_on: date
    ends_on: date


def find(slug: str) -> Campaign:
    """Raises NoSuchCampaign."""
    row = Campaign.objects.select_related("organiser").filter(slug=slug).first()
    if row is None:
        raise NoSuchCampaign
    return row


def last_lesson(campaign: Campaign) -> date:
    """The last day of a lesson whose test after 28 days is in time."""
    return campaign.ends_on - SHORTEST


def too_late(campaign: Campaign, today: date) -> bool:
    """Whether no lesson can be held any more that a campaign compares; of one that compares nothing it never is."""
    return campaign.design != "alone" and today > last_lesson(campaign)


def joins_no_more(campaign: Campaign, today: date) -> str:
    """Why no group joins any more: campaign (it is over), drawn (who comes later was not in it), late; else ""."""
    if campaign.ended_at is not None or today > campaign.ends_on:
        return "campaign"
    if campaign.drawn_at is not None:
        return "drawn"
    return "late" if too_late(campaign, today) else ""


@transaction.atomic
def make(organiser: Organiser, asked: Asked, *, now: datetime) -> Campaign:
    """
    A new campaign, with the code by which groups join, and its first wording from the lesson's own message.

    Raises:
        CampaignRefused: `why` is the field.
    """
    if refused := _refused(organiser, asked, timezone.localdate(now)):
        raise CampaignRefused(why=refused)
    ledger.line_up()  # two campaigns of one name are made one after the other, so each finds an address that is free
    row = Campaign.objects.create(
        id=ids.new(now),
        slug=_slug(asked.name_id),
        organiser=organiser,
        name_id=asked.name_id.strip(),
        name_en=asked.name_en.strip(),
        audience=asked.audience,
        objectives=list(asked.objectives),
        region=asked.region,
        reach_goal=asked.reach_goal,
        effect_goal=asked.effect_goal,
        design=asked.design,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        code=_code(Campaign.objects.values_list("code", flat=True)),
        made_at=now,
    )
    _aim, lesson = courses.lesson(asked.objectives[0])
    for letter in _letters(row):
        Wording.objects.create(
            id=ids.new(now),
            campaign=row,
            letter=letter,
            code=_code(Wording.objects.values_list("code", flat=True)),
            headline_id=lesson.title.id[: HEADLINE_SIGNS[1]],
            headline_en=lesson.title.en[: HEADLINE_SIGNS[1]],
            text_id=message.tidy(lesson.paper.message.id),
            text_en=message.tidy(lesson.paper.message.en),
        )
    told: dict[str, str | int | bool | None] = {
        "campaign": row.slug,
        "objectives": " ".join(row.objectives),
        "region": row.region,
        "design": row.design,
        "reach": row.reach_goal,
        "effect": f"{row.effect_goal:.2f}",
        "until": row.ends_on.isoformat(),
    }
    ledger.append("learning.campaign-made", told, at=now)
    return row


def _refused(organiser: Organiser, asked: Asked, today: date) -> str:
    try:
        told = courses.objectives_of(courses.audience(asked.audience).id)
    except NoSuchLesson:
        return "audience"
    offered = {one.id for one, lesson in told if lesson is not None}
    length = asked.ends_on - asked.starts_on
    wanted = asked.objectives
    checks = {
        "name_id": NAME_SIGNS[0] <= len(asked.name_id.strip()) <= NAME_SIGNS[1],
        "name_en": NAME_SIGNS[0] <= len(asked.name_en.strip()) <= NAME_SIGNS[1],
        "objectives": 0 < len(wanted) <= MOST_OBJECTIVES
        and len(set(wanted)) == len(wanted)
        and set(wanted) <= offered,
        "region": regions.valid(asked.region) and regions.inside(asked.region, organiser.region),
        "reach_goal": REACH[0] <= asked.reach_goal <= REACH[1],
        "effect_goal": EFFECT[0] <= asked.effect_goal <= EFFECT[1],
        "design": asked.design in DESIGNS,
        "starts_on": abs(asked.starts_on - today) <= STARTS_WITHIN,
        "ends_on": SHORTEST <= length <= LONGEST,
    }
    return next((why for why, holds in checks.items() if not holds), "")


def _slug(name: str) -> str:
    plain = slugify(name)[:34].strip("-") or "kampanye"
    tried, number = plain, 1
    while tried in TAKEN or Campaign.objects.filter(slug=tried).exists():
        number += 1
        tried = f"{plain}-{number}"
    return tried


def _code(taken: Iterable[str]) -> str:
    known = set(taken)
    for _ in range(TRIES):
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_SIGNS))
        if code not in known:
            return code
    raise CampaignRefused(why="code")


def _letters(campaign: Campaign) -> tuple[str, ...]:
    return ("A", "B") if campaign.design == "wordings" else ("A",)


@transaction.atomic
def word(campaign: Campaign, letter: str, said: Mapping[str, str], *, now: datetime) -> Wording:
    """
    Change a wording. Two that are compared stay as they are from the draw on.

    Args:
        said: headline_id, headline_en, text_id, text_en.

    Raises:
        CampaignRefused: `why` is letter, drawn or a field. MessageTooLong. CampaignOver.
    """
    row = _open(campaign)
    if row.design == "wordings" and row.drawn_at is not None:
        raise CampaignRefused(why="drawn")
    wording = Wording.objects.filter(campaign=row, letter=letter).first()
    if wording is None:
        raise CampaignRefused(why="letter")
    for field in ("headline_id", "headline_en"):
        told = message.tidy(said.get(field, "")).replace("\n", " ")
        if not HEADLINE_SIGNS[0] <= len(told) <= HEADLINE_SIGNS[1]:
            raise CampaignRefused(why=field)
        setattr(wording, field, told)
    for field in ("text_id", "text_en"):
        told = message.tidy(said.get(field, ""))
        signs = message.signs(told)
        if signs > message.MOST_SIGNS or len(told) > message.MOST_STORED:
            raise MessageTooLong(field=field, signs=signs, most=message.MOST_SIGNS)
        if not told:
            raise CampaignRefused(why=field)
        setattr(wording, field, told)
    wording.save()
    told_of = {"campaign": row.slug, "letter": letter, "digest": _digest([wording.text_id, wording.text_en])}
    ledger.append("learning.campaign-worded", told_of, at=now)
    return wording


@transaction.atomic
def draw(campaign: Campaign, *, now: datetime) -> Campaign:
    """
    Draw, once, which groups are taught first (or learn by which wording). Who joins later is not in the comparison.

    Groups that had their lesson before are left out: nobody can wait for what was.

    Raises:
        DrawRefused: `why` is design, drawn, late (no lesson would be compared any more) or groups. CampaignOver.
    """
    row = _open(campaign)
    arms = ARMS[row.design]
    if len(arms) < 2:
        raise DrawRefused(why="design")
    if row.drawn_at is not None:
        raise DrawRefused(why="drawn")
    if too_late(row, timezone.localdate(now)):
        raise DrawRefused(why="late")
    groups = list(
        Group.objects.filter(campaign=row, forgotten_at=None, taught_on=None)
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    if len(groups) < FEWEST_GROUPS:
        raise DrawRefused(why="groups")
    groups.sort(key=lambda one: (one.region, one.seats, str(one.pk)))
    row.ordered = [str(one.pk) for one in groups]
    row.seed = secrets.token_hex(SEED_BYTES)
    row.drawn_at = now
    row.save(update_fields=["ordered", "seed", "drawn_at"])
    drawn = drawing.arms(row.ordered, row.seed, *arms)
    for arm in arms:
        mine = [one.pk for one in groups if drawn[str(one.pk)] == arm]
        Group.objects.filter(pk__in=mine).update(arm=arm)
    ledger.append(
        "learning.campaign-drawn",
        {"campaign": row.slug, "seed": row.seed, "groups": len(groups), "order": _digest(row.ordered)},
        at=now,
    )
    return row


@transaction.atomic
def wait_from(campaign: Campaign, day: date, *, now: datetime) -> int:
    """
    The day from which those who wait count their 28 days: about that on which the others have their lesson.

    Gives how many groups wait. Raises DrawRefused: `why` is wait (nobody does), day (before the draw, or too late for a
    test after 28 days within the campaign), or sheets (of a later test, which would not count any more). CampaignOver.
    """
    row = _open(campaign)
    if row.design != "waitlist" or row.drawn_at is None:
        raise DrawRefused(why="wait")
    if not timezone.localdate(row.drawn_at) <= day <= last_lesson(row):
        raise DrawRefused(why="day")
    waiting = Group.objects.filter(campaign=row, arm="wait", forgotten_at=None)
    # Locked, so that no sheet comes between the look and the new day.
    found = list(waiting.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if Sheet.objects.filter(seat__group__in=found).exclude(time="pre").exists():
        raise DrawRefused(why="sheets")
    ledger.append("learning.campaign-waits", {"campaign": row.slug, "from": day.isoformat()}, at=now)
    return waiting.update(taught_on=day)


@transaction.atomic
def end(campaign: Campaign, *, now: datetime) -> None:
    """No more groups join; those that did go on to the end of their tests. Raises CampaignOver."""
    row = _open(campaign)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    ledger.append("learning.campaign-ended", {"campaign": row.slug}, at=now)


def _open(campaign: Campaign) -> Campaign:
    """The campaign, locked behind the ledger's line, in which every act on it ends. Raises CampaignOver."""
    ledger.line_up()
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.ended_at is not None or row.sealed is not None:
        raise CampaignOver
    return row


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
