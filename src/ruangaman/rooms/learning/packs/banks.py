"""The items of lessons as a bank of questions: what is practised, then the two forms, under names people know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ruangaman.core.learning.model import Course, Item
from ruangaman.rooms.learning.packs.markup import blocks, inline

HOUSE: Final = "Ruang Aman"
_PARTS: Final = {
    "id": {"practice": "Latihan", "A": "Bentuk A", "B": "Bentuk B"},
    "en": {"practice": "Practice", "A": "Form A", "B": "Form B"},
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    Items of one objective that belong together.

    Attributes:
        place: names from the outermost, such as ("Ruang Aman", "B3-2 Hadiah di pesan", "Bentuk A").
        part: `practice`, `A` or `B`.
    """

    objective: str
    part: str
    place: tuple[str, ...]
    items: tuple[Item, ...]


def shelves(course: Course, objectives: Sequence[str], language: str) -> Iterator[Shelf]:
    """What there is of these objectives, in their order; of those without a lesson nothing."""
    for name in objectives:
        lesson = course.lessons.get(name)
        if lesson is None:
            continue
        above = (HOUSE, f"{name} {lesson.title.said(language)}")
        found = {"practice": lesson.practice}
        found |= {letter: form.items for (of, letter), form in sorted(course.forms.items()) if of == name}
        for part, items in found.items():
            if items:
                yield Shelf(name, part, (*above, _PARTS[language][part]), items)


def question(item: Item, language: str) -> str:
    """What is asked, as HTML: the message or scene it is about in a quotation, then the question."""
    shown = f"<blockquote>{blocks(item.shown.said(language))}</blockquote>" if item.shown else ""
    return f"{shown}<p>{inline(item.stem.said(language))}</p>"


def labels(item: Item, shelf: Shelf) -> list[str]:
    """By which items are found again: objective, what wrong answers hold, danger or safe where that is asked."""
    held = sorted({one.misconception for one in item.options if one.misconception})
    case = ["safe" if item.safe else "danger"] if item.recognise else []
    return [shelf.objective, *held, *case]
