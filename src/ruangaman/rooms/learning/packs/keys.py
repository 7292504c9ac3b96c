"""The keys that sign packs of this house."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from ruangaman.adapters import signing_files
from ruangaman.core.learning import sealed_packs


def signing() -> ec.EllipticCurvePrivateKey:
    """The key that signs now, made at first use. Raises SigningKeyRefused."""
    if not signing_files.read(_file()):
        signing_files.renew(_file())
    return signing_files.read(_file())[0]


def kid() -> str:
    """The name of the key that signs now (RFC 7638), made at first use. Raises SigningKeyRefused."""
    return sealed_packs.kid(signing().public_key())


def renew(*, lost: bool = False) -> None:
    """
    Sign with a fresh key from now on; packs of the older ones stay good.

    Args:
        lost: somebody else may have the older keys: they are dropped, and no pack that they signed is good any more.

    Raises:
        SigningKeyRefused
    """
    signing_files.renew(_file(), alone=lost)


def jwks() -> dict[str, Any]:
    """The public keys of all packs that are good, as a JWK set; none before the first. Raises SigningKeyRefused."""
    return sealed_packs.key_set(one.public_key() for one in signing_files.read(_file()))


def _file() -> Path:
    return Path(settings.LESSON_KEY_FILE)
