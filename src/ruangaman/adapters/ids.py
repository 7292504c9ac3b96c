"""Draws the ids of rows."""

import secrets
from datetime import datetime
from uuid import UUID

from ruangaman.core.ids import RANDOM_BYTES, uuid7


def new(now: datetime) -> UUID:
    """A fresh UUID version 7 for an act at `now` (RFC 9562 section 5.7)."""
    return uuid7(now, secrets.token_bytes(RANDOM_BYTES))
