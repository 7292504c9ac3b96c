"""How often something may happen within an hour, counted by keyed hash: for a network or a number."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Sum

from ruangaman.rooms.places.models import ReportCount
from ruangaman.rooms.places.report_errors import TooManyReports
from ruangaman.rooms.vault import api as vault

HOUR: Final = timedelta(hours=1)
DAY: Final = 24
"""Hours for which counts are kept."""


def _hour(now: datetime) -> int:
    return int(now.timestamp() // HOUR.total_seconds())


@transaction.atomic
def count(kind: str, name: str, *, now: datetime) -> None:
    """Count one more."""
    key = vault.lookup(f"places.count.{kind}", name)
    row, _ = ReportCount.objects.get_or_create(key=key, hour=_hour(now))
    ReportCount.objects.filter(pk=row.pk).update(count=F("count") + 1)


def check(kind: str, name: str, most: int, *, hours: int = 1, now: datetime) -> None:
    """Raise TooManyReports when it happened `most` times within the last `hours` hours of the clock."""
    key = vault.lookup(f"places.count.{kind}", name)
    rows = ReportCount.objects.filter(key=key, hour__gt=_hour(now) - hours)
    if (rows.aggregate(n=Sum("count"))["n"] or 0) >= most:
        raise TooManyReports(wait_s=int(HOUR.total_seconds() - now.timestamp() % HOUR.total_seconds()) + 1)


def forget_old(now: datetime) -> None:
    """Drop what no limit asks for any more."""
    ReportCount.objects.filter(hour__lte=_hour(now) - DAY).delete()
