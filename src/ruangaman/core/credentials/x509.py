"""
Who may sign: lists of trusted issuers as data, and the way from a signer's certificate to one of them.

The check is our own, on the parts that `cryptography` gives: its path validation is made for names of TLS servers and
asks for what certificates of document signers do not have. Not looked at: lists of revoked certificates (they would
need the network) and name constraints (a certificate that makes them critical is refused).

Source: RFC 5280 section 6.1, of it what has a meaning here; ISO/IEC 18013-5 9.3.1 and annex B.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.utils import CryptographyDeprecationWarning

from ruangaman.core.credentials import der, p256
from ruangaman.core.credentials.errors import CredentialError

MOST_CERTIFICATES: Final = 5
MOST_BYTES: Final = 8_192
MOST_KNOWN: Final = 256
NEVER: Final = 1 << 62
LEAST_RSA_BITS: Final = 2_048
MOST_RSA_BITS: Final = 8_192

Key = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey | rsa.RSAPublicKey
_KEYS: Final = (
    ec.EllipticCurvePublicKey,
    ed25519.Ed25519PublicKey,
    ed448.Ed448PublicKey,
    rsa.RSAPublicKey,
)


class CertificateRefused(CredentialError):
    """A certificate or chain that does not lead to a trusted issuer."""

    code = "x509.refused"


class ChainTooLong(CertificateRefused):
    """More certificates, or a larger one, than we read."""

    code = "x509.too-large"


class CertificateMalformed(CertificateRefused):
    """Bytes that are no certificate, or one with a key or hash that we do not take."""

    code = "x509.malformed"


class IssuerUnknown(CertificateRefused):
    """No issuer on the list of trust stands at the end of the chain."""

    code = "x509.issuer-unknown"


class NotForThis(CertificateRefused):
    """The issuer is on the list, but not for this kind of credential."""

    code = "x509.not-for-this"


class OutOfTime(CertificateRefused):
    """A certificate, or the entry of the list, is not valid yet or any more."""

    code = "x509.out-of-time"


class WrongUse(CertificateRefused):
    """A certificate may not be used so: no authority, wrong purpose, path too long, or an unknown critical mark."""

    code = "x509.wrong-use"


class SignatureWrong(CertificateRefused):
    """A certificate was not signed by the one that it names."""

    code = "x509.signature-wrong"


class TrustListRefused(CredentialError):
    """An entry of a list of trusted issuers cannot be read; the facts say which and where."""

    code = "x509.trust-list"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a signer's certificate must be meant for: one of the extended key usages, and whether it may have none."""

    name: str
    usages: frozenset[str]
    may_be_silent: bool = False

    def __hash__(self) -> int:
        return hash(self.name)


DOCUMENT_SIGNER: Final = Purpose("document signer", frozenset({"1.0.18013.5.1.2", "1.3.130.2.0.0.1.2"}))
"""ISO/IEC 18013-5 annex B.1.4, and the arc that the EU's age verification uses for the same."""
READER: Final = Purpose("reader", frozenset({"1.0.18013.5.1.6"}))
"""ISO/IEC 18013-5 annex B.1.7."""
ANY_SIGNER: Final = Purpose("signer", frozenset(), may_be_silent=True)
"""For lists whose certificates name no purpose; the list alone then says what they are for."""

