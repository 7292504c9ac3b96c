"""The door of the room: the cities of this house, who does what there, and what is due."""

from ruangaman.rooms.places.cities import add as add_city
from ruangaman.rooms.places.cities import every as cities
from ruangaman.rooms.places.cities import get as city
from ruangaman.rooms.places.errors import CityRefused, NotFound, RoleRefused
from ruangaman.rooms.places.roles import end_of as end_role
from ruangaman.rooms.places.roles import give as give_role

__all__ = ["CityRefused", "NotFound", "RoleRefused", "add_city", "cities", "city", "end_role", "give_role"]
