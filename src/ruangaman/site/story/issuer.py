"""The office of the story that puts ages into wallets: made up, with a root that its house alone trusts."""

from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NAME: Final = {"id": "Dinas Identitas Contoh", "en": "Example Identity Office"}
VCT: Final = "https://dinas-contoh.example/vct/umur/1"
ISSUER: Final = "https://dinas-contoh.example"
TRUST_LIST: Final = "dinas-contoh"
BEFORE, AFTER = timedelta(days=30), timedelta(days=70 * 366)  # the story's clock goes sixty years ahead


def fresh(now: datetime) -> dict[str, Any]:
    """A root, a signer below it and the signer's key, in PEM. The root's key is thrown away: it signs nothing else."""
    root, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    top = _certificate("Akar Dinas Contoh", root, root, authority=True, now=now)
    own = _certificate("Dinas Contoh", signer, root, authority=False, now=now)
    private = signer.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"root": _pem(top), "certificate": _pem(own), "key": private}


def trust(issuer: dict[str, Any]) -> dict[str, Any]:
    """The list of trust, as `ruangaman ages trust add` takes it."""
    anchor = {
        "name": NAME["id"],
        "certificate": issuer["root"],
        "answers_for": [VCT],
        "issuers": [ISSUER],
    }
    return {"slug": TRUST_LIST, "assurance": "enhanced", "anchors": [anchor]}


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
    now: datetime,
) -> x509.Certificate:
    subject, issuer = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, "Akar Dinas Contoh")
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEFORE)
        .not_valid_after(now + AFTER)
    )
    if authority:
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(
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
    return made.add_extension(usage, critical=True).sign(by, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
