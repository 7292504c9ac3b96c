"""Signatures of the Standard Webhooks specification (github.com/standard-webhooks, version 1.0)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
BITS: Final = 256


def new_secret() -> str:
    """A secret of 256 random bits as a receiver's library takes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BITS // 8)).decode("ascii")


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """
    `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...           b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def headers(secrets_now: Sequence[str], message_id: str, at: datetime, body: bytes) -> list[tuple[str, str]]:
    """The three headers; one signature for each secret that is active, the newest first."""
    timestamp = int(at.timestamp())
    signed = " ".join(signature(secret, message_id, timestamp, body) for secret in secrets_now)
    return [
        ("Webhook-Id", message_id),
        ("Webhook-Timestamp", str(timestamp)),
        ("Webhook-Signature", signed),
    ]
