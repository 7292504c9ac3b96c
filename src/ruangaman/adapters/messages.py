"""Messages to and from a guardian's phone: a port, and the WhatsApp Cloud API behind it.

We prefer that the guardian writes to us: then nothing has to be typed, and no code can be read out by a
child.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from ruangaman.core.errors import RuangAmanError


class MessageFailed(RuangAmanError):
    """The message was not taken; `permanent`: trying again cannot help. No number in the facts."""

    code = "message.failed"

    def __init__(self, permanent: bool, why: str, status: int = 0, api_code: int = 0) -> None:
        super().__init__(why=why, status=status, api_code=api_code)
        self.permanent = permanent


class WebhookRefused(RuangAmanError):
    """An incoming call that is not signed by the messenger, or is no call of the documented shape."""

    code = "message.webhook-refused"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One text that somebody wrote to us."""

    message_id: str
    sender: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message that we sent: `sent`, `delivered`, `read` or `failed`."""

    message_id: str
    status: str


class Messenger(Protocol):
    """A way to send short texts to a phone number (digits with country code)."""

    def send_text(self, to: str, body: str) -> str:
        """Send a free text (allowed within a day of the person's last message); returns the message id."""

    def send_template(self, to: str, name: str, language: str, values: Sequence[str]) -> str:
        """Send an approved template with its values; returns the message id."""


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """The WhatsApp Cloud API (Graph API, `POST /{version}/{phone number id}/messages`)."""

    token: str
    phone_number_id: str
    base_url: str = "https://graph.facebook.com/v23.0"
    timeout_s: float = 10.0

    def __repr__(self) -> str:
        return f"WhatsApp({self.base_url}, {self.phone_number_id})"

    def send_text(self, to: str, body: str) -> str:
        """A free text without a link preview (a preview would fetch the link)."""
        return self._post(to, {"type": "text", "text": {"preview_url": False, "body": body}})

    def send_template(self, to: str, name: str, language: str, values: Sequence[str]) -> str:
        """An approved template; its values fill the body's places in order."""
        parameters = [{"type": "text", "text": value} for value in values]
        template = {
            "name": name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": parameters}] if parameters else [],
        }
        return self._post(to, {"type": "template", "template": template})

    def _post(self, to: str, content: dict[str, Any]) -> str:
        message = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, **content}
        try:
            answer = httpx.post(
                f"{self.base_url}/{self.phone_number_id}/messages",
                headers={"Authorization": f"Bearer {self.token}"},
                json=message,
                timeout=self.timeout_s,
                follow_redirects=False,
            )
        except httpx.HTTPError:
            raise MessageFailed(False, "unreachable") from None
        try:
            body = answer.json()
        except ValueError:
            raise MessageFailed(False, "answer", answer.status_code) from None
        if answer.status_code != 200:
            error = body.get("error") if isinstance(body, dict) else None
            number = error.get("code", 0) if isinstance(error, dict) else 0
            # 4: too many calls, 80007/130429/131048/131056: rate limits; 131000/131016: try later.
            later = answer.status_code >= 500 or answer.status_code == 429 or number in RATE_AND_OUTAGE
            raise MessageFailed(not later, "refused", answer.status_code, int(number or 0))
        try:
            return str(body["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise MessageFailed(False, "answer", answer.status_code) from None


RATE_AND_OUTAGE = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 133004})


def challenge(query: Mapping[str, str], verify_token: str) -> str:
    """The answer to the messenger's first call (GET): its challenge, when it knows our word. Raises
    WebhookRefused.
    """
    given = query.get("hub.verify_token", "")
    if (
        not verify_token
        or query.get("hub.mode") != "subscribe"
        or not hmac.compare_digest(given.encode(), verify_token.encode())
    ):
        raise WebhookRefused
    return query.get("hub.challenge", "")


def read_webhook(body: bytes, signature: str, app_secret: str) -> tuple[list[Incoming], list[Fate]]:
    """
    The texts and fates in one signed call.

    Args:
        body: the raw bytes as they came; the signature is over these.
        signature: the header `X-Hub-Signature-256`, `sha256=` and HMAC-SHA256 in hex.

    Raises:
        WebhookRefused: no secret configured, a wrong signature, or a body of another shape.
    """
    good = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    if not app_secret or not hmac.compare_digest(good.encode(), signature.encode()):
        raise WebhookRefused
    texts: list[Incoming] = []
    fates: list[Fate] = []
    try:
        call = json.loads(body)
        if call.get("object") != "whatsapp_business_account":
            raise WebhookRefused
        for entry in call["entry"]:
            for change in entry["changes"]:
                if change.get("field") != "messages":
                    continue
                value = change["value"]
                for one in value.get("messages", ()):
                    if one.get("type") == "text":
                        at = datetime.fromtimestamp(int(one["timestamp"]), UTC)
                        texts.append(Incoming(str(one["id"]), str(one["from"]), str(one["text"]["body"]), at))
                for one in value.get("statuses", ()):
                    fates.append(Fate(str(one["id"]), str(one["status"])))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        raise WebhookRefused from None
    return texts, fates
