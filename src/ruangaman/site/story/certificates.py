"""Certificates that are made up for the story: an authority, and one signer below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

BEFORE, AFTER = timedelta(days=30), timedelta(days=70 * 366)  # the story's clock goes sixty years ahead
DOCUMENT_SIGNER: Final = "1.0.18013.5.1.2"
"""What the certificate of a signer of mobile documents says it is for (ISO/IEC 18013-5 annex B.1.4)."""
READER: Final = "1.0.18013.5.1.6"
"""What the certificate of somebody who asks for them says (annex B.1.7)."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A root with its key, for as long as something is signed below it; the key is never written anywhere."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return _pem(self.certificate)


def authority(name: str, *, now: datetime) -> Authority:
    """A fresh root, good for signers right below it."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _begun(name, key, name, key, now)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(authority=True), critical=True)
    return Authority(made.sign(key, hashes.SHA256()), key)


def below(
    top: Authority, name: str, *, now: datetime, purpose: str = "", hosts: Sequence[str] = ()
) -> tuple[str, str]:
    """
    A fresh signer.

    Args:
        purpose: the one extended key usage; empty for none. hosts: the names it speaks for.

    Returns:
        Its certificate and its key, in PEM.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    above = top.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    made = _begun(name, key, str(above), top.key, now)
    made = made.add_extension(_usage(authority=False), critical=True)
    if purpose:
        made = made.add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(purpose)]), critical=True)
    if hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts])
        made = made.add_extension(names, critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return _pem(made.sign(top.key, hashes.SHA256())), private


def _begun(
    name: str, key: ec.EllipticCurvePrivateKey, above: str, by: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    subject, issuer = (
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
                x509.NameAttribute(NameOID.COMMON_NAME, one),
            ]
        )
        for one in (name, above)
    )
    found = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + AFTER)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(found, critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
