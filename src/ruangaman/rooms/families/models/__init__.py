"""The tables of the room. Everything carries its family; personal data stands in the vault, here only
references.
"""

from ruangaman.rooms.families.models.asking import (
    Claim,
    ConsentRequest,
    Limit,
    OneTimeWord,
    Outgoing,
    RecordEvent,
    ShortCode,
    Token,
)
from ruangaman.rooms.families.models.forgetting import Forgotten
from ruangaman.rooms.families.models.living import (
    AgeReview,
    DeletionTask,
    Objection,
    Permission,
    Receipt,
    Settled,
    Shown,
    Watch,
)
from ruangaman.rooms.families.models.people import (
    Child,
    Guardian,
    Invite,
    Passkey,
    Relation,
    VerdictProvider,
    VerdictUse,
)

__all__ = [
    "AgeReview",
    "Child",
    "Claim",
    "ConsentRequest",
    "DeletionTask",
    "Forgotten",
    "Guardian",
    "Invite",
    "Limit",
    "Objection",
    "OneTimeWord",
    "Outgoing",
    "Passkey",
    "Permission",
    "Receipt",
    "RecordEvent",
    "Relation",
    "Settled",
    "ShortCode",
    "Shown",
    "Token",
    "VerdictProvider",
    "VerdictUse",
    "Watch",
]
