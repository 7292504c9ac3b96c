"""Passages of lessons, taken apart for files of other systems."""

from dataclasses import dataclass

from ruangaman.core.learning.model import Plain, Told


@dataclass(frozen=True, slots=True)
class List:
    """Points, one below the other."""

    points: tuple[str, ...]


def in_language(text: Plain | Told, language: str) -> str:
    """`id` or `en`."""
    return str(text.en if language == "en" else text.id).strip()


def blocks(passage: str) -> list[str | List]:
    """
    Paragraphs and lists, in their order.

    >>> blocks("Tanya dulu.\\n\\n- Siapa?\\n- Minta apa?")
    ['Tanya dulu.', List(points=('Siapa?', 'Minta apa?'))]
    """
    found: list[str | List] = []
    for block in passage.strip().split("\n\n"):
        lines = block.strip().split("\n")
        if all(line.startswith("- ") for line in lines):
            found.append(List(tuple(line[2:] for line in lines)))
        else:
            found.append(" ".join(lines))
    return found
