"""The rows of this room: campaigns, groups that learn in them, and what their tests told until it is forgotten."""

from ruangaman.rooms.learning.models.badges import BadgeKey, BadgeList
from ruangaman.rooms.learning.models.campaigns import Campaign, Organiser, Wording
from ruangaman.rooms.learning.models.groups import Group, Outcome, Seat, Sheet

__all__ = ["BadgeKey", "BadgeList", "Campaign", "Group", "Organiser", "Outcome", "Seat", "Sheet", "Wording"]
