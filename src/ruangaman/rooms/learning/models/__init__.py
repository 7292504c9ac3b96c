"""The rows of this room: campaigns, groups that learn in them, and what their tests told until it is forgotten."""

from ruangaman.rooms.learning.models.badges import BadgeKey, BadgeList
from ruangaman.rooms.learning.models.campaigns import Arrival, Campaign, Organiser, Wording
from ruangaman.rooms.learning.models.groups import DoorCount, Group, PaperRow, Seat, Sheet

__all__ = [
    "Arrival",
    "BadgeKey",
    "BadgeList",
    "Campaign",
    "DoorCount",
    "Group",
    "Organiser",
    "PaperRow",
    "Seat",
    "Sheet",
    "Wording",
]
