"""The keys that sign badges (ES256): made at first use, told to the ledger, rotated by command."""

from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ruangaman.adapters import ids
from ruangaman.core.credentials import jose
from ruangaman.rooms.learning.badge_rules import rules
from ruangaman.rooms.learning.models import BadgeKey
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

KIND: Final = "learning.badge-key"
TRIES: Final = 3


def signing(now: datetime) -> BadgeKey:
    """The key that signs now; made when there is none."""
    for _ in range(TRIES):
        found = BadgeKey.objects.filter(retired_at__isnull=True).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return _make(now)
        except IntegrityError:  # another process made one in this moment
            continue
    return BadgeKey.objects.get(retired_at__isnull=True)


def _make(now: datetime) -> BadgeKey:
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = jose.public_jwk(key.public_key())
    family = vault.open_family(now=now)
    secret = {"d": key.private_numbers().private_value.to_bytes(32, "big").hex()}
    row = BadgeKey.objects.create(
        id=ids.new(now),
        kid=jose.to_base64url(jose.thumbprint(jwk)),
        jwk=jwk,
        family=family,
        sealed=vault.seal(family, KIND, secret, now=now),
        created_at=now,
    )
    ledger.append("learning.badge-key", {"kid": row.kid}, at=now)
    return row


def private(row: BadgeKey) -> ec.EllipticCurvePrivateKey:
    """The private part; kept in memory while its row lives. Raises vault.Forgotten once it was destroyed."""
    if row.kid not in _KEPT:
        told = vault.reveal(vault.SealedRef(row.sealed), purpose="sign a badge or its list")
        _KEPT.clear()  # one at a time signs
        _KEPT[row.kid] = ec.derive_private_key(
            int.from_bytes(bytes.fromhex(told["d"]), "big"), ec.SECP256R1()
        )
    return _KEPT[row.kid]


_KEPT: dict[str, ec.EllipticCurvePrivateKey] = {}


@transaction.atomic
def rotate(*, lost: bool, now: datetime) -> str:
    """
    A new key from now on; the private part of the old one is destroyed. Returns the new `kid`.

    Args:
        lost: somebody else may have the old key: it leaves the known keys at once, and with it every badge it signed.
    """
    for row in BadgeKey.objects.select_for_update().filter(retired_at__isnull=True):
        row.retired_at, row.distrusted = now, lost
        row.save(update_fields=["retired_at", "distrusted"])
        vault.forget_family(vault.FamilyRef(row.family), now=now)
        _KEPT.pop(row.kid, None)
        ledger.append("learning.badge-key-retired", {"kid": row.kid, "lost": lost}, at=now)
    return _make(now).kid


def known(now: datetime) -> dict[str, dict[str, Any]]:
    """`kid` -> public JWK of the keys whose badges hold: the one that signs first, then retired ones."""
    signing(now)
    living = Q(retired_at__isnull=True) | Q(retired_at__gt=now - rules().valid)
    rows = BadgeKey.objects.filter(living, distrusted=False).order_by(F("retired_at").desc(nulls_first=True))
    return {row.kid: row.jwk for row in rows}


def jwks(now: datetime) -> dict[str, Any]:
    """The public keys as a JWK set (RFC 7517)."""
    return {"keys": [{**jwk, "kid": kid, "use": "sig", "alg": jose.ES256} for kid, jwk in known(now).items()]}
