"""
Age cards for other wallets: SD-JWT VCs in batches by OpenID4VCI, each card for one showing.

An offer belongs to one wallet, its code is taken once, and the token that it gives brings one batch. Proofs and the
keys in them are looked at and forgotten; what stays is sealed: which status entries the wallet's cards have.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ruangaman.adapters import ids, packs
from ruangaman.core.age_checks import ASSURANCES, OVER
from ruangaman.core.credentials import openid4vci, sd_jwt_vc
from ruangaman.core.credentials.age_claims import Standing, read_claim, standing
from ruangaman.core.credentials.openid4vci import NonceRefused
from ruangaman.core.credentials.status_list import Reference
from ruangaman.rooms.ages import card_keys, config, holders, issuer_keys, links, status_lists
from ruangaman.rooms.ages.errors import (
    CardTokenRefused,
    CodeRefused,
    DigitsMissing,
    NotEntitled,
    NotFound,
    QuotaUsed,
    Stopped,
)
from ruangaman.rooms.ages.models import CardBatch, CardOffer, Holder, UsedNonce
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

CONFIGURATION: Final = "umur"
IDENTIFIER: Final = "umur-1"
VCT_PATH: Final = "/vct/umur/1"
_RANDOM, _MAC = 12, 32


def vct() -> str:
    """The type of the cards, an address of ours."""
    return config.issuer_url() + VCT_PATH


def claims(now: datetime) -> tuple[str, ...]:
    """The claims that a card may hold: the ages of the house's own law, from below."""
    return tuple(one for one in issuer_keys.claims(now) if one.startswith(OVER))


def ages_of(holder: Holder, *, now: datetime) -> tuple[int, ...]:
    """The ages that this wallet proved, the lowest first; raises vault.Forgotten."""
    known, pack, at = holders.births(holder), packs.load(holder.jurisdiction), int(now.timestamp())
    zone, leap = ZoneInfo(pack.zone), pack.source.leap_birthday
    issued = (read_claim(name) for name in claims(now))
    return tuple(one.years for one in issued if standing(one, known, at, at, zone, leap) is Standing.YES)


def assurance_of(holder: Holder) -> str:
    """The strongest word among those that are issued which this proof carries."""
    carried = ASSURANCES[: ASSURANCES.index(holder.assurance) + 1]
    found = [one for one in config.ISSUED_ASSURANCES if one in carried]
    if not found:
        raise NotEntitled
    return max(found, key=ASSURANCES.index)


@transaction.atomic
def offer(holder: Holder, *, digits: bool = True, language: str = "id", now: datetime) -> CardOffer:
    """
    Offer this wallet's cards to another wallet; an offer that was made before and not yet taken ends.

    Raises:
        Stopped, NotEntitled: nothing to offer. QuotaUsed: enough cards of this wallet are good now.
    """
    holder = Holder.objects.select_for_update().get(pk=holder.pk)
    _may(holder, now)
    CardOffer.objects.filter(holder=holder, token__isnull=True).delete()
    identity = ids.new(now)
    return CardOffer.objects.create(
        id=identity,
        holder=holder,
        code=links.digest(_derived("ages.card-code", identity)),
        place=links.digest(_derived("ages.card-place", identity)),
        language=language,
        digits=digits,
        made_at=now,
        ends_at=now + config.CODE,
    )


def _may(holder: Holder, now: datetime) -> tuple[int, ...]:
    if holder.stopped_at is not None:
        raise Stopped
    try:
        over = ages_of(holder, now=now)
    except vault.Forgotten:
        raise NotEntitled from None
    if not over:
        raise NotEntitled
    if CardBatch.objects.filter(holder=holder, good_until__gt=now).count() >= config.BATCHES:
        raise QuotaUsed
    return over


def _derived(kind: str, identity: UUID) -> str:
    """A secret of an offer, from the house's own key: it stands nowhere."""
    return urlsafe_b64encode(vault.lookup(kind, identity.hex)).rstrip(b"=").decode()


def code_of(row: CardOffer) -> str:
    """The code of an offer."""
    return _derived("ages.card-code", row.pk)


def digits_of(row: CardOffer) -> str:
    """The digits that the page shows beside the offer, from the house's own key."""
    return str(int.from_bytes(vault.lookup("ages.card-digits", row.pk.hex), "big"))[-config.DIGITS :]


def told(row: CardOffer) -> dict[str, Any]:
    """The offer as a wallet reads it; where the digits stand is said in the language of who made it."""
    with translation.override(row.language):
        where = _("Angkanya ada di halaman Ruang Aman, di bawah kotak QR.")
    return openid4vci.offer(
        issuer=config.issuer_url(),
        configuration=CONFIGURATION,
        code=code_of(row),
        digits=config.DIGITS if row.digits else None,
        description=where,
    )


def link(row: CardOffer) -> str:
    """The offer as the link that a wallet opens."""
    return openid4vci.offer_uri(told(row))


def short_link(row: CardOffer) -> str:
    """A link to the offer, for a QR."""
    place = reverse("ages:card-offer", args=[_derived("ages.card-place", row.pk)])
    return openid4vci.offer_uri_by_reference(config.issuer_url() + place)


def at_place(place: str, *, now: datetime) -> CardOffer:
    """The offer that a QR leads to; raises NotFound, also when it was taken or its time is over."""
    row = CardOffer.objects.filter(place=links.digest(place), token__isnull=True, ends_at__gt=now).first()
    if row is None:
        raise NotFound
    return row


