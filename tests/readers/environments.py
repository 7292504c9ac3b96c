"""Where the programs that read our files are installed: each in an environment of its own, by `make readers`."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".readers"


def installed(reader: str, path: str) -> Path:
    """A file of a reader's environment, such as its program. It fails where `make readers` did not install it."""
    found = FOLDER / reader / path
    assert found.exists(), f"{reader} is not installed: run `make readers`"
    return found
