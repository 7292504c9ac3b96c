"""
Who asks: a signed request object (OpenID4VP 1.0 section 5.8, RFC 9101) by a certificate that this wallet knows.

What must fit: the form and the signature (ES256 by the key of the first certificate), the certificates up to a register
that the wallet trusts, and the `client_id`, which the certificate must prove by its prefix (section 5.9.3).
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from examples.dompet_identitas.credential import text
from examples.dompet_identitas.refused import Refused

TYPE = "oauth-authz-req+jwt"
MEDIA_TYPE = f"application/{TYPE}"
ANY_WALLET = "https://self-issued.me/v2"
MOST = 65_536
MOST_CERTIFICATES = 4
SKEW = timedelta(seconds=300)
READER = ObjectIdentifier("1.0.18013.5.1.6")
"""The extended key usage of whoever asks for documents (ISO/IEC 18013-5 B.1.7)."""
READ = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.SubjectAlternativeName)
"""The extensions that are looked at here: another one that is critical is refused."""
HEADERS = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
HEADERS.max_header_length = HEADERS.max_payload_length = MOST  # a header holds certificates
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    InvalidSignature,
    UnsupportedAlgorithm,
    JoseError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Register:
    """Who gives certificates to those who may ask: its names for people, and its root."""

    name: Mapping[str, str]
    root: x509.Certificate

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Register":
        """From the settings: `name`, and `certificate` in PEM."""
        return cls(entry["name"], x509.load_pem_x509_certificate(entry["certificate"].encode()))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as a register says."""

    name: str
    register: Register


def read(
    token: str, client_id: str, registers: Sequence[Register], now: datetime
) -> tuple[dict[str, Any], Asker]:
    """
    The parameters of a request object, and who signed it.

    Args:
        client_id: as it stood in the link; the object must name the same (RFC 9101 section 5).

    Raises:
        Refused: anything does not fit.
    """
    if len(token) > MOST:
        raise Refused("not_proven")
    try:
        return _read(token, client_id, registers, now)
    except UNREADABLE:
        raise Refused("not_proven") from None


def _read(
    token: str, client_id: str, registers: Sequence[Register], now: datetime
) -> tuple[dict[str, Any], Asker]:
    header = jws.extract_compact(token.encode("ascii"), registry=HEADERS).headers()
    if header.get("typ") != TYPE or header.get("alg") != "ES256" or "crit" in header:
        raise Refused("not_proven")
    chain = _chain(header["x5c"])
    key = chain[0].public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise Refused("not_proven")
    point = ECKey.import_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    claims = json.loads(jws.deserialize_compact(token, point, registry=HEADERS).payload)
    register = _trusted(chain, registers, now)
    _fits(claims, client_id, chain[0], now)
    (name,) = chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return claims, Asker(str(name.value), register)


def _chain(told: Any) -> list[x509.Certificate]:
    if type(told) is not list or not 0 < len(told) <= MOST_CERTIFICATES:
        raise Refused("not_proven")
    return [x509.load_der_x509_certificate(b64decode(one, validate=True)) for one in told]


def _trusted(chain: Sequence[x509.Certificate], registers: Sequence[Register], now: datetime) -> Register:
    """The register at whose root the chain ends. Each certificate was signed by the next, and counts now."""
    found = [one for one in registers if _issued(chain[-1], one.root)]
    if not found:
        raise Refused("not_proven")
    whole = [*chain, found[0].root]
    _is_signer(whole[0])
    for at, (below, above) in enumerate(pairwise(whole)):
        if not _issued(below, above):
            raise Refused("not_proven")
        _is_authority(above, at)
    if not all(one.not_valid_before_utc <= now <= one.not_valid_after_utc for one in whole):
        raise Refused("not_proven")
    if any(
        extension.critical and not isinstance(extension.value, READ)
        for one in whole
        for extension in one.extensions
    ):
        raise Refused("not_proven")
    return found[0]


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_signer(one: x509.Certificate) -> None:
    """No authority; what it says of its use allows to sign, and to ask."""
    said = _extension(one, x509.BasicConstraints)
    use = _extension(one, x509.KeyUsage)
    purposes = _extension(one, x509.ExtendedKeyUsage)
    if (said and said.ca) or (use and not use.digital_signature) or (purposes and READER not in purposes):
        raise Refused("not_proven")


def _is_authority(one: x509.Certificate, between: int) -> None:
    """It says that it signs others; `between` authorities stand between it and the signer."""
    said, use = _extension(one, x509.BasicConstraints), _extension(one, x509.KeyUsage)
    too_long = said is not None and said.path_length is not None and between > said.path_length
    if said is None or not said.ca or too_long or (use and not use.key_cert_sign):
        raise Refused("not_proven")


def _extension(one: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _fits(claims: Any, client_id: str, first: x509.Certificate, now: datetime) -> None:
    """The object is for wallets, in its time, and its `client_id` is the one that the certificate proves."""
    if claims["client_id"] != client_id or claims["aud"] != ANY_WALLET:
        raise Refused("not_proven")
    if {"request", "request_uri"} & set(claims):
        raise Refused("not_proven")
    late, early = (now - SKEW).timestamp(), (now + SKEW).timestamp()
    if claims.get("exp", early) < late or max(claims.get("nbf", 0), claims.get("iat", 0)) > early:
        raise Refused("not_proven")
    prefix, _, identifier = client_id.partition(":")
    if prefix == "x509_san_dns":
        names = _extension(first, x509.SubjectAlternativeName)
        proved = names is not None and identifier in names.get_values_for_type(x509.DNSName)
    elif prefix == "x509_hash":
        proved = identifier == text(hashlib.sha256(first.public_bytes(Encoding.DER)).digest())
    else:  # a prefix that no certificate proves must not stand in a signed request of ours
        proved = False
    if not proved:
        raise Refused("not_proven")
