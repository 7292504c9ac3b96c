"""How often something may happen at an open door, counted by keyed hash of a network."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from ruangaman.rooms.learning.group_errors import TooMany
from ruangaman.rooms.learning.models import DoorCount
from ruangaman.rooms.vault import api as vault

HOUR: Final = timedelta(hours=1)
DAY: Final = 24
"""Hours for which counts are kept."""
GROUPS_A_DAY: Final = 60
"""By one network: all classes of a large school behind one address, twice."""
GROUPS_OF_HOUSE_A_DAY: Final = 5_000
"""
By all networks together, so that many of them do not fill the house: 300,000 seats a day, and on the next day it goes
on. Our choice: a province that begins a campaign makes fewer.
"""
WRONG_CAMPAIGNS_AN_HOUR: Final = 60
"""By one network, codes that no campaign has: every teacher of a school misspells the one on the poster."""
WRONG_CODES_AN_HOUR: Final = 300
"""
By one network; slips of the finger never get so far, the sign that checks finds them. With 10^6 seats in the house one
guess finds a seat with 10^6 / 2^40, so 300 an hour find one in four months, and all it opens is a test.
"""


def _hour(now: datetime) -> int:
    return int(now.timestamp() // HOUR.total_seconds())


@transaction.atomic
def count(kind: str, network: str, *, times: int = 1, now: datetime) -> None:
    """Count some more."""
    key = vault.lookup(f"learning.count.{kind}", network)
    row, _ = DoorCount.objects.get_or_create(key=key, hour=_hour(now))
    DoorCount.objects.filter(pk=row.pk).update(count=F("count") + times)


def check(kind: str, network: str, most: int, *, hours: int = 1, now: datetime) -> None:
    """Raise TooMany when it happened `most` times within the last `hours` hours of the clock."""
    key = vault.lookup(f"learning.count.{kind}", network)
    rows = DoorCount.objects.filter(key=key, hour__gt=_hour(now) - hours)
    if sum(rows.values_list("count", flat=True)) >= most:
        raise TooMany(wait_s=int(HOUR.total_seconds() - now.timestamp() % HOUR.total_seconds()) + 1)


def forget_old(now: datetime) -> None:
    """Drop what no limit asks for any more, at whichever second the jobs come by."""
    DoorCount.objects.filter(hour__lte=_hour(now) - DAY).delete()
