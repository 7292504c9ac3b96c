"""A facilitator makes a group, finds it by its secret, says when the lesson was, or takes it away."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from ruangaman.adapters import ids
from ruangaman.core.learning import seats
from ruangaman.core.learning.model import LANGUAGES
from ruangaman.core.learning.reviewing import DELAYED
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.campaigns import regions
from ruangaman.rooms.learning.campaigns.making import joins_no_more, last_lesson
from ruangaman.rooms.learning.errors import NoSuchLesson
from ruangaman.rooms.learning.group_errors import GroupRefused, NoSuchGroup
from ruangaman.rooms.learning.groups import counting, naming
from ruangaman.rooms.learning.models import Campaign, Group, Seat, Sheet
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

SECRET_BYTES: Final = 32
TOKEN_SIGNS: Final = 43
MOST_OBJECTIVES: Final = 3
PAPER_DAYS: Final = 30
"""A month for paper to be typed in."""
KEPT_DAYS: Final = DELAYED[1] + PAPER_DAYS
"""Days after the lesson: the window of the test of day 28 to its end, and the month for paper."""
UNTAUGHT_DAYS: Final = 120
"""Days after the making for which a group lives without a lesson: a school term, our choice."""
TAUGHT_WITHIN_DAYS: Final = KEPT_DAYS
"""Days after the making within which the lesson is: however often its day is changed, the last day stays bounded."""
LATE_DAYS: Final = 30
"""Days after the end of a campaign for which its groups' sheets are kept, so that its results can be sealed."""
_CAMPAIGN: Final = re.compile(r"[A-Z0-9]{4,10}", re.ASCII)
_DRAWN_AGAIN: Final = 5
"""Tries until no code of the group belongs to another seat; with 10^9 seats one try in 18 fails for sixty seats."""


def key_of(secret: bytes) -> bytes:
    """By which a group is found."""
    return hashlib.sha256(secret).digest()


def told(secret: bytes) -> str:
    """The secret as it stands in the facilitator's address."""
    return urlsafe_b64encode(secret).rstrip(b"=").decode()


def read(token: str) -> bytes:
    """The secret of an address. Raises NoSuchGroup."""
    if len(token) != TOKEN_SIGNS or not token.isascii():
        raise NoSuchGroup
    try:
        return urlsafe_b64decode(token + "=")
    except (ValueError, NotBase64):
        raise NoSuchGroup from None


def find(token: str) -> tuple[Group, bytes]:
    """The living group of an address, with its secret. Raises NoSuchGroup."""
    secret = read(token)
    row = Group.objects.select_related("campaign").filter(key=key_of(secret), forgotten_at=None).first()
    if row is None:
        raise NoSuchGroup
    return row, secret


def hashed(code: str) -> bytes:
    """What is stored of a seat's code."""
    return vault.lookup("learning.seat", code)


def codes(group: Group, secret: bytes) -> list[tuple[int, str]]:
    """Number and code of each seat, made again from the secret."""
    return [(number, seats.code(secret, number)) for number in range(1, group.seats + 1)]


def make(
    *,
    name: str,
    audience: str,
    objectives: Sequence[str],
    seats_wanted: int,
    language: str,
    region: str,
    campaign: str,
    network: str,
    now: datetime,
) -> tuple[Group, str]:
    """
    A new group, with the secret of its address; the secret is stored nowhere.

    Args:
        campaign: code of a campaign, "" for none; with one, audience and objectives are the campaign's.
        network: from where it comes, for the limit alone.

    Raises:
        GroupRefused: `why` is name, audience, objectives, seats, language, region, campaign, drawn or too-late (for a
            lesson that its campaign compares). TooMany.
    """
    joined = _campaign(campaign, network, now) if campaign else None
    if joined is not None:
        audience, objectives, region = joined.audience, joined.objectives, region or joined.region
    refused = _refused(name, audience, objectives, seats_wanted, language, region)
    if refused:
        raise GroupRefused(why=refused)
    if joined is not None and not regions.inside(region, joined.region):
        raise GroupRefused(why="outside")
    counting.check("group", network, counting.GROUPS_A_DAY, hours=counting.DAY, now=now)
    counting.check("house", "", counting.GROUPS_OF_HOUSE_A_DAY, hours=counting.DAY, now=now)
    for _ in range(_DRAWN_AGAIN):
        secret = secrets.token_bytes(SECRET_BYTES)
        try:
            with transaction.atomic():
                if joined is not None:
                    _takes_groups(Campaign.objects.select_for_update(no_key=True).get(pk=joined.pk), now)
                counting.count("group", network, now=now)
                counting.count("house", "", now=now)
                today = timezone.localdate(now)
                row = Group.objects.create(
                    id=ids.new(now),
                    key=key_of(secret),
                    campaign=joined,
                    name=name.strip(),
                    audience=audience,
                    objectives=list(objectives),
                    region=region,
                    language=language,
                    seats=seats_wanted,
                    made_at=now,
                    ends_on=ends_on(today, None, joined),
                )
                Seat.objects.bulk_create(
                    Seat(id=ids.new(now), group=row, number=number, code=hashed(code))
                    for number, code in codes(row, secret)
                )
                return row, told(secret)
        except IntegrityError:  # one of its codes belongs to another seat
            continue
    raise GroupRefused(why="codes")


