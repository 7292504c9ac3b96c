"""
Photos, drawn anew: what a phone writes beside the picture (place, time, device) is gone, and the picture is small.

Nobody sees a photo before an adult has looked at it; until then it is sealed.
"""

import base64
import io
import warnings
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from PIL import Image, ImageOps

from ruangaman.adapters import ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import plan_rules
from ruangaman.rooms.places.errors import NotFound, PhotoRefused
from ruangaman.rooms.places.models import ActionPhoto, City, PlanAction
from ruangaman.rooms.vault import api as vault

FORMATS: Final = ("JPEG", "PNG", "WEBP")
KIND: Final = "places.photo"
QUALITIES: Final = (82, 70, 58, 46)
SMALLER: Final = 0.75


def drawn_anew(content: bytes) -> bytes:
    """
    The picture alone, as a JPEG of at most `kept_bytes`.

    Raises:
        PhotoRefused: too large, or no picture of a kind that we read.
    """
    if len(content) > plan_rules.photo("most_bytes"):
        raise PhotoRefused(why="too-large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that would take too much memory is one
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > plan_rules.photo("most_pixels"):
                    raise PhotoRefused(why="too-large")
                turned = ImageOps.exif_transpose(opened)
                plain = Image.new("RGB", turned.size, "white")
                seen = turned.convert("RGBA")
                plain.paste(seen, mask=seen.getchannel("A"))
    except PhotoRefused:
        raise
    except Exception:  # a decoder of pictures fails in many ways; each means that this is none
        raise PhotoRefused(why="no-picture") from None
    side = plan_rules.photo("longest_side")
    while True:
        plain.thumbnail((side, side))
        for quality in QUALITIES:
            out = io.BytesIO()
            plain.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= plan_rules.photo("kept_bytes"):
                return out.getvalue()
        side = int(side * SMALLER)


@transaction.atomic
def send(action: PlanAction, content: bytes, *, taken_on: date, by: User, now: datetime) -> ActionPhoto:
    """
    Keep a photo for an adult to look at.

    Raises:
        PhotoRefused: no picture, too large, a day to come, or too many wait already.
    """
    if taken_on > now.date():
        raise PhotoRefused(why="date")
    picture = drawn_anew(content)
    ledger.line_up()
    if waiting(action.plan.city).count() >= plan_rules.photo("at_once"):
        raise PhotoRefused(why="too-many")
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


def waiting(city: City):  # type: ignore[no-untyped-def]  # a queryset
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
    told = {"city": row.action.plan.city.code, "action": row.action.key, "shown": show}
    ledger.append("places.photo-checked", told, at=now)
