"""The keys that sign packs of this house."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from ruangaman.adapters import signing_files
from ruangaman.core.learning import sealed_packs


def signing() -> ec.EllipticCurvePrivateKey:
    """The key that signs now. Raises SigningKeyRefused."""
    return signing_files.read(Path(settings.LESSON_KEY_FILE))[0]


def jwks() -> dict[str, Any]:
    """The public keys of all packs that are good, as a JWK set. Raises SigningKeyRefused."""
    return sealed_packs.key_set(
        one.public_key() for one in signing_files.read(Path(settings.LESSON_KEY_FILE))
    )
