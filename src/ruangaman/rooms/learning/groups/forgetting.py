"""
When a group's time is over its sheets go, and with them everything that was told of the group alone.

What stays is the seal of its campaign, which is made before the first of the campaign's groups goes.
"""

import logging
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from ruangaman.core.learning import few
from ruangaman.rooms.learning import results
from ruangaman.rooms.learning.groups import counting, making
from ruangaman.rooms.learning.models import Campaign, Group, Seat, Sheet
from ruangaman.rooms.ledger import api as ledger

log = logging.getLogger("ruangaman.learning")
FEWEST: Final = few.LEAST
"""Below this many nothing is shown."""
AT_ONCE: Final = 20
"""Groups forgotten in one turn of the jobs, each in a transaction of its own."""


def settle(now: datetime) -> int:
    """Forget what is due; gives how many groups. One that cannot be forgotten keeps no other back."""
    counting.forget_old(now)
    due = Group.objects.filter(forgotten_at=None, ends_on__lt=timezone.localdate(now)).order_by(
        "ends_on", "pk"
    )
    done = 0
    for row in due.values_list("pk", flat=True)[: results.LOOKED_AT]:
        try:
            done += forget(row, now=now)
        except Exception:
            log.exception("group %s could not be forgotten", row)
        if done >= AT_ONCE:
            break
    return done


@transaction.atomic
def forget(group_id: Any, *, now: datetime) -> bool:
    """Delete a group's seats, sheets and what was told of it; False when that was done before."""
    ledger.line_up()
    row = Group.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=group_id)
    if row.forgotten_at is not None or row.ends_on >= timezone.localdate(now):
        return False
    if row.campaign is not None and row.campaign.sealed is None:
        _seal(row.campaign, now)
    count = few.tens(Sheet.objects.filter(seat__group=row).count())
    Seat.objects.filter(group=row).delete()
    row.name, row.told, row.forgotten_at = "", None, now
    row.save(update_fields=["name", "told", "forgotten_at"])
    told: dict[str, str | int | bool | None] = {"group": making.digest(row)}
    if count is not None:
        told["sheets"] = count
    ledger.append("learning.sheets-forgotten", told, at=now)
    return True


def _seal(campaign: Campaign, now: datetime) -> None:
    """The last day of sheets was promised, results were not: where these cannot be made the sheets go without."""
    try:
        results.seal(campaign, now)
    except Exception:
        log.exception("campaign %s could not be sealed before its sheets went", campaign.pk)
