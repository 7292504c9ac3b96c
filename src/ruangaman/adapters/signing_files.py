"""
Keys that sign files, in a file of their own (PEM, PKCS #8): the one that signs first, then those that signed before.

A file that others may read is refused, as one of master keys is.
"""

import os
import re
import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.errors import RuangAmanError

MOST_BYTES: Final = 1 << 16
_ONE: Final = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----\n?", re.DOTALL)


class SigningKeyRefused(RuangAmanError):
    """A file of signing keys that cannot be read, or that others may read; `why` says which."""

    code = "learning.signing-key-refused"


def read(file: Path) -> list[ec.EllipticCurvePrivateKey]:
    """
    The keys of the file, the one that signs first; none when it is not there yet.

    Raises:
        SigningKeyRefused
    """
    if not file.exists():
        return []
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SigningKeyRefused(file=file.name, why="others may read it; chmod 600")
        found = [
            serialization.load_pem_private_key(one, None)
            for one in _ONE.findall(file.read_bytes()[:MOST_BYTES])
        ]
    except (OSError, ValueError):
        raise SigningKeyRefused(file=file.name, why="unreadable") from None
    keys = [one for one in found if isinstance(one, ec.EllipticCurvePrivateKey)]
    if not keys or len(keys) < len(found) or not all(isinstance(one.curve, ec.SECP256R1) for one in keys):
        raise SigningKeyRefused(file=file.name, why="no key on P-256")
    return keys


def renew(file: Path, *, alone: bool = False) -> None:
    """
    Put a fresh key in front of those of the file, which is made 0600 when it is not there.

    Args:
        alone: the others are dropped.

    Raises:
        SigningKeyRefused: nothing can be written there.
    """
    try:
        _renew(file, alone=alone)
    except OSError:
        raise SigningKeyRefused(file=file.name, why="unwritable") from None


def _renew(file: Path, *, alone: bool) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    older = file.read_bytes() if file.exists() else b""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = file.with_suffix(f".new{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(pem if alone else pem + older)
            out.flush()
            os.fsync(out.fileno())
        if older:
            fresh.replace(file)
        else:
            os.link(fresh, file)  # two that begin at once: the first one's key stays
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
