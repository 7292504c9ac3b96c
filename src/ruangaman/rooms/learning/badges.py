"""
Badges for adults: three questions a day, scored here and kept by nobody here; who can do it gets a signed badge.

What was right stands signed in a cookie of the learner's own browser until there are answers of enough days. This house
keeps which entries of its lists were given out, and to nobody.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.learning import badges, knowing
from ruangaman.core.learning.model import Item, Lesson, Objective
from ruangaman.rooms.learning import badge_keys, courses
from ruangaman.rooms.learning.badge_rules import rules
from ruangaman.rooms.learning.errors import (
    BadgeNotEarned,
    BadgeNotForChildren,
    BadgeNotOurs,
    BadgesBusy,
    NoSuchLesson,
)
from ruangaman.rooms.learning.group_errors import TooMany
from ruangaman.rooms.learning.groups import counting
from ruangaman.rooms.learning.models import BadgeList
from ruangaman.rooms.ledger import api as ledger

LIST_LASTS: Final = timedelta(days=2)
"""How long a list that was fetched may be believed."""
FULL: Final = (3, 4)
"""The part of a list that is given out before another is opened."""

Given = tuple[tuple[int, str, bool], ...]
"""Answers so far: day (days since 1970 in the house's zone), item, right; the latest last."""


def base() -> str:
    """The address of this house, without a slash at the end."""
    return str(settings.BASE_URL).rstrip("/")


def issuer() -> str:
    """The did:web of this house's badges."""
    return badges.did_web(base(), reverse("learning:badges"))


def of(objective: str) -> tuple[Objective, Lesson]:
    """
    What a badge can be asked for.

    Raises:
        NoSuchLesson, BadgeNotForChildren
    """
    aim, lesson = courses.lesson(objective)
    if courses.course().scheme.audience(objective).id not in rules().audiences:
        raise BadgeNotForChildren(objective=objective)
    return aim, lesson


def on_offer() -> list[tuple[str, list[tuple[Objective, Lesson]]]]:
    """Audience -> what its people can get a badge for."""
    told = courses.course()
    return [
        (one, [(aim, lesson) for aim, lesson in courses.objectives_of(one) if lesson is not None])
        for one in rules().audiences
        if any(each.id == one for each in told.scheme.audiences)
    ]


def asked(objective: str, day: int) -> tuple[Item, ...]:
    """The questions of one day: of both forms, in an order that each day makes anew; the same for everybody."""
    forms = courses.course().forms
    items = [item for letter in "AB" if (form := forms.get((objective, letter))) for item in form.items]
    if not items:
        raise NoSuchLesson
    items.sort(key=lambda item: hashlib.sha256(f"{day}:{item.id}".encode()).digest())
    return tuple(items[: rules().asked_a_day])


def after(objective: str, given: Given, said: Mapping[str, str], day: int) -> Given:
    """
    The answers so far with those of today. What was answered today already stays; no answer is a wrong one.

    Raises:
        NoSuchLesson: nothing is asked there.
    """
    kept = current(given, day)
    if any(one[0] == day for one in kept):
        return kept
    new = tuple((day, item.id, said.get(item.id) == item.answer) for item in asked(objective, day))
    return (*kept, *new)[-rules().last :]


def current(given: Given, day: int) -> Given:
    """Of the answers so far, those that still count."""
    return tuple(one for one in given if 0 <= day - one[0] <= rules().kept.days)


def earned(given: Given) -> bool:
    """Whether the rule holds."""
    told = rules()
    answers = ((day, right) for day, _item, right in given)
    return knowing.mastered(answers, right=told.right, last=told.last, days=told.days)


def achievement(objective: str, language: str) -> dict[str, Any]:
    """What a badge is for, as it stands in it. Raises NoSuchLesson, BadgeNotForChildren."""
    aim, lesson = of(objective)
    told = rules()
    with translation.override(language):
        narrative = _(
            "Dari %(last)s jawaban terakhir, sedikitnya %(right)s tepat, pada %(days)s hari atau lebih. "
            "Dijawab di perangkat sendiri, tanpa pengawas. Tidak diperiksa siapa yang menjawab, dan apakah soal "
            "hari yang sama diulang."
        ) % {"last": told.last, "right": told.right, "days": told.days}
        description = _("Orang ini dapat %(can)s.") % {"can": aim.can.said(language)}
    return badges.achievement(
        address=base() + reverse("learning:badge_achievement", args=[objective]),
        page=base() + reverse("learning:badge", args=[objective]),
        name=lesson.title.said(language),
        description=description,
        narrative=narrative,
        language=language,
        digcomp=aim.digcomp,
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A badge as it is handed over, and the day on which it ends."""

    token: str
    until: datetime


@transaction.atomic
def issue(
    *,
    objective: str,
    given: Given,
    subject: str,
    language: str,
    now: datetime,
    network: str | None = None,
) -> Issued:
    """
    Sign a badge.

    Args:
        subject: a `did:key` of the learner's own, or empty.
        network: from where it is asked for, for the limit alone; None where no door was passed.

    Raises:
        NoSuchLesson, BadgeNotForChildren, BadgeNotEarned, SubjectRefused, BadgesBusy
    """
    told = achievement(objective, language)
    if not earned(given):
        raise BadgeNotEarned(objective=objective)
    if network is not None:
        _counted(network, now)
    identifier = uuid4()
    to = badges.subject(subject, str(uuid4()))
    begins = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = begins + rules().valid
    claims = badges.badge(
        identifier=f"urn:uuid:{identifier}",
        issuer={"id": issuer(), "type": ["Profile"], "name": "Ruang Aman", "url": base()},
        subject=to,
        achievement=told,
        status=_entry(now),
        valid_from=begins,
        valid_until=ends,
    )
    return Issued(_signed(claims, now), ends)


def _counted(network: str, now: datetime) -> None:
    """One more of this network, so that nobody takes all badges of a day with one cookie. Raises BadgesBusy."""
    try:
        counting.check("badge", network, rules().most_a_network, hours=counting.DAY, now=now)
    except TooMany:
        raise BadgesBusy from None
    counting.count("badge", network, now=now)


def _signed(claims: Mapping[str, Any], now: datetime) -> str:
    key = badge_keys.signing(now)
    header = {"typ": "JWT", "kid": f"{issuer()}#{key.kid}"}
    return jose.sign(header, jose.write_json(dict(claims)), badge_keys.private(key))


def _entry(now: datetime) -> badges.Entry:
    """An entry that nobody has, by chance. Raises BadgesBusy."""
    row, today = _open_list(now), now.astimezone(UTC).date()
    row.of_day = row.of_day + 1 if row.day == today else 1
    # A list that was filled today counts as well: a day is not begun anew with another list.
    full = BadgeList.objects.filter(day=today).exclude(pk=row.pk).values_list("of_day", flat=True)
    if row.of_day + sum(full) > rules().most_a_day:
        raise BadgesBusy
    taken = bytes(row.taken)
    while True:  # at most three of four are taken: a few draws
        index = secrets.randbelow(badges.ENTRIES)
        if not badges.is_set(taken, index):
            break
    row.taken, row.used, row.day = badges.with_set(taken, index), row.used + 1, today
    row.save(update_fields=["taken", "used", "day", "of_day"])
    return badges.Entry(uri(row.number), index)


def _open_list(now: datetime) -> BadgeList:
    """The list that gives out entries, locked; another one when this one is full."""
    today = now.astimezone(UTC).date()
    while True:
        row = BadgeList.objects.select_for_update().filter(open=True).first()
        if row is not None and row.used * FULL[1] < badges.ENTRIES * FULL[0]:
            return row
        if row is not None:
            row.open = False
            row.save(update_fields=["open"])
        empty = bytes(badges.ENTRIES // 8)
        try:
            with transaction.atomic():
                BadgeList.objects.create(stopped=empty, taken=empty, day=today)
        except IntegrityError:  # another process opened one in this moment
            continue


def uri(number: int) -> str:
    """The address of a list, which is also its name."""
    return base() + reverse("learning:badge_list", args=[number])


def list_token(number: int, *, now: datetime) -> str:
    """The signed list; the same for everybody within a day while nothing changes. Raises NoSuchLesson."""
    row = BadgeList.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchLesson
    begins = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    claims = badges.status_list(
        uri(number), issuer(), bytes(row.stopped), valid_from=begins, valid_until=begins + LIST_LASTS
    )
    return _signed(claims, now)


@transaction.atomic
def stop(token: str, *, now: datetime) -> badges.Entry:
    """
    Stop a badge of this house for ever; whoever holds it hands it in.

    Raises:
        BadgeNotOurs: not signed here, or not a badge.
    """
    try:
        jws = jose.read_jws(token.strip(), typ=("jwt",), algorithms=(jose.ES256,))
        kid = str(jws.header.get("kid", "")).rpartition("#")[2]
        jwk = badge_keys.known(now).get(kid)
        if jwk is None:
            raise BadgeNotOurs
        jose.verify(jws, jose.public_key(jwk, alg=jose.ES256))
        claims = jws.claims()
        status = claims["credentialStatus"]
        address, index = status["statusListCredential"], int(status["statusListIndex"])
    except (CredentialError, KeyError, TypeError, ValueError):
        raise BadgeNotOurs from None
    row = next((one for one in BadgeList.objects.select_for_update() if uri(one.number) == address), None)
    if row is None or not 0 <= index < badges.ENTRIES:
        raise BadgeNotOurs
    if not badges.is_set(bytes(row.stopped), index):
        row.stopped = badges.with_set(bytes(row.stopped), index)
        row.save(update_fields=["stopped"])
        ledger.append("learning.badge-stopped", {"list": row.number, "index": index}, at=now)
    return badges.Entry(address, index)
