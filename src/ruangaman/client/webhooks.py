"""Checking a webhook, by the Standard Webhooks specification; no library is needed."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping

from ruangaman.client.errors import WebhookRefused
from ruangaman.client.values import Event

TOLERANCE_S = 300


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Iterable[str],
    *,
    now: float | None = None,
    tolerance_s: float = TOLERANCE_S,
) -> Event:
    """
    The event in a webhook, once signature and time are checked. Keep its `id` for five days, since a
    retry may come so late, and do each one once.

    Args:
        body: the raw bytes as they came, before any parsing.
        headers: names in any case.
        secrets: one `whsec_...`, or several while one replaces the other.
        now: seconds since 1970; the system's clock when left out.

    Raises:
        WebhookRefused: `code` is headers, timestamp, signature or body.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, stamp, signatures = (
            sent["webhook-id"],
            int(sent["webhook-timestamp"]),
            sent["webhook-signature"].split(" "),
        )
    except (KeyError, ValueError):
        raise WebhookRefused("headers") from None
    if abs((time.time() if now is None else now) - stamp) > tolerance_s:
        raise WebhookRefused("timestamp")
    signed = f"{message_id}.{stamp}.".encode() + body
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    if not any(_signed(secret, signed, signatures) for secret in known):
        raise WebhookRefused("signature")
    try:
        return Event.read(json.loads(body))
    except (ValueError, KeyError, TypeError):
        raise WebhookRefused("body") from None


def _signed(secret: str, signed: bytes, signatures: Iterable[str]) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a secret is whsec_ and base64") from None
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    good = False
    for one in signatures:
        version, _, text = one.partition(",")
        if version != "v1":
            continue
        try:
            given = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        good |= hmac.compare_digest(expected, given)
    return good
