"""The tables of reports as plain data, checked once: kinds and limits, clocks, bodies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.shown_files import MOST_PIXELS

Texts = Mapping[str, str]
"""{"id", "en"}"""

CONFIDENCE: Final = frozenset({"certain", "likely", "rule_of_thumb"})
HAZARD: Final = "hazard"
IDEA: Final = "idea"
CLOCKS: Final = ("moderate", "answer", "solve", "vote")
MOST_ROWS: Final = 200
MOST_WORDS: Final = 2_000
LONGEST_NAME: Final = 120
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
LONGEST_MAIL: Final = 254
_NO_LONGER: Final = "wrong_of_all"
"""A limit that tables of cities may still have: it let one who has many networks lock everybody out."""


class ReportRulesMalformed(RuangAmanError):
    """A table of reports is not in the form of ours; `at` names the place."""

    code = "places.report-rules-malformed"


@dataclass(frozen=True, slots=True)
class Named:
    """A choice with its name."""

    id: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Kind:
    """What a report is about. `urgent`: goes first. `private`: never on the public list."""

    id: str
    of: str
    name: Texts
    urgent: bool
    helpline: bool
    private: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What finds somebody: `digits` in a row, words and phrases in lower case."""

    digits: int
    home: tuple[str, ...]
    before_number: frozenset[str]
    number_words: frozenset[str]
    name: tuple[str, ...]
    before_name: frozenset[str]
    not_a_name: frozenset[str]
    link: tuple[str, ...]
    danger_stems: tuple[str, ...]
    danger_phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters, bytes, pixels, and how often."""

    words: int
    published: int
    answer: int
    copied_words: int
    photo_bytes: int
    photo_pixels: int
    photo_side: int
    an_hour: int
    a_day: int
    wrong_here: int
    wrong_of_one: int
    photos_waiting: int


@dataclass(frozen=True, slots=True)
class Alike:
    """What may be the same: within metres and days; at most so many are proposed."""

    metres: int
    days: int
    most: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """What may be told, and how it is taken."""

    version: str
    grid_metres: int
    kinds: Mapping[str, Kind]
    week: Mapping[str, Named]
    day: Mapping[str, Named]
    helpline: Mapping[str, str]
    held: Held
    refusals: Mapping[str, Named]
    not_solved: Mapping[str, Named]
    limits: Limits
    keep_after_closed: timedelta
    keep_longest: timedelta
    alike: Alike


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may take, and how long before its end it reminds."""

    id: str
    takes: timedelta
    urgent_takes: timedelta
    remind: timedelta
    urgent_remind: timedelta

    def due(self, start: datetime, *, urgent: bool) -> tuple[datetime, datetime]:
        """When it reminds, and when it is over."""
        over = start + (self.urgent_takes if urgent else self.takes)
        return over - (self.urgent_remind if urgent else self.remind), over


@dataclass(frozen=True, slots=True)
class Clocks:
    version: str
    of: Mapping[str, Clock]


@dataclass(frozen=True, slots=True)
class Body:
    """Who takes care of it; no areas is all of the city. `mail`: of its office, empty for none."""

    id: str
    name: Texts
    kinds: frozenset[str]
    areas: tuple[str, ...]
    mail: str = ""

    def covers(self, area: str) -> bool:
        """Whether it works in this area (a dotted code, or one below it)."""
        return not self.areas or any(area == one or area.startswith(f"{one}.") for one in self.areas)


@dataclass(frozen=True, slots=True)
class Bodies:
    version: str
    of: Mapping[str, Body]

    def right_for(self, kind: str, area: str) -> str:
        """
        The body for a kind in an area: one with named areas goes before one without, else the order of the table.

        Empty when none fits.
        """
        fitting = [one for one in self.of.values() if kind in one.kinds and one.covers(area)]
        return next((one.id for one in sorted(fitting, key=lambda one: not one.areas)), "")


def read_kinds(told: object) -> Kinds:
    """The table of kinds, as `data/report_kinds.yaml` has it; raises ReportRulesMalformed with the place."""
    try:
        return _kinds(mapping(told, "the table"))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise malformed(wrong) from None


