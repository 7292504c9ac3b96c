"""What is spoken of a lesson, for readers who do not read yet: each line with a name that stays, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass

from ruangaman.core.learning.model import Course, Form, Item, Lesson, Plain, Screen, Told, said


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line. `name`: of its file, without language and suffix."""

    name: str
    id: str
    en: str

    def text(self, language: str) -> str:
        """In a language of the lessons."""
        return said(self, language)


def of_screen(objective: str, screen: Screen) -> str:
    """The name of what is spoken of a screen: its title and its text."""
    return f"{objective.lower()}-layar-{screen.id}"


def lines(lesson: Lesson) -> list[Spoken]:
    """Everything that is spoken of a lesson, in the order in which it stands there."""
    found = []
    for screen in lesson.screens:
        found.append(_spoken(of_screen(lesson.objective, screen), screen.title, screen.text))
        for item in screen.items:
            found += _of_item(item)
    return found


def of_test(form: Form) -> list[Spoken]:
    """What is spoken of a test: its questions and answers, and nothing that tells which one is right."""
    return [line for item in form.items for line in _asked(item)]


def of_course(course: Course) -> dict[str, list[Spoken]]:
    """Objective -> everything that is spoken of its lesson and tests, of audiences that do not read yet."""
    return {
        name: [*lines(lesson), *(line for form in _forms(course, name) for line in of_test(form))]
        for name, lesson in course.lessons.items()
        if course.scheme.audience(name).voice
    }


def _forms(course: Course, objective: str) -> list[Form]:
    return [course.forms[objective, letter] for letter in ("A", "B") if (objective, letter) in course.forms]


def _asked(item: Item) -> Iterator[Spoken]:
    yield _spoken(item.id, item.shown, item.stem)
    for one in item.options:
        yield _spoken(f"{item.id}-{one.id}", one.text)


def _of_item(item: Item) -> Iterator[Spoken]:
    yield from _asked(item)
    for one in item.options:
        yield _spoken(f"{item.id}-{one.id}-kabar", one.feedback)
    for number, hint in enumerate(item.hints, 1):
        yield _spoken(f"{item.id}-petunjuk-{number}", hint)


def _spoken(name: str, *parts: Plain | Told | None) -> Spoken:
    told = [part for part in parts if part is not None]
    return Spoken(name, _joined(part.id for part in told), _joined(part.en for part in told))


def _joined(texts: Iterator[str]) -> str:
    """Sentences one after the other: what does not end like one gets a full stop, so that the voice pauses."""
    found = []
    for text in texts:
        for line in text.splitlines():
            words = line.strip().removeprefix("- ")
            if words:
                found.append(words if words[-1] in '.?!:"' else f"{words}.")
    return " ".join(found)
