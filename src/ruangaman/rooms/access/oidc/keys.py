"""The keys of ID tokens: RSA of their own, never the blind-signing ones, sealed in the vault, rotated by hand."""

from datetime import datetime
from typing import Any, Final

from allauth.core.internal import jwkkit
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction
from django.db.models import Q

from ruangaman.adapters import ids
from ruangaman.rooms.access.models import OpenIdKey
from ruangaman.rooms.access.oidc.bounds import ANNOUNCED, OUTLIVES
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

BITS: Final = 3072
KIND: Final = "access.openid-key"
MOST_KEPT: Final = 4
_KEPT: dict[str, str] = {}


def published(now: datetime) -> list[OpenIdKey]:
    """The keys of the set: those that sign, signed a short while ago, or will sign soon."""
    return list(OpenIdKey.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)))


def jwks(now: datetime) -> dict[str, Any]:
    """The public key set (RFC 7517)."""
    return {"keys": [{**row.jwk, "use": "sig", "alg": "RS256"} for row in published(now)]}


def signing(now: datetime) -> OpenIdKey:
    """The key that signs now: the latest that has begun. The first one is made when there is none."""
    found = [row for row in published(now) if row.not_before <= now]
    return found[-1] if found else make(now, begins=now)


def ensure(now: datetime) -> None:
    """See to it that there is a key."""
    signing(now)


def private(row: OpenIdKey) -> str:
    """The private part, PEM; kept in memory while its row lives."""
    if row.kid not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[row.kid] = vault.reveal(vault.SealedRef(row.sealed), purpose="sign an ID token")["pem"]
    return _KEPT[row.kid]


def make(now: datetime, *, begins: datetime) -> OpenIdKey:
    """A new key that signs from `begins` on."""
    key = rsa.generate_private_key(65537, BITS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    jwk, _ = jwkkit.load_jwk_from_pem(pem)
    public = {name: jwk[name] for name in ("kty", "n", "e", "kid")}
    with transaction.atomic():
        family = vault.open_family(now=now)
        sealed = vault.seal(family, KIND, {"pem": pem}, now=now)
        row = OpenIdKey.objects.create(
            id=ids.new(now),
            kid=jwk["kid"],
            jwk=public,
            family=family,
            sealed=sealed,
            created_at=now,
            not_before=begins,
        )
        ledger.append("access.openid-key", {"kid": row.kid}, at=now)
    return row


@transaction.atomic
def rotate(now: datetime, *, at_once: bool = False) -> OpenIdKey:
    """
    A new key takes over: after two hours, so that every client has fetched it; or at once when the old one is lost,
    and then no client takes what the old one signed any more, once it fetches the set again.
    """
    ensure(now)
    begins = now if at_once else now + ANNOUNCED
    old = [row.pk for row in published(now)]
    ends = now if at_once else begins + OUTLIVES
    rows = OpenIdKey.objects.select_for_update().filter(pk__in=old)
    rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=ends)).update(ends_at=ends)
    new = make(now, begins=begins)
    end_old(now)
    return new


@transaction.atomic
def end_old(now: datetime) -> int:
    """Destroy the private parts of keys that are no longer published."""
    rows = list(OpenIdKey.objects.select_for_update().filter(ends_at__lte=now))
    for row in rows:
        vault.forget_family(vault.FamilyRef(row.family), now=now)
        _KEPT.pop(row.kid, None)
        ledger.append("access.openid-key-ended", {"kid": row.kid}, at=now)
        row.delete()
    return len(rows)