def read_clocks(told: object) -> Clocks:
    """The table of clocks, as `data/report_clocks.yaml` has it; raises ReportRulesMalformed with the place."""
    try:
        table = mapping(told, "the table")
        of = {one.id: one for one in map(_clock, rows(table["clocks"], "clocks"))}
        if set(of) != set(CLOCKS) or len(of) != len(table["clocks"]):
            raise ValueError("clocks: moderate, answer, solve and vote, each once")
        return Clocks(version(table), of)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise malformed(wrong) from None


def read_bodies(told: object, kinds: Kinds | None) -> Bodies:
    """
    The table of bodies, as `data/report_bodies.yaml` has it; raises ReportRulesMalformed with the place.

    `kinds`: each kind must be one of them; None for a table that was taken before, since kinds may have changed.
    """
    try:
        table = mapping(told, "the table")
        found = [_body(one, kinds) for one in rows(table["bodies"], "bodies")]
        if len({one.id for one in found}) != len(found):
            raise ValueError("bodies: an id twice")
        return Bodies(version(table), {one.id: one for one in found})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise malformed(wrong) from None


def malformed(wrong: Exception) -> ReportRulesMalformed:
    """The refusal that names the place."""
    return ReportRulesMalformed(at=str(wrong)[:200] or type(wrong).__name__)


def _kinds(table: Mapping[str, Any]) -> Kinds:
    found = [_kind(one) for one in rows(table["kinds"], "kinds")]
    kinds = {one.id: one for one in found}
    if len(kinds) != len(found) or {one.of for one in found} != {HAZARD, IDEA}:
        raise ValueError("kinds: an id twice, or no hazard or no idea")
    line, held, danger = (mapping(table[name], name) for name in ("helpline", "held", "danger"))
    limits, keep, alike = (mapping(table[name], name) for name in ("limits", "keep", "duplicates"))
    grid = mapping(table["grid"], "grid")
    sure(grid, "grid")
    sure(keep, "keep")
    return Kinds(
        version=version(table),
        grid_metres=whole(grid["metres"], "grid.metres", least=50, most=1_000),
        kinds=kinds,
        week=named(table["week"], "week"),
        day=named(table["day"], "day"),
        helpline={name: text(line[name], f"helpline.{name}", 40) for name in ("name", "phone")},
        held=Held(
            digits=whole(held["digits"], "held.digits", least=4, most=12),
            home=words(held["home"], "held.home"),
            before_number=frozenset(words(held["before_number"], "held.before_number")),
            number_words=frozenset(words(held["number_words"], "held.number_words")),
            name=words(held["name"], "held.name"),
            before_name=frozenset(words(held["before_name"], "held.before_name")),
            not_a_name=frozenset(words(held["not_a_name"], "held.not_a_name")),
            link=words(held["link"], "held.link"),
            danger_stems=words(danger["stems"], "danger.stems"),
            danger_phrases=words(danger["phrases"], "danger.phrases"),
        ),
        refusals=named(table["refusals"], "refusals"),
        not_solved=named(table["not_solved"], "not_solved"),
        limits=_limits(limits),
        keep_after_closed=days(keep["days_after_closed"], "keep.days_after_closed", most=400),
        keep_longest=days(keep["days_longest"], "keep.days_longest", most=1_000),
        alike=Alike(
            *(whole(alike[name], f"duplicates.{name}", most=10_000) for name in ("metres", "days", "most"))
        ),
    )


def _limits(told: Mapping[str, Any]) -> Limits:
    most = {"words": 4_000, "published": 2_000, "answer": 4_000, "photo_bytes": 20_000_000,
            "photo_pixels": MOST_PIXELS, "photo_side": 2_000}  # fmt: skip
    names = Limits.__dataclass_fields__
    if set(told) - {_NO_LONGER} != set(names):
        raise ValueError("limits: one is missing, or not known")
    return Limits(
        **{name: whole(told[name], f"limits.{name}", most=most.get(name, 100_000)) for name in names}
    )


def _kind(told: Mapping[str, Any]) -> Kind:
    name = identity(told)
    if told["of"] not in (HAZARD, IDEA):
        raise ValueError(f"{name}: of")
    flags = [told.get(flag, False) for flag in ("urgent", "helpline", "private")]
    if not all(isinstance(flag, bool) for flag in flags):
        raise ValueError(f"{name}: urgent, helpline and private are true or false")
    return Kind(name, str(told["of"]), texts(told["name"], name), *flags)


