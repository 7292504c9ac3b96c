"""What the door takes in, field by field; anything unknown is refused."""

import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ruangaman.core.nicknames import LONGEST, is_nickname
from ruangaman.rooms.access.bounds import MOST_YEARS
from ruangaman.rooms.access.errors import BodyUnreadable, FieldRefused

T = TypeVar("T")

# A pseudonym that the platform made for this service alone. No `@`: an address of a person is none.
Subject = Annotated[str, Meta(pattern=r"\A[!-?A-~]{1,128}\Z")]
# Nor is a NIK (16 digits) or a phone number (9 to 15 digits from `+`, `0` or `62`), however it is grouped.
NUMBER_OF_A_PERSON: Final = (
    "^[-.()]*(([0-9][-.()]*){16}|[+][-.()]*([0-9][-.()]*){9,15}"
    "|0[-.()]*([0-9][-.()]*){8,14}|6[-.()]*2[-.()]*([0-9][-.()]*){7,13})$"
)
Slug = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,59}\Z")]
Country = Annotated[str, Meta(pattern=r"\A[A-Z]{2}(-[A-Z0-9]{1,3})?\Z")]
Years = Annotated[int, Meta(ge=0, le=MOST_YEARS)]
# No control characters (PostgreSQL keeps no NUL), and nothing that turns the direction of what is read on a page.
PLAIN: Final = r"[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
Nickname = Annotated[str, Meta(pattern=rf"\A{PLAIN}{{1,{LONGEST}}}\Z")]
Email = Annotated[str, Meta(pattern=r"\A[^\s@<>\"(),:;\[\]\\\x00-\x20]{1,64}@[^\s@\x00-\x20]{1,180}\Z")]
Phone = Annotated[str, Meta(pattern=r"\A\+?[0-9 ().-]{8,24}\Z")]
Name = Annotated[str, Meta(pattern=rf"\A{PLAIN}{{1,80}}\Z")]
Sentence = Annotated[str, Meta(pattern=rf"\A{PLAIN}{{1,200}}\Z")]
Evidence = Literal["verified", "estimated", "self_declared", "signal", "guardian_attested", "none"]
Assurance = Literal["asserted", "standard", "enhanced", "strict"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Refuses unknown fields."""


class Age(Strict):
    """A birth date, or whole years with both ends included."""

    birth_date: date | UnsetType = UNSET
    at_least: Years | UnsetType = UNSET
    at_most: Years | UnsetType = UNSET

    def facts(self) -> dict[str, str | int]:
        """As the law's facts say it."""
        if self.birth_date is not UNSET:
            if self.at_least is not UNSET or self.at_most is not UNSET:
                raise FieldRefused(field="age", why="birth_date stands alone")
            return {"birth_date": self.birth_date.isoformat()}
        known: dict[str, str | int] = {}
        if self.at_least is not UNSET:
            known["at_least"] = self.at_least
        if self.at_most is not UNSET:
            known["at_most"] = self.at_most
        if not known:
            raise FieldRefused(field="age", why="empty")
        if self.at_least is not UNSET and self.at_most is not UNSET and self.at_least > self.at_most:
            raise FieldRefused(field="age", why="upside down")
        return known


class Child(Strict):
    """What the guardian's page may call the child. Never a full name."""

    nickname: Nickname | None = None

    def __post_init__(self) -> None:
        if self.nickname is not None and not is_nickname(self.nickname):
            raise FieldRefused(field="child.nickname", why="no nickname")


class Guardian(Strict):
    """Where the guardian may be reached; sealed at once."""

    email: Email | None = None
    phone: Phone | None = None


SAID: Final = ("self_declared", "signal", None)


class NewSession(Strict):
    """A child signs up."""

    service: Slug
    subject: Subject
    country: Country = "ID"
    age: Age | None = None
    evidence: Evidence | None = None
    assurance: Assurance | None = None
    child: Child | None = None
    guardian: Guardian | None = None
    child_consent: bool | None = None
    language: Literal["id", "en"] = "id"
    return_to: Annotated[str, Meta(min_length=1, max_length=500)] | None = None

    def __post_init__(self) -> None:
        if re.fullmatch(NUMBER_OF_A_PERSON, self.subject):
            raise FieldRefused(field="subject", why="looks like a NIK or a phone number")
        for name in ("evidence", "assurance"):
            if self.age is None and getattr(self, name) is not None:
                raise FieldRefused(field=name, why="stands only beside an age")
        self.assurance = _worth(self.evidence, self.assurance)


class NewAge(Strict):
    """Better knowledge of the age."""

    age: Age
    evidence: Evidence = "self_declared"
    assurance: Assurance | None = None

    def __post_init__(self) -> None:
        self.assurance = _worth(self.evidence, self.assurance)


def _worth(evidence: str | None, assurance: Assurance | None) -> Assurance | None:
    """What a person or a phone only says is asserted, whatever assurance stands beside it."""
    return "asserted" if assurance and evidence in SAID else assurance


class Exception_(Strict):  # noqa: N801  `Exception` is taken
    """What was kept, and the legal ground."""

    what: Sentence
    ground: Sentence


class Confirmation(Strict):
    """The platform deleted."""

    systems: Annotated[list[Name], Meta(min_length=1, max_length=100)]
    done_at: datetime
    by: Name
    counts: Annotated[
        dict[Name, Annotated[int, Meta(ge=0, le=9_007_199_254_740_991)]], Meta(max_length=100)
    ] = {}
    exceptions: Annotated[list[Exception_], Meta(max_length=100)] = []


class Reason(Strict):
    """Why, in plain words for a child of 16 or 17."""

    id: Annotated[str, Meta(min_length=1, max_length=1000)]
    en: Annotated[str, Meta(max_length=1000)] = ""


class DataAnswer(Strict):
    """The platform answered a request about the data that it holds."""

    decision: Literal["granted", "declined"]
    reason: Reason
    by: Name


class NewWebhook(Strict):
    """Where events go."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[list[Name], Meta(max_length=20)] = []
    service: Slug | None = None


class Rotation(Strict):
    """How long the old secret signs beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24


class Nothing(Strict):
    """An act without a body, or with an empty object."""


class Simulated(Strict):
    """The answer that a sandbox pretends a guardian gave."""

    answer: Literal["granted", "refused", "withdrawn", "lapsed"]


class SimulatedRequest(Strict):
    """What a sandbox pretends that a child asks."""

    right: Literal["copy", "delete"]


_WHERE: Final = re.compile(r"`\$\.?([^`]*)`")
_UNKNOWN: Final = re.compile(r"unknown field `([^`]{1,80})`")
_MISSING: Final = re.compile(r"required field `([^`]{1,80})`")


def parse(kind: type[T], body: bytes) -> T:
    """
    One body, checked.

    Raises:
        BodyUnreadable: no JSON. FieldRefused: one field; `why` says what was expected, never what came.
    """
    try:
        found = msgspec.json.decode(body, type=kind)
        json.loads(body, object_pairs_hook=_once)
        return found
    except msgspec.ValidationError as error:
        raise _refused(str(error)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise BodyUnreadable from None


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Two readers of a key that stands twice would take different values; so nobody takes any."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise FieldRefused(field=name[:80], why="twice")


def _refused(said: str) -> FieldRefused:
    where = _WHERE.search(said.rpartition(" - at ")[2])
    path = where.group(1) if where else ""
    named = _UNKNOWN.search(said) or _MISSING.search(said)
    field = ".".join(part for part in (path, named.group(1) if named else "") if part)
    why = "unknown" if _UNKNOWN.search(said) else "missing" if _MISSING.search(said) else "form"
    return FieldRefused(field=field[:200], why=why)
