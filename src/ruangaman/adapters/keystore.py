"""
Where the master keys come from.

`RUANGAMAN_MASTER_KEY` holds them in base64, the current one first, others (still able to unwrap) after
commas; else a file holds one a line, in the same order. A file that others may read is refused. A hardware
or cloud key store takes the place of `master_keys` later.
"""

import base64
import binascii
import os
import secrets
import stat
from functools import lru_cache
from pathlib import Path

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.sealing import KEY_BYTES, MasterKeys


class MasterKeyMissing(RuangAmanError):
    """No master key is set, so nothing can be sealed or opened."""

    code = "vault.master-key-missing"


class MasterKeyRefused(RuangAmanError):
    """A master key that is not 32 bytes in base64, or a file that others may read."""

    code = "vault.master-key-refused"


@lru_cache(maxsize=4)
def master_keys(given: str, file: Path) -> MasterKeys:
    """The keys from the setting `given`, or from `file` when it is empty; read once a process.

    Raises:
        MasterKeyMissing, MasterKeyRefused
    """
    if given:
        return MasterKeys.of([_key(text) for text in given.split(",")])
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="ascii").split()
    except (FileNotFoundError, NotADirectoryError):
        raise MasterKeyMissing(file=file.name) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise MasterKeyRefused(file=file.name, why="others may read it; chmod 600")
    if not lines:
        raise MasterKeyMissing(file=file.name)
    return MasterKeys.of([_key(line) for line in lines])


def make(file: Path) -> None:
    """Put a fresh key in front of those in `file` (made 0600 when it is not there): the next key of a
    rotation.
    """
    older = file.read_text(encoding="ascii") if file.exists() else ""
    text = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n" + older
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise MasterKeyRefused(why="not base64") from None
    if len(key) != KEY_BYTES:
        raise MasterKeyRefused(why="not 32 bytes")
    return key
