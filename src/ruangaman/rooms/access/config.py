"""The settings of this room, read when they are needed; safe when nothing is set."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.module_loading import import_string


def base_url() -> str:
    """Where this house stands, without a slash at the end."""
    return str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")


def begins(user: AbstractBaseUser | AnonymousUser) -> str:
    """Where an account of the staff begins that is no officer, as the site says; "" where it does not."""
    named = getattr(settings, "STAFF_BEGINS", "")
    return str(import_string(named)(user)) if named else ""


def webhook_allow() -> frozenset[str]:
    """`host:port` pairs that webhooks may reach by plain HTTP on this machine; only the story names any."""
    return frozenset(getattr(settings, "WEBHOOK_ALLOW", ()))


def calls() -> tuple[float, float]:
    """Calls a second and burst, for each key and process, on all addresses but `POST /v1/ask`."""
    return float(getattr(settings, "API_PER_SECOND", 50.0)), float(getattr(settings, "API_BURST", 200.0))


def questions() -> tuple[float, float]:
    """The same for `POST /v1/ask`; a batch counts one for each ten questions."""
    return float(getattr(settings, "ASK_PER_SECOND", 1000.0)), float(getattr(settings, "ASK_BURST", 2000.0))
