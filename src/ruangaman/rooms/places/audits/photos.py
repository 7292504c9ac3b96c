"""
Photos of audits and repairs: drawn anew, sealed in the vault, shown to nobody outside until somebody found no face.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import audit_tables, ids, photos
from ruangaman.adapters.photos import Drawn
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits.errors import AnswersRefused, AuditFinished, AuditRefused, SendingDiffers
from ruangaman.rooms.places.audits.reading import form_of, rules_of
from ruangaman.rooms.places.models import AuditForm, AuditPhoto, AuditSeat, Defect, Space
from ruangaman.rooms.vault import api as vault

PART: Final = 45_000
"""Bytes of a photo in one sealed field: 60,000 in base64, below the vault's 64 KiB."""
MOST_OF_A_SEAT: Final = 200
MOST_OF_AN_ITEM: Final = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A photo that was drawn and is not kept yet."""

    drawn: Drawn
    sent_sha256: str
    days: int


def receive(seat: AuditSeat, photo: UUID, item: str, data: bytes, *, now: datetime) -> AuditPhoto:
    """
    Take a photo of an item, by the id that the phone gave it; the same once more changes nothing.

    Raises:
        PhotoRefused, AnswersRefused, AuditFinished
        SendingDiffers: the id stands for another photo.
    """
    if item not in form_of(seat.audit.form).items:
        raise AnswersRefused(why="item", item=item[:60])
    before = _before(seat, photo, item, data)
    if before is not None:
        return before
    drawn = draft(seat.audit.form, data)  # before anything is locked: it takes a while
    with transaction.atomic():
        rows = AuditSeat.objects.select_for_update(of=("self",)).select_related("audit__form", "audit__space")
        seat = rows.get(pk=seat.pk)
        before = _before(seat, photo, item, data)
        if before is not None:
            return before
        if seat.finished_at or seat.audit.cancelled_at or seat.audit.decided_at:
            raise AuditFinished
        mine = AuditPhoto.objects.filter(seat=seat)
        if mine.count() >= MOST_OF_A_SEAT or mine.filter(item=item).count() >= MOST_OF_AN_ITEM:
            raise AnswersRefused(why="many", item=item)
        return _keep(photo, seat.audit.space, seat, item, drawn, now)


def _before(seat: AuditSeat, photo: UUID, item: str, data: bytes) -> AuditPhoto | None:
    row = AuditPhoto.objects.filter(pk=photo).first()
    if row is None:
        return None
    if row.seat_id != seat.pk or row.sent_sha256 != audit_tables.sha256(data) or row.item != item:
        raise SendingDiffers
    return row


def of_repair(place: Space, item: str, drawn: Draft, *, now: datetime) -> AuditPhoto:
    """A photo of what was repaired, drawn by `draft`; call inside the transaction of the act."""
    return _keep(ids.new(now), place, None, item, drawn, now)


def draft(form: AuditForm, data: bytes) -> Draft:
    """
    Draw a photo anew.

    Raises:
        PhotoRefused
    """
    rules = rules_of(form)
    drawn = photos.redraw(data, photos.Limits(most_side=rules.photo_side))
    return Draft(drawn, audit_tables.sha256(data), rules.photo_days)


def _keep(
    photo: UUID, place: Space, seat: AuditSeat | None, item: str, one: Draft, now: datetime
) -> AuditPhoto:
    drawn, family = one.drawn, vault.open_family(now=now)
    parts = [
        str(vault.seal(family, "places.photo", b64encode(drawn.data[at : at + PART]).decode(), now=now))
        for at in range(0, len(drawn.data), PART)
    ]
    return AuditPhoto.objects.create(
        id=photo, space=place, seat=seat, item=item, sha256=audit_tables.sha256(drawn.data),
        sent_sha256=one.sent_sha256, size=len(drawn.data), width=drawn.width, height=drawn.height,
        family=family, parts=parts, received_at=now, destroy_at=now + timedelta(days=one.days),
    )  # fmt: skip


def opened(row: AuditPhoto) -> bytes:
    """
    The JPEG.

    Raises:
        vault.Forgotten: it was destroyed.
    """
    if row.destroyed_at:
        raise vault.Forgotten
    parts = [vault.reveal(vault.SealedRef(UUID(one)), purpose="show a photo of a place") for one in row.parts]
    return b"".join(b64decode(one) for one in parts)


@transaction.atomic
def look(row: AuditPhoto, *, face: bool, by: User, now: datetime) -> None:
    """
    Say whether there is a face (or a name, or a number plate) in it; without one the public may see it.

    Raises:
        AuditRefused: it was destroyed, its audit is not decided yet, or its repair is open again (`photo`); the same
            person took it (`same`).
    """
    ledger.line_up()
    row.refresh_from_db()
    if row.destroyed_at or (row.seat is not None and row.seat.audit.decided_at is None):
        raise AuditRefused(why="photo")
    taker = taken_by(row)
    if taker is None:
        raise AuditRefused(why="photo")
    if taker == by.pk:
        raise AuditRefused(why="same")
    row.shown_at, row.kept_back_at, row.looked_by = (None, now, by) if face else (now, None, by)
    row.save(update_fields=["shown_at", "kept_back_at", "looked_by"])
    ledger.append("places.photo-looked", {"sha256": row.sha256, "shown": not face}, at=now)


@transaction.atomic
def take_down(row: AuditPhoto, *, by: User, now: datetime) -> None:
    """Destroy a photo that is shown and should not be; that there was one, and that it went, stays."""
    ledger.line_up()
    row.refresh_from_db()
    if row.destroyed_at is None and row.shown_at is not None:
        destroy(row, now=now)
        ledger.append("places.photo-taken-down", {"sha256": row.sha256, "by": by.pk}, at=now)


def taken_by(row: AuditPhoto) -> int | None:
    """The account that took it; None for a photo of a repair that is open again."""
    if row.seat is not None:
        return row.seat.user_id
    repairs = Defect.objects.filter(photo=row, fixed_by__isnull=False)
    return repairs.values_list("fixed_by", flat=True).first()


def destroy(row: AuditPhoto, *, now: datetime) -> None:
    """Destroy its key; its row stays, so that a phone that sends it again is told."""
    vault.forget_family(vault.FamilyRef(row.family), now=now)
    row.parts, row.destroyed_at, row.shown_at = [], now, None
    row.save(update_fields=["parts", "destroyed_at", "shown_at"])
