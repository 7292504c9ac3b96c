"""
An age as an SD-JWT VC (RFC 9901): the office signs digests of "N or over", the wallet discloses one of them.

In the story the office and the wallet are one program. Each showing takes a credential and a key of its own, as wallets
do that get them in batches: two places that compare what they saw find nothing in common.
"""

import hashlib
import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey

ZONE = ZoneInfo("Asia/Jakarta")
AGES = range(12, 22)
LIFE_DAYS = 30
HEADERS = jws.JWSRegistry(algorithms=["ES256"])


def text(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def is_over(birth: date, years: int, today: date) -> bool:
    """Whether `years` are completed; one born on 29 February is a year older on 1 March in a common year.

    >>> is_over(date(2010, 11, 25), 16, date(2026, 11, 24)), is_over(date(2010, 11, 25), 16, date(2026, 11, 25))
    (False, True)
    """
    return (today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))) >= years


@dataclass(frozen=True, slots=True)
class Office:
    """Who signs: its key, the certificate that the house's list of trust leads to, its names."""

    key: ECKey
    certificate: str
    iss: str
    vct: str

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Office":
        """From the settings that `ruangaman story fill` wrote."""
        made = settings["issuer"]
        signer = x509.load_pem_x509_certificate(made["certificate"].encode())
        der = b64encode(signer.public_bytes(Encoding.DER)).decode("ascii")
        return cls(ECKey.import_key(made["key"]), der, settings["iss"], settings["vct"])

    def issue(self, birth: date, holder: ECKey, now: datetime) -> tuple[str, dict[int, str]]:
        """The signed part, and the disclosures by age. Its times are whole days, the same for everybody of that day."""
        today = now.astimezone(ZONE).date()
        midnight = datetime.combine(today, time(), ZONE)
        shown = {
            years: text(
                json.dumps(
                    [text(secrets.token_bytes(16)), f"age_over_{years}", is_over(birth, years, today)]
                ).encode()
            )
            for years in AGES
        }
        payload = {
            "iss": self.iss,
            "vct": self.vct,
            "iat": int(midnight.timestamp()),
            "exp": int((midnight + timedelta(days=LIFE_DAYS)).timestamp()),
            "cnf": {"jwk": holder.as_dict(private=False)},
            "_sd_alg": "sha-256",
            "_sd": sorted(_digest(one) for one in shown.values()),
        }
        header = {"alg": "ES256", "typ": "dc+sd-jwt", "x5c": [self.certificate]}
        return jws.serialize_compact(header, json.dumps(payload), self.key, registry=HEADERS), shown


def _digest(told: str) -> str:
    return text(hashlib.sha256(told.encode("ascii")).digest())


def presentation(office: Office, birth: date, years: int, *, nonce: str, audience: str, now: datetime) -> str:
    """One fresh credential, with one claim open, bound to this very question by its holder's key."""
    holder = ECKey.generate_key("P-256")
    signed, shown = office.issue(birth, holder, now)
    told = f"{signed}~{shown[years]}~"
    proof = {
        "iat": int(now.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": _digest(told),
    }
    header = {"alg": "ES256", "typ": "kb+jwt"}
    return told + jws.serialize_compact(header, json.dumps(proof), holder, registry=HEADERS)
