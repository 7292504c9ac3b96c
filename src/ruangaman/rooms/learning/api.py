"""The door of the room: what others may ask it."""

from datetime import datetime

from ruangaman.rooms.learning import courses, made_up, results
from ruangaman.rooms.learning.campaigns import organisers
from ruangaman.rooms.learning.groups import forgetting


def explaining(reason: str, who: str | None = None) -> str | None:
    """
    The address of the screen that explains a reason of the law in two minutes; None when no lesson does.

    Args:
        who: an audience. Its own lesson goes first; then for children what younger and older ones read, never what is
            written for adults, and for adults what is written for any of them, then for children.
    """
    found = courses.explained().get(reason, {})
    return next((found[one] for one in courses.readable(who) if one in found), None)


def settle_due(now: datetime) -> int:
    """Seal campaigns that ended a while ago, then forget the sheets of groups whose time is over; gives how many."""
    return results.seal_due(now) + forgetting.settle(now)


def give_organiser(username: str, *, name: str, region: str, now: datetime) -> None:
    """Let an account of the staff start campaigns for a region. Raises OrganiserRefused."""
    organisers.give(username, name=name, region=region, now=now)


def end_organiser(username: str, *, region: str, now: datetime) -> None:
    """Take that away again. Raises OrganiserRefused."""
    organisers.end(username, region=region, now=now)


def make_up_campaign(username: str, *, region: str, seed: int, now: datetime) -> str:
    """A campaign whose learners are drawn and which says so; gives its slug. For the story alone."""
    return made_up.campaign(username, region=region, seed=seed, now=now).slug
