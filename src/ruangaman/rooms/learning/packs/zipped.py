"""The one writer of zips: the same files give the same bytes, whenever and wherever they are packed."""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_BEGIN: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
_PLAIN_FILE: Final = 0x81A4_0000  # of Unix, that all may read: 0o100644 in the upper half
_UNIX: Final = 3


def zipped(files: Mapping[str, bytes], *, stored_first: str | None = None) -> bytes:
    """
    A zip of files by their paths, in the order of their paths.

    Args:
        files: path in the zip -> content.
        stored_first: a file that comes before all others, uncompressed and without extra fields, as EPUB demands.
    """
    names = sorted(files, key=lambda name: (name != stored_first, name))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in names:
            entry = zipfile.ZipInfo(name, _BEGIN)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            entry.compress_type = zipfile.ZIP_STORED if name == stored_first else zipfile.ZIP_DEFLATED
            packed.writestr(entry, files[name])
    return out.getvalue()
