"""Entries of a list of trust: a good one, and what can be wrong with one, each with the field that is named."""

from typing import Any

from cryptography import x509 as c_x509
from cryptography.hazmat.primitives import serialization
from tests.mdocs import SIGNER_KEY, root

_PEM = c_x509.load_der_x509_certificate(root()).public_bytes(serialization.Encoding.PEM).decode()
_KEY = (
    SIGNER_KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
GOOD: dict[str, Any] = {"name": "Akar", "answers_for": ["*"], "certificate": _PEM}
WRONG: list[tuple[Any, str]] = [
    ("no mapping", "?"),
    (GOOD | {"more": 1}, "?"),
    (GOOD | {"name": ""}, "name"),
    (GOOD | {"name": 7}, "name"),
    (GOOD | {"answers_for": []}, "answers_for"),
    (GOOD | {"answers_for": "*"}, "answers_for"),
    (GOOD | {"answers_for": ["eu.europa.ec.av.1 "]}, "answers_for"),
    (GOOD | {"issuers": [3]}, "issuers"),
    (GOOD | {"public_key": _KEY}, "certificate"),
    ({"name": "Akar", "answers_for": ["*"]}, "certificate"),
    (GOOD | {"certificate": _KEY}, "certificate"),
    (GOOD | {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "certificate"),
    (GOOD | {"certificate": b"\x30\x00"}, "certificate"),
    (GOOD | {"certificate": 7}, "certificate"),
    ({"name": "Akar", "answers_for": ["*"], "public_key": "no key"}, "public_key"),
    ({"name": "Akar", "answers_for": ["*"], "public_key": b"\x00"}, "public_key"),
    (GOOD | {"from": "yesterday"}, "from"),
    (GOOD | {"until": "2027-01-01T00:00:00"}, "until"),
    (GOOD | {"until": 1}, "until"),
]
