"""The tables of the room: age checks, wallets, issuer keys. Evidence has no table: it is never stored."""

from ruangaman.rooms.ages.models.cards import CardBatch, CardKey, CardOffer, StatusList, UsedNonce
from ruangaman.rooms.ages.models.checks import AgeCheck, Attempt, Holder, Institution, VerdictUse
from ruangaman.rooms.ages.models.contests import Contest, ContestCount, ContestFile
from ruangaman.rooms.ages.models.keys import DirectoryVersion, Issued, IssuerKey, SpentToken
from ruangaman.rooms.ages.models.wallets import WalletTrust

__all__ = [
    "AgeCheck",
    "Attempt",
    "CardBatch",
    "CardKey",
    "CardOffer",
    "Contest",
    "ContestCount",
    "ContestFile",
    "DirectoryVersion",
    "Holder",
    "Institution",
    "Issued",
    "IssuerKey",
    "SpentToken",
    "StatusList",
    "UsedNonce",
    "VerdictUse",
    "WalletTrust",
]
