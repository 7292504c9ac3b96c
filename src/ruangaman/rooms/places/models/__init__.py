"""The tables of the room."""

from ruangaman.rooms.places.models.cities import City, Role
from ruangaman.rooms.places.models.kla import (
    KlaCard,
    KlaEvidence,
    KlaFile,
    KlaScore,
    KlaSubmission,
    KlaVerdict,
    KlaWeights,
)

__all__ = [
    "City",
    "KlaCard",
    "KlaEvidence",
    "KlaFile",
    "KlaScore",
    "KlaSubmission",
    "KlaVerdict",
    "KlaWeights",
    "Role",
]
