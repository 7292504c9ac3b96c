"""
The office that signs ages: its keys and certificates, its names, and which ages it tells.

In the story the office and the wallet are one program. Each showing takes a credential and a key of its own, as wallets
do that get them in batches: two places that compare what they saw find nothing in common.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

ZONE = ZoneInfo("Asia/Jakarta")
AGES = range(12, 22)
LIFE = timedelta(days=30)


def is_over(birth: date, years: int, today: date) -> bool:
    """Whether `years` are completed; one born on 29 February is a year older on 1 March in a common year.

    >>> is_over(date(2010, 11, 25), 16, date(2026, 11, 24)), is_over(date(2010, 11, 25), 16, date(2026, 11, 25))
    (False, True)
    """
    return (today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))) >= years


@dataclass(frozen=True, slots=True)
class Signer:
    """A key on P-256 and its certificate (DER), which the house's list of trust leads to."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes

    @classmethod
    def of(cls, certificate: str, key: str) -> "Signer":
        """From PEM. Raises ValueError."""
        found = load_pem_private_key(key.encode(), None)
        if not isinstance(found, ec.EllipticCurvePrivateKey):
            raise ValueError("a key on P-256")
        signer = x509.load_pem_x509_certificate(certificate.encode())
        return cls(found, signer.public_bytes(Encoding.DER))


@dataclass(frozen=True, slots=True)
class Office:
    """
    Who signs.

    Attributes:
        card: signs SD-JWT VC of the kind `vct`, under the name `iss`. document: signs mobile documents of `doc_type`.
    """

    card: Signer
    document: Signer
    iss: str
    vct: str
    doc_type: str

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Office":
        """From the settings that `ruangaman story fill` wrote."""
        made = settings["issuer"]
        card = Signer.of(made["certificate"], made["key"])
        document = Signer.of(made["document_certificate"], made["document_key"])
        return cls(card, document, settings["iss"], settings["vct"], settings["doc_type"])

    def ages(self, birth: date, now: datetime) -> dict[int, bool]:
        """What the office knows of a person: each age, reached or not."""
        today = now.astimezone(ZONE).date()
        return {years: is_over(birth, years, today) for years in AGES}


def span(now: datetime) -> tuple[datetime, datetime]:
    """From when to when a credential counts: whole days, the same for everybody of that day."""
    midnight = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE)
    return midnight, midnight + LIFE
