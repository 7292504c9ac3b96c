"""
The one clock of the house; read at the edges only, never in `core`.

In the story, and only there, the clock of all processes can be moved together: the seconds stand in a small file of the
data folder, which every process looks at. Outside the story the file is never looked at.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ruangaman.core.errors import RuangAmanError

_FILE = "story-clock"
_LOOK_EVERY = 0.2  # seconds between two looks at the file
_MOST = 60 * 366 * 24 * 3600  # seconds; sixty years

_file: Path | None = None
_ahead = timedelta()
_looked_at = 0.0


class ClockRefused(RuangAmanError):
    """The clock can only be moved in the story, forwards, and by sixty years at most."""

    code = "story.clock-refused"


def allow(data_dir: Path) -> None:
    """Make this process follow the story's clock; called once at start-up, and only by the story."""
    global _file, _looked_at
    _file, _looked_at = data_dir / _FILE, 0.0


def forbid() -> None:
    """Follow the real clock alone, as every installation does."""
    global _file, _ahead
    _file, _ahead = None, timedelta()


def now() -> datetime:
    """The present instant, in UTC."""
    if _file is None:
        return datetime.now(UTC)
    _look()
    return datetime.now(UTC) + _ahead


def ahead() -> timedelta:
    """How far the story's clock runs ahead of the real one; zero outside the story."""
    _look()
    return _ahead


def move(by: timedelta) -> datetime:
    """Move the story's clock forward in all processes, and return its time. Other processes see it within 0.2 s.

    Raises:
        ClockRefused: outside the story, backwards, or beyond sixty years.
    """
    global _looked_at
    if _file is None:
        raise ClockRefused(why="not in the story")
    total = ahead() + by
    if by < timedelta() or total.total_seconds() > _MOST:
        raise ClockRefused(why="backwards or too far")
    fresh = _file.with_suffix(f".{os.getpid()}")
    fresh.write_text(str(total.total_seconds()), encoding="ascii")
    fresh.replace(_file)
    _looked_at = 0.0
    return now()


def reset() -> None:
    """Put the story's clock back to the real time, together with an emptied story.

    Raises:
        ClockRefused: outside the story.
    """
    global _looked_at
    if _file is None:
        raise ClockRefused(why="not in the story")
    _file.unlink(missing_ok=True)
    _looked_at = 0.0


def _look() -> None:
    global _ahead, _looked_at
    if _file is None or (time.monotonic() - _looked_at < _LOOK_EVERY and _looked_at):
        return
    _looked_at = time.monotonic()
    try:
        _ahead = timedelta(seconds=float(_file.read_text(encoding="ascii")))
    except FileNotFoundError:
        _ahead = timedelta()
