"""Addresses of platforms to which a browser may be sent: written down before, and compared as they stand."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
MOST: Final = 10
LONGEST: Final = 500


def refusal(text: object) -> str | None:
    """
    Why no browser is sent to this address; None when it may be.

    An address is whole, of https, and of plain http to this machine alone: names below `localhost` are this machine
    too (RFC 6761 section 6.3). Nothing stands in it that two readers could take differently.
    """
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST:
        return f"{LONGEST} printable ASCII characters at most"
    if not text.isascii() or not text.isprintable() or " " in text:
        return f"{LONGEST} printable ASCII characters at most"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "a whole address without fragment, name or wildcard"
    host = parts.hostname or ""
    plain = parts.scheme == "http" and (host in LOOPBACK or host.endswith(".localhost"))
    if not plain and parts.scheme != "https":
        return "https, or plain http to this machine alone"
    if not host or port == 0 or parts.username is not None or any(one in text for one in "#*\\"):
        return "a whole address without fragment, name or wildcard"
    return None


def refusal_of_all(texts: object) -> str | None:
    """Why a list of such addresses is none: each stands once, and there are ten at most."""
    if isinstance(texts, str) or not isinstance(texts, Sequence) or len(texts) > MOST:
        return f"a list of {MOST} at most"
    why = next((why for why in map(refusal, texts) if why is not None), None)
    if why is None and len(set(texts)) != len(texts):
        return "each once"
    return why
