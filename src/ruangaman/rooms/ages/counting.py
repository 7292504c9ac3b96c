"""How often something may happen within an hour, counted by keyed hash: for an address, a number, the whole house."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Sum

from ruangaman.rooms.ages.errors import TooMany
from ruangaman.rooms.ages.models import ContestCount
from ruangaman.rooms.vault import api as vault

HOUR: Final = timedelta(hours=1)
DAY: Final = 24
"""Hours for which counts are kept."""


def _hour(now: datetime) -> int:
    return int(now.timestamp() // HOUR.total_seconds())


@transaction.atomic
def count(kind: str, name: str, *, now: datetime) -> None:
    """Count one more."""
    row, _ = ContestCount.objects.get_or_create(key=vault.lookup(f"ages.count.{kind}", name), hour=_hour(now))
    ContestCount.objects.filter(pk=row.pk).update(count=F("count") + 1)


def check(kind: str, name: str, most: int, *, hours: int = 1, now: datetime) -> None:
    """Raise TooMany when it happened `most` times within the last `hours` hours of the clock."""
    rows = ContestCount.objects.filter(
        key=vault.lookup(f"ages.count.{kind}", name), hour__gt=_hour(now) - hours
    )
    if (rows.aggregate(n=Sum("count"))["n"] or 0) >= most:
        raise TooMany(wait_s=int(HOUR.total_seconds() - now.timestamp() % HOUR.total_seconds()) + 1)


def forget_old(now: datetime) -> None:
    """Drop what no limit asks for any more."""
    ContestCount.objects.filter(hour__lte=_hour(now) - DAY).delete()
