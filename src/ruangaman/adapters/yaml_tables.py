"""Tables of ours, and of a city in the same form: read by one piece, bounded, refused by the reader's own error."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from ruangaman.core.errors import RuangAmanError

T = TypeVar("T")

DATA: Final = Path(__file__).resolve().parents[1] / "data"
MOST_BYTES: Final = 1 << 20


def table(path: Path, read: Callable[[Any], T], malformed: type[RuangAmanError]) -> T:
    """
    A table of ours or of a city, read by its own reader.

    Raises:
        malformed: no such file, too large, no YAML; and what `read` raises.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise malformed(at="more than 1 MiB")
        return read(yaml.safe_load(content))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as wrong:
        raise malformed(at=type(wrong).__name__) from None
