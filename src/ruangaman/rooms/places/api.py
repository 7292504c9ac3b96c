"""The door of the room: the cities of this house, who does what there, and what is due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ruangaman.rooms.places import pledges, votes
from ruangaman.rooms.places.audits import due as audits_due
from ruangaman.rooms.places.cities import add as add_city
from ruangaman.rooms.places.cities import every as cities
from ruangaman.rooms.places.cities import get as city
from ruangaman.rooms.places.errors import CityRefused, NotFound, RoleRefused
from ruangaman.rooms.places.reports import clocks
from ruangaman.rooms.places.roles import end_of as end_role
from ruangaman.rooms.places.roles import give as give_role

__all__ = [
    "CityRefused",
    "NotFound",
    "RoleRefused",
    "add_city",
    "cities",
    "city",
    "end_role",
    "give_role",
    "keep_change",
    "settle_due",
]

_SETTLERS = (clocks.settle_due, votes.settle_due, audits_due.settle_due, pledges.settle_due)


def settle_due(now: datetime) -> int:
    """Let the clocks of the room strike (reports, votes, certificates, repairs, pledges); how much fell due."""
    return sum(settle(now) for settle in _SETTLERS)


def keep_change(slug: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """
    Keep what `ruangaman city changed` found beside the published plan that it was compared with.

    Raises:
        NotFound: no such city, or no such published plan. PlanRefused: no comparison of this city.
    """
    pledges.keep_change(city(slug), told, now=now)