def redeem(code: str, digits: str | None, *, identified: bool = False, now: datetime) -> str:
    """
    Take an offer by its code, once; returns the access token.

    Raises:
        DigitsMissing, CodeRefused
    """
    row = CardOffer.objects.select_related("holder").filter(code=links.digest(code)).first()
    if row is None or row.token is not None or now >= row.ends_at or row.holder.stopped_at is not None:
        raise CodeRefused
    if row.digits is (digits is None):
        raise DigitsMissing
    living = CardOffer.objects.filter(pk=row.pk, token__isnull=True, ends_at__gt=now)
    if digits is not None:
        # Counted before it is compared: however many try at once, no more than so many are compared.
        if not living.filter(tries__lt=config.DIGIT_TRIES).update(tries=F("tries") + 1):
            raise CodeRefused
        if not hmac.compare_digest(digits.encode(), digits_of(row).encode()):
            raise CodeRefused
    token = links.fresh()
    ends = now + config.CODE
    if not living.update(token=links.digest(token), token_ends_at=ends, identified=identified):
        raise CodeRefused
    return token


def by_token(token: str, *, now: datetime) -> CardOffer:
    """The offer whose token this is; raises CardTokenRefused."""
    row = CardOffer.objects.select_related("holder").filter(token=links.digest(token)).first()
    if row is None or row.used_at is not None or row.token_ends_at is None or now >= row.token_ends_at:
        raise CardTokenRefused
    return row


def nonce(now: datetime) -> str:
    """A nonce for proofs, which tells until when it is taken; nothing is stored until it comes back."""
    known = int((now + config.CODE).timestamp()).to_bytes(4, "big") + secrets.token_bytes(_RANDOM)
    return urlsafe_b64encode(known + _mac(known)).decode()


def _mac(known: bytes) -> bytes:
    return vault.lookup("ages.card-nonce", known.hex())


def _until(text: str, now: datetime) -> datetime:
    """When this nonce of ours ends; raises NonceRefused."""
    try:
        said = urlsafe_b64decode(text.encode("ascii"))
    except (NotBase64, ValueError):
        raise NonceRefused from None
    if len(said) != 4 + _RANDOM + _MAC or not hmac.compare_digest(_mac(said[:-_MAC]), said[-_MAC:]):
        raise NonceRefused
    ends = datetime.fromtimestamp(int.from_bytes(said[:4], "big"), UTC)
    if now >= ends:
        raise NonceRefused
    return ends


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    entries: list[int]

    def references(self) -> list[Reference]:
        where = status_lists.uri(self.number)
        return [Reference(index, where) for index in self.entries]


def issue(row: CardOffer, jwts: Sequence[str], *, now: datetime) -> list[str]:
    """
    The batch of an offer: one card for each proof, all or none.

    Raises:
        openid4vci.*, jose.*: the proofs. NonceRefused: also when it was used before.
        Stopped, NotEntitled, QuotaUsed: the wallet. CardTokenRefused: the batch was taken in this moment.
    """
    proofs = openid4vci.check_proofs(
        jwts, issuer=config.issuer_url(), now=int(now.timestamp()), most=config.BATCH
    )
    ends = _until(proofs.nonce, now)
    key = card_keys.signing(now)
    with transaction.atomic():
        holder = Holder.objects.select_for_update().filter(pk=row.holder_id).first()
        if holder is None:
            raise CardTokenRefused
        over = _may(holder, now)
        living = CardOffer.objects.filter(pk=row.pk, used_at__isnull=True, token_ends_at__gt=now)
        if not living.update(used_at=now):
            raise CardTokenRefused
        _use(proofs.nonce, ends)
        place = _Place(*status_lists.take(len(proofs.keys), now=now))
        until = now + config.CARDS_VALID
        batch = sd_jwt_vc.issue_age_batch(
            vct=vct(),
            issuer=config.issuer_url(),
            over=over,
            assurance=assurance_of(holder),
            expires=int(until.timestamp()),
            now=int(now.timestamp()),
            holders=proofs.keys,
            key=card_keys.private(key),
            draw=secrets.token_bytes,
            chain=card_keys.chain(key),
            kid=key.kid,
            statuses=place.references(),
        )
        _remember(holder, place, until, now)
        ledger.append("age.cards-issued", {}, at=now)
    return [one.compact for one in batch]


def _use(text: str, ends: datetime) -> None:
    try:
        with transaction.atomic():
            UsedNonce.objects.create(nonce=links.digest(text), ends_at=ends)
    except IntegrityError:
        raise NonceRefused from None


def _remember(holder: Holder, place: _Place, until: datetime, now: datetime) -> None:
    entries = {str(place.number): place.entries}
    sealed = vault.seal(vault.FamilyRef(holder.family), holders.ENTRIES, entries, now=now)
    CardBatch.objects.create(id=ids.new(now), holder=holder, sealed=sealed, good_until=until)


@transaction.atomic
def end_old(now: datetime) -> int:
    """
    Let go of what is over: offers, nonces, and which entries the cards had that are good no more.

    It waits for nobody: what somebody else holds at this moment goes the next time.
    """
    over = CardOffer.objects.select_for_update(skip_locked=True).filter(ends_at__lte=now - config.CODE)
    done: int = CardOffer.objects.filter(pk__in=[row.pk for row in over]).delete()[0]
    done += UsedNonce.objects.filter(ends_at__lte=now - config.SKEW).delete()[0]
    late = CardBatch.objects.select_for_update(skip_locked=True).filter(good_until__lte=now - config.SKEW)
    for row in late:
        vault.forget(vault.SealedRef(row.sealed), now=now)
        row.delete()
        done += 1
    return done