def ends_on(made: date, taught: date | None, campaign: Campaign | None) -> date:
    """When the sheets are forgotten, by the day of the making and of the lesson, if one was told."""
    last = taught + timedelta(days=KEPT_DAYS) if taught else made + timedelta(days=UNTAUGHT_DAYS)
    return max(last, campaign.ends_on + timedelta(days=LATE_DAYS)) if campaign else last


def _campaign(code: str, network: str, now: datetime) -> Campaign:
    counting.check("campaign", network, counting.WRONG_CAMPAIGNS_AN_HOUR, now=now)
    said = "".join(sign for sign in code.upper() if sign.isalnum())
    row = Campaign.objects.filter(code=said).first() if _CAMPAIGN.fullmatch(said) else None
    if row is None:
        counting.count("campaign", network, now=now)
        raise GroupRefused(why="campaign")
    _takes_groups(row, now)
    return row


def _takes_groups(row: Campaign, now: datetime) -> None:
    """Looked at once more behind the lock that the draw takes: a group is in the draw, or is refused."""
    if why := joins_no_more(row, timezone.localdate(now)):
        raise GroupRefused(why="too-late" if why == "late" else why)  # `late` is of a lesson's day


def _refused(
    name: str, audience: str, objectives: Sequence[str], wanted: int, language: str, region: str
) -> str:
    try:
        offered = {one.id for one, lesson in courses.objectives_of(courses.audience(audience).id) if lesson}
    except NoSuchLesson:
        return "audience"
    checks = {
        "name": naming.fits(name),
        "objectives": 0 < len(objectives) <= MOST_OBJECTIVES
        and len(set(objectives)) == len(objectives)
        and set(objectives) <= offered,
        "seats": seats.FEWEST <= wanted <= seats.MOST,
        "language": language in LANGUAGES,
        "region": regions.valid(region),
    }
    return next((why for why, holds in checks.items() if not holds), "")


def latest(group: Group, today: date) -> date | None:
    """The last day of a lesson that the group's campaign can still compare; None where it is in no comparison."""
    if group.campaign is None or group.campaign.design == "alone":
        return None
    if not group.arm and joins_no_more(group.campaign, today):
        return None  # it was not drawn and never will be: its tests are its own
    return last_lesson(group.campaign)


@transaction.atomic
def teach(group: Group, day: date | None, *, now: datetime) -> None:
    """
    Say on which day the lesson is or was; None takes it back as long as nothing after it has come.

    Raises:
        GroupRefused: the campaign sets the day (`waits`); the group's time is over (`over`); before the group was made
            or too long after (`day`); too late to be compared by its campaign (`late`, with `last`, an ISO date);
            sheets taken after the lesson are there already and would not count any more (`sheets`).
    """
    row = Group.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=group.pk)
    today, made = timezone.localdate(now), timezone.localdate(row.made_at)
    if row.arm == "wait":
        raise GroupRefused(why="waits")
    if row.forgotten_at is not None or row.ends_on < today:
        raise GroupRefused(why="over")
    if day is not None and not made <= day <= made + timedelta(days=TAUGHT_WITHIN_DAYS):
        raise GroupRefused(why="day")
    last = latest(row, today)
    if day is not None and last is not None and day > last:
        raise GroupRefused(why="late", last=last.isoformat())
    if day != row.taught_on and Sheet.objects.filter(seat__group=row).exclude(time="pre").exists():
        raise GroupRefused(why="sheets")
    row.taught_on = day
    row.ends_on = ends_on(made, day, row.campaign)
    row.save(update_fields=["taught_on", "ends_on"])


@transaction.atomic
def take_away(group: Group, *, now: datetime) -> None:
    """The facilitator deletes the group: seats, sheets and its name are gone now, and nothing is counted of them."""
    ledger.line_up()
    row = Group.objects.select_for_update().get(pk=group.pk)
    if row.forgotten_at is not None:
        return
    Seat.objects.filter(group=row).delete()
    row.name, row.forgotten_at = "", now
    row.save(update_fields=["name", "forgotten_at"])
    ledger.append("learning.group-deleted", {"group": digest(row)}, at=now)


def digest(group: Group) -> str:
    """The group in the ledger: a hash of its key, by which only its facilitator can find it."""
    return hashlib.sha256(b"learning.group" + bytes(group.key)).hexdigest()
