"""The settings of this room, read when they are needed; safe when nothing is set."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from ruangaman.adapters.mail import MailServer
from ruangaman.adapters.mail import server as mail_server
from ruangaman.adapters.messages import WhatsApp


def story() -> bool:
    """Whether this house shows the story: mails and messages are kept to be looked at instead of sent."""
    return bool(getattr(settings, "STORY", False))


def mail() -> MailServer | None:
    """The mail server, or None when none is configured."""
    url = str(getattr(settings, "MAIL_URL", ""))
    if not url:
        return None
    return mail_server(
        url,
        str(settings.MAIL_FROM),
        timeout_s=float(settings.MAIL_TIMEOUT_S),
        ca_file=str(settings.MAIL_CA_FILE),
    )


def whatsapp() -> WhatsApp | None:
    """The messenger, or None when none is configured."""
    token, number = (
        str(getattr(settings, "WHATSAPP_TOKEN", "")),
        str(getattr(settings, "WHATSAPP_PHONE_ID", "")),
    )
    if not token or not number:
        return None
    return WhatsApp(token, number, base_url=str(settings.WHATSAPP_API))


def whatsapp_number() -> str:
    """The number to which guardians write (digits); empty when there is none."""
    return str(getattr(settings, "WHATSAPP_NUMBER", ""))


def forget_after() -> timedelta:
    """How long a family stays once every account is closed and nothing is owed to it."""
    return timedelta(days=float(getattr(settings, "FORGET_AFTER_DAYS", 30)))


def forget_idle_after() -> timedelta:
    """How long a family stays without a living permission, an account in use, or any word of it."""
    return timedelta(days=float(getattr(settings, "FORGET_IDLE_AFTER_DAYS", 365)))


def behind_proxy() -> bool:
    """Whether a proxy of the house stands in front, and says from where a call came."""
    return bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))


def can_mail() -> bool:
    """Whether a mail can leave this house, or be seen in the story."""
    return story() or bool(getattr(settings, "MAIL_URL", ""))


def host() -> str:
    """The host name of this house: the relying party of passkeys."""
    return urlsplit(str(getattr(settings, "BASE_URL", "http://localhost:8000"))).hostname or "localhost"


def origin() -> str:
    """Scheme, host and port of this house."""
    parts = urlsplit(str(getattr(settings, "BASE_URL", "http://localhost:8000")))
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """What a call of the messenger is checked against; empty means that every call is refused."""

    verify_token: str
    app_secret: str


def whatsapp_secrets() -> WebhookSecrets:
    """The secrets of the incoming lane."""
    return WebhookSecrets(
        str(getattr(settings, "WHATSAPP_VERIFY_TOKEN", "")), str(getattr(settings, "WHATSAPP_APP_SECRET", ""))
    )
