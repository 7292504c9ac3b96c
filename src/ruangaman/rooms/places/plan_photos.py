"""
Photos, drawn anew: what a phone writes beside the picture (place, time, device) is gone, and the picture is small.

Nobody sees a photo before an adult has looked at it; until then it is sealed.
"""

import base64
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ruangaman.adapters import ids, photos
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import plan_rules
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import ActionPhoto, City, PlanAction
from ruangaman.rooms.vault import api as vault

KIND: Final = "places.photo"
SMALLER: Final = 0.8


def drawn_anew(content: bytes) -> bytes:
    """
    The picture alone, as a JPEG of at most `kept_bytes`.

    Raises:
        PhotoRefused
    """
    side = plan_rules.photo("longest_side")
    while True:
        made = photos.redraw(content, photos.Limits(most_side=side)).data
        if len(made) <= plan_rules.photo("kept_bytes"):
            return made
        side = int(side * SMALLER)


@transaction.atomic
def send(action: PlanAction, content: bytes, *, taken_on: date, by: User, now: datetime) -> ActionPhoto:
    """
    Keep a photo for an adult to look at.

    Raises:
        PhotoRefused: no picture, too large, a day to come, or too many wait already.
    """
    if taken_on > timezone.localdate(now):
        raise PhotoRefused(why="date")
    picture = drawn_anew(content)
    ledger.line_up()
    if waiting(action.plan.city).count() >= plan_rules.photo("at_once"):
        raise PhotoRefused(why="many")
    family = vault.open_family(now=now)
    sealed = vault.seal(family, KIND, base64.b64encode(picture).decode(), now=now)
    row = ActionPhoto.objects.create(
        id=ids.new(now),
        action=action,
        account=by,
        taken_on=taken_on,
        sent_at=now,
        family=family,
        sealed=sealed,
    )
    ledger.append("places.photo-sent", {"city": action.plan.city.code, "action": action.key}, at=now)
    return row


def waiting(city: City) -> QuerySet[ActionPhoto]:
    """Photos of a city that nobody has looked at, the oldest first."""
    return ActionPhoto.objects.filter(action__plan__city=city, checked_at__isnull=True).order_by("sent_at")


def sealed_picture(photo: ActionPhoto) -> bytes:
    """A photo that waits, for whoever checks it. Raises NotFound."""
    if photo.sealed is None:
        raise NotFound(what="photo")
    return base64.b64decode(str(vault.reveal(vault.SealedRef(photo.sealed), purpose="check a photo")))


@transaction.atomic
def check(photo: ActionPhoto, *, show: bool, by: User, now: datetime) -> None:
    """Show a photo that shows no face, or throw it away. A photo that somebody checked meanwhile stays as it is."""
    row = ActionPhoto.objects.select_for_update().filter(pk=photo.pk, checked_at__isnull=True).first()
    if row is None or row.family is None:
        return
    content = sealed_picture(row) if show else None
    family = UUID(str(row.family))
    row.sealed = row.family = None
    row.content, row.shown, row.checked_at, row.checked_by = content, show, now, by
    row.save(update_fields=["sealed", "family", "content", "shown", "checked_at", "checked_by"])
    vault.forget_family(vault.FamilyRef(family), now=now)
    city, key = row.action.plan.city.code, row.action.key
    told: dict[str, str | bool] = {"city": city, "action": key, "shown": show}
    ledger.append("places.photo-checked", told, at=now)
