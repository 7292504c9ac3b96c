"""What time itself does in this room."""

from datetime import datetime, timedelta
from typing import Final

from ruangaman.adapters import clock
from ruangaman.rooms.access import following, sandbox
from ruangaman.rooms.access.models import IdempotencyKey
from ruangaman.rooms.access.oidc import flows, keys, server

KEPT: Final = timedelta(days=1)


def settle_due(now: datetime) -> int:
    """
    Simulated lapses, entries that follow the law, idempotency keys older than a day, visits and keys of the OpenID
    Provider. Returns how many.
    """
    forgotten, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    openid = flows.settle_due(now) + keys.end_old(now) + server.forget_old(now - clock.ahead())
    return sandbox.settle_due(now) + following.settle_due(now) + forgotten + openid
