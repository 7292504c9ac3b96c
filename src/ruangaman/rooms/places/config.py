"""The settings of this room, read when they are needed; safe when nothing is set."""

from pathlib import Path

from django.conf import settings


def folder(slug: str) -> Path:
    """Where `ruangaman city build` put what it found out about this city."""
    return Path(settings.CITIES_DIR) / slug


def behind_proxy() -> bool:
    """Whether a proxy of the house stands in front, and says from where a call came."""
    return bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))


def story() -> bool:
    """Whether this house shows the story."""
    return bool(getattr(settings, "STORY", False))
