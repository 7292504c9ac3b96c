"""Where the story stands: its folder, its files, its addresses."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruangaman.site.files import make_private

FOLDER: Final = "cerita"
AUDIENCE: Final = "ruang-aman-contoh"
PROVIDER: Final = "kantor-contoh"
SCHOOL: Final = "sekolah-contoh"


@dataclass(frozen=True, slots=True)
class House:
    """The files of one story, below the data folder of the house."""

    data_dir: Path

    @property
    def folder(self) -> Path:
        """Holds everything that is the story's alone."""
        return self.data_dir / FOLDER

    @property
    def plan(self) -> Path:
        """What was filled: ports, birth dates, the officer's password. Its presence says that the folder is a story."""
        return self.folder / "cerita.json"

    @property
    def platform(self) -> Path:
        """Settings of the platform app, with its keys."""
        return self.folder / "platform.json"

    @property
    def registry(self) -> Path:
        """Settings of the office, with its signing key."""
        return self.folder / "kantor.json"

    @property
    def school(self) -> Path:
        """Settings of the school that answers about ages, with its signing key."""
        return self.folder / "sekolah.json"

    @property
    def wallet(self) -> Path:
        """Settings of the wallet of identities, with its office's signing key."""
        return self.folder / "identitas.json"

    @property
    def asker_certificate(self) -> Path:
        """The chain by which the house asks wallets, its own certificate first."""
        return self.folder / "rumah.pem"

    @property
    def asker_key(self) -> Path:
        """The key of that certificate."""
        return self.folder / "rumah-kunci.pem"

    @property
    def platform_data(self) -> Path:
        """What the platform app keeps for itself."""
        return self.folder / "platform.sqlite3"

    @property
    def again(self) -> Path:
        """Written by the page that starts the story anew; whoever runs the story looks for it."""
        return self.folder / "ulang"

    @property
    def runner(self) -> Path:
        """There while `ruangaman story run` runs, so that a restart can be asked for."""
        return self.folder / "berjalan"

    def read(self, file: Path) -> dict[str, Any]:
        """A JSON file of the story; empty when it is not there."""
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return dict(found)

    def write(self, file: Path, content: dict[str, Any]) -> None:
        """Write a JSON file that its owner alone can read; whole or not at all."""
        self.write_text(file, json.dumps(content, indent=1))

    def write_text(self, file: Path, content: str) -> None:
        """Write a file that its owner alone can read; whole or not at all."""
        make_private(self.folder)
        fresh = file.with_suffix(".baru")
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(content)
        fresh.replace(file)
