"""The settings of this room, read when they are needed."""

from pathlib import Path

from django.conf import settings

from ruangaman.adapters import lesson_files


def folder() -> Path:
    """Where the lessons lie: a country's own, else those that come with the program."""
    return Path(settings.LESSONS_DIR) if settings.LESSONS_DIR else lesson_files.folder()


def behind_proxy() -> bool:
    """Whether a proxy of the house stands in front, and says from where a call came."""
    return bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))


def absolute(path: str) -> str:
    """The full address of a page of this house, for paper."""
    return str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/") + path
