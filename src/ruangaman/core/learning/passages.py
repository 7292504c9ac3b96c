"""What a passage of a lesson is made of: paragraphs, and lists of points."""

import re
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"\r\n?|\n")
_SPACES: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a list, one below the other."""

    lines: tuple[str, ...]


def blocks(passage: str) -> list[str | Points]:
    """
    Paragraphs and lists in their order: a blank line ends one, lines that all begin with `- ` are points.

    A line's end within a paragraph is a space; spaces in a row are one.

    >>> blocks("Tanya\\ndulu.\\n\\n- Siapa?\\n- Minta apa?")
    ['Tanya dulu.', Points(lines=('Siapa?', 'Minta apa?'))]
    """
    found: list[str | Points] = []
    block: list[str] = []
    for line in [*_END.split(passage), ""]:
        if line.strip():
            block.append(_SPACES.sub(" ", line).strip(" "))
        elif block:
            found.append(_block(block))
            block = []
    return found


def below(title: str, passage: str) -> list[str | Points]:
    """
    What stands below a title: a first paragraph that only repeats it is left out.

    >>> below("Tanya dulu", "Tanya dulu\\n\\nSiapa?")
    ['Siapa?']
    """
    found = blocks(passage)
    return found[1:] if found[:1] == [title] else found


def _block(lines: list[str]) -> str | Points:
    if all(line.startswith("- ") for line in lines):
        return Points(tuple(line[2:] for line in lines))
    return " ".join(lines)
