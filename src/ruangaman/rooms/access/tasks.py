"""Durable jobs of this room; their arguments are ids alone."""

from uuid import UUID

from django_tasks import task

from ruangaman.adapters import clock
from ruangaman.rooms.access import deliveries


@task()
def deliver(delivery: str) -> str:
    """Send one event of the outbox."""
    now = clock.now()
    return deliveries.deliver(UUID(delivery), now=now, wall=now - clock.ahead())
