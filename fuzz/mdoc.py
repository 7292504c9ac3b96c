"""Bytes as a mobile document, as CBOR, as a certificate: whatever they are, only a refusal of ours comes out."""

from tests.mdocs import TRANSCRIPT, asked, trust

from ruangaman.core.credentials import cbor, cose, mdoc, mdoc_reading, mdoc_zk, x509
from ruangaman.core.credentials.errors import CredentialError

_ASKED = asked()
_TRUST = trust()


def target(data: bytes) -> None:
    """Every reader of the family takes the same bytes."""
    for reader in (_cbor, _response, _issued, _object, _message, _certificate, _proof):
        try:
            reader(data)
        except CredentialError as refused:
            if not refused.code.startswith(("cbor.", "cose.", "x509.", "mdoc.", "longfellow.")):
                raise


def _cbor(data: bytes) -> None:
    cbor.read(data)


def _response(data: bytes) -> None:
    mdoc.check_device_response(data, _ASKED, session_transcript=TRANSCRIPT)


def _issued(data: bytes) -> None:
    mdoc.check_issuer_signed(mdoc_reading.read_issuer_signed(data), _ASKED)


def _object(data: bytes) -> None:
    mdoc_reading.read_security_object(data)


def _message(data: bytes) -> None:
    value = cbor.read(data)
    message = cose.message_of(value, tag=18)
    cose.chain(message)
    cose.public_key(value)


def _certificate(data: bytes) -> None:
    x509.check_chain([data], _TRUST, purpose=x509.DOCUMENT_SIGNER, kind="*", now=0)


def _proof(data: bytes) -> None:
    mdoc_zk.read_zk_device_response(data)
