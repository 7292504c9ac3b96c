"""Secrets of 256 bits: kept as SHA-256 alone, or made again from what they find."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

from ruangaman.rooms.ages import config
from ruangaman.rooms.vault import api as vault


def derived(subject: UUID) -> str:
    """The same link of a check each time, from the house's own key: nothing in the clear has to be kept."""
    return urlsafe_b64encode(vault.lookup("ages.check", str(subject))).rstrip(b"=").decode()


def nonce(attempt: UUID) -> str:
    """What the answer to a try must repeat: from the house's own key, unlike for each try, stored nowhere (0089)."""
    return urlsafe_b64encode(vault.lookup("ages.nonce", str(attempt))).rstrip(b"=").decode()


def fresh() -> str:
    """A new secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """What is stored of a secret."""
    return hashlib.sha256(text.encode()).digest()


def fits(text: str, kept: bytes | memoryview) -> bool:
    """Whether a secret is the one that was kept, in constant time."""
    return hmac.compare_digest(digest(text), bytes(kept))


def absolute(path: str, language: str = "id") -> str:
    """The full address of a page where ages are proved; a language other than the house's own goes along."""
    return config.issuer_url() + path + (f"?bahasa={language}" if language != "id" else "")
