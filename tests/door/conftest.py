"""The cast and the platforms of `rooms/access/tests`, for what the site adds to the door."""

from ruangaman.rooms.access.tests.conftest import _fresh_limits, hour, platform, services

__all__ = ["_fresh_limits", "hour", "platform", "services"]
