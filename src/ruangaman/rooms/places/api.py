"""The door of the room: the cities of this house, who does what there, and what is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ruangaman.rooms.places import pledges
from ruangaman.rooms.places.cities import add as add_city
from ruangaman.rooms.places.cities import every as cities
from ruangaman.rooms.places.cities import get as city
from ruangaman.rooms.places.errors import CityRefused, NotFound, RoleRefused
from ruangaman.rooms.places.roles import give as give_role

__all__ = [
    "CityRefused",
    "NotFound",
    "RoleRefused",
    "add_city",
    "cities",
    "city",
    "give_role",
    "keep_change",
    "settle_due",
]


def settle_due(now: datetime) -> int:
    """Let the clocks strike: pledges that come near or are late. Returns how many things changed."""
    return pledges.settle_due(now)


def keep_change(slug: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """
    Keep what `ruangaman city changed` found beside the published plan that it was compared with.

    Raises:
        NotFound: no such city, or no such published plan. PlanRefused: no comparison of this city.
    """
    pledges.keep_change(city(slug), told, now=now)
