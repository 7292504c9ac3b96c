"""What a group may be called: a class or a place, never a person, and nothing by which somebody is reached."""

import re
from typing import Final

LONGEST: Final = 40
_MOST_DIGITS: Final = 6
"""A year and a class (`5A 2026`) pass, a telephone number does not; the shortest has seven digits."""
_REACHES: Final = re.compile(r"@|https?:|www\.|\.(?:com|net|org|id)\b", re.IGNORECASE)
_TITLED: Final = re.compile(
    r"\b(?:pak|bu|bapak|ibu|kak|kakak|mas|mbak|ustaz|ustazah|mr|mrs|ms|miss)\.?\s+[A-Z][a-z]+", re.IGNORECASE
)
_TITLE_ALONE: Final = re.compile(r"\b(?:ibu|bapak)\s+(?:hamil|menyusui|rumah|tangga)\b", re.IGNORECASE)


def fits(name: str) -> bool:
    """
    Whether a name may stand on slips and pages.

    >>> [fits(one) for one in ("5A", "RW 03 Melati", "Bu Sari", "0812-3456-789", "a@b.example", " ")]
    [True, True, False, False, False, False]
    """
    said = name.strip()
    if not 0 < len(said) <= LONGEST or any(not sign.isprintable() for sign in said):
        return False
    if sum(sign.isdigit() for sign in said) > _MOST_DIGITS or _REACHES.search(said):
        return False
    titled = _TITLED.search(said)
    return titled is None or bool(_TITLE_ALONE.search(said)) or titled.group().split()[-1].isupper()
