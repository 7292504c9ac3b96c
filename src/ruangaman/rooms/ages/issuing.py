"""
Tokens: blind signatures for who may have the claim of the key, within the quota (RFC 9578 section 6).

What is stored is the wallet, the key and a count. No blinded message is stored or logged, and no time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection

from ruangaman.adapters import packs
from ruangaman.core.age_checks import ASSURANCES
from ruangaman.core.ages import Births
from ruangaman.core.credentials import blind_rsa
from ruangaman.core.credentials.age_claims import Standing, read_claim, standing
from ruangaman.core.credentials.token_errors import KeyUnknown
from ruangaman.core.credentials.tokens import TokenRequest, TokenResponse
from ruangaman.rooms.ages import config, holders, issuer_keys
from ruangaman.rooms.ages.errors import LoginMissing, NotEntitled, QuotaUsed, Stopped
from ruangaman.rooms.ages.models import Holder, Issued, IssuerKey

ARITHMETIC: Final = blind_rsa.GMPY2 or blind_rsa.PYTHON
_ID: Final = Holder._meta.pk


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
    key = _key(request.truncated_token_key_id, now)
    if holder.stopped_at is not None:
        raise Stopped
    if not entitled(holder, holders.births(holder), key, now):
        raise NotEntitled
    private = issuer_keys.private(key)
    blind_rsa.read_blinded(private.public, request.blinded_msg)  # what is refused here costs nothing
    _count(holder, key)
    signed = blind_rsa.blind_sign(private, request.blinded_msg, issuer_keys.draw, ARITHMETIC)
    return TokenResponse(signed).encode()


def _key(last_byte: int, now: datetime) -> IssuerKey:
    """The key that a request names. Keys are made where the directory and the offers are read: only an unknown one is
    worth a look at what is missing."""
    key = issuer_keys.signing(last_byte, now)
    if key is None:
        issuer_keys.ensure(now)
        key = issuer_keys.signing(last_byte, now)
    if key is None:
        raise KeyUnknown
    return key


# One statement, so that no two at once are both the last: the first of a key is a new row, each other one more.
_ONE_MORE: Final = """
INSERT INTO ages_issued (holder_id, key_id, count) VALUES (%s, %s, 1)
ON CONFLICT (holder_id, key_id) DO UPDATE SET count = ages_issued.count + 1 WHERE ages_issued.count < %s
"""


def _count(holder: Holder, key: IssuerKey) -> None:
    """
    One more of this key for this wallet, before the work of signing: a fault after it costs the wallet one token.

    Raises:
        QuotaUsed.
        LoginMissing: the wallet was emptied in this moment.
    """
    told = [_ID.get_db_prep_value(one, connection) for one in (holder.pk, key.pk)]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_ONE_MORE, [*told, config.QUOTA])
            if not cursor.rowcount:
                raise QuotaUsed
    except IntegrityError:
        raise LoginMissing from None


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
