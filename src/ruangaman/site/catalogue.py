"""One entry of the catalogue of errors."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One code of the catalogue: HTTP status, and a sentence that says what happened and what to do."""

    status: int
    id: str
    en: str
