"""
Moodle XML: the same questions with hints, pictures, labels and identifiers.

Source: docs.moodle.org, "Moodle XML format". A wrong answer counts nothing, one that is partly right neither: its
feedback says so, as on our pages.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from ruangaman.core.learning.model import Course, Item
from ruangaman.rooms.learning.packs import pictures
from ruangaman.rooms.learning.packs.banks import Shelf, labels, question, shelves
from ruangaman.rooms.learning.packs.markup import blocks, inline

Picture = Callable[[str], bytes]


def make(course: Course, objectives: Sequence[str], language: str, now: datetime) -> bytes:  # noqa: ARG001
    """All items of these objectives in one language."""
    return written(course, objectives, language, pictures.read)


def written(course: Course, objectives: Sequence[str], language: str, picture: Picture) -> bytes:
    """The same, with drawings by their names from `picture`."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for shelf in shelves(course, objectives, language):
        lines += _category(shelf)
        for item in shelf.items:
            lines += _question(item, shelf, language, picture)
    return ("\n".join([*lines, "</quiz>"]) + "\n").encode()


def _category(shelf: Shelf) -> Iterator[str]:
    place = "/".join(one.replace("/", "//") for one in ("$course$", *shelf.place))
    yield f'<question type="category"><category><text>{escape(place)}</text></category></question>'


def _question(item: Item, shelf: Shelf, language: str, picture: Picture) -> Iterator[str]:
    yield '<question type="multichoice">'
    yield f"<name><text>{escape(item.id)}</text></name>"
    shown = _image(item.picture) + question(item, language)
    yield f'<questiontext format="html">{_text(shown)}{_file(item.picture, picture)}</questiontext>'
    yield '<generalfeedback format="html"><text></text></generalfeedback>'
    yield "<defaultgrade>1</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>"
    yield f"<idnumber>{escape(item.id)}</idnumber>"
    yield "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>none</answernumbering>"
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        yield f'<{name} format="html"><text></text></{name}>'
    for one in item.options:
        text = _text(_image(one.picture) + f"<p>{inline(one.text.said(language))}</p>")
        feedback = _text(blocks(one.feedback.said(language)))
        yield (
            f'<answer fraction="{100 if one.right else 0}" format="html">{text}{_file(one.picture, picture)}'
            f'<feedback format="html">{feedback}</feedback></answer>'
        )
    for hint in item.hints:
        yield f'<hint format="html">{_text(f"<p>{inline(hint.said(language))}</p>")}</hint>'
    tags = "".join(f"<tag><text>{escape(one)}</text></tag>" for one in labels(item, shelf))
    yield f"<tags>{tags}</tags>"
    yield "</question>"


def _text(html: str) -> str:
    """INVARIANT: no `>` of a text is left unescaped, so that nothing in it ends the section."""
    assert "]]>" not in html
    return f"<text><![CDATA[{html}]]></text>"


def _image(name: str | None) -> str:
    return f'<p><img src="@@PLUGINFILE@@/{name}.svg" width="320" alt=""></p>' if name else ""


def _file(name: str | None, picture: Picture) -> str:
    if not name:
        return ""
    told = b64encode(picture(name)).decode()
    return f'<file name={quoteattr(f"{name}.svg")} path="/" encoding="base64">{told}</file>'
