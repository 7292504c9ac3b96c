"""Texts of lessons as the little XHTML that other systems take: paragraphs, points of a list, nothing else."""

from html import escape

from ruangaman.core.learning import passages


def inline(text: str) -> str:
    """Escaped for HTML and XML alike; a line's end becomes a space, as on our pages."""
    return escape(" ".join(text.split()), quote=False)


def blocks(passage: str) -> str:
    """
    Its paragraphs and lists.

    >>> blocks("Tanya:\\n\\n- siapa?\\n- apa?")
    '<p>Tanya:</p><ul><li>siapa?</li><li>apa?</li></ul>'
    """
    return "".join(_block(one) for one in passages.blocks(passage))


def _block(one: str | passages.Points) -> str:
    if isinstance(one, str):
        return f"<p>{inline(one)}</p>"
    return f"<ul>{''.join(f'<li>{inline(line)}</li>' for line in one.lines)}</ul>"
