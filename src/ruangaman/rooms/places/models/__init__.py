"""The tables of the room."""

from ruangaman.rooms.places.models.cities import City, Role
from ruangaman.rooms.places.models.plans import ActionPhoto, Change, Finding, Plan, PlanAction, Pledge

__all__ = ["ActionPhoto", "Change", "City", "Finding", "Plan", "PlanAction", "Pledge", "Role"]