def _clock(told: Mapping[str, Any]) -> Clock:
    name = identity(told)
    sure(told, name)
    takes, urgent = (days(told[field], f"{name}.{field}", most=1_000) for field in ("days", "urgent_days"))
    remind, urgent_remind = (
        days(told[field], f"{name}.{field}", most=1_000) for field in ("remind_days", "urgent_remind_days")
    )
    if remind >= takes or urgent_remind >= urgent:
        raise ValueError(f"{name}: it reminds before its end and after its start")
    return Clock(name, takes, urgent, remind, urgent_remind)


def _body(told: Mapping[str, Any], kinds: Kinds | None) -> Body:
    name = identity(told)
    of, areas = list(told.get("kinds") or ()), list(told.get("areas") or ())
    if not all(isinstance(one, str) and (kinds is None or one in kinds.kinds) for one in of):
        raise ValueError(f"{name}: a kind that the table of kinds does not have")
    if not all(isinstance(one, str) and 0 < len(one) <= 40 for one in areas) or len(areas) > MOST_WORDS:
        raise ValueError(f"{name}: areas are dotted codes, written in quotes")
    mail = told.get("mail", "")
    if mail != "" and not (isinstance(mail, str) and len(mail) <= LONGEST_MAIL and _MAIL.fullmatch(mail)):
        raise ValueError(f"{name}: mail is one address")
    return Body(name, texts(told["name"], name), frozenset(of), tuple(areas), mail)


def version(table: Mapping[str, Any]) -> str:
    """The version of a table: a date or a short word."""
    return text(str(table["version"]), "version", 40)


def identity(told: Mapping[str, Any]) -> str:
    """The id of a row."""
    name = told["id"]
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise ValueError(f"id: {str(name)[:40]!r}")
    return name


def sure(told: Mapping[str, Any], where: str) -> None:
    """A number says where it comes from and how sure it is."""
    if told.get("confidence") not in CONFIDENCE or not isinstance(told.get("source"), str):
        raise ValueError(f"{where}: source and confidence")


def mapping(told: object, where: str) -> Mapping[str, Any]:
    """Names and values."""
    if not isinstance(told, Mapping) or not all(isinstance(name, str) for name in told):
        raise TypeError(f"{where}: wants names and values")
    return told


def rows(told: object, where: str) -> Sequence[Mapping[str, Any]]:
    """A list of names and values, not empty and not endless."""
    if not isinstance(told, list) or not 0 < len(told) <= MOST_ROWS:
        raise TypeError(f"{where}: wants a list of 1 to {MOST_ROWS}")
    return [mapping(one, where) for one in told]


def named(told: object, where: str) -> Mapping[str, Named]:
    """Choices by id, each once."""
    found = [Named(identity(one), texts(one["name"], where)) for one in rows(told, where)]
    if len({one.id for one in found}) != len(found):
        raise ValueError(f"{where}: an id twice")
    return {one.id: one for one in found}


def texts(told: object, where: str, longest: int = LONGEST_NAME) -> Texts:
    """{"id", "en"}, both written."""
    found = mapping(told, where)
    if set(found) != {"id", "en"}:
        raise ValueError(f"{where}: wants id and en")
    return {language: text(said, where, longest) for language, said in found.items()}


def text(told: object, where: str, longest: int) -> str:
    """One line of text."""
    if not isinstance(told, str) or not 0 < len(told.strip()) <= longest or not told.isprintable():
        raise ValueError(f"{where}: wants a line of 1 to {longest} characters")
    return told.strip()


def words(told: object, where: str) -> tuple[str, ...]:
    """Words and phrases, in lower case."""
    if not isinstance(told, list) or len(told) > MOST_WORDS:
        raise TypeError(f"{where}: wants a list of at most {MOST_WORDS} words")
    return tuple(text(one, where, 60).lower() for one in told)


def whole(told: object, where: str, *, least: int = 1, most: int) -> int:
    """A whole number between two others."""
    if isinstance(told, bool) or not isinstance(told, int) or not least <= told <= most:
        raise ValueError(f"{where}: wants a whole number from {least} to {most}")
    return told


def days(told: object, where: str, *, most: int) -> timedelta:
    """Days, parts of one too."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= most:
        raise ValueError(f"{where}: wants days, more than 0 and at most {most}")
    return timedelta(days=told)
