"""The answer as a value, and its JSON: each distinct answer is built and rendered once, then shared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from ruangaman.core.ages import as_date
from ruangaman.core.law.memory import Memory
from ruangaman.core.law.model import Text

if TYPE_CHECKING:
    from ruangaman.core.law.pack import Pack

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """
    Where a day begins. `shown`: the zone in which instants are written. `first`: the zone whose midnight ends an
    answer; of a case that names no zone, the one of the pack's zones where the next day begins first.

    Compared by identity (see `zone_of`), since every answer looks up its midnight by it.
    """

    shown: ZoneInfo
    first: ZoneInfo
    midnights: Memory = field(default_factory=Memory)  # datetime by yyyymmdd
    texts: Memory = field(default_factory=Memory)  # its JSON by yyyymmdd


@cache
def zone_of(shown: str, first: str = "") -> Zone:
    """The one `Zone` of two names; raises ZoneInfoNotFoundError."""
    return Zone(ZoneInfo(shown), ZoneInfo(first or shown))


class Core(msgspec.Struct, frozen=True, gc=False, eq=False):
    """All of an answer that does not depend on the day: two questions with the same `Core` got the same answer."""

    outcome: str
    open: bool
    decided: bool
    reason: str
    at_worst: str | None
    at_best: str | None
    managed_by: str | None
    conditions: tuple[str, ...]
    actions: tuple[str, ...]
    notices: tuple[str, ...]
    extras: Mapping[str, str]
    articles: tuple[str, ...]
    confidence: str
    doubt: tuple[Mapping[str, Any], ...]
    settles: tuple[Mapping[str, Any], ...]
    age_needed: bool
    status: str | None
    value: Any
    text: Text
    head: bytes = b""
    tail: bytes = b""


def core(law_version: Mapping[str, Any], *, shows_value: bool = False, **fields: Any) -> Core:
    """A core with its JSON rendered: `head`, then the time, then `tail`, then what is derived from the facts."""
    first = {
        name: fields[name]
        for name in (
            "outcome", "open", "decided", "reason", "at_worst", "at_best", "managed_by", "conditions", "actions",
            "notices", "extras", "articles", "confidence", "doubt",
        )
    }  # fmt: skip
    second = {name: fields[name] for name in ("settles", "age_needed")}
    if fields["status"] is not None:
        second["status"] = fields["status"]
    if shows_value:
        second["value"] = fields["value"]
    second |= {"law_version": law_version, "text": fields["text"]}
    return Core(
        **fields,
        head=encode(first)[:-1] + b',"valid_until":',
        tail=b"," + encode(second)[1:-1] + b',"derived":',
    )


class Answer(msgspec.Struct, frozen=True, gc=False):
    """
    What the law says of one case on one day. Fields as in docs/guides/the-question.md.

    Open something only when `decided` and `open`. The words that every caller reads stand here themselves (a field is
    read four times as fast as a property); the rest is in the `core` that equal answers share.
    """

    core: Core
    outcome: str
    reason: str
    articles: tuple[str, ...]
    conditions: tuple[str, ...]
    pack: "Pack"
    on: int
    until_day: int
    until: datetime | None
    zone: Zone
    low: int
    high: int
    counted: str = ""
    more: Any = None

    @property
    def open(self) -> bool:
        """Decided, and nothing stays closed."""
        return self.core.open

    @property
    def decided(self) -> bool:
        """Whatever is unknown, the outcome is this."""
        return self.core.decided

    @property
    def at_worst(self) -> str | None:
        """The strictest outcome that the unknown facts leave possible; None when there is one only."""
        return self.core.at_worst

    @property
    def at_best(self) -> str | None:
        """The most open outcome that the unknown facts leave possible."""
        return self.core.at_best

    @property
    def managed_by(self) -> str | None:
        """Who may change it: child, guardian or nobody."""
        return self.core.managed_by

    @property
    def actions(self) -> tuple[str, ...]:
        """What must be done; of an undecided answer only what every case demands."""
        return self.core.actions

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be told."""
        return self.core.notices

    @property
    def extras(self) -> Mapping[str, str]:
        """Single-valued further words of the norm."""
        return self.core.extras

    @property
    def confidence(self) -> str:
        """`>=2`, `one` or `unclear`."""
        return self.core.confidence

    @property
    def doubt(self) -> tuple[Mapping[str, Any], ...]:
        """What the law leaves open here, with the other reading's outcome."""
        return self.core.doubt

    @property
    def settles(self) -> tuple[Mapping[str, Any], ...]:
        """The least intrusive further facts that would decide, in order."""
        return self.core.settles

    @property
    def age_needed(self) -> bool:
        """Whether the age would have to be known better to decide; False: no (further) age check is needed."""
        return self.core.age_needed

    @property
    def value(self) -> Any:
        """The number, list or due time of a value, score or clock question."""
        return self.core.value

    @property
    def status(self) -> str | None:
        """Why the law is not in force (bill, enjoined...); None when it is."""
        return self.core.status

    @property
    def text(self) -> Text:
        """One plain sentence in both languages."""
        return self.core.text

    @property
    def valid_until(self) -> datetime | None:
        """The first instant at which the answer may change by itself; None: never."""
        if self.until_day == 0:
            return self.until
        day: datetime = self.zone.midnights.get(self.until_day) or _midnight(self.until_day, self.zone)
        return day if self.until is None else min(day, self.until)

    @property
    def law_version(self) -> Mapping[str, Any]:
        """Pack, version, hash, and the day of knowledge when replayed."""
        return self.pack.law_version

    @property
    def derived(self) -> dict[str, Any]:
        """What follows from the facts: the counted age, its band, whether a child, the local date."""
        found = self.pack.derive(self.low, self.high)
        if self.counted:
            found["age_counts"] = self.counted
        found["local_date"] = as_date(self.on).isoformat()
        return found | (self.more or {})

    @property
    def age(self) -> Any:
        """The counted age: a number, a range, or None."""
        return self.pack.derive(self.low, self.high)["age"]

    @property
    def band(self) -> str | None:
        """The law's range of ages, when the age is inside one."""
        found: str | None = self.pack.derive(self.low, self.high).get("band")
        return found

    @property
    def is_child(self) -> bool | None:
        """Whether a child in the law's sense; None when the age does not tell."""
        found: bool | None = self.pack.derive(self.low, self.high).get("is_child")
        return found

    @property
    def local_date(self) -> date:
        """The day of the decision where it is decided."""
        return as_date(self.on)

    def as_json(self) -> bytes:
        """One line of JSON."""
        found = self.core
        if self.until is None:
            day = self.until_day
            until = (self.zone.texts.get(day) or _midnight_json(day, self.zone)) if day else b"null"
        else:
            until = encode(_shown(self.valid_until, self.zone))
        if self.more is None:
            derived = self.pack.derived_json(self.low, self.high, self.counted)
            last = _LAST.get(self.on) or _date_json(self.on)
            return b"".join((found.head, until, found.tail, derived, last))
        return b"".join((found.head, until, found.tail, encode(self.derived), b"}"))

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        found: dict[str, Any] = msgspec.json.decode(self.as_json())
        return found


def _midnight(day: int, zone: Zone) -> datetime:
    local = as_date(day)
    found = datetime(local.year, local.month, local.day, tzinfo=zone.first).astimezone(UTC)
    return zone.midnights.keep(day, found)


def _shown(instant: datetime | None, zone: Zone) -> str | None:
    return None if instant is None else instant.astimezone(zone.shown).isoformat()


def _midnight_json(day: int, zone: Zone) -> bytes:
    return zone.texts.keep(day, encode(_shown(_midnight(day, zone), zone)))


def _date_json(day: int) -> bytes:
    return _LAST.keep(day, b',"local_date":"%b"}}' % as_date(day).isoformat().encode())


_LAST = Memory()
"""The end of an answer in JSON, by its day."""
