"""
The course model: objectives, misconceptions, lessons with their screens, and the forms that measure.

One lesson serves one objective. It lies in three files that people can read and correct: the lesson with its screens,
and two parallel forms of items; for the youngest, what a carer observes stands in the place of forms.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Protocol

from msgspec import Meta, Struct

LANGUAGES: Final = ("id", "en")

Line = Annotated[str, Meta(min_length=1, max_length=300)]
Passage = Annotated[str, Meta(min_length=1, max_length=1600)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
MisconceptionId = Annotated[str, Meta(pattern=r"^M[0-9]{2}$")]
ObjectiveId = Annotated[str, Meta(pattern=r"^(B[1-5]|PAR|TCH|GOV|PUB)-[0-9]{1,2}$")]
Version = Annotated[int, Meta(ge=1, le=9999)]


class InBoth(Protocol):
    """Whatever is said in both languages."""

    @property
    def id(self) -> str:
        """In Indonesian."""

    @property
    def en(self) -> str:
        """In English."""


def said(text: InBoth, language: str | None) -> str:
    """In one language: English where it is asked for, else Indonesian."""
    return text.en if language == "en" else text.id


class Both(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages of the lessons, Indonesian first."""

    id: str
    en: str

    def said(self, language: str | None) -> str:
        """In one of them."""
        return said(self, language)


class Plain(Both, frozen=True, forbid_unknown_fields=True):
    """A short text."""

    id: Line
    en: Line


class Told(Both, frozen=True, forbid_unknown_fields=True):
    """A passage, as `passages.blocks` reads it; a blank line begins a paragraph, `- ` a point of a list."""

    id: Passage
    en: Passage


class LongerInEnglish(Struct, frozen=True, forbid_unknown_fields=True):
    """Words of an English sentence at the most, where that is not what holds in Indonesian, and why."""

    most: int
    because: Line


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """
    How plain a text must be for its readers.

    Attributes:
        mean, most: words of a sentence, over a text and at the most. words: lists of known words, by name.
        you: how readers are addressed in Indonesian; one form a text. english: another `most` for English.
    """

    mean: int
    most: int
    words: tuple[str, ...]
    you: tuple[str, ...]
    english: LongerInEnglish | None = None

    @property
    def most_english(self) -> int:
        """Words of an English sentence at the most."""
        return self.english.most if self.english else self.most


class Audience(Struct, frozen=True, forbid_unknown_fields=True):
    """
    A band of children or a group of adults.

    Attributes:
        first, last: whole years of a band, both included. measured: by two forms, or by what a carer observes.
        sitting: items shown in one go, 0 for all. options: at the most. voice: whether every text is read aloud.
        unreached: aspects of risk that no objective of this band answers, with the reason.
    """

    id: str
    name: Plain
    first: int | None
    last: int | None
    limits: Limits
    measured: Literal["forms", "observations"]
    sitting: int
    options: int
    minutes: tuple[int, int]
    voice: bool
    unreached: dict[str, Plain]


class Objective(Struct, frozen=True, forbid_unknown_fields=True):
    """
    What a learner can do afterwards.

    Attributes:
        risks, duties, pillar: labels of the same file. digcomp: competences of DigComp 2.2, as we read them.
        sensitive: its lesson begins with a note, can be skipped without loss and asks nothing personal.
        source: of a fact from elsewhere on which its lesson rests, the document and its year.
    """

    id: ObjectiveId
    can: Plain
    risks: tuple[str, ...]
    duties: tuple[str, ...]
    pillar: str
    digcomp: tuple[str, ...]
    sensitive: bool = False
    source: Line | None = None


class Misconception(Struct, frozen=True, forbid_unknown_fields=True):
    """
    What people wrongly hold.

    Attributes:
        source: where we have it from; a document and its year, or whose notes.
        confidence: high where a document is named that says so, medium where it is common in guidance that nobody has
            looked up here, low where it is our guess.
    """

    id: MisconceptionId
    text: Plain
    source: Line
    confidence: Literal["high", "medium", "low"]


class LawWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Words and phrases by which a text tells the law, in small letters; each stands between limits of words."""

    id: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Scheme(Struct, frozen=True, forbid_unknown_fields=True):
    """
    What all lessons share: whose law they tell, audiences, labels, objectives and misconceptions.

    Attributes:
        law_words: by which a text is known to tell the law, so that it must name a norm.
    """

    format: Literal[1]
    jurisdiction: str
    risks: dict[str, Plain]
    duties: dict[str, Plain]
    pillars: dict[str, Plain]
    audiences: tuple[Audience, ...]
    objectives: tuple[Objective, ...]
    misconceptions: tuple[Misconception, ...]
    law_words: LawWords = LawWords()

    def audience(self, objective: str) -> Audience:
        """Who an objective is for."""
        wanted = objective.partition("-")[0]
        return next(one for one in self.audiences if one.id == wanted)

    @property
    def leader(self) -> Audience:
        """By whose limits a brief is written: that of teachers; of the last audience where there are none."""
        return next((one for one in self.audiences if one.id == "TCH"), self.audiences[-1])


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """
    One answer of an item.

    Attributes:
        right: whether it is. partly: it is not, yet holds something that is, and is told so.
        misconception: what somebody holds who chooses it; of wrong answers alone.
        feedback: what is said after it was chosen. picture: a drawing of ours, for those who do not read yet.
    """

    id: Name
    text: Plain
    feedback: Told
    right: bool = False
    partly: bool = False
    misconception: MisconceptionId | None = None
    picture: Name | None = None


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """
    One question with one right answer.

    Attributes:
        recognise: whether it asks to tell danger from what is safe, so that hits and false alarms count.
        safe: what is shown is safe, and the right answer leaves it alone.
        shown: a message or scene that the question is about. hints: help before another try, gentlest first.
        ordered: the order of its answers says something (from little to much), so a device does not mix them.
    """

    id: Name
    stem: Plain
    options: tuple[Option, ...]
    recognise: bool = False
    safe: bool = False
    shown: Told | None = None
    picture: Name | None = None
    hints: tuple[Plain, ...] = ()
    ordered: bool = False

    @property
    def answer(self) -> str:
        """Of the right option, its id."""
        return next(one.id for one in self.options if one.right)


class Observation(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a carer of a small child saw, or did not see, within a week."""

    id: Name
    text: Plain


class LawTold(Struct, frozen=True, forbid_unknown_fields=True):
    """
    What a screen says of the law: the question, and the answer on which its words rest.

    The articles shown come from the pack's answer at that moment. When it answers otherwise, the lesson is flagged.

    Attributes:
        value: what the law states where it states something: a list, a number, or of a deadline the parts on which the
            words rest, such as its hours.
    """

    facts: dict[str, Any]
    outcome: str
    reason: str
    value: Any = None

    def holds(self, outcome: str, reason: str, value: Any) -> bool:
        """Whether the law still answers so; of a deadline the parts named, and it must be named at all."""
        if (outcome, reason) != (self.outcome, self.reason):
            return False
        if isinstance(value, Mapping) and isinstance(self.value, Mapping):
            return all(name in value and value[name] == one for name, one in self.value.items())
        stated: object = list(value) if isinstance(value, tuple) else value
        return bool(stated == self.value)


class Screen(Struct, frozen=True, forbid_unknown_fields=True):
    """
    One step of a lesson.

    Attributes:
        kind: a scene that opens, a try before anything is told, what is told, practice with feedback, what to do with
            family or class, the end.
        items: of a try one, of practice several, of other kinds none. law: what it tells of the law.
        explains: reasons of the law's answers that this screen explains in two minutes, by their ids.
    """

    id: Name
    kind: Literal["scene", "try", "tell", "practise", "task", "end"]
    title: Plain
    text: Told | None = None
    picture: Name | None = None
    items: tuple[Item, ...] = ()
    law: tuple[LawTold, ...] = ()
    explains: tuple[str, ...] = ()


class Paper(Struct, frozen=True, forbid_unknown_fields=True):
    """What is printed to keep, and a message for chat groups (600 characters)."""

    sheet: Told
    message: Told


class Lesson(Struct, frozen=True, forbid_unknown_fields=True):
    """
    A lesson for one objective.

    Attributes:
        minutes: it takes, its task left out. note: of a sensitive lesson, what it is about and that it may be skipped.
        brief: of a sensitive lesson, what whoever leads it must know first.
        observations: of a band that is not tested, what a carer ticks before and after.
        reviewed_by: who, not its author, read it for truth, tone and level, from where, and when; nobody yet when it is
            missing. It does not stand for target readers: they are counted in `read_aloud.yaml`.
    """

    objective: ObjectiveId
    version: Version
    minutes: int
    title: Plain
    screens: tuple[Screen, ...]
    paper: Paper
    note: Told | None = None
    brief: Told | None = None
    observations: tuple[Observation, ...] = ()
    reviewed_by: Line | None = None

    @property
    def practice(self) -> tuple[Item, ...]:
        """All items that are tried and practised; none of them measures."""
        return tuple(item for screen in self.screens for item in screen.items)


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """
    One of two parallel forms: what stands at the same place asks the same in other words.

    Attributes:
        reviewed_by: who, not its author, read all its items, and when; nobody yet when it is missing.
    """

    objective: ObjectiveId
    form: Literal["A", "B"]
    version: Version
    items: tuple[Item, ...]
    reviewed_by: Line | None = None


class Course(Struct, frozen=True):
    """Everything that is taught: the scheme, lessons by objective, forms by objective and letter."""

    scheme: Scheme
    lessons: dict[str, Lesson]
    forms: dict[tuple[str, str], Form]
    pictures: frozenset[str]
