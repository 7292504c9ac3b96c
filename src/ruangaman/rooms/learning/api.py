"""The door of the room: what others may ask it."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import reverse

from ruangaman.core.learning.model import Course
from ruangaman.rooms.learning import badge_keys, badges, config, courses, made_up, results, sounds
from ruangaman.rooms.learning.campaigns import organisers
from ruangaman.rooms.learning.courses import OfItem as OfItem
from ruangaman.rooms.learning.courses import Sentence as Sentence
from ruangaman.rooms.learning.groups import forgetting
from ruangaman.rooms.learning.packs import keys, kinds, kolibri

log = logging.getLogger("ruangaman.learning")


def explaining(reason: str, who: str | None = None) -> str | None:
    """
    The address of the screen that explains a reason of the law in two minutes; None when no lesson does.

    Args:
        who: an audience. Its own lesson goes first; then for children what younger and older ones read, never what is
            written for adults, and for adults what is written for any of them, then for children.
    """
    found = courses.explained().get(reason, {})
    return next((found[one] for one in courses.readable(who) if one in found), None)


def read_anew() -> Course:
    """The lessons as they lie there now, for an author who looks at them. Raises LessonsUnreadable."""
    courses.forget()
    sounds.spoken.cache_clear()
    return courses.course()


def pack(kind: str, name: str, language: str, now: datetime, *, sounds: bool = False) -> tuple[bytes, int]:
    """
    Lessons of an audience (`B3`) or an objective (`B3-2`) as one file for another system, and how many they are.

    Args:
        sounds: whether what is spoken comes along, for who does not read yet.

    Raises:
        NoSuchKind, NoSuchLesson, NoSounds, LessonsUnreadable, SigningKeyRefused
    """
    of, course = kinds.kind(kind), courses.course()
    lessons = kinds.lessons_of(course, name)
    make = kinds.heard(of, course, lessons, language) if sounds else of.make
    return make(course, lessons, language, now), len(lessons)


def channel_id(language: str) -> str:
    """The id of this house's Kolibri channel in a language, 32 hexadecimal digits."""
    course = courses.course()
    return kolibri.channel_id(course, _every(course), language).hex


def channel(
    language: str, *, after: int, questions: kolibri.Questions, now: datetime, sounds: bool = False
) -> tuple[dict[str, bytes], int]:
    """
    All lessons as the files of a Kolibri channel, by path, and its version, which is greater than `after`.

    Args:
        sounds: whether what is spoken comes along, for who does not read yet.

    Raises:
        NoSounds
    """
    course = courses.course()
    every = _every(course)
    if sounds:
        kinds.sounds_of(course, every, language)
    version = max(kolibri.version_at(now), after + 1)
    files = kolibri.folder(
        course, every, language, now=now, version=version, questions=questions, sounds=sounds
    )
    return files, version


def _every(course: Course) -> tuple[str, ...]:
    return tuple(one.id for one in course.scheme.objectives)


def pack_keys(*, new: bool = False, lost: bool = False) -> dict[str, Any]:
    """
    The public keys of packs, as a JWK set.

    Args:
        new: a fresh one signs from now on. lost: so, and no pack that an older one signed is good any more.

    Raises:
        SigningKeyRefused
    """
    if new or lost:
        keys.renew(lost=lost)
    keys.signing()
    return keys.jwks()


def settle_due(now: datetime) -> int:
    """
    Tell of classes and campaigns whose day has come, then forget the sheets of groups whose time is over; how many.

    Forgetting was promised: whatever becomes of the results, it is done.
    """
    try:
        told = results.settle(now)
    except Exception:
        log.exception("results could not be written down")
        told = 0
    return told + forgetting.settle(now)


def give_organiser(username: str, *, name: str, region: str, now: datetime) -> str:
    """Let an account of the staff start campaigns for a region; where it begins. Raises OrganiserRefused."""
    organisers.give(username, name=name, region=region, now=now)
    return config.absolute(reverse("learning:campaign_new"))


def begins(user: AbstractBaseUser | AnonymousUser) -> str:
    """Where an organiser begins after signing in; "" of an account that organises nothing."""
    return organisers.begins(user)


def end_organiser(username: str, *, region: str, now: datetime) -> None:
    """Take that away again. Raises OrganiserRefused."""
    organisers.end(username, region=region, now=now)


def make_up_campaign(username: str, *, region: str, seed: int, now: datetime) -> str:
    """A campaign whose learners are drawn and which says so; gives its slug. For the story alone."""
    return made_up.campaign(username, region=region, seed=seed, now=now).slug


def badge_key_set(*, now: datetime, new: bool = False, lost: bool = False) -> dict[str, Any]:
    """
    The public keys of adults' badges, as a JWK set.

    Args:
        new: another key signs from now on. lost: so, and nothing that the old one signed is believed any more.
    """
    if new or lost:
        badge_keys.rotate(lost=lost, now=now)
    return badge_keys.jwks(now)


def stop_badge(token: str, *, now: datetime) -> tuple[str, int]:
    """Stop a badge of this house for ever; gives the address of its list and its place there. Raises BadgeNotOurs."""
    entry = badges.stop(token, now=now)
    return entry.uri, entry.index
