"""
GIFT, the questions that Moodle and others read from a plain text file.

UTF-8 without a mark at its beginning; a blank line ends a question. Every text is HTML, so that what GIFT cannot escape
(a `%` or `[` that begins an answer, `->`) is written as a character reference. GIFT has no hints and no pictures.

Source: docs.moodle.org, "GIFT format"; the grammar of gift-pegjs 1.0.2.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ruangaman.core.learning.model import Course, Item
from ruangaman.rooms.learning.packs.banks import Shelf, labels, question, shelves
from ruangaman.rooms.learning.packs.markup import blocks, inline

_CONTROL: Final = re.compile(r"([\\~=#{}:])")
_BEGINS: Final = {"%": "&#37;", "[": "&#91;"}
"""A weight in percent, and the name of a format: what an answer or its feedback must not begin with."""


def make(course: Course, objectives: Sequence[str], language: str, now: datetime) -> bytes:  # noqa: ARG001
    """All items of these objectives in one language, a category for each part of a lesson."""
    parts: list[str] = []
    for shelf in shelves(course, objectives, language):
        place = "/".join(one.replace("/", "//") for one in shelf.place)
        parts.append(f"$CATEGORY: $course$/{place}")
        parts += _questions(shelf, language)
    return ("\n\n".join(parts) + "\n").encode()


def _questions(shelf: Shelf, language: str) -> Iterator[str]:
    for item in shelf.items:
        tags = "".join(f" [tag:{one}]" for one in labels(item, shelf))
        lines = [f"// [id:{item.id}]{tags}", f"::{item.id}::[html]{_escaped(question(item, language))}{{"]
        yield "\n".join([*lines, *_answers(item, language), "}"])


def _answers(item: Item, language: str) -> Iterator[str]:
    for one in item.options:
        text = _begun(inline(one.text.said(language)))
        feedback = _begun(blocks(one.feedback.said(language)))
        yield f"{'=' if one.right else '~'}{_escaped(text)}#{_escaped(feedback)}"


def _begun(html: str) -> str:
    return _BEGINS.get(html[:1], html[:1]) + html[1:]


def _escaped(html: str) -> str:
    return _CONTROL.sub(r"\\\1", html)
