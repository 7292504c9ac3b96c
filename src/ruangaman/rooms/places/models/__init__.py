"""The tables of the room."""

from ruangaman.rooms.places.models.cities import City, Role

__all__ = ["City", "Role"]
