"""The lessons of this house, read once; and what a screen says of the law, from the pack as of today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.urls import reverse

from ruangaman.adapters import lesson_files, packs
from ruangaman.core.law import citing
from ruangaman.core.learning import voices
from ruangaman.core.learning.model import Audience, Course, Item, Lesson, Objective, Plain, Screen
from ruangaman.rooms.learning import config
from ruangaman.rooms.learning.errors import NoSuchLesson

GROUNDS = {
    "B1": "child-6-9",
    "B2": "child-6-9",
    "B3": "child-10-12",
    "B4": "child-13-15",
    "B5": "child-16-17",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item in Indonesian, how many words it has, and why it is hard, if it is."""

    text: str
    words: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfItem:
    """Of a preview: what stands beside an item of a form."""

    faults: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def hard(self) -> int:
        """How many of its sentences are."""
        return sum(bool(one.why) for one in self.sentences)


class Remarks(Protocol):
    """What a preview says beside a lesson and its forms."""

    def __call__(self, objective: str, place: str) -> list[str]:
        """Of a screen, of a form (its letter), or of what belongs to none when the place is empty."""

    def of_item(self, objective: str, item: Item) -> OfItem:
        """Of an item of a form."""


@cache
def course() -> Course:
    """Everything that is taught here. Raises LessonsUnreadable."""
    return lesson_files.course(config.folder())


def forget() -> None:
    """Read everything anew at the next look: a preview, whose files change."""
    course.cache_clear()
    explained.cache_clear()
    lesson_files.vocabulary.cache_clear()


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


def misconception(name: str) -> Plain:
    """What somebody wrongly holds; of an id that the scheme lacks, which only a preview shows, the id itself."""
    return next((one.text for one in course().scheme.misconceptions if one.id == name), Plain(name, name))


@dataclass(frozen=True, slots=True)
class Basis:
    """The articles behind a screen, as of today. `changed`: the law does not say any more what the screen rests on."""

    articles: tuple[str, ...]
    changed: bool


def basis(screen: Screen, now: datetime) -> list[Basis]:
    """The law behind a screen, as the pack answers at that time: its articles together, each once; then any change."""
    pack, changed = packs.load(course().scheme.jurisdiction), False
    articles: dict[str, None] = {}
    for told in screen.law:
        answer = pack.ask({"on": now.isoformat()} | told.facts, now=now)
        if told.holds(str(answer.outcome), str(answer.reason), answer.value):
            articles |= dict.fromkeys(answer.articles)
        else:
            changed = True
    found = [Basis(tuple(articles), changed=False)] if articles else []
    return [*found, Basis((), changed=True)] if changed else found


def cited(articles: Iterable[str], language: str) -> list[str]:
    """Articles as a reader of that language meets them elsewhere in the house."""
    if language != "en":
        return [citing.indonesian(one) for one in articles]
    instruments = packs.load(course().scheme.jurisdiction).source.instruments.values()
    return [citing.english(one, instruments) for one in articles]


@dataclass(frozen=True, slots=True)
class Step:
    """
    What is shown at once: a screen, or one question of it.

    Attributes:
        id: its anchor. place: of the screen within the lesson. part, parts: of the screen, from 1.
        stop: whether stopping is offered after it. voice: under which name its text is spoken.
        remarks: of a preview alone, what its author should look at.
    """

    id: str
    screen: Screen
    place: int
    items: tuple[Item, ...]
    basis: list[Basis]
    part: int
    parts: int
    stop: bool
    voice: str
    remarks: tuple[str, ...] = ()


def steps(told: Lesson, who: Audience, now: datetime, remarks: Remarks | None = None) -> list[Step]:
    """
    The steps of a lesson. Whoever does not read yet gets one question at a time; after a sitting (a number of questions
    of the audience, or all of a screen) stopping is offered.
    """
    found = []
    for place, screen in enumerate(told.screens):
        each = 1 if who.voice and screen.items else max(1, len(screen.items))
        parts = [screen.items[at : at + each] for at in range(0, max(1, len(screen.items)), each)]
        for part, items in enumerate(parts, 1):
            ends = part == len(parts) or (who.sitting > 0 and part % who.sitting == 0)
            found.append(
                Step(
                    id=screen.id if part == 1 else f"{screen.id}-{part}",
                    screen=screen,
                    place=place,
                    items=items,
                    basis=basis(screen, now) if part == 1 else [],
                    part=part,
                    parts=len(parts),
                    stop=screen.kind == "practise" and ends,
                    voice=voices.of_screen(told.objective, screen),
                    remarks=tuple(remarks(told.objective, screen.id)) if remarks and part == 1 else (),
                )
            )
    return found


def pictures_of(told: Lesson) -> list[str]:
    """The drawings of a lesson, each once, in their order."""
    names = [screen.picture for screen in told.screens]
    names += [item.picture for item in told.practice]
    names += [option.picture for item in told.practice for option in item.options]
    return list(dict.fromkeys(name for name in names if name))


def pack(who: Audience) -> list[str]:
    """The addresses of everything behind a door but its own page and sounds: lessons, sheets, drawings."""
    told = [lesson for _, lesson in objectives_of(who.id) if lesson]
    found = [
        reverse(f"learning:{page}", args=[one.objective]) for one in told for page in ("lesson", "sheet")
    ]
    drawings = dict.fromkeys(name for one in told for name in pictures_of(one))
    return found + [reverse("learning:picture", args=[name]) for name in drawings]


def weight(who: Audience, *, each_page: int) -> int:
    """Bytes of a door on a device, at the most: its drawings, and what a page weighs at the most."""
    told = [lesson for _, lesson in objectives_of(who.id) if lesson]
    drawings = {name for one in told for name in pictures_of(one)}
    folder = config.folder() / "pictures"
    return each_page * (len(told) + 1) + sum((folder / f"{name}.svg").stat().st_size for name in drawings)


@cache
def explained() -> dict[str, dict[str, str]]:
    """Reason of the law's answers -> audience -> address of the screen that explains it; an audience's first counts."""
    found: dict[str, dict[str, str]] = {}
    told = course()
    for name, one in told.lessons.items():
        for screen in one.screens:
            for reason in screen.explains:
                address = f"{reverse('learning:lesson', args=[name])}#{screen.id}"
                found.setdefault(reason, {}).setdefault(told.scheme.audience(name).id, address)
    return found


def readable(who: str | None) -> list[str]:
    """Audiences whose lessons somebody can be sent to, the best first; without an audience all, in their order."""
    every = course().scheme.audiences
    ages = [one.id for one in every if one.first is not None]
    adults = [one.id for one in every if one.first is None]
    if who is None:
        return ages + adults
    if who not in ages:
        return [who, *(one for one in adults if one != who), *reversed(ages)]
    place = ages.index(who)
    return [*reversed(ages[: place + 1]), *ages[place + 1 :]]
