"""The lessons of this house, read once; and what a screen says of the law, from the pack as of today."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.urls import reverse

from ruangaman.adapters import lesson_files, packs
from ruangaman.core.learning.model import Audience, Course, Lesson, Objective, Screen
from ruangaman.rooms.learning import config
from ruangaman.rooms.learning.errors import NoSuchLesson

GROUNDS = {
    "B1": "child-6-9",
    "B2": "child-6-9",
    "B3": "child-10-12",
    "B4": "child-13-15",
    "B5": "child-16-17",
}


@cache
def course() -> Course:
    """Everything that is taught here. Raises LessonsUnreadable."""
    return lesson_files.course(config.folder())


def audience(name: str) -> Audience:
    """Who lessons are for. Raises NoSuchLesson."""
    found = next((one for one in course().scheme.audiences if one.id == name), None)
    if found is None:
        raise NoSuchLesson
    return found


def ground(audience: Audience) -> str:
    """The ground of pages for this audience (a class of tegel.css)."""
    return GROUNDS.get(audience.id, "family")


def objectives_of(name: str) -> list[tuple[Objective, Lesson | None]]:
    """All objectives of an audience in their order, with the lesson where there is one."""
    told = course()
    return [
        (one, told.lessons.get(one.id))
        for one in told.scheme.objectives
        if told.scheme.audience(one.id).id == name
    ]


def lesson(objective: str) -> tuple[Objective, Lesson]:
    """One lesson. Raises NoSuchLesson."""
    told = course()
    found = told.lessons.get(objective)
    if found is None:
        raise NoSuchLesson
    return next(one for one in told.scheme.objectives if one.id == objective), found


@dataclass(frozen=True, slots=True)
class Basis:
    """The articles behind a screen, as of today. `changed`: the law does not say any more what the screen rests on."""

    articles: tuple[str, ...]
    changed: bool


def basis(screen: Screen, now: datetime) -> list[Basis]:
    """The law behind a screen, as the pack answers at that time."""
    pack, found = packs.load(course().scheme.jurisdiction), []
    for told in screen.law:
        answer = pack.ask({"on": now.isoformat()} | told.facts, now=now)
        changed = (answer.outcome, answer.reason) != (told.outcome, told.reason)
        found.append(Basis(tuple(answer.articles), changed))
    return found


@cache
def explained() -> dict[str, str]:
    """Reason of the law's answers -> the address of the screen that explains it; the first lesson that does counts."""
    found: dict[str, str] = {}
    for name, told in course().lessons.items():
        for screen in told.screens:
            for reason in screen.explains:
                found.setdefault(reason, f"{reverse('learning:lesson', args=[name])}#{screen.id}")
    return found
