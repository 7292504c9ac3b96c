"""base64url with its padding, as HTTP and the directory of Privacy Pass carry bytes (RFC 4648 5, RFC 9577 2.1.1)."""

import base64
import binascii
import re
from typing import Final

from ruangaman.core.credentials.token_errors import EncodingRefused

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}", re.ASCII)


def to_text(told: bytes) -> str:
    """
    >>> to_text(b"\\xff\\xfe")
    '__4='
    """
    return base64.urlsafe_b64encode(told).decode("ascii")


def to_bytes(text: str, most: int) -> bytes:
    """
    The bytes of a text that `to_text` could have written.

    Raises:
        EncodingRefused: longer than `most` bytes, another alphabet, padding that is missing or too long, loose bits.
    """
    if len(text) > (most + 2) // 3 * 4:
        raise EncodingRefused(characters=len(text))
    if len(text) % 4 or not _ALPHABET.fullmatch(text):
        raise EncodingRefused(characters=len(text))
    try:
        told = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        raise EncodingRefused(characters=len(text)) from None
    if to_text(told) != text or len(told) > most:
        raise EncodingRefused(characters=len(text))
    return told
