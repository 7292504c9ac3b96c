"""The settings of this room, read when they are needed."""

from pathlib import Path

from django.conf import settings

from ruangaman.adapters import lesson_files


def folder() -> Path:
    """Where the lessons lie: a country's own, else those that come with the program."""
    return Path(settings.LESSONS_DIR) if settings.LESSONS_DIR else lesson_files.folder()


def voices() -> Path:
    """Where a computer's voice lies, made by `ruangaman learn voices`."""
    return Path(settings.DATA_DIR) / "voices"
