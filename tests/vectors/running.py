"""Runs every file of a folder of vectors. The folder's name says its kind, the file's content says what to check."""

from collections.abc import Iterator
from pathlib import Path

from ruangaman.core.credentials.errors import CredentialError
from tests.vectors.kinds import KINDS
from tests.vectors.outcome import Differs, Outcome, failed, not_covered

DATA = Path(__file__).resolve().parent / "data"
# Papers beside the vectors.
_PAPERS = {"README.md", "README", "LICENSE", "NOTICE"}


def files(folder: Path) -> list[Path]:
    """The vector files below a folder, in order; papers beside them are left out."""
    return sorted(one for one in folder.rglob("*") if one.is_file() and one.name not in _PAPERS)


def run(folder: Path) -> Iterator[tuple[Path, Outcome]]:
    """Every file below the folder, in order, with what came of it. Paths are relative to the folder."""
    for file in files(folder):
        place = file.relative_to(folder)
        yield place, outcome(file, place.parts[0] if len(place.parts) > 1 else folder.resolve().name)


def outcome(file: Path, kind: str) -> Outcome:
    """What comes of one file of this kind."""
    check = KINDS.get(kind)
    if check is None:
        return not_covered(f"no reader for a folder named {kind}")
    try:
        return check(file)
    except Differs as told:
        return failed(str(told))
    except CredentialError as refused:
        return failed(f"refused: {refused}")
    except Exception as broken:  # a vector that breaks the reader is a fail, and the next file is still read
        return failed(f"{type(broken).__name__}: {broken}")
