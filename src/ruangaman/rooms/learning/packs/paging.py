"""A lesson as books and paper tell it: items numbered, answers by letters, the articles of law below a screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from ruangaman.core.learning.lettering import lettered
from ruangaman.core.learning.model import Item, Lesson, Option, Screen
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.courses import Basis


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer under its letter."""

    letter: str
    told: Option


@dataclass(frozen=True, slots=True)
class Question:
    """One item under its number, from 1 on over the whole lesson or form. `right`: the letter of the right answer."""

    number: int
    told: Item
    options: tuple[Answer, ...]
    right: str


@dataclass(frozen=True, slots=True)
class Step:
    """One screen with its numbered items and the law behind it."""

    told: Screen
    items: tuple[Question, ...]
    basis: tuple[Basis, ...]


def questions(items: Iterable[Item], numbers: Iterable[int]) -> tuple[Question, ...]:
    """Items under these numbers, as many as there are items."""
    found = []
    for item, number in zip(items, numbers, strict=False):
        options = lettered(item)
        right = next(letter for letter, one in options.items() if one.right)
        found.append(Question(number, item, tuple(Answer(*one) for one in options.items()), right))
    return tuple(found)


def steps(lesson: Lesson, now: datetime) -> list[Step]:
    """All screens; `now`: the instant at which the law is asked."""
    numbers = count(1)
    return [
        Step(screen, questions(screen.items, numbers), tuple(courses.basis(screen, now)))
        for screen in lesson.screens
    ]
