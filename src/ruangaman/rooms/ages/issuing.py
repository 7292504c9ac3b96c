"""
Tokens: blind signatures for who may have the claim of the key, within the quota (RFC 9578 section 6).

What is stored is the wallet, the key and a count. No blinded message is stored or logged, and no time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F

from ruangaman.adapters import packs
from ruangaman.core.age_checks import ASSURANCES
from ruangaman.core.ages import Births
from ruangaman.core.credentials import blind_rsa
from ruangaman.core.credentials.age_claims import Standing, read_claim, standing
from ruangaman.core.credentials.token_errors import KeyUnknown
from ruangaman.core.credentials.tokens import TokenRequest, TokenResponse
from ruangaman.rooms.ages import config, holders, issuer_keys
from ruangaman.rooms.ages.errors import NotEntitled, QuotaUsed, Stopped
from ruangaman.rooms.ages.models import Holder, Issued, IssuerKey

ARITHMETIC: Final = blind_rsa.GMPY2 or blind_rsa.PYTHON


@dataclass(frozen=True, slots=True)
class Offer:
    """A claim that a wallet may fetch now: which key, until when it is taken, and how many are left."""

    claim: str
    assurance: str
    key_id: bytes
    not_after: datetime
    left: int


def issue(holder: Holder, told: bytes, *, now: datetime) -> bytes:
    """
    One blind signature: 259 bytes in, 256 bytes out.

    Raises:
        Stopped, NotEntitled, QuotaUsed.
        TokenTypeRefused, RequestRefused, KeyUnknown, BlindedMessageRefused: the request (422, RFC 9578 6.2).
        SigningFault: never seen; it is logged as an error, and nothing is answered.
    """
    request = TokenRequest.read(told)
    issuer_keys.ensure(now)
    key = issuer_keys.signing(request.truncated_token_key_id, now)
    if key is None:
        raise KeyUnknown
    if holder.stopped_at is not None:
        raise Stopped
    if not entitled(holder, holders.births(holder), key, now):
        raise NotEntitled
    if Issued.objects.filter(holder=holder, key=key, count__gte=config.QUOTA).exists():
        raise QuotaUsed  # before the work of signing; `_count` decides between two at once
    signed = blind_rsa.blind_sign(issuer_keys.private(key), request.blinded_msg, issuer_keys.draw, ARITHMETIC)
    _count(holder, key)
    return TokenResponse(signed).encode()


@transaction.atomic
def _count(holder: Holder, key: IssuerKey) -> None:
    """One more of this key for this wallet; raises QuotaUsed, also for whoever is second of two at once."""
    counted = Issued.objects.filter(holder=holder, key=key)
    if counted.filter(count__lt=config.QUOTA).update(count=F("count") + 1):
        return
    try:
        with transaction.atomic():
            Issued.objects.create(holder=holder, key=key, count=1)
    except IntegrityError:
        if not counted.filter(count__lt=config.QUOTA).update(count=F("count") + 1):
            raise QuotaUsed from None


def entitled(holder: Holder, known: Births, key: IssuerKey, now: datetime) -> bool:
    """Whether the claim of a key is true for this wallet until the key's last second, with that assurance."""
    if ASSURANCES.index(holder.assurance) < ASSURANCES.index(key.assurance):
        return False
    pack = packs.load(holder.jurisdiction)
    found = standing(
        read_claim(key.claim),
        known,
        int(now.timestamp()),
        int((key.not_after + config.SKEW).timestamp()) - 1,
        ZoneInfo(pack.zone),
        pack.source.leap_birthday,
    )
    return found is Standing.YES


def offers(holder: Holder, *, now: datetime) -> list[Offer]:
    """What a wallet may fetch now, the strongest assurance of each claim alone: one crowd a claim."""
    if holder.stopped_at is not None:
        return []
    issuer_keys.ensure(now)
    known = holders.births(holder)
    taken = {row.key_id: row.count for row in Issued.objects.filter(holder=holder)}
    best: dict[str, Offer] = {}
    rows = IssuerKey.objects.filter(
        epoch=issuer_keys.CALENDAR.epoch(int(now.timestamp())), withdrawn_at__isnull=True
    )
    for row in sorted(rows, key=lambda one: ASSURANCES.index(one.assurance)):
        if entitled(holder, known, row, now):
            left = config.QUOTA - taken.get(row.pk, 0)
            best[row.claim] = Offer(row.claim, row.assurance, bytes(row.key_id), row.not_after, left)
    return list(best.values())
