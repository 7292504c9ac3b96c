"""What a pack says, as frozen values: read and typed, not yet compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypedDict

FactKind = Literal["words", "yes_no", "number", "completed_years", "calendar_years", "birth_year", "ends"]
AGE_KINDS = ("completed_years", "calendar_years", "birth_year")
Raw = str | tuple[str, ...]
When = tuple[Mapping[str, Raw], ...]
"""Any of these maps holds; in a map all hold. Empty tuple: always."""


class Text(TypedDict):
    """One sentence or word in both languages."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Dated:
    """When something counts (valid time, both ends included) and when the pack knew it."""

    begins: date = date.min
    ends: date = date.max
    known: date = date.min
    known_until: date = date.max

    def holds(self, on: date) -> bool:
        """Whether `on` is inside the valid time."""
        return self.begins <= on <= self.ends

    def known_on(self, as_known_on: date | None) -> bool:
        """Whether the pack knew it then; None asks for today's knowledge."""
        if as_known_on is None:
            return self.known_until == date.max
        return self.known <= as_known_on <= self.known_until


@dataclass(frozen=True, slots=True)
class Status:
    """From this day on the thing is `is_` (in_force, enjoined, bill...)."""

    begins: date
    is_: str
    source: tuple[str, ...] = ()
    known: date = date.min


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, decree or statement that norms cite; `short_en` where its short name is words that need a translation."""

    id: str
    short: str
    title: Text
    checked: date
    sources: tuple[str, ...]
    status: tuple[Status, ...]
    short_en: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One thing that may be known about a case. `words` in pack order; `member_of` for a member of a set.

    `tells`: what some of its words tell of another fact, when that one is not given: (fact, word here, word there).
    """

    name: str
    path: tuple[str, ...]
    kind: FactKind
    words: tuple[str, ...] = ()
    most: int = 0
    member_of: str = ""
    tells: tuple[tuple[str, str, str], ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its axis is cut into bands."""
        return self.kind in ("number", *AGE_KINDS)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the law leaves open. With readings the first is applied; without, it is a note."""

    id: str
    readings: tuple[str, ...]
    point: Text
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """An echo in the answer: the range of ages a person is in, or whether a bound holds."""

    name: str
    of: str
    ranges: tuple[str, ...]
    when: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """One sentence of the law as applied. `then` empty: it only adds. `rule` is `<layer>/<question>/<id>`."""

    id: str
    layer: str
    rule: str
    file: str
    when: When
    then: str
    extras: Mapping[str, str]
    do: tuple[str, ...]
    needs: tuple[str, ...]
    notices: tuple[str, ...]
    managed_by: str
    lifts: tuple[str, ...]
    articles: tuple[str, ...]
    confidence: str
    doubts: tuple[str, ...]
    dated: Dated
    status: tuple[Status, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Law:
    """A declared property of the table; `kind` and `says` as in docs/guides/pack-format.md."""

    kind: str
    fact: str
    order: tuple[str, ...]
    action: str
    when: When
    given: When
    file: str


@dataclass(frozen=True, slots=True)
class AgeBy:
    """The table question that says how much of a stated age counts, once `when_given` is sent."""

    question: str
    when_given: str


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """Norms over finite facts."""

    name: str
    file: str
    title: Text
    outcomes: tuple[str, ...]
    closed: frozenset[str]
    undecided: Mapping[str, str]
    all_open_decides: bool
    texts: Mapping[str, Text]
    norms: tuple[Norm, ...]
    laws: tuple[Law, ...]
    status: Mapping[str, tuple[Status, ...]]
    age_by: AgeBy | None
    reads: Mapping[str, Mapping[str, str]]
    never: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of a clock row or a score item, by the doubt that allows it."""

    doubt: str
    name: str
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One length of time. `amount` None: the law gives no number."""

    id: str
    when: When
    amount: int | None
    unit: str
    parameter: str
    start: date | None
    due: date | None
    reading: str
    otherwise: tuple[Reading, ...]
    on_lapse: Mapping[str, str | tuple[str, ...]]
    articles: tuple[str, ...]
    confidence: str
    doubts: tuple[str, ...]
    dated: Dated
    text: Text

    @property
    def fixed(self) -> bool:
        """Whether a start changes nothing: it begins or ends on a day of its own, or nobody knows how long it is."""
        endless = (
            self.amount is None
            and not self.parameter
            and not any("amount" in one.changes for one in self.otherwise)
        )
        return bool(self.start or self.due) or endless


@dataclass(frozen=True, slots=True)
class ClockQuestion:
    """A span of time with legal effect."""

    name: str
    file: str
    title: Text
    rows: tuple[ClockRow, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One parameter of an instrument: weight in whole hundredths, counting when found or when not found."""

    code: str
    aspect: str
    weight: int
    counts: str
    otherwise: tuple[Reading, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class ScoreQuestion:
    """A worksheet: aspects of items, high above the bound (hundredths), exactly on it low."""

    name: str
    file: str
    title: Text
    version: str
    high_over: int
    aspects: Mapping[str, tuple[Item, ...]]
    aspect_titles: Mapping[str, Text]
    articles: tuple[str, ...]
    confidence: str
    doubts: tuple[str, ...]
    dated: Dated
    text: Text


ValueOf = int | str | tuple[str, ...] | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """What a value is for a time; None is unknown."""

    is_: ValueOf
    articles: tuple[str, ...]
    confidence: str
    doubts: tuple[str, ...]
    dated: Dated
    text: Text | None


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """A cited value with dates."""

    name: str
    file: str
    title: Text
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class Holidays:
    """
    Days that are no working days, known from `begins` to `ends`; `unknown_doubt` is told of a span that leaves them.
    `estimated` days may still move; after `decreed_until` more may be added.
    """

    weekend: frozenset[int] = frozenset()
    begins: date = date.max
    ends: date = date.min
    days: Mapping[date, Text] = field(default_factory=dict)
    estimated: frozenset[date] = frozenset()
    estimated_doubt: str = ""
    articles: tuple[str, ...] = ()
    decreed_until: date = date.max
    undecreed_doubt: str = ""
    unknown_doubt: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A whole pack as read: the law of one place, layers already joined."""

    id: str
    version: str
    title: Text
    zone: str
    zones: Mapping[str, str]
    leap_birthday: str
    day_doubts: Mapping[str, str]
    max_age: int
    abstract: bool
    layers: tuple[str, ...]
    instruments: Mapping[str, Instrument]
    facts: Mapping[str, Fact]
    doubts: Mapping[str, Doubt]
    derived: tuple[Derived, ...]
    tables: Mapping[str, TableQuestion]
    clocks: Mapping[str, ClockQuestion]
    scores: Mapping[str, ScoreQuestion]
    values: Mapping[str, ValueQuestion]
    holidays: Holidays
    words: Mapping[str, Text]
    digest: str
