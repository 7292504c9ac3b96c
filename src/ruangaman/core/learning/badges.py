"""
Badges for adults as Open Badges 3.0 in a signed JWT, and the list that says which were stopped.

Of whoever holds a badge it says nothing but an identifier of their own choice: no name, no mail. A key that a token
brings along proves nothing, so none is put in; whoever checks takes the keys from the issuer's own address.

Source: 1EdTech Open Badges 3.0, 8.2 (JSON Web Token proof); W3C Bitstring Status List 1.0, 2.1, 2.2 and 3.2.
"""

import gzip
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError

CONTEXT: Final = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
DIGCOMP: Final = "https://publications.jrc.ec.europa.eu/repository/handle/JRC128415"
ENTRIES: Final = 131_072
"""Of a list, at least (Bitstring Status List 2.2): fewer would tell too much about who was looked up."""

_DID_KEY: Final = re.compile(r"did:key:z[1-9A-HJ-NP-Za-km-z]{40,140}")


class SubjectRefused(RuangAmanError):
    """What a badge should be made out to is no `did:key`; a name, a mail or a number has no place in it."""

    code = "learning.badge-subject-refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the state of one badge stands: the address of the list, and the place in it."""

    uri: str
    index: int


def subject(said: str, drawn: str) -> str:
    """
    To whom a badge is made out: a key of the holder's own, else an identifier that was drawn for this badge alone.

    Raises:
        SubjectRefused
    """
    told = said.strip()
    if not told:
        return f"urn:uuid:{drawn}"
    if not _DID_KEY.fullmatch(told):
        raise SubjectRefused
    return told


def did_web(base: str, path: str) -> str:
    """
    The did:web of an address.

    >>> did_web("http://localhost:8000", "/pelajaran/lencana")
    'did:web:localhost%3A8000:pelajaran:lencana'
    """
    host = base.split("//", 1)[-1].replace(":", "%3A")
    return ":".join(["did:web", host, *path.strip("/").split("/")])


def did_document(did: str, keys: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The keys of an issuer, `kid` -> public JWK, newest first."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{kid}",
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": {**jwk, "kid": kid},
            }
            for kid, jwk in keys.items()
        ],
        "assertionMethod": [f"{did}#{kid}" for kid in keys],
    }


def badge(
    *,
    identifier: str,
    issuer: Mapping[str, Any],
    subject: str,
    achievement: Mapping[str, Any],
    status: Entry,
    valid_from: datetime,
    valid_until: datetime,
) -> dict[str, Any]:
    """The claims of one badge: the credential itself, and what JWT says beside it (8.2.4.1)."""
    return {
        "@context": CONTEXT,
        "id": identifier,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": dict(issuer),
        "name": achievement["name"],
        "validFrom": _told(valid_from),
        "validUntil": _told(valid_until),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "achievement": dict(achievement),
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{status.uri}#{status.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status.index),
            "statusListCredential": status.uri,
        },
        "iss": issuer["id"],
        "jti": identifier,
        "sub": subject,
        "nbf": int(valid_from.timestamp()),
        "exp": int(valid_until.timestamp()),
    }


def achievement(
    *,
    address: str,
    page: str,
    name: str,
    description: str,
    narrative: str,
    language: str,
    digcomp: tuple[str, ...],
) -> dict[str, Any]:
    """What was achieved, by which rule, and which competences of DigComp 2.2 it is near, as we read them."""
    return {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Competency",
        "name": name,
        "description": description,
        "criteria": {"id": page, "narrative": narrative},
        "inLanguage": language,
        "alignment": [
            {
                "type": ["Alignment"],
                "targetCode": code,
                "targetFramework": "DigComp 2.2",
                "targetName": f"DigComp 2.2, {code}",
                "targetType": "ceasn:Competency",
                "targetUrl": DIGCOMP,
            }
            for code in digcomp
        ],
    }


def status_list(
    uri: str, issuer: str, bits: bytes, *, valid_from: datetime, valid_until: datetime
) -> dict[str, Any]:
    """
    The claims of a list of stopped badges.

    Args:
        bits: of all entries; the first one stands in the highest bit of the first byte (3.2).
    """
    packed = gzip.compress(bits, mtime=0)
    return {
        "@context": CONTEXT[:1],
        "id": uri,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _told(valid_from),
        "validUntil": _told(valid_until),
        "credentialSubject": {
            "id": f"{uri}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": "u" + urlsafe_b64encode(packed).decode().rstrip("="),
        },
        "iss": issuer,
        "jti": uri,
        "sub": f"{uri}#list",
        "nbf": int(valid_from.timestamp()),
        "exp": int(valid_until.timestamp()),
    }


def is_set(bits: bytes, index: int) -> bool:
    """Whether an entry is marked."""
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def with_set(bits: bytes, index: int) -> bytes:
    """The same entries, this one marked."""
    told = bytearray(bits)
    told[index >> 3] |= 0x80 >> (index & 7)
    return bytes(told)


def _told(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
