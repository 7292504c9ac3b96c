"""Reads what the package needs from requirements/*.in, so that it is written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

EXTRAS = ("city", "fast")


class DependenciesFromFile(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        metadata["dependencies"] = self._named("base")
        metadata["optional-dependencies"] = {extra: self._named(extra) for extra in EXTRAS}

    def _named(self, file: str) -> list[str]:
        lines = (Path(self.root) / "requirements" / f"{file}.in").read_text().splitlines()
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
