"""
Whom to call, as dated data: which lines may be shown to whom, and which a release must not carry.

A line counts as checked only between the day on which a person called it and the day that was set as its end, at most
180 days later. Nothing here makes a line look checked: what nobody called is shown with that said beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

LONGEST: Final = timedelta(days=180)
"""How long a call proves that a line answers: our choice."""
CONFIDENCES: Final = ("high", "medium-high", "medium", "low-medium", "low", "unchecked")
CHILDREN_LEAST: Final = "medium"
"""Less sure lines are not shown to children: a wrong number costs them the one try that they dare."""
EVERYWHERE: Final = "all"

Word = Annotated[str, Meta(min_length=1, max_length=160)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Seen = Annotated[str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """A short text in both languages."""

    id: Word
    en: Word


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """
    One way to reach a service. Fields are explained at the head of the data file.

    Attributes:
        value: a number or address; empty where each district has its own (`channel` local).
        verified_on: when a person called it; None: nobody did.
    """

    id: Name
    name_id: Word
    name_en: Word
    run_by: Words
    kind: Name
    reach: Literal["nation", "local"]
    channel: Literal["phone", "whatsapp", "web", "local"]
    value: Annotated[str, Meta(max_length=80)]
    hours: Literal["always", "unknown"]
    audience: Literal["all", "adults"]
    region: Literal["all"] | tuple[Annotated[str, Meta(pattern=r"^[0-9.]{2,13}$")], ...]
    source: Word
    seen_on: Seen | None
    verified_on: date | None
    expires_on: date | None
    confidence: Literal["high", "medium-high", "medium", "low-medium", "low", "unchecked"]

    @property
    def name(self) -> Words:
        """In both languages."""
        return Words(self.name_id, self.name_en)

    @property
    def address(self) -> str:
        """Where a tap leads: a call, a chat, a page; an extension is dialled by hand. Empty where there is none."""
        number = self.value.partition(" ")[0]
        return {"phone": f"tel:{number}", "whatsapp": f"https://wa.me/{number}", "web": self.value}.get(
            self.channel, ""
        )

    @property
    def said(self) -> str:
        """The value as people read it: a chat's number as it is dialled at home, a page without its scheme."""
        if self.channel == "whatsapp":
            return f"0{self.value[2:5]}-{self.value[5:9]}-{self.value[9:]}".rstrip("-")
        return self.value.removeprefix("https://")

    def answers_in(self, region: str | None) -> bool:
        """Whether somebody there can be told of it; None: only what answers everywhere."""
        if self.region == EVERYWHERE:
            return True
        return region is not None and any(
            region == one or region.startswith(f"{one}.") for one in self.region
        )

    def checked(self, on: date) -> bool:
        """Whether a person called it, not too long ago."""
        return (
            self.verified_on is not None
            and self.expires_on is not None
            and self.verified_on <= on <= min(self.expires_on, self.verified_on + LONGEST)
        )


class Lines(Struct, frozen=True, forbid_unknown_fields=True):
    """A country's lines, and what their kinds are for."""

    format: Literal[1]
    jurisdiction: str
    kinds: dict[str, Words]
    lines: Annotated[tuple[Line, ...], Meta(max_length=500)]


@dataclass(frozen=True, slots=True)
class Way:
    """A line as a page shows it; `checked`: a person called it, not too long ago."""

    line: Line
    checked: bool


@dataclass(frozen=True, slots=True)
class Service:
    """The lines of one service, as a card shows them."""

    name: Words
    run_by: Words
    purpose: Words
    always: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a release must not carry a line."""

    line: str
    code: str
    what: str = ""


def shown(
    told: Lines, on: date, *, children: bool, least: str = CHILDREN_LEAST, region: str | None = None
) -> list[Service]:
    """
    The services that may be named to somebody, in the file's order.

    Args:
        on: the day on which it is read.
        children: whether children read it: then nothing for adults alone, and nothing less sure than `least`.
        least: of CONFIDENCES; adults see less sure lines too, except those that nobody has seen anywhere.
        region: code of where the reader is; None: not known, and only what answers everywhere is shown.
    """
    bound = CONFIDENCES.index(least if children else "low")
    found: dict[str, list[Line]] = {}
    for line in told.lines:
        if not line.answers_in(region) or (children and line.audience == "adults"):
            continue
        if CONFIDENCES.index(line.confidence) <= bound:
            found.setdefault(line.name_id, []).append(line)
    return [
        Service(
            lines[0].name,
            lines[0].run_by,
            told.kinds[lines[0].kind],
            all(one.hours == "always" for one in lines),
            tuple(Way(one, one.checked(on)) for one in lines),
        )
        for lines in found.values()
    ]


def faults(told: Lines, on: date) -> list[Fault]:
    """Everything that keeps these lines from being released on that day; lines that are shown nowhere wait."""
    found: list[Fault] = []
    seen: set[str] = set()
    for line in told.lines:
        if line.id in seen:
            found.append(Fault(line.id, "helpline.twice"))
        seen.add(line.id)
        found += [Fault(line.id, code, what) for code, what in _form(told, line)]
        if line.region and line.channel != "local":
            found += [Fault(line.id, code, what) for code, what in _age(line, on)]
    return found


def _form(told: Lines, line: Line) -> Iterable[tuple[str, str]]:
    if line.kind not in told.kinds:
        yield "helpline.kind-unknown", line.kind
    if (line.channel == "local") is bool(line.value):
        yield "helpline.value-missing", line.channel
    if (line.verified_on is None) is not (line.expires_on is None):
        yield "helpline.half-dated", ""
    elif line.verified_on and line.expires_on and line.expires_on > line.verified_on + LONGEST:
        yield "helpline.lasts-too-long", f"{(line.expires_on - line.verified_on).days} days"


def _age(line: Line, on: date) -> Iterable[tuple[str, str]]:
    if line.verified_on is None:
        yield "helpline.not-phoned", f"seen {line.seen_on}, {line.confidence}"
    elif line.verified_on > on:
        yield "helpline.phoned-in-the-future", line.verified_on.isoformat()
    elif line.expires_on is not None and line.expires_on < on:
        yield "helpline.expired", line.expires_on.isoformat()
