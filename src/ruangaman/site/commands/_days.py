"""The day as people of the house say it, for commands that do without Django."""

from datetime import date
from zoneinfo import ZoneInfo

from ruangaman.adapters import clock


def today() -> date:
    """Today in the house's own time zone (`RUANGAMAN_TIME_ZONE`)."""
    from ruangaman.site.environment import Environment

    zone = Environment().zone("RUANGAMAN_TIME_ZONE", default="Asia/Jakarta")
    return clock.now().astimezone(ZoneInfo(zone)).date()
