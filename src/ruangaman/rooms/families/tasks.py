"""Durable jobs of this room; their arguments are ids and counts alone."""

from uuid import UUID

from django_tasks import task

from ruangaman.adapters import clock
from ruangaman.rooms.families import outbox


@task()
def deliver(outgoing: str, tries: int) -> str:
    """Send one letter of the outbox."""
    return outbox.deliver(UUID(outgoing), tries, now=clock.now())
