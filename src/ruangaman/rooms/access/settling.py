"""What time itself does in this room."""

from datetime import datetime, timedelta
from typing import Final

from ruangaman.rooms.access import sandbox
from ruangaman.rooms.access.models import IdempotencyKey

KEPT: Final = timedelta(days=1)


def settle_due(now: datetime) -> int:
    """Simulated lapses, idempotency keys older than a day. Returns how many."""
    forgotten, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return sandbox.settle_due(now) + forgotten
