"""The tables of the room."""

from ruangaman.rooms.places.models.cities import City, Role
from ruangaman.rooms.places.models.reports import Report, ReportClock, ReportCount, ReportStep, ReportTable
from ruangaman.rooms.places.models.votes import VoteOption, VoteRound, VoteTurn

__all__ = [
    "City",
    "Report",
    "ReportClock",
    "ReportCount",
    "ReportStep",
    "ReportTable",
    "Role",
    "VoteOption",
    "VoteRound",
    "VoteTurn",
]
