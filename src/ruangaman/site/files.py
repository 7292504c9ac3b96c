"""The files of a fresh installation; no Django here, since Django wants them to stand already."""

import os
import secrets
from pathlib import Path

from ruangaman.adapters import keystore


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; pathlib would open the upper ones."""
    if folder.is_dir():
        return
    make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def initialise(data_dir: Path, secret: Path | None, master: Path | None) -> list[str]:
    """Make the data folder, and a secret key and a master key where a file is named that is not there.

    Nothing that exists is changed. The files can be read by their owner alone. Returns the names of what was made.
    """
    made = []
    if not data_dir.is_dir():
        make_private(data_dir)
        made.append(data_dir.name)
    if secret and not secret.exists():
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48) + "\n")
        made.append(secret.name)
    if master and not master.exists():
        keystore.make(master)
        made.append(master.name)
    return made
