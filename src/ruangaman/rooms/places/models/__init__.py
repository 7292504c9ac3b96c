"""The tables of the room."""

from ruangaman.rooms.places.models.audits import (
    Audit,
    AuditAnswer,
    AuditForm,
    AuditLimits,
    AuditPhoto,
    AuditSeat,
    AuditSending,
    Certificate,
    Defect,
    Space,
)
from ruangaman.rooms.places.models.cities import City, Role

__all__ = [
    "Audit",
    "AuditAnswer",
    "AuditForm",
    "AuditLimits",
    "AuditPhoto",
    "AuditSeat",
    "AuditSending",
    "Certificate",
    "City",
    "Defect",
    "Role",
    "Space",
]
