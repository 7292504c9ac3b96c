"""The one clock of the house; read at the edges only, never in `core`."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
