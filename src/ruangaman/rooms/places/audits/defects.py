"""The maintenance list: defects that are open, repaired, and looked at again."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.core.audits.rules import repair_of
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.audits import deciding, forms, photos
from ruangaman.rooms.places.audits.errors import DefectRefused
from ruangaman.rooms.places.audits.reading import form_of, rules_of
from ruangaman.rooms.places.models import City, Defect, Space


def of_city(city: City, area: str = "", *, over: bool = False) -> Sequence[Defect]:
    """
    Defects of a city, or of a kelurahan and what lies below it: critical ones first, then by the day they are due.

    Args:
        over: also those that were repaired and looked at.
    """
    rows = Defect.objects.filter(space__city=city).select_related("space__city", "form", "photo")
    if not over:
        rows = rows.filter(checked_at__isnull=True)
    found = list(rows.order_by("-critical", "due_at", "pk"))
    return [
        one for one in found if not area or one.space.area == area or one.space.area.startswith(f"{area}.")
    ]


@transaction.atomic
def report(place: Space, item: str, *, now: datetime) -> Defect:
    """
    Somebody who may audit saw a defect outside an audit.

    Raises:
        DefectRefused: the form has no such item.
    """
    ledger.line_up()
    row = forms.current(place.city, now=now)
    form = form_of(row)
    if item not in form.items:
        raise DefectRefused(why="item")
    return deciding.found(place, row, repair_of(form, item, rules_of(row)), audit=None, now=now)


def fix(row: Defect, photo: bytes | None, *, by: User, now: datetime) -> Defect:
    """
    Say that it is repaired; somebody else looks at it again.

    Raises:
        DefectRefused: it is not open.
        PhotoRefused
    """
    drawn = photos.draft(row.form, photo) if photo else None
    with transaction.atomic():
        return _fix(row, drawn, by, now)


def _fix(row: Defect, drawn: photos.Draft | None, by: User, now: datetime) -> Defect:
    ledger.line_up()
    row = Defect.objects.select_for_update(of=("self",)).select_related("space__city", "form").get(pk=row.pk)
    if row.fixed_at:
        raise DefectRefused(why="state")
    if drawn:
        row.photo = photos.of_repair(row.space, row.item, drawn, now=now)
    row.fixed_at, row.fixed_by = now, by
    row.save(update_fields=["fixed_at", "fixed_by", "photo"])
    told: dict[str, str | int | bool | None] = {
        "defect": str(row.pk), "city": row.space.city.code, "item": row.item,
        "photo": row.photo.sha256 if row.photo else None,
    }  # fmt: skip
    ledger.append("places.defect-fixed", told, at=now)
    return row


@transaction.atomic
def check(row: Defect, *, good: bool, by: User, now: datetime) -> Defect:
    """
    Look at a repair again: it is well, or it is open once more (and due as before).

    Raises:
        DefectRefused: it was not said to be repaired (`state`), or the same person looks (`same`).
    """
    ledger.line_up()
    row = Defect.objects.select_for_update(of=("self",)).select_related("space__city", "form").get(pk=row.pk)
    if row.fixed_at is None or row.checked_at:
        raise DefectRefused(why="state")
    if row.fixed_by == by:
        raise DefectRefused(why="same")
    if good:
        row.checked_at = now
        row.save(update_fields=["checked_at"])
    else:
        row.fixed_at = row.fixed_by = None
        row.save(update_fields=["fixed_at", "fixed_by"])
    told: dict[str, str | int | bool | None] = {
        "defect": str(row.pk), "city": row.space.city.code, "item": row.item, "good": good
    }  # fmt: skip
    ledger.append("places.defect-checked" if good else "places.defect-again", told, at=now)
    return row
