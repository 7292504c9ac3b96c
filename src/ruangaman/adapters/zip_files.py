"""Packs of lessons from others' hands: every file of a zip within bounds, or refused."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from ruangaman.core.learning.sealed_packs import PackRefused

MOST_ENTRIES: Final = 2_000
MOST_BYTES: Final = 64 << 20
"""Of all files together, unpacked; a band's pack is at most 5 MB."""


def read(file: Path) -> dict[str, bytes]:
    """
    The files of a zip by their paths.

    Raises:
        PackRefused: `why` is `form`: no zip, too large, a path twice, or one that leads out of the pack.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_BYTES:
                raise PackRefused(why="form")
            files: dict[str, bytes] = {}
            for one in entries:
                parts = PurePosixPath(one.filename).parts
                if one.filename in files or one.filename.startswith("/") or ".." in parts or one.is_dir():
                    raise PackRefused(why="form")
                with packed.open(one) as opened:
                    files[one.filename] = opened.read(one.file_size)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise PackRefused(why="form") from None
    return files
