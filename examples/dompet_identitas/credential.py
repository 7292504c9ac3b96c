"""An age as an SD-JWT VC (RFC 9901): the office signs digests of "N or over", the wallet discloses one of them."""

import hashlib
import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from datetime import date, datetime

from joserfc import jws
from joserfc.jwk import ECKey

from examples.dompet_identitas.office import Office, span

HEADERS = jws.JWSRegistry(algorithms=["ES256"])


def text(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def issue(office: Office, birth: date, holder: ECKey, now: datetime) -> tuple[str, dict[int, str]]:
    """The signed part, and the disclosures by age."""
    first, last = span(now)
    shown = {
        years: text(json.dumps([text(secrets.token_bytes(16)), f"age_over_{years}", over]).encode())
        for years, over in office.ages(birth, now).items()
    }
    payload = {
        "iss": office.iss,
        "vct": office.vct,
        "iat": int(first.timestamp()),
        "exp": int(last.timestamp()),
        "cnf": {"jwk": holder.as_dict(private=False)},
        "_sd_alg": "sha-256",
        "_sd": sorted(_digest(one) for one in shown.values()),
    }
    certificate = b64encode(office.card.certificate).decode("ascii")
    header = {"alg": "ES256", "typ": "dc+sd-jwt", "x5c": [certificate]}
    key = ECKey.import_key(office.card.key)
    return jws.serialize_compact(header, json.dumps(payload), key, registry=HEADERS), shown


def _digest(told: str) -> str:
    return text(hashlib.sha256(told.encode("ascii")).digest())


def presentation(office: Office, birth: date, years: int, *, nonce: str, audience: str, now: datetime) -> str:
    """One fresh credential, with one claim open, bound to this very question by its holder's key."""
    holder = ECKey.generate_key("P-256")
    signed, shown = issue(office, birth, holder, now)
    told = f"{signed}~{shown[years]}~"
    proof = {
        "iat": int(now.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": _digest(told),
    }
    header = {"alg": "ES256", "typ": "kb+jwt"}
    return told + jws.serialize_compact(header, json.dumps(proof), holder, registry=HEADERS)
