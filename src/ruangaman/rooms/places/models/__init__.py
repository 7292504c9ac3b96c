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
    CityForm,
    Defect,
    Space,
)
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
from ruangaman.rooms.places.models.letters import Letter
from ruangaman.rooms.places.models.plans import ActionPhoto, Change, Finding, Plan, PlanAction, Pledge
from ruangaman.rooms.places.models.reports import Report, ReportClock, ReportCount, ReportStep, ReportTable
from ruangaman.rooms.places.models.votes import VoteOption, VoteRound, VoteTurn

__all__ = [
    "ActionPhoto",
    "Audit",
    "AuditAnswer",
    "AuditForm",
    "AuditLimits",
    "AuditPhoto",
    "AuditSeat",
    "AuditSending",
    "Certificate",
    "Change",
    "City",
    "CityForm",
    "Defect",
    "Finding",
    "KlaCard",
    "KlaEvidence",
    "KlaFile",
    "KlaScore",
    "KlaSubmission",
    "KlaVerdict",
    "KlaWeights",
    "Letter",
    "Plan",
    "PlanAction",
    "Pledge",
    "Report",
    "ReportClock",
    "ReportCount",
    "ReportStep",
    "ReportTable",
    "Role",
    "Space",
    "VoteOption",
    "VoteRound",
    "VoteTurn",
]
