"""Ids of rows: UUID version 7, so that they sort by the time of the act."""

from datetime import datetime
from uuid import UUID

RANDOM_BYTES = 10
"""How many random bytes `uuid7` wants; 74 of their 80 bits are used."""


def uuid7(now: datetime, random: bytes) -> UUID:
    """A UUID version 7 for an act at `now`, from `random` bytes that the caller draws.

    Args:
        now: aware; its whole milliseconds since 1970 make the first 48 bits.
        random: `RANDOM_BYTES` bytes of a secure source.

    Source: RFC 9562 section 5.7.
    """
    if len(random) != RANDOM_BYTES:
        raise ValueError("uuid7 needs 10 random bytes")
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    bits = int.from_bytes(random, "big")
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | (bits & 0xFFF) << 64 | 0b10 << 62 | bits >> 12 & (1 << 62) - 1
    )
