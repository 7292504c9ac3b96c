"""The door of the room: the cities of this house, who does what there, and what is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ruangaman.rooms.places import pledges, post, votes
from ruangaman.rooms.places.audits import due as audits_due
from ruangaman.rooms.places.cities import add as add_city
from ruangaman.rooms.places.cities import every as cities
from ruangaman.rooms.places.cities import get as city
from ruangaman.rooms.places.errors import CityRefused, NotFound, RoleRefused
from ruangaman.rooms.places.reports import clocks
from ruangaman.rooms.places.roles import begins
from ruangaman.rooms.places.roles import end_of as end_role
from ruangaman.rooms.places.roles import give as give_role

__all__ = [
    "CityRefused",
    "NotFound",
    "RoleRefused",
    "add_city",
    "begins",
    "cities",
    "city",
    "end_role",
    "give_role",
    "keep_change",
    "mails_again",
    "mails_failing",
    "settle_due",
]

_SETTLERS = (clocks.settle_due, votes.settle_due, audits_due.settle_due, pledges.settle_due, post.settle_due)


def settle_due(now: datetime) -> int:
    """Let the clocks of the room strike (reports, votes, certificates, repairs, pledges, mails); how much fell due."""
    return sum(settle(now) for settle in _SETTLERS)


def mails_failing(slug: str = "") -> Sequence[Mapping[str, Any]]:
    """
    Mails of a city, or of all, that no server took yet: city, about, to (an account or office, never an address),
    tries, failure, state. Raises NotFound.
    """
    return [
        {
            "city": row.city.slug, "about": f"{row.about} {row.why}", "state": row.state, "tries": row.tries,
            "to": f"office {row.to}" if row.office else f"account {row.to}", "failure": row.failure,
        }
        for row in post.failing(city(slug) if slug else None)
    ]  # fmt: skip


def mails_again(slug: str = "", *, now: datetime) -> int:
    """Try these once more, from the first wait on; how many. Raises NotFound."""
    return post.again(city(slug) if slug else None, now=now)


def keep_change(slug: str, told: Mapping[str, Any], *, now: datetime) -> None:
    """
    Keep what `ruangaman city changed` found beside the published plan that it was compared with.

    Raises:
        NotFound: no such city, or no such published plan. PlanRefused: no comparison of this city.
    """
    pledges.keep_change(city(slug), told, now=now)
