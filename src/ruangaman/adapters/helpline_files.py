"""A country's helplines, read from the data that comes with the program."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.helplines import Lines

FOLDER: Final = Path(__file__).resolve().parents[1] / "data" / "helplines"
MOST_BYTES: Final = 1 << 18


class HelplinesUnreadable(RuangAmanError):
    """The file of a country's helplines is missing or not in its form; `file` and `at` say where."""

    code = "helplines.unreadable"


@cache
def lines(jurisdiction: str = "ID") -> Lines:
    """All lines of the country, also those that may not be shown anywhere yet. Raises HelplinesUnreadable."""
    return read(FOLDER / f"{jurisdiction}.yaml")


def read(file: Path) -> Lines:
    """One file of lines. Raises HelplinesUnreadable."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise HelplinesUnreadable(file=file.name, at="more than 256 KiB")
        told: Any = yaml.safe_load(content)
        return msgspec.convert(told, Lines)
    except OSError as wrong:
        raise HelplinesUnreadable(file=file.name, at=type(wrong).__name__) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise HelplinesUnreadable(file=file.name, at=str(wrong)[:200]) from None