_BASIC, _USAGE, _EXTENDED = (der.oid(one) for one in ("2.5.29.19", "2.5.29.15", "2.5.29.37"))
_READ: Final = frozenset({_BASIC, _USAGE, _EXTENDED})
_HASHES: Final = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
ANYTHING: Final = "*"
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` raises at a certificate that it cannot read, or will not in a next release."""


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """
    One issuer that is trusted.

    Args:
        name: what people call it; shown and logged, so no personal data.
        key: its public key.
        answers_for: docTypes and vcts that it may answer for; `*` for all.
        certificate: the authority's, or the very signer's; None when only a key is known.
        issuers: values of `iss` that it may use; none means that the list does not say.
        not_before, not_after: unix seconds between which the entry counts; None for open.
    """

    name: str
    key: Key
    answers_for: frozenset[str]
    certificate: x509.Certificate | None = None
    issuers: frozenset[str] = frozenset()
    not_before: int | None = None
    not_after: int | None = None
    by_key: p256.Check | None = field(init=False, repr=False, compare=False)
    """The check by its key, where that is one on P-256: read once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", p256.check_by_key(self.key))

    def answers(self, kind: str) -> bool:
        """May it answer for this docType or vct?"""
        return kind in self.answers_for or ANYTHING in self.answers_for

    def counts_at(self, now: int, skew: int = 0) -> bool:
        """Is the entry valid at this time (unix seconds)?"""
        return (self.not_before is None or self.not_before <= now + skew) and (
            self.not_after is None or now - skew <= self.not_after
        )


@dataclass(frozen=True, slots=True)
class TrustList:
    """
    Who is trusted for what. Found by name of the authority, by certificate, or by key.

    It remembers chains that led to one of its entries, with the time during which they do: a few signers sign all the
    documents that are ever seen, and their certificates need not be checked anew for each. Nothing else is kept.
    """

    anchors: tuple[TrustAnchor, ...]
    _by_subject: Mapping[x509.Name | bytes, tuple[TrustAnchor, ...]] = field(repr=False, compare=False)
    _by_der: Mapping[bytes, TrustAnchor] = field(repr=False, compare=False)
    _by_key: Mapping[bytes, TrustAnchor] = field(repr=False, compare=False)
    _known: dict[tuple[tuple[bytes, ...], Purpose], "Signer"] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, anchors: Sequence[TrustAnchor]) -> "TrustList":
        """A list of these."""
        by_subject: dict[x509.Name | bytes, tuple[TrustAnchor, ...]] = {}
        by_der, by_key = {}, {}
        for one in anchors:
            if one.certificate is None:
                by_key[_point(one.key)] = one
                continue
            subject = one.certificate.subject
            by_subject[subject] = (*by_subject.get(subject, ()), one)
            by_der[one.certificate.public_bytes(serialization.Encoding.DER)] = one
        # Nearly always a name below is written just as the one above, and then need not be read.
        for encoded, one in by_der.items():
            with suppress(ValueError):
                written = der.parts(encoded).subject
                by_subject[written] = by_subject[one.certificate.subject] if one.certificate else ()
        return cls(tuple(anchors), by_subject, by_der, by_key)

    def named(self, subject: x509.Name | bytes) -> tuple[TrustAnchor, ...]:
        """Authorities with this name, or with one that equals the name which is written so (content of its DER)."""
        return self._by_subject.get(subject, ())

    def signer(self, encoded: bytes) -> TrustAnchor | None:
        """The entry that names this very certificate."""
        return self._by_der.get(encoded)

    def bare(self, key: Key) -> TrustAnchor | None:
        """The entry that names this key without a certificate."""
        return self._by_key.get(_point(key)) if self._by_key else None

    def known(self, chain: Sequence[bytes], purpose: Purpose) -> "Signer | None":
        """What this very chain led to before."""
        return self._known.get((tuple(chain), purpose))

    def remember(self, chain: Sequence[bytes], purpose: Purpose, signer: "Signer") -> None:
        """Only chains that led to an entry; a stranger cannot fill it."""
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[tuple(chain), purpose] = signer


@dataclass(frozen=True, slots=True)
class Signer:
    """
    A signer that leads to a trusted issuer.

    Args:
        signs_from, signs_until: unix seconds of its certificate; open when the list names its bare key.
        first, last: unix seconds between which every certificate of the way counts.
    """

    key: Key
    anchor: TrustAnchor
    signs_from: int = 0
    signs_until: int = NEVER
    first: int = 0
    last: int = NEVER
    by_key: p256.Check | None = field(init=False, repr=False, compare=False)
    """The check by its key, where that is one on P-256: read once for all that it signs."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", p256.check_by_key(self.key))


def _point(key: Key) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def certificate_of(encoded: bytes) -> x509.Certificate:
    """
    A certificate of at most 8 KiB.

    Raises:
        ChainTooLong, CertificateMalformed: see there.
    """
    if len(encoded) > MOST_BYTES:
        raise ChainTooLong(bytes=len(encoded), most=MOST_BYTES)
    try:
        found = x509.load_der_x509_certificate(encoded)
        if found.serial_number <= 0:
            raise CertificateMalformed
    except _UNREADABLE:
        raise CertificateMalformed from None
    return found


def check_chain(
    chain: Sequence[bytes], trust: TrustList, *, purpose: Purpose, kind: str, now: int, skew: int = 0
) -> Signer:
    """
    Follow a signer's certificate to an issuer on the list.

    An entry may be the authority above the chain, the signer's certificate itself, or the signer's bare key; then the
    certificate proves nothing that the list does not say, and only the entry's own time counts.

    Args:
        chain: DER, the signer's first, each signed by the next; the trusted root may stand at its end.
        kind: the docType or vct that is to be answered for.
        now: unix seconds; `skew` seconds are granted on both sides.

    Raises:
        CertificateRefused: one of its kinds.
    """
    signer = trust.known(chain, purpose)
    if signer is None:
        signer = _follow(chain, trust, purpose)
        trust.remember(chain, purpose, signer)
    if now + skew < signer.first or now - skew > signer.last:
        raise OutOfTime
    if not signer.anchor.answers(kind):
        raise NotForThis
    if not signer.anchor.counts_at(now, skew):
        raise OutOfTime
    return signer


def _follow(chain: Sequence[bytes], trust: TrustList, purpose: Purpose) -> Signer:
    if not chain or len(chain) > MOST_CERTIFICATES:
        raise ChainTooLong(certificates=len(chain), most=MOST_CERTIFICATES)
    certificate = certificate_of(chain[0])
    key = _key_of(certificate)
    anchor = trust.bare(key)
    if anchor is not None:
        return Signer(key, anchor)
    signer = _Read.of(chain[0], certificate)
    _check_signer(signer.says, purpose)
    first, last = signs = span(certificate)
    anchor = trust.signer(chain[0])
    if anchor is None:
        anchor, first, last = _climb(signer, signs, chain, trust)
    return Signer(key, anchor, *signs, first, last)


@dataclass(slots=True)
class _Read:
    """A certificate, what it consists of, and what it says of its use."""

    certificate: x509.Certificate
    parts: der.Parts
    says: "_Says"

    @classmethod
    def of(cls, encoded: bytes, certificate: x509.Certificate) -> "_Read":
        try:
            parts = der.parts(encoded)
            return cls(certificate, parts, _says(parts.extensions))
        except _UNREADABLE:
            raise CertificateMalformed from None


def _climb(
    signer: _Read, signs: tuple[int, int], chain: Sequence[bytes], trust: TrustList
) -> tuple[TrustAnchor, int, int]:
    """The authority on the list above a signer, and when all certificates up to it count."""
    below, at = signer, 1
    spans = [signs]
    while True:
        anchor = _anchor_above(below, trust)
        if anchor is not None and anchor.certificate is not None:
            if at < len(chain) and (at + 1 < len(chain) or trust.signer(chain[at]) is not anchor):
                raise IssuerUnknown
            says, times = _authority(anchor.certificate)
            _check_authority(says, at - 1)
            spans.append(times)
            return anchor, max([first for first, _ in spans]), min([last for _, last in spans])
        if at == len(chain):
            raise IssuerUnknown
        certificate = certificate_of(chain[at])
        if _name(certificate, "subject") != _name(below.certificate, "issuer"):
            raise IssuerUnknown
        above = _Read.of(chain[at], certificate)
        _check_authority(above.says, at - 1)
        spans.append(span(certificate))
        key = _key_of(certificate)
        if not _signed(below, certificate, key, p256.check_by_key(key)):
            raise SignatureWrong
        below, at = above, at + 1


@lru_cache(MOST_KNOWN)
def _authority(certificate: x509.Certificate) -> tuple["_Says", tuple[int, int]]:
    """What an authority of the list says, and when it counts; read once."""
    return _Read.of(certificate.public_bytes(serialization.Encoding.DER), certificate).says, span(certificate)


def _anchor_above(below: _Read, trust: TrustList) -> TrustAnchor | None:
    """The authority on the list that signed this certificate; several may share a name when one renewed its key."""
    named = trust.named(below.parts.issuer) or trust.named(_name(below.certificate, "issuer"))
    for anchor in named:
        if anchor.certificate is not None and _signed(below, anchor.certificate, anchor.key, anchor.by_key):
            return anchor
    if named:
        raise SignatureWrong
    return None


# Identifiers of ECDSA with each hash as they stand in a certificate (RFC 5758 section 3.2): nothing follows them.
_WITH_SHA256: Final = ec.ECDSA(hashes.SHA256())
_ECDSA: Final = {
    bytes.fromhex("06082a8648ce3d040302"): _WITH_SHA256,
    bytes.fromhex("06082a8648ce3d040303"): ec.ECDSA(hashes.SHA384()),
    bytes.fromhex("06082a8648ce3d040304"): ec.ECDSA(hashes.SHA512()),
}


def _signed(below: _Read, above: x509.Certificate, key: Key, by_key: p256.Check | None) -> bool:
    """Did `above`, whose key this is, sign `below`, which names it? `by_key` where the key is one on P-256."""
    try:
        algorithm = _ECDSA.get(below.parts.algorithm)
        if algorithm is not None and isinstance(key, ec.EllipticCurvePublicKey):
            # What `verify_directly_issued_by` does, with a key that was read before.
            if algorithm is _WITH_SHA256 and by_key is not None:
                return by_key(sha256(below.parts.to_be_signed).digest(), below.parts.signature)
            key.verify(below.parts.signature, below.parts.to_be_signed, algorithm)
            return True
        hashed = below.certificate.signature_hash_algorithm
        if hashed is not None and not isinstance(hashed, _HASHES):
            raise CertificateMalformed
        below.certificate.verify_directly_issued_by(above)
    except InvalidSignature:
        return False
    except _UNREADABLE:
        raise CertificateMalformed from None
    return True


def _name(certificate: x509.Certificate, whose: str) -> x509.Name:
    try:
        return certificate.subject if whose == "subject" else certificate.issuer
    except _UNREADABLE:
        raise CertificateMalformed from None


def _key_of(certificate: x509.Certificate) -> Key:
    try:
        key = certificate.public_key()
    except _UNREADABLE:
        raise CertificateMalformed from None
    if not isinstance(key, _KEYS):
        raise CertificateMalformed
    if isinstance(key, rsa.RSAPublicKey) and not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
        raise CertificateMalformed
    return key


def span(certificate: x509.Certificate) -> tuple[int, int]:
    """
    First and last unix second of a certificate.

    Raises:
        CertificateMalformed: its times cannot be read.
    """
    try:
        return (
            int(certificate.not_valid_before_utc.timestamp()),
            int(certificate.not_valid_after_utc.timestamp()),
        )
    except _UNREADABLE:
        raise CertificateMalformed from None


@dataclass(slots=True)
class _Says:
    """What a certificate says of its use; None where it is silent."""

    authority: bool
    path_length: int | None
    signs_content: bool | None
    signs_certificates: bool | None
    purposes: frozenset[bytes] | None


def _says(told: Mapping[bytes, tuple[bool, bytes]]) -> _Says:
    """From the extensions of a certificate; raises WrongUse, and what unreadable values raise."""
    if any(critical for name, (critical, _) in told.items() if name not in _READ):
        raise WrongUse
    authority, path_length = der.is_authority(told[_BASIC][1]) if _BASIC in told else (False, None)
    content, others = der.key_usage(told[_USAGE][1]) if _USAGE in told else (None, None)
    purposes = der.purposes(told[_EXTENDED][1]) if _EXTENDED in told else None
    return _Says(authority, path_length, content, others, purposes)


def _check_signer(says: _Says, purpose: Purpose) -> None:
    """A signer signs documents and nothing else, when it says what it is for."""
    if says.authority or says.signs_content is False:
        raise WrongUse
    if says.purposes is None:
        if not purpose.may_be_silent:
            raise WrongUse
    elif purpose.usages and says.purposes.isdisjoint(map(der.oid, purpose.usages)):
        raise WrongUse


def _check_authority(says: _Says, between: int) -> None:
    """A certificate that signs others says so; `between` authorities stand between it and the signer."""
    if not says.authority or says.signs_certificates is False:
        raise WrongUse
    if says.path_length is not None and between > says.path_length:
        raise WrongUse


def anchor_of(entry: Mapping[str, object], at: int = 0) -> TrustAnchor:
    """
    One entry of a list, from plain data.

    `name`; `answers_for`, a list of docTypes and vcts; one of `certificate` (PEM, or DER) and `public_key` (PEM, or
    DER SubjectPublicKeyInfo); if wanted `issuers`, and `from` and `until` as RFC 3339 times.

    Raises:
        TrustListRefused: with the number of the entry and the field.
    """

    def refuse(name: str) -> TrustListRefused:
        return TrustListRefused(entry=at, field=name)

    known = {"name", "answers_for", "certificate", "public_key", "issuers", "from", "until"}
    if not known.issuperset(entry):
        raise refuse("?")
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise refuse("name")
    answers_for = _words(entry.get("answers_for"))
    if not answers_for:
        raise refuse("answers_for")
    issuers = _words(entry.get("issuers", []))
    if issuers is None:
        raise refuse("issuers")
    if ("certificate" in entry) is ("public_key" in entry):
        raise refuse("certificate")
    which = "certificate" if "certificate" in entry else "public_key"
    certificate = None
    try:
        if which == "certificate":
            certificate = certificate_of(_der(entry[which]))
            key = _key_of(certificate)
        else:
            loaded = serialization.load_der_public_key(_der(entry[which]))
            if not isinstance(loaded, _KEYS):
                raise refuse(which)
            key = loaded
    except (*_UNREADABLE, CertificateRefused):
        raise refuse(which) from None
    times: dict[str, int | None] = {}
    for edge in ("from", "until"):
        try:
            times[edge] = _second(entry[edge]) if entry.get(edge) is not None else None
        except ValueError:
            raise refuse(edge) from None
    return TrustAnchor(name, key, answers_for, certificate, issuers, times["from"], times["until"])


def trust_list(told: object) -> TrustList:
    """
    A list from plain data: `{"anchors": [entry, ...]}`, each as `anchor_of` says.

    Raises:
        TrustListRefused: with the number of the entry and the field.
    """
    if not isinstance(told, Mapping) or set(told) != {"anchors"} or not isinstance(told["anchors"], list):
        raise TrustListRefused(field="anchors")
    entries = told["anchors"]
    for at, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise TrustListRefused(entry=at, field="?")
    return TrustList.of([anchor_of(entry, at) for at, entry in enumerate(entries)])


def _words(value: object) -> frozenset[str] | None:
    if not isinstance(value, list) or not all(
        isinstance(one, str) and one.strip() == one != "" for one in value
    ):
        return None
    return frozenset(value)


def _der(value: object) -> bytes:
    if isinstance(value, bytes):
        value = value.decode("latin-1") if value.lstrip().startswith(b"-----") else value
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise TypeError
    text = value.strip()
    if text.startswith("-----BEGIN CERTIFICATE-----"):
        return x509.load_pem_x509_certificate(text.encode()).public_bytes(serialization.Encoding.DER)
    if text.startswith("-----BEGIN PUBLIC KEY-----"):
        return _point_of_pem(text)
    raise ValueError


def _point_of_pem(text: str) -> bytes:
    return serialization.load_pem_public_key(text.encode()).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _second(value: object) -> int:
    """A time as unix seconds; YAML gives some times as such already."""
    at = value if isinstance(value, datetime) else None
    if isinstance(value, str):
        at = datetime.fromisoformat(value)
    if at is None or at.tzinfo is None:
        raise ValueError
    return int(at.astimezone(UTC).timestamp())
