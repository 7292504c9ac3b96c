"""Texts of lessons as the little XHTML that other systems take: paragraphs, points of a list, nothing else."""

from html import escape

from ruangaman.core.learning.model import Plain, Told


def said(text: Plain | Told, language: str) -> str:
    """A text in one language. `language`: `id` or `en`."""
    return str(text.en if language == "en" else text.id)


def inline(text: str) -> str:
    """Escaped for HTML and XML alike; a line's end becomes a space, as on our pages."""
    return escape(" ".join(text.split()), quote=False)


def blocks(text: str) -> str:
    """
    Paragraphs and lists: a blank line begins another, lines that all begin with `- ` are points.

    >>> blocks("Tanya:\\n\\n- siapa?\\n- apa?")
    '<p>Tanya:</p><ul><li>siapa?</li><li>apa?</li></ul>'
    """
    parts = []
    for block in text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n\n"):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines and all(line.startswith("- ") for line in lines):
            points = "".join(f"<li>{inline(line[2:])}</li>" for line in lines)
            parts.append(f"<ul>{points}</ul>")
        elif lines:
            parts.append(f"<p>{inline(' '.join(lines))}</p>")
    return "".join(parts)
