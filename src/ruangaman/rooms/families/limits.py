"""Counting by keyed hash: how often something may happen, without knowing to whom."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from ruangaman.rooms.families.models import Limit
from ruangaman.rooms.vault import api as vault


def key(kind: str, value: str) -> bytes:
    """The keyed hash under which `value` is counted."""
    return vault.lookup(f"families.limit.{kind}", value)


def _window(now: datetime, length: timedelta) -> int:
    return int(now.timestamp() // length.total_seconds())


def count(kind: str, value: str, *, length: timedelta, now: datetime) -> int:
    """How often it happened in the present window."""
    row = Limit.objects.filter(kind=kind, key=key(kind, value), window=_window(now, length)).first()
    return row.count if row else 0


@transaction.atomic
def within(kind: str, value: str, *, limit: int, length: timedelta, now: datetime) -> bool:
    """Count one more and say whether it is still within `limit` for the present window."""
    row, _ = Limit.objects.get_or_create(kind=kind, key=key(kind, value), window=_window(now, length))
    Limit.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row.count <= limit


def forget_old(now: datetime) -> None:
    """Drop counts that no window needs any more; the longest window is one day."""
    Limit.objects.filter(window__lt=_window(now, timedelta(days=2)), kind__endswith=".day").delete()
    Limit.objects.filter(
        window__lt=_window(now - timedelta(days=1), timedelta(minutes=1)), kind__endswith=".min"
    ).delete()
    Limit.objects.filter(
        window__lt=_window(now - timedelta(days=1), timedelta(hours=1)), kind__endswith=".hour"
    ).delete()
