"""Every error code that a person or a program can meet: its HTTP status and its sentence in both languages."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One code of the catalogue: HTTP status, and a sentence that says what happened and what to do."""

    status: int
    id: str
    en: str


CATALOGUE: dict[str, Entry] = {}
