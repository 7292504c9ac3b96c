"""Credential requests, authorization details and proofs of keys: any bytes are read or refused."""

from contextlib import suppress

from ruangaman.core.credentials import openid4vci
from ruangaman.core.credentials.errors import CredentialError

ISSUER, NOW = "https://aman.example", 1_764_500_000


def target(data: bytes) -> None:
    """A request that is read names proofs; proofs that hold are as many as their keys."""
    try:
        jwts = openid4vci.requested(data, "umur", None, 65_536)
    except CredentialError:
        jwts = [data.decode("latin-1"), data.decode("utf-8", "replace")]
    try:
        found = openid4vci.check_proofs(jwts, issuer=ISSUER, now=NOW, most=30)
        assert len(found.keys) == len(jwts)
        assert found.nonce
    except CredentialError:
        pass
    with suppress(CredentialError):
        openid4vci.details(data.decode("utf-8", "replace"), "umur")
