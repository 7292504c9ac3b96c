"""Durable jobs of the room; their arguments are ids and counts alone."""

from uuid import UUID

from django_tasks import task

from ruangaman.adapters import clock
from ruangaman.rooms.places import post


@task()
def deliver(letter: str, tries: int) -> str:
    """Try to hand one mail over; gives its state. `tries`: how many were made when this one was claimed."""
    return post.attempt(UUID(letter), tries, now=clock.now())
