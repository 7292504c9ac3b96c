"""
The keys that sign cards and status lists (ES256): one at a time of each purpose, made at first use, rotated by command.

One purpose is cards with their lists, the other the lists of consents. Blind signatures have keys of their own
(`issuer_keys`); no kind ever does another's work.
"""

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from ruangaman.adapters import ids
from ruangaman.core.credentials import jose
from ruangaman.rooms.ages import config
from ruangaman.rooms.ages.errors import ChainRefused
from ruangaman.rooms.ages.models import CardKey
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

KIND: Final = "ages.card-key"
CARDS: Final = "cards"
CONSENTS: Final = "consents"
PURPOSES: Final = (CARDS, CONSENTS)
MOST_CHAIN: Final = 5
TRIES: Final = 3


def signing(now: datetime, purpose: str = CARDS) -> CardKey:
    """The key that signs now; made when there is none."""
    for _ in range(TRIES):
        found = CardKey.objects.filter(purpose=purpose, retired_at__isnull=True).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return _make(now, purpose)
        except IntegrityError:  # another process made one in this moment
            continue
    return CardKey.objects.get(purpose=purpose, retired_at__isnull=True)


def _make(now: datetime, purpose: str) -> CardKey:
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = jose.public_jwk(key.public_key())
    family = vault.open_family(now=now)
    secret = {"d": key.private_numbers().private_value.to_bytes(32, "big").hex()}
    row = CardKey.objects.create(
        id=ids.new(now),
        purpose=purpose,
        kid=jose.to_base64url(jose.thumbprint(jwk)),
        jwk=jwk,
        family=family,
        sealed=vault.seal(family, KIND, secret, now=now),
        created_at=now,
    )
    ledger.append("age.card-key", {"kid": row.kid, "purpose": purpose}, at=now)
    return row


def private(row: CardKey) -> ec.EllipticCurvePrivateKey:
    """The private part; kept in memory while its row lives. Raises vault.Forgotten once it was destroyed."""
    if row.kid not in _KEPT:
        told = vault.reveal(vault.SealedRef(row.sealed), purpose="sign age cards or a status list")
        while len(_KEPT) >= len(PURPOSES):  # one at a time signs, of each purpose
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[row.kid] = ec.derive_private_key(
            int.from_bytes(bytes.fromhex(told["d"]), "big"), ec.SECP256R1()
        )
    return _KEPT[row.kid]


_KEPT: dict[str, ec.EllipticCurvePrivateKey] = {}


def chain(row: CardKey) -> tuple[bytes, ...]:
    """The certificates of a key, DER; empty where there are none."""
    return tuple(b64decode(one) for one in row.chain)


@transaction.atomic
def rotate(*, lost: bool, now: datetime, purpose: str = CARDS) -> str:
    """
    A new key from now on; the private part of the old one is destroyed. Returns the new `kid`.

    Args:
        lost: somebody else may have the old key: it also leaves the issuer's keys at once, and with it every card or
            list that it signed.
    """
    for row in CardKey.objects.select_for_update().filter(purpose=purpose, retired_at__isnull=True):
        row.retired_at, row.distrusted = now, lost
        row.save(update_fields=["retired_at", "distrusted"])
        vault.forget_family(vault.FamilyRef(row.family), now=now)
        _KEPT.pop(row.kid, None)
        ledger.append("age.card-key-retired", {"kid": row.kid, "lost": lost}, at=now)
    return _make(now, purpose).kid


def known(now: datetime, purpose: str = CARDS) -> list[CardKey]:
    """The keys whose cards or lists are good: the one that signs, and retired ones until the last of it is over."""
    signing(now, purpose)
    living = Q(retired_at__isnull=True) | Q(retired_at__gt=now - config.CARDS_VALID - config.SKEW)
    rows = CardKey.objects.filter(living, purpose=purpose, distrusted=False)
    return list(rows.order_by(F("retired_at").desc(nulls_first=True)))


def jwks(now: datetime, purpose: str = CARDS) -> dict[str, Any]:
    """The public keys as a JWK set (RFC 7517)."""
    return {
        "keys": [{**row.jwk, "kid": row.kid, "use": "sig", "alg": jose.ES256} for row in known(now, purpose)],
    }


def request(now: datetime) -> str:
    """A request for a certificate (PKCS #10, PEM) for the key that signs now, for the host of this issuer."""
    row = signing(now)
    host = config.issuer_url().split("//", 1)[-1].partition("/")[0].partition(":")[0]
    built = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(private(row), hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode("ascii")


@transaction.atomic
def set_chain(pem: bytes, *, now: datetime) -> None:
    """
    Put certificates (PEM, the key's own first) beside the key that signs; each card then names them.

    Raises:
        ChainRefused: none that can be read, too many, or the first is not of this key.
    """
    row = CardKey.objects.select_for_update().get(pk=signing(now).pk)
    try:
        found = x509.load_pem_x509_certificates(pem)
        mine = found[0].public_key() == private(row).public_key()
    except ValueError:
        raise ChainRefused(why="pem") from None
    if len(found) > MOST_CHAIN:
        raise ChainRefused(why="length")
    if not mine:
        raise ChainRefused(why="key")
    row.chain = [b64encode(one.public_bytes(serialization.Encoding.DER)).decode("ascii") for one in found]
    row.save(update_fields=["chain"])
    ledger.append("age.card-key-certified", {"kid": row.kid}, at=now)
