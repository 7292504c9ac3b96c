"""A file is there whole or not at all: written beside its place, then renamed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def beside(file: Path) -> Iterator[Path]:
    """
    Where to write what shall stand in `file`: it takes its place when the block ends, and is gone when the block fails.

    Raises:
        OSError: no room, no folder, or no right to write there.
    """
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        yield fresh
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def write(file: Path, content: bytes) -> None:
    """Write a file and the folders above it. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with beside(file) as fresh:
        fresh.write_bytes(content)
